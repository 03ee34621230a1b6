"""Inputs and drop-downs written in Python: Django's own renderer runs a template for each option of a drop-down.

The markup is Django's; every other widget is left to it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

_WIDGETS = "django/forms/widgets/"
_INPUTS = ("text", "number", "email", "url", "search", "tel", "color", "date", "datetime", "time", "hidden", "input")


class PythonRenderer(DjangoTemplates):
    """`FORM_RENDERER`."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if (write := _WRITTEN.get(template_name)) is not None:
            return write(context["widget"])
        return super().render(template_name, context, request)


def _input(widget: dict[str, Any]) -> SafeString:
    value = "" if widget["value"] is None else f' value="{escape(widget["value"])}"'
    head = f'<input type="{escape(widget["type"])}" name="{escape(widget["name"])}"'
    return mark_safe(f"{head}{value}{_attributes(widget)}>")  # noqa: S308 - every part is escaped


def _select(widget: dict[str, Any]) -> SafeString:
    options = "".join(_group(name, choices) for name, choices, _index in widget["optgroups"])
    head = f'<select name="{escape(widget["name"])}"{_attributes(widget)}>'
    return mark_safe(f"{head}{options}</select>")  # noqa: S308 - every part is escaped


def _group(name: Any, choices: list[dict[str, Any]]) -> str:
    options = "".join(
        f'<option value="{escape(each["value"])}"{_attributes(each)}>{escape(each["label"])}</option>'
        for each in choices
    )
    return f'<optgroup label="{escape(name)}">{options}</optgroup>' if name else options


def _attributes(widget: dict[str, Any]) -> str:
    """False is left out, True stands without a value."""
    given = ((escape(name), value) for name, value in widget["attrs"].items() if value is not False)
    return "".join(f" {name}" if value is True else f' {name}="{escape(value)}"' for name, value in given)


_WRITTEN: dict[str, Callable[[dict[str, Any]], SafeString]] = {
    f"{_WIDGETS}select.html": _select,
    **{f"{_WIDGETS}{each}.html": _input for each in _INPUTS},
}
