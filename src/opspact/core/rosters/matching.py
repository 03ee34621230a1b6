"""Who counts for which need, when nobody may count twice: maximum bipartite matching by augmenting paths."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Filled:
    """`counted[i]` are the people counted for need i, `missing[i]` how many it lacks.

    If any lack, `short_needs` ask together for more people than the `short_people`, all who could serve one of them
    (Hall): no other distribution of these people could do.
    """

    counted: tuple[tuple[str, ...], ...]
    missing: tuple[int, ...]
    short_needs: tuple[int, ...] = ()
    short_people: tuple[str, ...] = ()


def fill(wanted: Sequence[int], able: Sequence[Collection[str]]) -> Filled:
    """Give need i up to `wanted[i]` of the people `able[i]`, each person to one need only.

    The number of people counted is the greatest possible. Where not all needs can be met, earlier ones come first.
    """
    order = [sorted(people) for people in able]
    given: dict[str, int] = {}
    missing = [0] * len(wanted)
    short: set[int] = set()
    for need, number in enumerate(wanted):
        for filled in range(number):
            if not _augment(need, order, given, set()):
                missing[need] = number - filled
                short.add(need)
                break
    counted = [tuple(sorted(person for person, to in given.items() if to == need)) for need in range(len(wanted))]
    short_people: set[str] = set()
    while short and (found := {person for need in short for person in order[need]}) != short_people:
        short_people = found
        short |= {given[person] for person in found if person in given}
    return Filled(tuple(counted), tuple(missing), tuple(sorted(short)), tuple(sorted(short_people)))


def _augment(need: int, order: Sequence[Sequence[str]], given: dict[str, int], visited: set[str]) -> bool:
    """Find someone for `need`, moving others if that makes room."""
    for person in order[need]:
        if person in visited:
            continue
        visited.add(person)
        if person not in given or _augment(given[person], order, given, visited):
            given[person] = need
            return True
    return False
