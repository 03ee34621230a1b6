"""Seen and written: addresses that are not on the ledger, are silent, or have moved; bringing tables in; sweeps."""

from __future__ import annotations

import io
from itertools import islice
from typing import Any

import openpyxl
from django.contrib import messages
from django.db.models import QuerySet
from django.forms import CharField, Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View

from opspact.assets.actions.ipam_release import release_many
from opspact.assets.actions.ipam_seen import believe_macs, register_seen, take_seen
from opspact.assets.ipam import seen
from opspact.assets.ipam.tables import MOST, Seen, decoded, read_rows, read_text
from opspact.assets.ledgers.ipam import ADDRESSES
from opspact.assets.models import IpAddress, Sighting
from opspact.assets.views.ipam_forms import TableForm
from opspact.assets.views.ipam_lists import words_of_release
from opspact.core.inputs import Wrong
from opspact.core.words import N_
from opspact.kit.actions import Caller
from opspact.kit.ledgers.files import WorkbookError, open_zip
from opspact.kit.ledgers.forms import ReasonForm
from opspact.kit.ledgers.pages.listing import record_url
from opspact.kit.ledgers.writing import RecordRefused
from opspact.kit.lists import BulkAction, Column, Empty, ListPage

WIDEST = 50
"""Columns of a workbook that are looked at."""


class RegisterForm(Form):
    """What is written with all of the picked addresses."""

    user = CharField(label=gettext_lazy("Used by"), max_length=60, required=False)
    purpose = CharField(label=gettext_lazy("Purpose"), max_length=120, required=False)

    def __init__(self, *args: Any, request: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class SeenList(ListPage):
    """What the three lists share."""

    permission = "assets.sighting.view"
    template_name = "assets/ipam/seen.html"
    empty = Empty(
        gettext_lazy("Nothing differs. Bring in the ARP table of a switch, or ask for a sweep."),
        gettext_lazy("Bring in a table"),
        "assets:ipam_tables",
        "assets.sighting.take",
        "radar",
    )

    def extra_context(self, request: HttpRequest) -> dict[str, Any]:
        now = timezone.now()
        counts = {
            "ipam_unregistered": (_("Seen, not written"), seen.unregistered(request.contract).count()),
            "ipam_silent": (_("Written, not seen"), seen.silent(request.contract, now).count()),
            "ipam_moved": (_("Moved"), seen.moved(request.contract).count()),
        }
        here = request.resolver_match.url_name if request.resolver_match else ""
        tabs = [(_at(request, name), words, n, name == here) for name, (words, n) in counts.items()]
        return {"kinds": tabs}


class UnregisteredList(SeenList):
    """Addresses that somebody uses and nobody wrote down."""

    name = "assets.ipam_unregistered"
    title = gettext_lazy("Addresses: seen and written")
    default_sort = "ip"
    columns = (
        Column("ip", gettext_lazy("IP address"), value=str, kind="link", sort="ip", phone=True),
        Column("mac", gettext_lazy("Hardware address"), sort="mac", phone=True),
        Column("written", gettext_lazy("On the ledger"), value=lambda row: row.on_ledger),
        Column("device", gettext_lazy("Seen on (device, port)"), value=lambda row: f"{row.device} {row.port}".strip()),
        Column("source", gettext_lazy("Source")),
        Column("first_at", gettext_lazy("First"), kind="datetime", default=False),
        Column("last_at", gettext_lazy("Last"), kind="datetime", sort="last_at", phone=True),
    )

    @property
    def bulk_actions(self) -> tuple[BulkAction, ...]:  # type: ignore[override]
        return (
            BulkAction(
                "register",
                gettext_lazy("Register"),
                "assets.ipaddress.edit",
                gettext_lazy("Write %(count)s seen addresses into the ledger?"),
                self._register,
                form=RegisterForm,
            ),
        )

    def base_queryset(self, request: HttpRequest) -> QuerySet[Sighting]:
        return seen.unregistered(request.contract)

    def prepare(self, request: HttpRequest, records: list[Sighting]) -> None:
        known = seen.written(request.contract, records)
        for record in records:
            address = known.get((record.vrf_id, str(record.ip)))
            record.on_ledger = address.get_state_display() if address else ""  # type: ignore[attr-defined]

    def row_url(self, record: Sighting) -> str:
        vrf = f"&vrf={record.vrf_id}" if record.vrf_id else ""
        return f"{_at(self.request, 'ipaddress_new')}?ip={record.ip}&mac={record.mac}{vrf}"

    def _register(self, caller: Caller, picked: QuerySet[Sighting], *, user: str, purpose: str) -> str:
        values = {name: text for name, text in (("user", user), ("purpose", purpose)) if text}
        try:
            done = register_seen(caller, self.request.contract, list(picked), values)
        except RecordRefused as refused:
            return _("Nothing was written: %(why)s") % {"why": _first(refused)}
        return ngettext("%(n)s address was registered.", "%(n)s addresses were registered.", done) % {"n": done}


class MovedList(SeenList):
    """Addresses that another card uses than the one on the ledger, or at another port than the cabling says."""

    name = "assets.ipam_moved"
    title = gettext_lazy("Addresses: seen and written")
    default_sort = "ip"
    columns = (
        Column("ip", gettext_lazy("IP address"), value=str, kind="link", sort="ip", phone=True),
        Column("written", gettext_lazy("Hardware address written"), value=lambda row: row.on_ledger),
        Column("mac", gettext_lazy("Hardware address seen"), sort="mac", phone=True),
        Column("asset", gettext_lazy("Device"), value=lambda row: row.asset),
        Column("device", gettext_lazy("Seen on (device, port)"), value=lambda row: f"{row.device} {row.port}".strip()),
        Column("source", gettext_lazy("Source")),
        Column("last_at", gettext_lazy("Last"), kind="datetime", sort="last_at", phone=True),
    )

    @property
    def bulk_actions(self) -> tuple[BulkAction, ...]:  # type: ignore[override]
        return (
            BulkAction(
                "believe",
                gettext_lazy("Write the hardware address seen"),
                "assets.ipaddress.edit",
                gettext_lazy("Write the hardware address that was seen for %(count)s addresses?"),
                self._believe,
                form=ReasonForm,
            ),
        )

    def base_queryset(self, request: HttpRequest) -> QuerySet[Sighting]:
        return seen.moved(request.contract)

    def prepare(self, request: HttpRequest, records: list[Sighting]) -> None:
        known = seen.written(request.contract, records)
        for record in records:
            record.address = known.get((record.vrf_id, str(record.ip)))  # type: ignore[attr-defined]
            record.on_ledger = record.address.mac if record.address else ""  # type: ignore[attr-defined]
            record.asset = str(record.address.asset or "") if record.address else ""  # type: ignore[attr-defined]

    def row_url(self, record: Sighting) -> str:
        address = getattr(record, "address", None)
        return record_url(ADDRESSES, address) if address else ""

    def _believe(self, caller: Caller, picked: QuerySet[Sighting], *, reason: str) -> str:
        done = believe_macs(caller, self.request.contract, list(picked), reason)
        return ngettext("%(n)s record was changed.", "%(n)s records were changed.", done) % {"n": done}


class SilentList(SeenList):
    """Addresses that are written as assigned and nobody uses."""

    name = "assets.ipam_silent"
    title = gettext_lazy("Addresses: seen and written")
    default_sort = "ip"
    columns = (
        Column("ip", gettext_lazy("IP address"), value=str, kind="link", sort="ip", phone=True),
        Column("user", gettext_lazy("Used by"), sort="user", phone=True),
        Column("asset", gettext_lazy("Device")),
        Column("prefix", gettext_lazy("Prefix")),
        Column("assigned_on", gettext_lazy("Assigned on"), kind="date", sort="assigned_on"),
        Column("seen", gettext_lazy("Last seen"), value=lambda row: row.seen, kind="datetime", phone=True),
    )

    @property
    def bulk_actions(self) -> tuple[BulkAction, ...]:  # type: ignore[override]
        return (
            BulkAction(
                "release",
                gettext_lazy("Release"),
                "assets.ipaddress.release",
                gettext_lazy("Release %(count)s addresses? For all assigned ones the client is asked one question."),
                self._release,
                form=ReasonForm,
            ),
        )

    def base_queryset(self, request: HttpRequest) -> QuerySet[IpAddress]:
        return seen.silent(request.contract, timezone.now())

    def prepare(self, request: HttpRequest, records: list[IpAddress]) -> None:
        last = seen.last_seen(request.contract, records)
        for record in records:
            record.seen = last.get(record.pk)  # type: ignore[attr-defined]

    def row_url(self, record: IpAddress) -> str:
        return record_url(ADDRESSES, record)

    def _release(self, caller: Caller, picked: QuerySet[IpAddress], *, reason: str) -> str:
        why = reason or _("Not seen for %(days)s days") % {"days": seen.SILENT_AFTER.days}
        done = release_many(caller, self.request.contract, list(picked), why)
        return words_of_release(done)


class TablesPage(View):
    """A table of a device, pasted or as a file."""

    permission = "assets.sighting.take"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(request, TableForm(contract=request.contract))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = TableForm(request.POST, request.FILES, contract=request.contract)
        if form.is_valid():
            data = form.cleaned_data
            try:
                rows = _read(data)
            except Wrong as wrong:
                form.add_error("file" if data["file"] else "text", _(wrong.msgid) % wrong.params)
            except WorkbookError as error:
                form.add_error("file", error.text)
            else:
                source = data["device"] or _("table")
                given = {"source": source, "vrf": data["vrf"], "device": data["device"]}
                done = take_seen(Caller.of(request), request.contract, rows, **given)
                words = _("%(addresses)s addresses, %(new)s of them not seen before; ports of %(ports)s cards.")
                messages.success(request, words % done)
                return redirect(_at(request, "ipam_unregistered"))
        return self._show(request, form)

    def _show(self, request: HttpRequest, form: TableForm) -> HttpResponse:
        return render(request, "assets/ipam/tables.html", {"form": form, "back": _at(request, "ipam_unregistered")})


def _read(data: dict[str, Any]) -> list[Seen]:
    if not data["file"]:
        return read_text(data["text"])
    content = data["file"].read()
    if not content.startswith(b"PK"):
        return read_text(decoded(content))
    open_zip(content, data["file"].name).close()
    try:
        sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        sheet.reset_dimensions()  # a file may claim 16,384 columns, which every row would be filled up to
        return read_rows(list(islice(sheet.iter_rows(max_col=WIDEST, values_only=True), MOST)))
    except (KeyError, ValueError, IndexError):
        raise Wrong(N_("the file is damaged and can't be opened")) from None


def _at(request: HttpRequest, name: str) -> str:
    return reverse(f"assets:{name}", kwargs={"contract": request.contract.code})


def _first(refused: RecordRefused) -> str:
    return next(_(wrong.msgid) % wrong.params for problems in refused.problems.values() for _name, wrong in problems)
