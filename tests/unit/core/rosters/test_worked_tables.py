"""The tables of docs/why/rosters.md."""

import re

from opspact.core.rosters import Assignment, Demand, Leave, Need, Override, Person, Swap, prove, resolve


def items(text):
    return [item.strip() for item in text.split(",") if item.strip()]


def test_coverage_is_what_the_table_says(worked_table):
    for row in worked_table("rosters.md", "Worked table: coverage"):
        people = [Person(item[0], frozenset(item[2:])) for item in items(row["People"])]
        duties = [
            Assignment(found[1], found[2] or "", int(found[3]), int(found[4]))
            for found in (re.fullmatch(r"(\w)(?:=(\w))? (\d+)-(\d+)", item) for item in items(row["Duties"]))
        ]
        needs = tuple(Need(int(item[0]), frozenset(item[1:].split("/"))) for item in items(row["Needs"]))
        (proof,) = prove([Demand("D", needs, [(0, 10)])], duties, people)
        assert [f"{gap.start}-{gap.end} {gap.total}" for gap in proof.gaps] == items(row["Gaps"]), row["Case"]
        surplus = min((piece.surplus for piece in proof.pieces if not any(piece.missing)), default="-")
        assert str(surplus) == row["Surplus"], row["Case"]


def span(text):
    start, end = text.split("-")
    return int(start), int(end)


def changes(text):
    found = {"swap": [], "leave": [], "override": []}
    for i, words in enumerate(change.split() for change in text.split(";") if change):
        kind, person, when, *rest = words
        if kind == "swap":
            taken = span(rest[1]) if len(rest) > 1 else None
            found[kind].append(Swap(str(i), person, span(when), rest[0], taken))
        elif kind == "leave":
            found[kind].append(Leave(str(i), person, *span(when), *rest))
        else:
            found[kind].append(Override(str(i), person, *span(when)))
    return {"swaps": found["swap"], "leave": found["leave"], "overrides": found["override"]}


def test_the_layers_are_what_the_table_says(worked_table):
    people = [Person(code) for code in "ABCD"]
    rotation = [Assignment("A", "", 0, 8, by="R"), Assignment("B", "", 8, 16, by="R")]
    for row in worked_table("rosters.md", "Worked table: layers"):
        schedule = resolve(rotation, people, **changes(row["Changes"]))
        for at in (4, 12):
            serving = ", ".join(f"{duty.person} ({duty.layer})" for duty in schedule.on_duty(at)) or "-"
            assert serving == row[f"At {at}"], row["Case"]
        conflicts = ", ".join(f"{c.kind} {c.person} {c.start}-{c.end}" for c in schedule.conflicts)
        assert conflicts == row["Conflicts"], row["Case"]
