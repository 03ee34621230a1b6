"""The product's addresses, and bare Django views of the same rows as the lists of targets and assets: the peers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from opspact.assets.models import Asset
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


_ASSETS = engines["django"].from_string("""
<!doctype html><table>
{% for row in rows %}<tr><td>{{ row.code }}<td>{{ row.name }}<td>{{ row.category }}<td>{{ row.model }}
<td>{{ row.serial_no }}<td>{{ row.get_lifecycle_display }}<td>{{ row.mgmt_ip }}<td>{{ row.site }}<td>{{ row.room }}
<td>{{ row.rack }}<td>{{ row.system }}<td>{{ row.owner }}</tr>
{% endfor %}</table>
""")


@needs("assets.asset.view")
def bare_assets(request: HttpRequest) -> HttpResponse:
    """Fifty assets with what the list shows of them, in a plain table and one query."""
    rows = Asset.objects.filter(contract=request.contract, deleted_at=None).order_by("code")
    rows = rows.select_related("category", "model", "site", "room", "rack", "system")[:50]
    return HttpResponse(_ASSETS.render({"rows": rows}, request))


urlpatterns = [
    path("c/<slug:contract>/bare/", bare),
    path("c/<slug:contract>/bare-assets/", bare_assets),
    path("", include("opspact.config.urls")),
]
