"""The small requests of the page's shell: search, the figures in the top bar, language and colours."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from opspact.kit import preferences, searching
from opspact.kit.guards import needs
from opspact.kit.indicated import indicators_for


@needs("kit.search")
def search(request: HttpRequest) -> HttpResponse:
    """Results under the search field, or as a page of their own."""
    text = request.GET.get("q", "").strip()
    template = "kit/parts/results.html" if request.htmx else "kit/search.html"
    return render(request, template, {"text": text, "groups": searching.search(request, text)})


@needs("kit.contract.view")
def indicators(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "kit/parts/indicators.html",
        {"indicators": indicators_for(request, request.contract.code, counted=True)},
    )


@needs("kit.home.view")
def set_preferences(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    response = HttpResponseRedirect(target)
    preferences.choose(response, theme=request.POST.get("theme", ""), language=request.POST.get("language", ""))
    return response
