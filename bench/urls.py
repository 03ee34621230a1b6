"""The product's addresses, and one bare Django view of the same rows as the list of targets: the peer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from opspact.kit.guards import needs
from opspact.monitoring.models import Target

_TEMPLATE = engines["django"].from_string("""
<!doctype html><table>
{% for row in rows %}<tr><td>{{ row.code }}<td>{{ row.name }}<td>{{ row.address }}<td>{{ row.system }}<td>{{ row.site }}
<td>{{ row.checks.all.0.state.seen }}<td>{{ row.checks.all.0.state.since }}</tr>
{% endfor %}</table>
""")


@needs("monitoring.target.view")
def bare(request: HttpRequest) -> HttpResponse:
    """Fifty targets with their state in a plain table, in three queries: as little as Django can do for these rows."""
    rows = Target.objects.filter(contract=request.contract).select_related("system", "site")
    rows = rows.prefetch_related("checks__state").order_by("code")[:50]
    return HttpResponse(_TEMPLATE.render({"rows": rows}, request))


urlpatterns = [path("c/<slug:contract>/bare/", bare), path("", include("opspact.config.urls"))]
