"""The form of an asset, by headings; fields of a category are asked for only where the category has them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opspact.assets import category_fields, lifecycle
from opspact.assets.models import Lifecycle
from opspact.kit.ledgers import Reference
from opspact.kit.ledgers.forms import RecordForm


@dataclass
class Asked:
    """A field of the form; `categories` are those that have it, by their keys, empty for a field of every asset."""

    bound: BoundField
    categories: str = ""


@dataclass
class Section:
    title: str
    fields: list[Asked] = field(default_factory=list)


class AssetForm(RecordForm):
    """What other categories have beside the chosen one is emptied: it would say something about another thing."""

    def __init__(self, data: Any, *, ledger: Any, fields: Any, record: Any = None, initial: Any = None) -> None:
        super().__init__(data, ledger=ledger, fields=fields, record=record, initial=initial)
        kind = next(each.kind for each in self.ledger_fields if each.name == "category")
        assert isinstance(kind, Reference)
        self.categories = {category.pk: category for category in kind.records or ()}
        contract = record.contract if record is not None else None
        contract = contract or next((category.contract for category in self.categories.values()), None)
        self.defined = category_fields.by_category(contract) if contract is not None else {}
        for each in self.ledger_fields:
            if each.is_extra:
                having = [key for key in self._having(each.name) if key in self.categories]
                needing = [key for key in having if self.defined[key][each.name[6:]].is_required]
                names = ([self.categories[key].name for key in keys] for keys in (having, needing))
                self.fields[each.key].help_text = category_fields.used_by(*names)
                self.fields[each.key].required = False

    @property
    def values(self) -> dict[str, Any]:
        found = super().values
        chosen = found.get("category")
        having = self.defined.get(chosen.pk, {}) if chosen is not None else {}
        return {
            name: None if name.startswith("extra.") and name[6:] not in having else value
            for name, value in found.items()
        }

    @cached_property
    def sections(self) -> list[Section]:
        found: dict[str, Section] = {}
        for each in self.ledger_fields:
            title = str(each.group or _("Facts"))
            categories = " ".join(str(key) for key in self._having(each.name)) if each.is_extra else ""
            found.setdefault(title, Section(title)).fields.append(Asked(self[each.key], categories))
        if "reason" in self.fields:
            title = _("This change")
            found[title] = Section(title, [Asked(self["reason"]), Asked(self["version"])])
        return list(found.values())

    def _having(self, name: str) -> list[int]:
        return [key for key, fields in self.defined.items() if name[6:] in fields]


class StepForm(forms.Form):
    """A step in the life of one asset or of many; what is allowed is said by the action."""

    to = forms.ChoiceField(label=gettext_lazy("New status"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=140,
        required=False,
        help_text=gettext_lazy("Needed for a repair and for scrapping."),
    )

    def __init__(self, *args: Any, request: Any = None, status: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        steps = lifecycle.steps_from(status) if status else list(lifecycle.STEPS.values())
        self.fields["to"].choices = [(step.to.value, _said(step)) for step in steps]  # type: ignore[attr-defined]


def _said(step: lifecycle.Step) -> str:
    label = str(Lifecycle(step.to).label)
    return _("%(status)s (the client decides)") % {"status": label} if step.is_clients else label
