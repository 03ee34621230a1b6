"""The pages of assets: list, record, form, steps of their life, and finding one by the code on its label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from opspact.assets import asset_words, category_fields, lifecycle
from opspact.assets.actions import lifecycle as steps
from opspact.assets.asset_forms import AssetForm, StepForm
from opspact.assets.models import Asset, IpAddress
from opspact.assets.views.refusals import say_refused
from opspact.kit import attachments
from opspact.kit.actions import Caller
from opspact.kit.ledgers.pages.listing import LedgerList, all_or_none
from opspact.kit.ledgers.pages.record import EditPage, LedgerView, RecordPage
from opspact.kit.ledgers.writing import RecordRefused
from opspact.kit.lists import BulkAction, Column, Tab
from opspact.kit.models import Attachment
from opspact.kit.permissions import may

WARRANTY = (
    ("soon", gettext_lazy("ends within 60 days")),
    ("quarter", gettext_lazy("ends within 90 days")),
    ("over", gettext_lazy("is over")),
    ("none", gettext_lazy("not on record")),
)
FOLDED = frozenset({"mgmt_ip", "site", "zone", "department", "rack", "warranty_end_since", "warranty_end_until"})


def by_warranty(assets: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
    """Assets by when their warranty ends, as of today."""
    today = timezone.localdate()
    if value == "none":
        return assets.filter(warranty_end=None)
    if value == "over":
        return assets.filter(warranty_end__lt=today)
    days = asset_words.SOON_DAYS if value == "soon" else 90
    return assets.filter(warranty_end__gte=today, warranty_end__lte=today + timedelta(days=days))


class AssetList(LedgerList):
    template_name = "assets/assets.html"
    tabs = (
        Tab(gettext_lazy("In use"), "lifecycle=in_use"),
        Tab(gettext_lazy("In repair"), "lifecycle=repair"),
        Tab(gettext_lazy("Spare"), "lifecycle=spare"),
        Tab(gettext_lazy("Warranty ends soon"), "warranty=soon&sort=warranty_end"),
    )

    @cached_property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        """Categories and rooms by their names: people know few of the codes. The export keeps to the codes."""
        named = {name: f"{name}.name" for name in ("category", "room", "site", "system")}
        return [replace(each, value=named.get(each.name, each.value)) for each in super().columns]

    @cached_property
    def filterset_class(self) -> Any:
        plain = super().filterset_class
        warranty = django_filters.ChoiceFilter(label=_("Warranty"), choices=WARRANTY, method=by_warranty)
        meta = type("Meta", (plain.Meta,), {})  # type: ignore[attr-defined]
        return type("AssetFilter", (plain,), {"warranty": warranty, "more": plain.more | FOLDED, "Meta": meta})

    @property
    def bulk_actions(self) -> Sequence[BulkAction]:  # type: ignore[override]
        return (
            BulkAction(
                "step",
                gettext_lazy("Change the status"),
                steps.PERMISSION,
                gettext_lazy("Change the status of %(count)s assets:"),
                self._step,
                form=StepForm,
            ),
            BulkAction(
                "labels",
                gettext_lazy("Print labels"),
                "assets.label.print",
                goes_to=labels_of_picks,
            ),
            *super().bulk_actions,
        )

    def sentence(self, request: HttpRequest) -> str:
        today = timezone.localdate()
        last = today + timedelta(days=asset_words.SOON_DAYS)
        records = self.base_queryset(request)  # two counts from their indexes, not one through the whole table
        found = {
            "soon": records.filter(warranty_end__gte=today, warranty_end__lte=last).count(),
            "repair": records.filter(lifecycle="repair").count(),
        }
        if not found["soon"] and not found["repair"]:
            return ""
        words = _("%(repair)s in repair; the warranty of %(soon)s ends within %(days)s days.")
        return words % {**found, "days": asset_words.SOON_DAYS}

    def _step(self, caller: Caller, picked: QuerySet[Any], *, to: str, reason: str) -> str:
        contract = self.request.contract
        done = steps.Done()

        def do(assets: list[Any]) -> int:
            nonlocal done
            done = steps.take(caller, contract, assets=assets, to=to, reason=reason)
            return done.changed

        all_or_none(picked, do)
        return said(done)


def said(done: steps.Done) -> str:
    """What a step did, in words."""
    if done.asked:
        words = ngettext(
            "The client was asked about %(n)s asset.", "The client was asked about %(n)s assets.", done.asked
        )
        return words % {"n": done.asked}
    words = ngettext("%(n)s asset has its new status.", "%(n)s assets have their new status.", done.changed)
    return words % {"n": done.changed}


def labels_of_picks(request: HttpRequest) -> str:
    """The page of labels for what was picked on the list."""
    url = reverse("assets:labels", kwargs={"contract": request.contract.code})
    if request.POST.get("all"):
        return f"{url}?{urlencode({'all': '1', 'query': request.POST.get('query', '')})}"
    return f"{url}?{urlencode({'pk': ','.join(request.POST.getlist('pk'))})}"


class AssetPage(RecordPage):
    template_name = "assets/asset.html"

    def shown_fields(self, request: HttpRequest, record: Any) -> Sequence[Any]:
        """Fields of other categories only as far as they say something."""
        shown = super().shown_fields(request, record)
        if not any(each.is_extra for each in shown):
            return shown
        having = category_fields.by_category(request.contract).get(record.category_id, {})
        return [each for each in shown if not each.is_extra or each.name[6:] in having or each.read(record) is not None]

    def extra_context(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        code = request.contract.code
        held = IpAddress.objects.filter(asset=record, deleted_at=None).exclude(state=IpAddress.State.RELEASED)
        is_scrapped = not lifecycle.steps_from(record.lifecycle)
        files = list(attachments.files_of(record)) if may(request.user, "kit.attachment.view", code) else []
        return {
            "sentence": asset_words.sentence(record, timezone.localdate()),
            "waiting": steps.waiting(record),
            "has_steps": not is_scrapped and record.deleted_at is None,
            "still_held": list(held.order_by("ip")[:10]) if is_scrapped else [],
            "record_files": files,
            "photos": photos(files),
            "may_add_photo": may(request.user, "kit.attachment.add", code) and record.deleted_at is None,
        }


def photos(files: Sequence[Attachment]) -> list[Attachment]:
    """The pictures, but for those that are work secrets: they open only on purpose, with a row in the audit."""
    pictures = [each for each in files if each.media_type.startswith("image/")]
    return [each for each in pictures if each.level != Attachment.Level.SENSITIVE][:12]


class AssetEdit(EditPage):
    template_name = "assets/asset_form.html"
    form_class = AssetForm

    def fields(self, request: HttpRequest, record: Any) -> Sequence[Any]:
        """The status of an asset that is there changes by its own steps."""
        fields = super().fields(request, record)
        return [each for each in fields if record is None or each.name != "lifecycle"]


class StepPage(LedgerView):
    """The next step of one asset."""

    permission = steps.PERMISSION

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        asset = self._asset(request, pk)
        return self._show(request, asset, StepForm(status=asset.lifecycle))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        asset = self._asset(request, pk)
        if request.POST.get("do") == "withdraw":
            return self._withdraw(request, asset)
        form = StepForm(request.POST, status=asset.lifecycle)
        if form.is_valid():
            try:
                done = steps.take(Caller.of(request), request.contract, assets=[asset], **form.cleaned_data)
            except RecordRefused as refused:
                form.add_error(None, say_refused(refused))
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, said(done))
                return redirect(asset.get_absolute_url())
        return self._show(request, asset, form)

    def _withdraw(self, request: HttpRequest, asset: Asset) -> HttpResponse:
        try:
            steps.withdraw(Caller.of(request), asset)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("The question is taken back."))
        return redirect(asset.get_absolute_url())

    def _asset(self, request: HttpRequest, pk: int) -> Asset:
        asset: Asset = self.record(request, pk)
        if asset.deleted_at is not None or not lifecycle.steps_from(asset.lifecycle):
            raise Http404
        return asset

    def _show(self, request: HttpRequest, asset: Asset, form: StepForm) -> HttpResponse:
        context = {"asset": asset, "form": form, "ledger": self.ledger}
        return render(request, "assets/step.html", context)


class ByCode(LedgerView):
    """Where a scanned label leads: to the page of the asset that has the code."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        found = self.ledger.records(request.contract).select_related("contract").filter(code=code).first()
        if found is None:
            raise Http404
        return redirect(found.get_absolute_url())


class CategoryPage(RecordPage):
    template_name = "assets/category.html"

    def extra_context(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        having = category_fields.by_category(request.contract).get(record.pk, {})
        assets = reverse("assets:asset_list", kwargs={"contract": request.contract.code})
        defined = [(field, category_fields.WORDS[field.kind]) for field in having.values()]
        return {"defined": defined, "assets_url": f"{assets}?category={record.pk}"}
