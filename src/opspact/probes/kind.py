"""What every kind of check is made of."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from opspact.probes.details import detail
from opspact.probes.wire import Assignment, Seen


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one probe saw. ``value`` is in ``unit``, None where nothing was measured; ``detail`` as in ``details``."""

    seen: Seen
    value: float | None = None
    unit: str = ""
    detail: str = ""


class Settings(BaseModel):
    """The settings of a kind. Every field has a default, and its description is a msgid."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, str_strip_whitespace=True)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of check: how its address is read, what can be set, and the one function that asks.

    ``probe`` is cancelled from outside after the assignment's ``timeout_s``, so it sets no time limit of its own
    unless it must answer before; it never raises for what the target does. ``host`` gives the host name or IP address
    of a normalised address. ``parse_address`` raises :class:`opspact.probes.errors.AddressError`.
    """

    name: str
    label: str
    address_help: str
    unit: str
    settings: type[Settings]
    parse_address: Callable[[str], str]
    host: Callable[[str], str]
    probe: Callable[[Assignment], Awaitable[Outcome]]
    interval_s: int = 60
    timeout_s: float = 5.0


def down(code: str, arg: object = "", *, value: float | None = None, unit: str = "") -> Outcome:
    """The target was asked and did not do its work."""
    return Outcome("down", value, unit, detail(code, arg))


def degraded(code: str, arg: object = "", *, value: float, unit: str) -> Outcome:
    """The target works, but beyond a warning threshold."""
    return Outcome("degraded", value, unit, detail(code, arg))


def unknown(code: str, arg: object = "") -> Outcome:
    """The collector could not see."""
    return Outcome("unknown", None, "", detail(code, arg))
