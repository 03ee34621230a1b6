"""What spans sections: codes that occur twice, and names of things that are declared nowhere.

Checked on the file's plain data, so that a slip in one section does not hide one in another.
"""

from collections.abc import Iterator
from difflib import get_close_matches

from opspact.contracts.terms.problems import Problem
from opspact.contracts.terms.walk import walk
from opspact.contracts.terms.yamltree import Tree
from opspact.core.words import N_

UNIQUE = (
    "documents[].code",
    "payments[].code",
    "penalties[].code",
    "system_categories[].code",
    "systems[].code",
    "sites[].code",
    "services[].code",
    "scope[].code",
    "calendars[].code",
    "service_levels[].priority",
    "priorities.impacts[].code",
    "priorities.urgencies[].code",
    "staff[].code",
    "staff[].roles[].code",
    "coverage[].code",
    "kpis[].code",
    "obligations[].number",
    "deliverables[].code",
    "acceptance.criteria[].code",
    "settings[].number",
    "settings[].code",
)

CALENDARS = ("calendars[].code",)
PRIORITIES = ("service_levels[].priority",)

REFERENCES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("systems[].category", ("system_categories[].code",)),
    ("scope[].service", ("services[].code",)),
    ("scope[].systems[]", ("systems[].code",)),
    ("scope[].sites[]", ("sites[].code",)),
    ("service_levels[].response.calendar", CALENDARS),
    ("service_levels[].restore.calendar", CALENDARS),
    ("service_levels[].arrival.hours", CALENDARS),
    ("service_levels[].arrival.in_hours.calendar", CALENDARS),
    ("service_levels[].arrival.out_of_hours.calendar", CALENDARS),
    ("service_levels[].report.first.calendar", CALENDARS),
    ("service_levels[].report.written.calendar", CALENDARS),
    ("service_levels[].report.deliverable", ("deliverables[].code",)),
    ("priorities.matrix.@", ("priorities.impacts[].code",)),
    ("priorities.matrix{}.@", ("priorities.urgencies[].code",)),
    ("priorities.matrix{}{}", PRIORITIES),
    ("escalation.immediate_levels[]", ("service_levels[].level",)),
    ("coverage[].calendar", CALENDARS),
    ("kpi_rules.agreed_service_time.value", CALENDARS),
    ("kpi_rules.agreed_service_time.alternatives[]", CALENDARS),
    ("kpis[].part_of", ("kpis[].code",)),
    ("kpis[].systems[]", ("systems[].code",)),
    ("kpis[].categories[]", ("system_categories[].code",)),
    ("kpis[].parameters.calendar.value", CALENDARS),
    ("kpis[].parameters.calendar.alternatives[]", CALENDARS),
    ("kpis[].parameters.levels.value[]", ("service_levels[].level", "security_gradings[].levels[].code")),
    ("kpis[].parameters.levels.alternatives[][]", ("service_levels[].level", "security_gradings[].levels[].code")),
    ("assessment.vetoes[]", ("kpis[].code",)),
    ("obligations[].penalties[]", ("penalties[].code",)),
    ("deliverables[].for_payments[]", ("payments[].code",)),
)


def check_references(tree: Tree) -> Iterator[Problem]:
    """Problems with codes: twice declared, not declared, or a matrix with a hole."""
    yield from _duplicates(tree)
    for pattern, targets in REFERENCES:
        declared = [value for target in targets for _, value in walk(tree.data, target) if isinstance(value, str)]
        for loc, value in walk(tree.data, pattern):
            if isinstance(value, str) and value not in declared:
                yield _undeclared(tree, loc, value, declared, ", ".join(targets), at_key=pattern.endswith("@"))
    yield from _holes(tree)
    yield from _parties(tree)


def _duplicates(tree: Tree) -> Iterator[Problem]:
    for pattern in UNIQUE:
        first: dict[object, int] = {}
        for loc, value in walk(tree.data, pattern):
            if not isinstance(value, str | int):
                continue
            if value in first:
                message = N_("%(code)s was used already on line %(first)s")
                yield tree.problem(loc, message, code=value, first=first[value])
            else:
                first[value] = tree.values[loc][0]


def _undeclared(
    tree: Tree, loc: tuple[str | int, ...], value: str, declared: list[str], where: str, *, at_key: bool
) -> Problem:
    near = get_close_matches(value, declared, n=1)
    if near:
        message = N_("%(code)s is not declared in %(where)s; did you mean %(suggestion)s?")
        return tree.problem(loc, message, at_key=at_key, code=value, where=where, suggestion=near[0])
    return tree.problem(loc, N_("%(code)s is not declared in %(where)s"), at_key=at_key, code=value, where=where)


def _holes(tree: Tree) -> Iterator[Problem]:
    """Each impact needs a priority for each urgency."""
    matrix = next((value for _, value in walk(tree.data, "priorities.matrix")), None)
    if not isinstance(matrix, dict):
        return
    for _, impact in walk(tree.data, "priorities.impacts[].code"):
        row = matrix.get(impact) if isinstance(impact, str) else None
        for _, urgency in walk(tree.data, "priorities.urgencies[].code"):
            if not isinstance(row, dict) or urgency not in row:
                message = N_("no priority for impact %(impact)s and urgency %(urgency)s")
                yield tree.problem(("priorities", "matrix"), message, impact=impact, urgency=urgency)


def _parties(tree: Tree) -> Iterator[Problem]:
    """A client there must be: systems and sites belong to it. The same party in the same role is one party."""
    parties = [(loc, party) for loc, party in walk(tree.data, "parties[]") if isinstance(party, dict)]
    if parties and all(party.get("role") != "client" for _, party in parties):
        yield tree.problem(("parties",), N_("no party has the role client"))
    first: dict[tuple[str, str], int] = {}
    for loc, party in parties:
        key = (str(party.get("role")), str(party.get("code")).lower())
        if key in first:
            message = N_("%(code)s was used already on line %(first)s")
            yield tree.problem((*loc, "code"), message, code=party.get("code"), first=first[key])
        else:
            first[key] = tree.values[loc][0]
