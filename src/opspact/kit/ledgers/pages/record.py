"""One record: its fields by group, its history, its files, and what other rooms say of it; and the form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View

from opspact.kit.actions import Caller
from opspact.kit.ledgers import actions
from opspact.kit.ledgers.field import Field
from opspact.kit.ledgers.forms import ReasonForm, RecordForm
from opspact.kit.ledgers.kinds import Amount, Whole
from opspact.kit.ledgers.ledger import Ledger, registered
from opspact.kit.ledgers.pages.listing import record_url, urls_of
from opspact.kit.ledgers.references import BigReference, Reference
from opspact.kit.ledgers.writing import RecordRefused
from opspact.kit.lists.attaching import attach, give
from opspact.kit.models import Change
from opspact.kit.permissions import may
from opspact.kit.shown import formats
from opspact.kit.shown.happenings import Happening

SHOWN_CHANGES = 50
_ICONS = {"created": "plus", "changed": "edit", "deleted": "trash", "restored": "refresh"}


@dataclass(frozen=True)
class Group:
    """Fields that stand together under a heading."""

    title: str
    facts: list[tuple[str, str, str]]
    """Word, value, and where the value leads, "" for nowhere."""


class LedgerView(View):
    """What the pages of one record share. `verb` is the permission's end."""

    ledger: ClassVar[Ledger]
    verb: ClassVar[str] = "view"

    @classmethod
    def declared(cls, ledger: Ledger) -> dict[str, Any]:
        """What the view's class must say of itself, from its ledger."""
        return {"permission": ledger.permission(cls.verb)}

    def record(self, request: HttpRequest, pk: int) -> Any:
        """The record, deleted or not; 404 for one of another contract."""
        found = self.ledger.model._default_manager.select_related(*self.ledger.related)
        return give([get_object_or_404(found, contract=request.contract, pk=pk)], "contract", request.contract)[0]


class RecordPage(LedgerView):
    """Subclass to say more: `template_name` extends kit/ledgers/record.html, `extra_context` feeds it."""

    template_name: ClassVar[str] = "kit/ledgers/record.html"

    @cached_property
    def ledger_fields(self) -> tuple[Field, ...]:
        """The ledger's fields, not bound: the page reads what the record refers to, and offers nothing."""
        return self.ledger.all_fields(self.request.contract)

    def extra_context(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        return {}

    def shown_fields(self, request: HttpRequest, record: Any) -> Sequence[Field]:
        """What the page says of the record."""
        return self.ledger_fields

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return render(request, self.template_name, self.context(request, self.record(request, pk)))

    def context(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        """All the page needs; also for a page that shows a refused form again."""
        return {
            "ledger": self.ledger,
            "record": record,
            "urls": urls_of(self.ledger, request.contract),
            "url": record_url(self.ledger, record),
            "groups": groups(self.shown_fields(request, record), record, request),
            "history": history(self.ledger_fields, record),
            "permissions": {verb: self.ledger.permission(verb) for verb in ("edit", "delete")},
            **self.extra_context(request, record),
        }


class EditPage(LedgerView):
    """The form, for a new record and for one that is there."""

    verb = "edit"
    template_name: ClassVar[str] = "kit/ledgers/form.html"
    form_class: ClassVar[type[RecordForm]] = RecordForm

    def fields(self, request: HttpRequest, record: Any) -> Sequence[Field]:
        """What the form asks for."""
        return self.ledger.bound_fields(request.contract)

    def record(self, request: HttpRequest, pk: int) -> Any:
        """The record; 404 for a deleted one, which is restored before it is changed."""
        record = super().record(request, pk)
        if record.deleted_at is not None:
            raise Http404
        return record

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        record = self.record(request, pk) if pk is not None else None
        return self._show(request, self._form(request, None, record), record)

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        record = self.record(request, pk) if pk is not None else None
        form = self._form(request, request.POST, record)
        if form.is_valid():
            try:
                saved = self._save(request, form, record)
            except RecordRefused as refused:
                form.refuse(refused)
            else:
                messages.success(request, _("%(record)s is saved.") % {"record": saved})
                return redirect(record_url(self.ledger, saved))
        return self._show(request, form, record)

    def _save(self, request: HttpRequest, form: RecordForm, record: Any) -> Any:
        caller = Caller.of(request)
        if record is None:
            return actions.create(caller, self.ledger, request.contract, form.values)
        cleaned = form.cleaned_data
        return actions.change(caller, self.ledger, record, form.values, cleaned["reason"], cleaned["version"])

    def _form(self, request: HttpRequest, data: Any, record: Any) -> RecordForm:
        fields = self.fields(request, record)
        initial = {each.key: request.GET[each.key] for each in fields if each.key in request.GET}
        return self.form_class(data, ledger=self.ledger, fields=fields, record=record, initial=initial)

    def _show(self, request: HttpRequest, form: RecordForm, record: Any) -> HttpResponse:
        urls = urls_of(self.ledger, request.contract)
        back = record_url(self.ledger, record) if record is not None else urls["list"]
        draft = f"{self.ledger.name}.{request.contract.code}.{record.pk if record else 'new'}"
        context = {"ledger": self.ledger, "record": record, "form": form, "urls": urls, "back": back, "draft": draft}
        context["lacking"] = lacking(form.ledger_fields, request)
        return render(request, self.template_name, context)


class DeletePage(LedgerView):
    """Taking a record off the ledger, or putting it back, once that is confirmed."""

    verb = "delete"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        record = self.record(request, pk)
        form = ReasonForm(request.POST if request.POST.get("confirmed") else None)
        if not request.POST.get("confirmed") or not form.is_valid():
            return self._ask(request, record, form)
        do = actions.restore if record.deleted_at else actions.delete
        try:
            do(Caller.of(request), self.ledger, request.contract, [record], form.cleaned_data["reason"])
        except RecordRefused as refused:
            for problems in refused.problems.values():
                for _name, wrong in problems:
                    messages.error(request, _(wrong.msgid) % wrong.params)
        else:
            words = _("%(record)s is restored.") if record.deleted_at else _("%(record)s is taken off the ledger.")
            messages.success(request, words % {"record": record})
        return redirect(record_url(self.ledger, record))

    def _ask(self, request: HttpRequest, record: Any, form: ReasonForm) -> HttpResponse:
        text = _("Put %(record)s back on the ledger?") if record.deleted_at else _("Take %(record)s off the ledger?")
        title = _("Restore") if record.deleted_at else _("Delete")
        context = {
            "title": title,
            "text": text % {"record": record},
            "button": title,
            "action": request.path,
            "hidden": [("confirmed", "1")],
            "danger": not record.deleted_at,
            "form": form,
        }
        return render(request, "kit/parts/confirm.html" if request.htmx else "kit/confirm.html", context)


def lacking(fields: Iterable[Field], request: HttpRequest) -> list[tuple[str, str]]:
    """What the form can't be filled without and nobody has recorded yet: its word, and where it is recorded, "" where
    that is no ledger or not this person's to do."""
    found = []
    for each in fields:
        if not each.required or not isinstance(each.kind, Reference) or each.kind.records:
            continue
        ledger = registered.get(each.kind.among(request.contract).model)
        may_record = ledger is not None and may(request.user, ledger.permission("edit"), request.contract.code)
        found.append((str(each.label), urls_of(ledger, request.contract)["new"] if ledger and may_record else ""))
    return found


def groups(fields: Iterable[Field], record: Any, request: HttpRequest) -> list[Group]:
    """The fields by their headings, in the order declared; empty ones show a dash, records lead to their pages."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for each in fields:
        fact = (str(each.label), _said(each, record), _address(each, record, request))
        found.setdefault(str(each.group or _("Facts")), []).append(fact)
    return [Group(title, facts) for title, facts in found.items()]


def _said(field: Field, record: Any) -> str:
    """As a page says it: of another record its code and its name, of figures their thousands apart."""
    value = field.read(record)
    match field.kind:
        case Reference() if value is not None:
            return field.kind.label(value)
        case Whole(column="number") | Amount() if value is not None:
            return formats.number(value)
    return field.text(record)


def _address(field: Field, record: Any, request: HttpRequest) -> str:
    """The page of the record that a field names, for who may see it."""
    value = field.read(record) if isinstance(field.kind, Reference | BigReference) else None
    ledger = registered.get(type(value))
    if ledger is None or not may(request.user, ledger.permission("view"), request.contract.code):
        return ""
    value.contract = request.contract  # of this contract as the record is: not asked for again
    return record_url(ledger, value)


def history(fields: Iterable[Field], record: Any) -> list[Happening]:
    """The changes of a record, the newest first: who, when, why, and what became what."""
    kind = ContentType.objects.get_for_model(record)
    changes = list(Change.objects.filter(subject_type=kind, subject_id=record.pk)[:SHOWN_CHANGES])
    attach(changes, ("user",), ("name", "username"))
    labels = {each.name: str(each.label) for each in fields}
    return [
        Happening(
            change.at,
            str(change.get_verb_display()),
            change.who,
            "change",
            _ICONS[change.verb],
            "\n".join([*([change.reason] if change.reason else []), *_lines(change, labels)]),
        )
        for change in changes
    ]


def _lines(change: Change, labels: dict[str, str]) -> list[str]:
    if change.verb == Change.Verb.CREATED:
        return []
    dash = formats.NOTHING
    return [f"{labels.get(name, name)}: {old or dash} → {new or dash}" for name, (old, new) in change.fields.items()]
