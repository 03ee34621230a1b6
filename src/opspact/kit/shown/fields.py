"""Form fields: label above, help and errors at the field. Tabler's classes are set here, not in each form."""

from __future__ import annotations

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

_OWN_LOOK = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)


def control(field: BoundField) -> SafeString:
    """The widget with its class, and tied to its help and errors for screen readers."""
    widget = field.field.widget
    attrs: dict[str, str] = {}
    if isinstance(widget, forms.Select) and not isinstance(widget, _OWN_LOOK):
        attrs["class"] = "form-select"
    elif isinstance(widget, forms.CheckboxInput):
        attrs["class"] = "form-check-input"
    elif not isinstance(widget, _OWN_LOOK):
        attrs["class"] = "form-control"
    if field.errors:
        attrs |= {"aria-invalid": "true", "aria-describedby": f"{field.auto_id}_error"}
    return field.as_widget(attrs=attrs)


def is_check(field: BoundField) -> bool:
    return isinstance(field.field.widget, forms.CheckboxInput)
