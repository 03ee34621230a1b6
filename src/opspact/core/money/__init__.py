"""Amounts in yuan: rounding, shares, capitals (`docs/why/money.md`); penalties and settlement (`penalties.md`)."""

from opspact.core.money.accruing import accrue
from opspact.core.money.allowances import Allowances, HoldOver, Supplement, allowances, hold_over
from opspact.core.money.amounts import exact
from opspact.core.money.bonds import BondAccount, FailedPeriod, deduct
from opspact.core.money.capitals import capital, parse_capital
from opspact.core.money.clauses import (
    Assessment,
    Base,
    Counted,
    Cure,
    Fact,
    Ground,
    PenaltyRule,
    Proposal,
    Stakes,
    Term,
    Terminal,
    Termination,
)
from opspact.core.money.ending import Outcome, outcome
from opspact.core.money.lateness import Accrual, AccrualDay, CapBase, LateTerms, Paid, PaymentDay, other_readings
from opspact.core.money.pauses import Pause, PauseReason, due_day
from opspact.core.money.payments import Instalment, Reduced, Spread, cut_price, payment_plan
from opspact.core.money.proposing import assess
from opspact.core.money.rounding import Mode, Rounding, percent_of, round_money, split
from opspact.core.money.settlements import RateCard, Settlement, Work, settle

__all__ = [
    "Accrual",
    "AccrualDay",
    "Allowances",
    "Assessment",
    "Base",
    "BondAccount",
    "CapBase",
    "Counted",
    "Cure",
    "Fact",
    "FailedPeriod",
    "Ground",
    "HoldOver",
    "Instalment",
    "LateTerms",
    "Mode",
    "Outcome",
    "Paid",
    "Pause",
    "PauseReason",
    "PaymentDay",
    "PenaltyRule",
    "Proposal",
    "RateCard",
    "Reduced",
    "Rounding",
    "Settlement",
    "Spread",
    "Stakes",
    "Supplement",
    "Term",
    "Terminal",
    "Termination",
    "Work",
    "accrue",
    "allowances",
    "assess",
    "capital",
    "cut_price",
    "deduct",
    "due_day",
    "exact",
    "hold_over",
    "other_readings",
    "outcome",
    "parse_capital",
    "payment_plan",
    "percent_of",
    "round_money",
    "settle",
    "split",
]
