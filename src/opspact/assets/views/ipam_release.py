"""Giving back an address, or all addresses in a prefix, and what the client is asked then."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views import View

from opspact.assets.actions.ipam_release import MANY, MOST, RELEASE, held_in, release, release_many
from opspact.assets.ledgers.ipam import ADDRESSES, PREFIXES
from opspact.assets.models import AddressRelease
from opspact.assets.views.ipam import again, url_of
from opspact.assets.views.ipam_forms import ReleaseForm
from opspact.assets.views.ipam_lists import words_of_release
from opspact.kit.actions import Caller
from opspact.kit.ledgers.pages.listing import record_url
from opspact.kit.models import Approval


def asked(request: HttpRequest, approval: Approval) -> dict[str, Any] | None:
    """For the page of a question about many addresses: all of them, with who holds them."""
    found = approval.subject
    if approval.kind != MANY or not isinstance(found, AddressRelease):
        return None
    rows = found.addresses.select_related("asset", "contract").order_by("vrf_id", "ip")
    return {"rows": [(each, record_url(ADDRESSES, each)) for each in rows]}


class ReleasePage(View):
    """Asking for the release of an address."""

    permission = RELEASE

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        address = get_object_or_404(ADDRESSES.records(request.contract).select_related("contract"), pk=pk)
        form = ReleaseForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Say why."))
        else:
            try:
                is_done = release(Caller.of(request), address, form.cleaned_data["reason"])
            except ValidationError as error:
                messages.error(request, " ".join(error.messages))
            else:
                words = _("%(ip)s is free again.") if is_done else _("The client is asked to release %(ip)s.")
                messages.success(request, words % {"ip": address})
        return redirect(record_url(ADDRESSES, address))


class ReclaimPage(View):
    """Asking for the release of all addresses in a prefix."""

    permission = RELEASE

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        prefix = get_object_or_404(PREFIXES.records(request.contract).select_related("contract"), pk=pk)
        form = ReleaseForm(request.POST)
        if not form.is_valid():
            return again(request, prefix, release_form=form)
        held = list(held_in(prefix)[: MOST + 1])
        try:
            done = release_many(Caller.of(request), request.contract, held, form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, error)
            return again(request, prefix, release_form=form)
        messages.success(request, words_of_release(done))
        return redirect(url_of(request, prefix))
