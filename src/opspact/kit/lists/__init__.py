"""The generic list. No list is written twice: a room declares columns, filters and bulk actions, the rest is here.

    class Targets(ListPage):
        name = "monitoring.targets"
        permission = "monitoring.target.view"
        title = _("Targets")
        columns = (
            Column("code", _("Code"), kind="link", sort="code", phone=True),
            Column("name", _("Name"), sort="name", phone=True),
            Column("system", _("Business system"), value="system.name", sort="system__name"),
            Column("state", _("State"), kind="state", sort="state", phone=True),
        )
        filterset_class = TargetFilter
        default_sort = "code"

        def base_queryset(self, request): ...
        def row_url(self, target): ...

The same declaration serves the page, the htmx fragment and the Excel export.
"""

from opspact.kit.lists.columns import Column
from opspact.kit.lists.declared import BulkAction, Empty, Tab
from opspact.kit.lists.page import ListPage

__all__ = ["BulkAction", "Column", "Empty", "ListPage", "Tab"]
