"""The list of a ledger's records, and the list of those taken off it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_filters import FilterSet

from opspact.kit.actions import Caller
from opspact.kit.ledgers import actions, workbook
from opspact.kit.ledgers.filters import filterset_of
from opspact.kit.ledgers.forms import ReasonForm
from opspact.kit.ledgers.ledger import Ledger
from opspact.kit.ledgers.pages.bulk import change_form
from opspact.kit.ledgers.writing import RecordRefused
from opspact.kit.lists import BulkAction, Column, Empty, ListPage
from opspact.kit.lists.attaching import attach
from opspact.kit.models import LedgerBatch

MOST_AT_ONCE = 5_000
T = TypeVar("T")


class LedgerList(ListPage):
    """Subclass with `ledger`; `shown(request, records)` may prepare what columns of its own need."""

    ledger: ClassVar[Ledger]
    template_name = "kit/ledgers/list.html"
    is_deleted = False

    @classmethod
    def declared(cls, ledger: Ledger) -> dict[str, Any]:
        """What the list's class must say of itself, from its ledger."""
        return {
            "name": ledger.name,
            "permission": ledger.permission("view"),
            "title": ledger.title,
            "default_sort": ledger.key,
        }

    @cached_property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        key, *others = [each.column for each in self.ledger_fields]
        width = key.width if key.width == "l" else "fit"
        return (Column(key.name, key.label, kind="link", sort=key.sort, phone=True, width=width), *others)

    @cached_property
    def declared_fields(self) -> Sequence[Any]:
        return self.ledger.all_fields(self.request.contract)

    @cached_property
    def ledger_fields(self) -> Sequence[Any]:
        """The fields, the key first."""
        return sorted(self.declared_fields, key=lambda each: each.name != self.ledger.key)

    @cached_property
    def filterset_class(self) -> type[FilterSet]:  # type: ignore[override]
        return filterset_of(self.ledger, self.request.contract, self.declared_fields)

    @property
    def empty(self) -> Empty:  # type: ignore[override]
        return Empty(
            _("There is no record here yet. Add the first one, or bring in the workbook you have."),
            _("Import from Excel"),
            f"{self.ledger.url_name}_imports",
            self.ledger.permission("import"),
            self.ledger.icon,
        )

    @property
    def bulk_actions(self) -> Sequence[BulkAction]:  # type: ignore[override]
        ledger = self.ledger
        return (
            BulkAction(
                "change",
                gettext_lazy("Change a field"),
                ledger.permission("edit"),
                gettext_lazy("Set one field of %(count)s records:"),
                self._change,
                form=change_form(ledger),
            ),
            BulkAction(
                "delete",
                gettext_lazy("Delete"),
                ledger.permission("delete"),
                gettext_lazy("Take %(count)s records off the ledger? They can be restored."),
                self._delete,
                is_dangerous=True,
                form=ReasonForm,
            ),
        )

    def base_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """References are looked up for the rows of a page: joined, they would be planned, and a search would join what
        it finds before it sorts."""
        records = self.ledger.records(request.contract, deleted=self.is_deleted)
        return records.select_related(None).prefetch_related(*self.ledger.related)

    def for_rows(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.prefetch_related(None)

    def prepare(self, request: HttpRequest, records: list[Any]) -> None:
        """The references of the columns that are shown, and those that stand behind no column."""
        hidden = {each.name for each in self.declared_fields} - {each.name for each in self.chosen_columns}
        attach(records, [path for path in self.ledger.related if path.partition("__")[0] not in hidden])

    @cached_property
    def _folder(self) -> str:
        return urls_of(self.ledger, self.request.contract)["list"]

    def row_url(self, record: Any) -> str:
        return f"{self._folder}{record.pk}/"

    def extra_context(self, request: HttpRequest) -> dict[str, Any]:
        return {"ledger": self.ledger, "urls": urls_of(self.ledger, request.contract)}

    def write_export(self, target: Any, title: str, columns: Sequence[Column], records: Any) -> int:
        """The workbook of exactly these records and columns, which can be imported again."""
        names = {column.name for column in columns} | {self.ledger.key}
        wanted = [each.name for each in self.ledger_fields if each.key in names]
        language = translation.get_language() or "zh-hans"
        return workbook.write(target, self.ledger, self.request.contract, language, records, wanted)

    def _change(self, caller: Caller, picked: QuerySet[Any], *, values: dict[str, Any], reason: str) -> str:
        contract = self.request.contract
        done = all_or_none(picked, lambda it: actions.change_picked(caller, self.ledger, contract, it, values, reason))
        words = ngettext("%(n)s record was changed.", "%(n)s records were changed.", done.total) % {"n": done.total}
        return undo_offered(self.ledger, done, words)

    def _delete(self, caller: Caller, picked: QuerySet[Any], *, reason: str) -> str:
        contract = self.request.contract
        done = all_or_none(picked, lambda it: actions.delete_picked(caller, self.ledger, contract, it, reason))
        n = done.total
        words = ngettext("%(n)s record was taken off the ledger.", "%(n)s records were taken off the ledger.", n)
        return undo_offered(self.ledger, done, words % {"n": n})


class DeletedList(LedgerList):
    """What was taken off, to be looked at and restored."""

    is_deleted = True

    @classmethod
    def declared(cls, ledger: Ledger) -> dict[str, Any]:
        title = format_lazy(gettext_lazy("Deleted: {ledger}"), ledger=ledger.title)
        return super().declared(ledger) | {"name": f"{ledger.name}.deleted", "title": title}

    @property
    def empty(self) -> Empty:  # type: ignore[override]
        return Empty(_("Nothing was deleted here."), icon="trash")

    @property
    def bulk_actions(self) -> Sequence[BulkAction]:  # type: ignore[override]
        return (
            BulkAction(
                "restore",
                gettext_lazy("Restore"),
                self.ledger.permission("delete"),
                gettext_lazy("Put %(count)s records back on the ledger?"),
                self._restore,
                form=ReasonForm,
            ),
        )

    def _restore(self, caller: Caller, picked: QuerySet[Any], *, reason: str) -> str:
        contract = self.request.contract
        done = all_or_none(picked, lambda it: actions.restore(caller, self.ledger, contract, it, reason))
        return ngettext("%(n)s record was restored.", "%(n)s records were restored.", done) % {"n": done}


def all_or_none(picked: QuerySet[Any], do: Callable[[list[Any]], T]) -> T:
    """Do it to all picked records. Raises ValidationError naming the records that refuse it, or when they are many."""
    records = list(picked.order_by("pk")[: MOST_AT_ONCE + 1])
    if len(records) > MOST_AT_ONCE:
        message = _("At most %(n)s records at once; narrow the filter, or export them, change them and import them.")
        raise ValidationError(message % {"n": f"{MOST_AT_ONCE:,}"})
    try:
        return do(records)
    except RecordRefused as refused:
        raise ValidationError(
            [
                f"{(refused.records or records)[position]}: {_(wrong.msgid) % wrong.params}"
                for position, problems in sorted(refused.problems.items())[:20]
                for _name, wrong in problems
            ]
        ) from refused


def record_url(ledger: Ledger, record: Any) -> str:
    return reverse(ledger.url_name, kwargs={"contract": record.contract.code, "pk": record.pk})


def urls_of(ledger: Ledger, contract: Any) -> dict[str, str]:
    """The addresses of the ledger's pages in a contract, by what they are for."""
    names: dict[str, Callable[[str], str] | str] = {
        "list": "_list",
        "new": "_new",
        "imports": "_imports",
        "template": "_template",
        "deleted": "_deleted",
        "batches": "_batches",
    }
    return {name: reverse(f"{ledger.url_name}{end}", kwargs={"contract": contract.code}) for name, end in names.items()}


def batch_url(ledger: Ledger, batch: LedgerBatch) -> str:
    end = "import" if batch.kind == LedgerBatch.Kind.WORKBOOK else "done"
    return reverse(f"{ledger.url_name}_{end}", kwargs={"contract": batch.contract_code, "pk": batch.pk})


def undo_offered(ledger: Ledger, batch: LedgerBatch, words: str) -> str:
    """The message of what was done to many, with the way back."""
    template = (
        '{words} <a href="{url}" hx-post="{url}" hx-vals="{asked}" hx-target="#op-dialog" hx-swap="innerHTML"'
        ' hx-push-url="false">{undo}</a>'
    )
    return format_html(template, words=words, url=batch_url(ledger, batch), asked='{"do": "undo"}', undo=_("Undo"))
