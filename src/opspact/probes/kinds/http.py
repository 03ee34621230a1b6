"""HTTP: one request, its status and, where one is expected, a text on the page; the value is the time it took.

Each probe makes its own connection, because a kept one hides that new ones are refused. Proxy variables of the
environment are not read: a proxy would answer for the target.
"""

import re
import ssl
from functools import cache
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import quote, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from opspact.core.words import N_
from opspact.probes.addresses import join_host_port, normalise, parse_host, parse_port
from opspact.probes.errors import AddressError
from opspact.probes.kind import Kind, Outcome, Settings, degraded, down
from opspact.probes.net import failure
from opspact.probes.wire import Assignment

if TYPE_CHECKING:
    import httpx

MAX_PAGE = 1024 * 1024
"""Bytes of a page that are searched for the expected text."""

MAX_REDIRECTS = 5
HEADERS = {"User-Agent": "OpsPact probe", "Accept": "*/*", "Accept-Encoding": "identity"}


def status_ranges(text: str) -> tuple[tuple[int, int], ...]:
    """Status codes such as ``200-299,401`` as ranges with both ends included. Raises ValueError."""
    ranges = []
    for part in text.replace("、", ",").split(","):
        match = re.fullmatch(r"\s*([1-5]\d\d)\s*(?:-\s*([1-5]\d\d)\s*)?", part, re.ASCII)
        if match is None or int(match[2] or match[1]) < int(match[1]):
            raise PydanticCustomError("status_set", "not a set of status codes")
        ranges.append((int(match[1]), int(match[2] or match[1])))
    return tuple(ranges)


def _status_set(text: str) -> str:
    return ",".join(str(low) if low == high else f"{low}-{high}" for low, high in status_ranges(text))


class HttpSettings(Settings):
    """What can be set for an HTTP check."""

    method: Annotated[Literal["GET", "HEAD"], BeforeValidator(lambda value: str(value).upper())] = Field(
        default="GET", description=N_("Method, GET or HEAD")
    )
    status: Annotated[str, BeforeValidator(str), AfterValidator(_status_set)] = Field(
        default="200-399", description=N_("Status codes that are good, such as 200-299,401")
    )
    text: str | None = Field(
        default=None, min_length=1, max_length=500, description=N_("Text that must be on the page")
    )
    verify: bool = Field(default=True, description=N_("Down when the certificate is not trusted by this system"))
    redirects: bool = Field(default=False, description=N_("Follow redirects"))
    warn_ms: float | None = Field(default=None, gt=0, le=300_000, description=N_("Degraded above this many ms"))


async def probe(assignment: Assignment) -> Outcome:
    """Ask once, on a new connection."""
    # Imported here: servers read the registry too, never send a request, and would wait 0.3 s for this import.
    import httpx

    settings = HttpSettings.model_validate(assignment.settings)
    started = perf_counter()
    try:
        async with (
            httpx.AsyncClient(
                verify=_context(settings.verify),
                trust_env=False,
                timeout=None,  # noqa: S113 -- the assignment's limit is set from outside
                follow_redirects=settings.redirects,
                max_redirects=MAX_REDIRECTS,
            ) as client,
            client.stream(settings.method, assignment.address, headers=HEADERS) as response,
        ):
            found = settings.text is None or await _shows(response, settings.text)
            took = round((perf_counter() - started) * 1_000, 3)
            return judge(response.status_code, found, took, settings)
    except httpx.TooManyRedirects:
        return down("redirects")
    except (httpx.UnsupportedProtocol, httpx.InvalidURL, httpx.DecodingError) as error:
        return down("http", error)
    except httpx.RemoteProtocolError as error:
        return down("closed") if "disconnected" in str(error) else down("http", error)
    except (httpx.TransportError, OSError) as error:
        return failure(error)


def judge(status: int, found: bool, took_ms: float, settings: HttpSettings) -> Outcome:
    """The outcome of an answer: its status first, then its text, then its time."""
    if not any(low <= status <= high for low, high in status_ranges(settings.status)):
        return down("status", status, value=took_ms, unit="ms")
    if not found:
        return down("text", value=took_ms, unit="ms")
    if settings.warn_ms is not None and took_ms > settings.warn_ms:
        return degraded("slow", round(took_ms), value=took_ms, unit="ms")
    return Outcome("up", took_ms, "ms")


async def _shows(response: "httpx.Response", text: str) -> bool:
    """Whether the first megabyte holds the text, in UTF-8 or GB 18030: many pages say no charset, or a wrong one."""
    wanted = {text.encode("utf-8"), text.encode("gb18030")}
    page = bytearray()
    async for chunk in response.aiter_bytes():
        page += chunk[: MAX_PAGE - len(page)]
        if any(one in page for one in wanted):
            return True
        if len(page) >= MAX_PAGE:
            return False
    return False


@cache
def _context(verify: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def parse_url(text: str) -> str:
    """An http or https URL with a canonical host, its path percent-encoded, without fragment. Raises AddressError."""
    url = normalise(text)
    if not url:
        raise AddressError("address.empty", N_("An address is missing."))
    if not re.match(r"https?://", url, re.IGNORECASE):
        raise AddressError("address.scheme", N_("“%(text)s” does not begin with http:// or https://."), text=url)
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise AddressError("address.url_syntax", N_("“%(text)s” is no URL."), text=url) from error
    if re.search(r"\s", url) or not parts.netloc:
        raise AddressError("address.url_syntax", N_("“%(text)s” is no URL."), text=url)
    if "@" in parts.netloc:
        raise AddressError("address.credentials", N_("A URL with a password in it is not stored."))
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~-._?") if parts.query else ""
    return f"{parts.scheme.lower()}://{_netloc(parts.netloc)}{path}{query}"


def _netloc(netloc: str) -> str:
    match = re.fullmatch(r"(\[[^\]]*\]|[^:\[\]]*)(?::(.*))?", netloc)
    if match is None:
        raise AddressError("address.host_port", N_("“%(text)s” is not host:port."), text=netloc)
    host = parse_host(match[1])
    if match[2]:
        return join_host_port(host, parse_port(match[2]))
    return f"[{host}]" if ":" in host else host


KIND = Kind(
    name="http",
    label=N_("Web page (HTTP)"),
    address_help=N_("URL, such as https://www.example.org/health"),
    unit="ms",
    settings=HttpSettings,
    parse_address=parse_url,
    host=lambda address: urlsplit(address).hostname or "",
    probe=probe,
    timeout_s=10.0,
)
