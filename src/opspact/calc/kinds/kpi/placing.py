"""What core refuses, said of the element in the document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from opspact.calc.running import Finding, Refused
from opspact.core.errors import CoreError
from opspact.core.kpi.answers import Numbered, refuse_twins


@contextmanager
def placed(path: str, where: Mapping[type[CoreError], str] | None = None, otherwise: str = "") -> Iterator[None]:
    """A position in a list becomes part of the path: of the list by the kind of error in `where`, or `otherwise`."""
    try:
        yield
    except CoreError as error:
        listed = (where or {}).get(type(error), otherwise)
        found = path
        if listed and "position" in error.params:
            found = f"{path}.{listed}[{error.params['position']}]"
        raise Refused([Finding(found, error.message, error.params)]) from error


@contextmanager
def moved(path: str, inner: str) -> Iterator[None]:
    """What was refused at `inner…` is said of `path…`: a document made of parts of another one."""
    try:
        yield
    except Refused as refused:
        raise Refused(
            [
                Finding(
                    path + finding.path.removeprefix(inner) if finding.path.startswith(inner) else finding.path,
                    finding.msgid,
                    finding.params,
                )
                for finding in refused.findings
            ]
        ) from refused


def no_twins(path: str, **lists: Sequence[Numbered]) -> None:
    """Each list of records has each number once. Raises Refused."""
    for name, records in lists.items():
        with placed(path, otherwise=name):
            refuse_twins(records)
