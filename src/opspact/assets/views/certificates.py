"""Certificates: the list with what ends when, the record with its chain, and taking one in from a file or a port."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar

import django_filters
from cryptography import x509
from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters

from opspact.assets.actions.certificates import add_from_file, add_from_port
from opspact.assets.certificates import files
from opspact.assets.certificates.chains import chain_of
from opspact.assets.certificates.facts import facts_of
from opspact.assets.certificates.judging import Saying, days_left, unjudged, weaknesses
from opspact.assets.ledgers.certificates import CERTIFICATES
from opspact.assets.models import Certificate
from opspact.assets.views.certificate_strip import strip_of
from opspact.core.inputs import Wrong
from opspact.kit.actions import Caller
from opspact.kit.ledgers.filters import filterset_of
from opspact.kit.ledgers.pages import LedgerList, RecordPage
from opspact.kit.ledgers.pages.listing import record_url, urls_of
from opspact.kit.ledgers.pages.record import EditPage
from opspact.kit.ledgers.writing import RecordRefused
from opspact.kit.lists import Column, Tab
from opspact.kit.shown.states import tag
from opspact.probes.addresses import parse_host, parse_host_port, split_host_port
from opspact.probes.errors import AddressError

ENDINGS = (
    ("60", gettext_lazy("within 60 days")),
    ("over", gettext_lazy("expired")),
    ("later", gettext_lazy("later")),
)
WITH = ("system", "asset", "owner", "renewal")


def said(saying: Saying) -> str:
    msgid, params = saying
    return _(msgid) % params


def left_words(certificate: Certificate, now: datetime) -> str:
    """How long it still holds, in words; "" when nobody knows."""
    if certificate.ends_at is None:
        return ""
    days = days_left(certificate.ends_at, now)
    if days < 0:
        return ngettext("expired %(n)s day ago", "expired %(n)s days ago", -days) % {"n": -days}
    return ngettext("%(n)s day left", "%(n)s days left", days) % {"n": days}


def standing(certificate: Certificate, now: datetime) -> list[SafeString]:
    """Its tags: replaced, expired or how long it holds, weak."""
    if certificate.replaced_by_id is not None:
        return [tag(_("replaced"))]
    found = []
    if certificate.ends_at is not None:
        days = days_left(certificate.ends_at, now)
        found.append(tag(left_words(certificate, now), "bad" if days < 7 else "warn" if days < 60 else "good"))
    if weaknesses(certificate.algorithm, certificate.key_bits, certificate.signature):
        found.append(tag(_("weak"), "bad"))
    return found


class CertificateList(LedgerList):
    template_name = "assets/certificates.html"
    tabs = (
        Tab(gettext_lazy("Ends within 60 days"), "ending=60&sort=ends_at"),
        Tab(gettext_lazy("Expired"), "ending=over&sort=ends_at"),
    )

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    @cached_property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        key, name, *others = super().columns
        return key, name, Column("standing", _("Standing"), value=self._standing, kind="html", phone=True), *others

    def _standing(self, certificate: Certificate) -> SafeString:
        return format_html_join(" ", "{}", ((each,) for each in standing(certificate, self.now)))

    @cached_property
    def filterset_class(self) -> Any:  # type: ignore[override]
        now = self.now

        class CertificateFilter(filterset_of(self.ledger, self.request.contract)):  # type: ignore[misc]
            ending = django_filters.ChoiceFilter(label=_("When it ends"), choices=ENDINGS, method="that_ends")

            def that_ends(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
                return queryset.filter(ending(value, now))

        return CertificateFilter

    def sentence(self, request: HttpRequest) -> str:
        waiting = self.base_queryset(request).filter(replaced_by=None)
        over, soon = (waiting.filter(ending(word, self.now)).count() for word in ("over", "60"))
        total = waiting.count()
        if not total:
            return ""
        words = _("%(total)s certificates in use: %(over)s have expired, %(soon)s end within 60 days.")
        return words % {"total": total, "over": over, "soon": soon}

    def extra_context(self, request: HttpRequest) -> dict[str, Any]:
        return super().extra_context(request) | {"strip": strip_of(self.base_queryset(request), self.now)}


def ending(word: str, now: datetime) -> Q:
    """Which certificates in use have ended, end within 60 days, or later."""
    soon = now + timedelta(days=60)
    spans = {
        "over": Q(ends_at__lte=now),
        "60": Q(ends_at__gt=now, ends_at__lte=soon),
        "later": Q(ends_at__gt=soon),
    }
    return spans[word] & Q(replaced_by=None)


class CertificatePage(RecordPage):
    template_name = "assets/certificate.html"

    def extra_context(self, request: HttpRequest, record: Certificate) -> dict[str, Any]:
        now = timezone.now()
        weak = weaknesses(record.algorithm, record.key_bits, record.signature)
        old = Certificate.objects.filter(replaced_by=record, deleted_at=None).select_related("contract")
        return {
            "standing": standing(record, now),
            "weak": [said(each) for each in weak],
            "unjudged": [said(each) for each in unjudged(record.algorithm, record.signature)],
            "replaces": [(each, record_url(CERTIFICATES, each)) for each in old],
            "replaced_url": record_url(CERTIFICATES, record.replaced_by) if record.replaced_by else "",
            "steps": [line.strip() for line in record.renewal.splitlines() if line.strip()],
            "chain": _chain(record, now),
        }


def _chain(record: Certificate, now: datetime) -> dict[str, Any] | None:
    """The links with what is weak about each, and what is to be said of the chain."""
    if not record.pem:
        return None
    chain = chain_of(x509.load_pem_x509_certificates(record.pem.encode()), now)
    links = []
    for certificate in chain.links:
        facts = facts_of(certificate)
        weak = weaknesses(facts.algorithm, facts.key_bits, facts.signature, is_root=facts.is_self_signed)
        links.append({"facts": facts, "weak": [said(each) for each in weak], "is_over": facts.ends_at < now})
    sayings = [said(each) for each in chain.sayings]
    return {"links": links, "sayings": sayings, "is_complete": chain.is_complete}


class CertificateEdit(EditPage):
    """What is read from a certificate is not asked for."""

    def fields(self, request: HttpRequest, record: Any) -> Sequence[Any]:
        asked = super().fields(request, record)
        if record is None or not record.pem:
            return asked
        return [each for each in asked if each.name in ("code", "name", *WITH, "remark")]


class WithForm(forms.Form):
    """Where a certificate that is taken in is used; what is left empty is carried over from the one it renews."""

    def __init__(self, *args: Any, contract: Any, is_renewal: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = [each for each in CERTIFICATES.bound_fields(contract) if each.name in WITH and not is_renewal]
        for each in self.own:
            self.fields[each.key] = each.form_field()

    @property
    def values(self) -> dict[str, Any]:
        return {each.name: self.cleaned_data[each.key] for each in self.own}


class FileForm(WithForm):
    file = forms.FileField(
        label=gettext_lazy("Certificate file"),
        widget=forms.FileInput(attrs={"accept": ".pem,.crt,.cer,.der,.p7b,.p7c,.pfx,.p12"}),
        help_text=gettext_lazy("PEM, DER, P7B or PFX; with the chain if you have it."),
    )
    password = forms.CharField(
        label=gettext_lazy("Password of the PFX"),
        required=False,
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Only for an encrypted PFX. It opens the file once and is not kept."),
    )


class PortForm(WithForm):
    address = forms.CharField(
        label=gettext_lazy("Host and port"),
        max_length=260,
        help_text=gettext_lazy("Such as 10.1.2.3:443 or oa.example.cn; only addresses somebody has authorised."),
    )
    server_name = forms.CharField(
        label=gettext_lazy("Server name (SNI)"),
        max_length=253,
        required=False,
        help_text=gettext_lazy("When the server has several certificates and the host is not the name."),
    )

    def clean_address(self) -> str:
        return self._read(partial(parse_host_port, default_port=443), self.cleaned_data["address"])

    def clean_server_name(self) -> str:
        given: str = self.cleaned_data["server_name"].strip()
        return self._read(parse_host, given) if given else ""

    def _read(self, parse: Callable[[str], str], text: str) -> str:
        try:
            return parse(text)
        except AddressError as error:
            raise forms.ValidationError(_(error.message) % error.params) from error


class TakeInPage(View, ABC):
    """A form, and the certificate that comes of it; `pk` is the one it renews."""

    form_class: ClassVar[type[WithForm]]
    template_name: ClassVar[str]
    blamed: ClassVar[str]

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        old = self._old(request, pk)
        return self._show(request, self._form(request, old), old)

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        old = self._old(request, pk)
        form = self._form(request, old, request.POST, request.FILES)
        if form.is_valid():
            try:
                saved = self.take_in(request, form, old)
            except Wrong as wrong:
                form.add_error(self.blamed, _(wrong.msgid) % wrong.params)
            except RecordRefused as refused:
                _blame(form, refused)
            else:
                messages.success(request, _("%(record)s is saved.") % {"record": saved})
                return redirect(record_url(CERTIFICATES, saved))
        return self._show(request, form, old)

    @abstractmethod
    def take_in(self, request: HttpRequest, form: Any, old: Certificate | None) -> Certificate:
        """Write it; raises Wrong and RecordRefused."""

    def _old(self, request: HttpRequest, pk: int | None) -> Certificate | None:
        if pk is None:
            return None
        found = Certificate.objects.select_related("contract")
        return get_object_or_404(found, contract=request.contract, pk=pk, deleted_at=None, replaced_by=None)

    def _form(self, request: HttpRequest, old: Certificate | None, *data: Any) -> Any:
        return self.form_class(*data, contract=request.contract, is_renewal=old is not None)

    def _show(self, request: HttpRequest, form: forms.Form, old: Certificate | None) -> HttpResponse:
        urls = urls_of(CERTIFICATES, request.contract)
        back = record_url(CERTIFICATES, old) if old is not None else urls["list"]
        context = {"form": form, "old": old, "urls": urls, "back": back, "ledger": CERTIFICATES}
        return render(request, self.template_name, context)


@method_decorator(sensitive_post_parameters("password"), name="dispatch")
class UploadPage(TakeInPage):
    permission = "assets.certificate.read"
    form_class = FileForm
    template_name = "assets/certificate_upload.html"
    blamed = "file"

    def take_in(self, request: HttpRequest, form: Any, old: Certificate | None) -> Certificate:
        upload = form.cleaned_data["file"]
        if upload.size > files.MAX_BYTES:  # it lies in a file still: it is not read at all
            raise files.FileRefused(files.TOO_LARGE, mb=files.MAX_BYTES // 1024**2)
        saved, bundle = add_from_file(
            Caller.of(request),
            request.contract,
            content=upload.read(),
            file_name=upload.name,
            password=form.cleaned_data["password"],
            values=form.values,
            replaces=old,
        )
        if bundle.dropped_keys:
            messages.info(request, _("The file held a private key. It was dropped and is stored nowhere here."))
        return saved


class FetchPage(TakeInPage):
    permission = "assets.certificate.fetch"
    form_class = PortForm
    template_name = "assets/certificate_fetch.html"
    blamed = "address"

    def _form(self, request: HttpRequest, old: Certificate | None, *data: Any) -> Any:
        address = old.source.split(" ")[0] if old is not None and old.verification else ""
        return PortForm(*data, contract=request.contract, is_renewal=old is not None, initial={"address": address})

    def take_in(self, request: HttpRequest, form: Any, old: Certificate | None) -> Certificate:
        host, port = split_host_port(form.cleaned_data["address"])
        return add_from_port(
            Caller.of(request),
            request.contract,
            host=host,
            port=port,
            server_name=form.cleaned_data["server_name"],
            values=form.values,
            replaces=old,
        )


def _blame(form: forms.Form, refused: RecordRefused) -> None:
    for problems in refused.problems.values():
        for name, wrong in problems:
            form.add_error(name if name in form.fields else None, _(wrong.msgid) % wrong.params)
