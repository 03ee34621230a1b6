"""The page of a prefix with its tree, its sheet and what is free; taking and releasing; the check."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from opspact.assets.actions.ipam import take_addresses, take_prefix
from opspact.assets.actions.ipam_release import RELEASE, asked_about, held_in
from opspact.assets.ipam import free, space, strip, tree, usage
from opspact.assets.ipam.checking import MOST, Finding, findings
from opspact.assets.ledgers.ipam import ADDRESSES, PREFIXES
from opspact.assets.models import IpAddress, Prefix, Sighting
from opspact.assets.views.ipam_forms import ReleaseForm, TakeForm, TakePrefixForm
from opspact.assets.views.ipam_lists import query_within
from opspact.kit.actions import Caller
from opspact.kit.ledgers.pages import RecordPage
from opspact.kit.ledgers.pages.listing import record_url
from opspact.kit.ledgers.writing import RecordRefused
from opspact.kit.lists import counting
from opspact.kit.permissions import may
from opspact.kit.shown import formats

CHILDREN, BLOCKS = 50, 40


class PrefixPage(RecordPage):
    """A prefix: its tree, how full it is, its sheet, and taking what is free."""

    ledger = PREFIXES
    template_name: ClassVar[str] = "assets/ipam/prefix.html"

    def extra_context(self, request: HttpRequest, record: Prefix) -> dict[str, Any]:
        return prefix_context(request, record)


def prefix_context(request: HttpRequest, prefix: Prefix) -> dict[str, Any]:
    """What the page of a prefix shows beside its fields."""
    network = space.network_of(prefix.prefix)
    children = tree.children(prefix, CHILDREN)
    full = usage.usage_of(prefix)
    following = free.addresses(prefix)
    usages = usage.usages(children)
    own = reverse("assets:prefix", kwargs={"contract": request.contract.code, "pk": prefix.pk})
    addresses, prefixes = (
        reverse(f"assets:{name}_list", kwargs={"contract": request.contract.code}) for name in ("ipaddress", "prefix")
    )
    return {
        "network": network,
        "usage": full,
        "sentence": _sentence(prefix, full, following),
        "next": following[0] if following else "",
        "parents": [(each, url_of(request, each)) for each in tree.parents(prefix)],
        "children": [(each, url_of(request, each), usages[each.pk]) for each in children],
        "has_more_children": len(children) == CHILDREN,
        "blocks": free.blocks(prefix, BLOCKS) if children else [],
        "cells": [(cell, _cell_url(request, prefix, cell)) for cell in strip.cells(prefix)],
        "addresses_url": f"{addresses}?{query_within(prefix)}",
        "prefixes_url": f"{prefixes}?{query_within(prefix)}",
        "take_url": f"{own}take/",
        "cut_url": f"{own}cut/",
        "held": counting.count(held_in(prefix)),
        "release": RELEASE,
        "release_url": f"{own}release/",
        "release_form": ReleaseForm(),
        "take_form": TakeForm(None, contract=request.contract),
        "cut_form": TakePrefixForm(None, prefix=prefix) if network.prefixlen < network.max_prefixlen else None,
    }


class TakePage(View):
    """Taking the next free addresses of a prefix."""

    permission = "assets.ipaddress.take"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        prefix = get_object_or_404(PREFIXES.records(request.contract).select_related("contract"), pk=pk)
        form = TakeForm(request.POST, contract=request.contract)
        if form.is_valid():
            data = form.cleaned_data
            options = {"is_reserved": data["is_reserved"], "reserved_until": data["reserved_until"]}
            try:
                taken = take_addresses(Caller.of(request), prefix, data["how_many"], values=form.values, **options)
            except RecordRefused as refused:
                _show_at(form, refused)
            else:
                listed = "、".join(str(each) for each in taken[:10]) + ("…" if len(taken) > 10 else "")
                words = ngettext("%(n)s address taken: %(listed)s", "%(n)s addresses taken: %(listed)s", len(taken))
                messages.success(request, words % {"n": len(taken), "listed": listed})
                return redirect(record_url(ADDRESSES, taken[0]) if len(taken) == 1 else url_of(request, prefix))
        return again(request, prefix, take_form=form)


class CutPage(View):
    """Taking the next free prefix of a length out of a prefix."""

    permission = "assets.ipaddress.take"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        prefix = get_object_or_404(PREFIXES.records(request.contract).select_related("contract"), pk=pk)
        form = TakePrefixForm(request.POST, prefix=prefix)
        if form.is_valid():
            values = {"purpose": form.cleaned_data["purpose"]}
            try:
                made = take_prefix(Caller.of(request), prefix, form.cleaned_data["length"], values=values)
            except RecordRefused as refused:
                _show_at(form, refused)
            else:
                messages.success(request, _("Taken: %(listed)s") % {"listed": made})
                return redirect(url_of(request, made))
        return again(request, prefix, cut_form=form)


class AddressPage(RecordPage):
    """An address with who saw it, and giving it back."""

    template_name: ClassVar[str] = "assets/ipam/address.html"

    def extra_context(self, request: HttpRequest, record: IpAddress) -> dict[str, Any]:
        is_seer = may(request.user, "assets.sighting.view", request.contract.code)
        seen = Sighting.objects.filter(contract=request.contract, vrf=record.vrf_id, ip=str(record.ip))
        return {
            "seen": seen.order_by("-last_at") if is_seer else [],
            "home_url": url_of(request, record.prefix) if record.prefix else "",
            "is_asked": bool(asked_about([record])),
            "is_given": record.state != IpAddress.State.RELEASED and not record.deleted_at,
            "release_form": ReleaseForm(),
            "release": RELEASE,
        }


class CheckPage(View):
    """What contradicts itself in the address ledgers."""

    permission = "assets.prefix.view"

    def get(self, request: HttpRequest) -> HttpResponse:
        every = list(findings(request.contract, localdate()))
        found = [finding for finding in every if finding.count]
        context = {
            "found": [(finding, _cases(request, finding)) for finding in found],
            "clean": [finding for finding in every if not finding.count],
            "wrong": sum(finding.count for finding in found if finding.question.tone == "bad"),
            "doubtful": sum(finding.count for finding in found if finding.question.tone == "warn"),
            "most": MOST,
        }
        return render(request, "assets/ipam/check.html", context)


def _sentence(prefix: Prefix, full: usage.Usage, following: list[str]) -> SafeString:
    given = {
        "used": formats.figure(full.used),
        "size": formats.figure(full.size),
        "share": formats.percent(full.share),
        "free": formats.figure(full.free),
    }
    said = _("%(used)s of %(size)s addresses are used (%(share)s), %(free)s are free.") % given
    if following:
        said += " " + _("The next free one is %(ip)s.") % {"ip": following[0]}
    elif full.in_children:
        said += " " + _("All of it is divided into prefixes; take addresses from one of those.")
    return mark_safe(said)  # noqa: S308 - our words, figures and an address


def url_of(request: HttpRequest, prefix: Prefix) -> str:
    return reverse("assets:prefix", kwargs={"contract": request.contract.code, "pk": prefix.pk})


def _cell_url(request: HttpRequest, prefix: Prefix, cell: strip.Cell) -> str:
    names = {IpAddress: "ipaddress", Prefix: "prefix"}
    if cell.record is not None:
        name = names.get(type(cell.record), "addressrange")
        return reverse(f"assets:{name}", kwargs={"contract": request.contract.code, "pk": cell.record.pk})
    if cell.is_a == strip.FREE:
        name, query = ("prefix_new", "prefix") if "/" in cell.where else ("ipaddress_new", "ip")
        vrf = f"&vrf={prefix.vrf_id}" if prefix.vrf_id else ""
        return reverse(f"assets:{name}", kwargs={"contract": request.contract.code}) + f"?{query}={cell.where}{vrf}"
    return ""


def _cases(request: HttpRequest, finding: Finding) -> list[tuple[str, str]]:
    """What is shown of each case, and its page."""
    name, code = f"assets:{finding.question.subject}", request.contract.code
    return [(text, reverse(name, kwargs={"contract": code, "pk": key})) for key, text in finding.cases]


def _show_at(form: Any, refused: RecordRefused) -> None:
    for problems in refused.problems.values():
        for name, wrong in problems:
            form.add_error(name if name in form.fields else None, _(wrong.msgid) % wrong.params)


def again(request: HttpRequest, prefix: Prefix, **forms: Any) -> HttpResponse:
    """The page of the prefix with the form that was refused."""
    page = PrefixPage()
    page.setup(request)
    return render(request, page.template_name, page.context(request, prefix) | forms)
