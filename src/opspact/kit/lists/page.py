"""One view for every list: the page, the htmx fragment, the export, and what is posted from it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from tempfile import TemporaryFile
from typing import Any, BinaryIO, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise, cached_property
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views import View
from django_filters import FilterSet

from opspact.kit.actions import Caller
from opspact.kit.lists import bulk, cells, counting, export, kept, keyset
from opspact.kit.lists.asked import Asked
from opspact.kit.lists.columns import Column
from opspact.kit.lists.declared import BulkAction, Empty, Tab
from opspact.kit.lists.shown import ShownList, shown
from opspact.kit.models import ListPreference
from opspact.kit.permissions import may

MORE_FILTERS = "op-more"


class ListPage(View, ABC):
    """Declare a list by subclassing; see the package's text. What a subclass must give: `name` to `default_sort`,
    `base_queryset` (already restricted to `request.contract`) and usually `row_url`."""

    name: ClassVar[str]
    permission: ClassVar[str]
    title: ClassVar[str | Promise]
    columns: ClassVar[Sequence[Column]]
    default_sort: ClassVar[str]
    filterset_class: ClassVar[type[FilterSet] | None] = None
    bulk_actions: ClassVar[Sequence[BulkAction]] = ()
    tabs: ClassVar[Sequence[Tab]] = ()
    empty: ClassVar[Empty | None] = None
    template_name: ClassVar[str] = "kit/lists/page.html"

    @abstractmethod
    def base_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The records this list is about, with select_related and annotations for its columns."""

    def row_url(self, record: Any) -> str:
        """The record's page; "" for none."""
        return ""

    def shown_as(self, record: Any) -> str:
        """What the row says, sent with its key as `shown` when something is done to rows; "" for nothing."""
        return ""

    def for_rows(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The records as rows are made of them, where that needs less than doing something to them."""
        return queryset

    def prepare(self, request: HttpRequest, records: list[Any]) -> None:
        """Attach to one page of records what its columns need, in a query for all of them."""

    def sentence(self, request: HttpRequest) -> str:
        """The answer in words and figures that stands above the list; "" for none."""
        return ""

    def extra_context(self, request: HttpRequest) -> dict[str, Any]:
        """For a template of one's own, which extends kit/lists/page.html (blocks `actions`, `above`)."""
        return {}

    # Requests

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if "export" in request.GET:
            return self._export(request)
        if request.htmx.target == MORE_FILTERS:
            filters = self.filters(request.GET)
            return render(request, "kit/lists/more.html", {"filters": _filters(filters) if filters else {}})
        fragment = is_fragment(request)
        response = render(request, "kit/lists/list.html" if fragment else self.template_name, self._context(request))
        patch_vary_headers(response, ["HX-Request"])
        return response

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        match request.POST.get("do"):
            case "columns":
                return self._choose_columns(request)
            case "save":
                return self._save_filter(request)
            case "forget":
                return self._forget_filter(request)
            case "bulk":
                return bulk.handle(self, request)
        return HttpResponseRedirect(request.path)

    # What the request asks for

    @cached_property
    def contract_code(self) -> str:
        return self.request.contract.code if self.request.contract else ""

    @cached_property
    def preference(self) -> ListPreference:
        return kept.preference_of(self.request.user, self.name)

    @cached_property
    def chosen_columns(self) -> list[Column]:
        """The columns this person sees."""
        return kept.chosen(self.columns, self.preference.columns)

    @cached_property
    def asked(self) -> Asked:
        return Asked.of(self.request.GET, self.columns, self.default_sort)

    def filters(self, params: QueryDict) -> FilterSet | None:
        if self.filterset_class is None:
            return None
        return self.filterset_class(params, queryset=self.base_queryset(self.request), request=self.request)

    def filtered(self, params: QueryDict) -> QuerySet[Any]:
        """The records that match; a filter with a wrong value is left out, its error stands at its field."""
        filters = self.filters(params)
        return self.base_queryset(self.request) if filters is None else filters.qs

    def permitted_bulk_actions(self) -> list[BulkAction]:
        return [each for each in self.bulk_actions if may(self.request.user, each.permission, self.contract_code)]

    # Answers

    def _context(self, request: HttpRequest) -> dict[str, Any]:
        preference, columns = self.preference, self.chosen_columns
        filters = self.filters(request.GET)
        queryset = self.for_rows(self.base_queryset(request) if filters is None else filters.qs)
        asked, count = self.asked, counting.count(queryset)
        found = keyset.page(
            queryset,
            asked.order(queryset),
            preference.page_size,
            after=asked.after,
            before=asked.before,
            is_common=count.is_more and asked.is_filtered,
        )
        self.prepare(request, found.rows)
        actions = self.permitted_bulk_actions()
        body = cells.body(
            found.rows,
            columns,
            url_of=self.row_url,
            said_of=self.shown_as,
            now=timezone.now(),
            is_pickable=bool(actions),
        )
        listing: ShownList = shown(self, asked, columns, found, body, count, preference, actions)
        if is_fragment(request):
            return {"list": listing}
        sentence = self.sentence(request)
        shown_filters = {"filterset": filters, "filters": _filters(filters)} if filters is not None else {}
        return {"list": listing, "sentence": sentence, **shown_filters, **self.extra_context(request)}

    def _export(self, request: HttpRequest) -> HttpResponse:
        queryset = self.for_rows(self.filtered(request.GET))
        if queryset.order_by()[: export.MOST_ROWS + 1].count() > export.MOST_ROWS:
            messages.error(
                request, _("A sheet holds %(n)s rows and these are more. Narrow the filter.") % {"n": export.MOST_ROWS}
            )
            return HttpResponseRedirect(f"{request.path}?{self.asked.filters}")
        columns = self.chosen_columns
        ordered = self.asked.order(queryset).apply(queryset)
        title = str(self.title)
        if request.contract and request.contract.simulated:
            title = f"{_('Demo data')} {title}"
        target = TemporaryFile()  # noqa: SIM115 - the response closes it
        kept.export(
            Caller.of(request),
            request.contract,
            list_name=self.name,
            query=self.asked.filters,
            write=lambda: self.write_export(target, title, columns, self._prepared_chunks(request, ordered)),
        )
        target.seek(0)
        day = timezone.localdate().isoformat()
        name = f"{slugify(title, allow_unicode=True)}-{day}.xlsx"
        return FileResponse(target, as_attachment=True, filename=name, content_type=export.CONTENT_TYPE)

    def write_export(self, target: BinaryIO, title: str, columns: Sequence[Column], records: Iterable[Any]) -> int:
        """Write these records with these columns into the file; how many there were."""
        return export.write(target, title, columns, records)

    def _prepared_chunks(self, request: HttpRequest, queryset: QuerySet[Any], size: int = 2000) -> Any:
        chunk: list[Any] = []
        for record in queryset.iterator(chunk_size=size):
            chunk.append(record)
            if len(chunk) == size:
                self.prepare(request, chunk)
                yield from chunk
                chunk = []
        self.prepare(request, chunk)
        yield from chunk

    def _choose_columns(self, request: HttpRequest) -> HttpResponse:
        size = request.POST.get("page_size", "")
        names = [column.name for column in self.columns if column.name in request.POST.getlist("column")]
        kept.prefer(request.user, self.name, columns=names, page_size=int(size) if size in map(str, kept.SIZES) else 0)
        return self._back(request)

    def _save_filter(self, request: HttpRequest) -> HttpResponse:
        saved = kept.SavedFilter(
            user=request.user,
            contract_code=self.contract_code,
            list_name=self.name,
            name=request.POST.get("name", "").replace("\0", "").strip(),
            query=request.POST.get("query", "").replace("\0", ""),
        )
        keep = kept.share_filter if request.POST.get("shared") else kept.save_filter
        try:
            keep(Caller.of(request), saved)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return self._back(request)

    def _forget_filter(self, request: HttpRequest) -> HttpResponse:
        own = kept.filters_for(request.user, self.contract_code, self.name).filter(user=request.user)
        wanted = request.POST.get("saved", "")
        saved = own.filter(pk=int(wanted[:18]) if wanted.isdecimal() else 0).first()
        if saved is not None:
            kept.forget_filter(Caller.of(request), saved)
        return HttpResponseRedirect(request.path)

    def _back(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(f"{request.path}?{request.POST.get('query', '')}")


def _filters(filterset: FilterSet) -> dict[str, Any]:
    """The filters of a form, and those behind "more": what its `more` names, opened while one of them is in use;
    folded ones are drawn when they are unfolded, since their drop-downs have to be asked for."""
    folded = getattr(filterset, "more", frozenset())
    more = [field for field in filterset.form if field.name in folded]
    first = [field for field in filterset.form if field.name not in folded]
    return {"first": first, "more": more, "is_open": any(field.data or field.errors for field in more)}


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx wants only the rows; going back in history wants the page."""
    return bool(request.htmx) and not request.htmx.history_restore_request
