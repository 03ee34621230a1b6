"""Who serves when: rotations, changes, proofs of coverage, rules and fairness. `docs/why/rosters.md`."""

from opspact.core.rosters.conflicts import Conflict, ConflictKind
from opspact.core.rosters.coverage import Gap, Piece, Proof, prove
from opspact.core.rosters.fairness import Balance, Figure, fairness
from opspact.core.rosters.labour_law import RULE_SETS
from opspact.core.rosters.laying import lay_out
from opspact.core.rosters.limits import Violation, check
from opspact.core.rosters.resolving import Schedule, resolve
from opspact.core.rosters.rotations import Lineup, PatternRotation, Rotation, parse_pattern
from opspact.core.rosters.special import SpecialProof, prove_special
from opspact.core.rosters.types import (
    Action,
    Assignment,
    Days,
    Demand,
    HardRules,
    Layer,
    Leave,
    Need,
    NightWindow,
    Override,
    Person,
    Restriction,
    ShiftType,
    SpecialPeriod,
    Swap,
)

__all__ = [
    "RULE_SETS",
    "Action",
    "Assignment",
    "Balance",
    "Conflict",
    "ConflictKind",
    "Days",
    "Demand",
    "Figure",
    "Gap",
    "HardRules",
    "Layer",
    "Leave",
    "Lineup",
    "Need",
    "NightWindow",
    "Override",
    "PatternRotation",
    "Person",
    "Piece",
    "Proof",
    "Restriction",
    "Rotation",
    "Schedule",
    "ShiftType",
    "SpecialPeriod",
    "SpecialProof",
    "Swap",
    "Violation",
    "check",
    "fairness",
    "lay_out",
    "parse_pattern",
    "prove",
    "prove_special",
    "resolve",
]
