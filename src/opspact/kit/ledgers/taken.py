"""Values that may stand once in a ledger: found and named before the database refuses them.

The rules are the unique constraints of the model. The database still has the last word, for two people at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, UniqueConstraint

from opspact.core.inputs import Wrong, shown
from opspact.core.words import N_
from opspact.kit.ledgers.field import Field
from opspact.kit.ledgers.ledger import Ledger

TAKEN = N_("“%(found)s” is taken already")
DELETED = N_("“%(found)s” belongs to a record that was deleted; restore that one")
TWICE = N_("“%(found)s” stands in row %(row)s already")
AT_A_TIME = 5_000
Values = tuple[Any, ...]


@dataclass(frozen=True)
class _Rule:
    """A unique constraint within a contract: attributes, and which records it is about."""

    columns: tuple[str, ...]
    name: str
    """The field that is told of, the last one of the constraint."""
    condition: Q | None
    is_null_a_value: bool

    def values_of(self, record: Any) -> Values | None:
        """What must not stand twice; None when the rule does not hold for this record."""
        if self.condition is not None and not _holds(self.condition, record):
            return None
        found = tuple(getattr(record, column) for column in self.columns)
        is_bare = not self.is_null_a_value and any(value is None for value in found)
        return None if is_bare or found[-1] in (None, "") else found


def _holds(condition: Q, record: Any) -> bool:
    """Whether a record as it would be written is one the constraint is about; only equalities are judged here."""
    answers = (
        _holds(child, record) if isinstance(child, Q) else getattr(record, child[0]) == child[1]
        for child in condition.children
        if isinstance(child, Q) or "__" not in child[0]
    )
    found = any(answers) if condition.connector == Q.OR else all(answers)
    return found != condition.negated


class Taken:
    """`check` says which records can't have what they have. One for a whole workbook remembers its earlier rows."""

    def __init__(self, ledger: Ledger, contract: Any) -> None:
        self.ledger = ledger
        self.contract = contract
        self.rules = list(_rules(ledger))
        self.seen: dict[tuple[int, Values], int] = {}
        self.fields = {each.name: each for each in ledger.fields}

    def check(self, records: Sequence[Any], numbers: Sequence[int] | None = None) -> dict[int, list[tuple[str, Wrong]]]:
        """By position: pairs of field name and Wrong. `numbers` are the rows the records stand in."""
        problems: dict[int, list[tuple[str, Wrong]]] = {}
        for which, rule in enumerate(self.rules):
            wanted = {position: found for position, it in enumerate(records) if (found := rule.values_of(it))}
            held = self._held(rule, set(wanted.values()))
            for position, values in wanted.items():
                record = records[position]
                owner, is_deleted = held.get(values, (None, False))
                if owner is not None and owner != record.pk:
                    wrong = Wrong(DELETED if is_deleted else TAKEN, found=shown(self._text(rule, record)))
                    problems.setdefault(position, []).append((rule.name, wrong))
                elif numbers is not None:
                    first = self.seen.setdefault((which, values), numbers[position])
                    if first != numbers[position]:
                        wrong = Wrong(TWICE, found=shown(self._text(rule, record)), row=first)
                        problems.setdefault(position, []).append((rule.name, wrong))
        return problems

    def _held(self, rule: _Rule, wanted: set[Values]) -> Mapping[Values, tuple[int, bool]]:
        """Who has the values in the ledger, and whether that one is deleted."""
        records = self.ledger.model._default_manager.filter(contract=self.contract)
        if rule.condition is not None:
            records = records.filter(rule.condition)
        lasts = list({values[-1] for values in wanted})
        held: dict[Values, tuple[int, bool]] = {}
        for start in range(0, len(lasts), AT_A_TIME):
            found = records.filter(**{f"{rule.columns[-1]}__in": lasts[start : start + AT_A_TIME]})
            for *values, pk, deleted_at in found.values_list(*rule.columns, "pk", "deleted_at"):
                held[tuple(values)] = (pk, deleted_at is not None)
        return held

    def _text(self, rule: _Rule, record: Any) -> str:
        each: Field | None = self.fields.get(rule.name)
        return each.text(record) if each else str(getattr(record, rule.columns[-1]))


def _rules(ledger: Ledger) -> Iterable[_Rule]:
    model = ledger.model
    for constraint in model._meta.constraints:
        if not isinstance(constraint, UniqueConstraint) or not constraint.fields:
            continue
        names = [name for name in constraint.fields if name != "contract"]
        columns = tuple(model._meta.get_field(name).attname for name in names)
        yield _Rule(columns, names[-1], constraint.condition, constraint.nulls_distinct is False)
