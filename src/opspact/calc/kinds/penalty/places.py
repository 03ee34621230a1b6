"""Says of which element of the document a refusal of core is."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opspact.calc.running import Finding, Refused, at
from opspact.core.errors import CoreError


@contextmanager
def element(path: str, lists: Mapping[type[CoreError], str]) -> Iterator[None]:
    """What core refuses is said of `path`, or of the element of one of its lists that the error's position counts."""
    with at(path):
        try:
            yield
        except tuple(lists) as error:
            place = f"{path}.{lists[type(error)]}[{error.params['position']}]"
            raise Refused([Finding(place, error.message, error.params)]) from error
