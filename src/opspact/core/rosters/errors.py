"""What rosters refuse. Positions count from 0, as in the JSON that was given."""

from opspact.core.errors import CoreError
from opspact.core.words import N_


class BadSpan(CoreError):
    code = "bad-span"
    message = N_("%(what)s %(code)s ends (%(end)s) no later than it starts (%(start)s).")


class BadShift(CoreError):
    code = "bad-shift"
    message = N_("Shift type %(code)s: %(field)s = %(value)s is not possible.")


class BadNeed(CoreError):
    code = "bad-need"
    message = N_("Demand %(code)s: need %(position)s asks for %(value)s people.")


class BadRule(CoreError):
    code = "bad-rule"
    message = N_("A roster rule cannot have %(field)s = %(value)s.")


class BadRotation(CoreError):
    code = "bad-rotation"
    message = N_("Rotation %(code)s: %(field)s = %(value)s is not possible.")


class UnknownPerson(CoreError):
    code = "unknown-person"
    message = N_("%(what)s %(code)s names %(person)s, who is not among the people.")


class NamedTwice(CoreError):
    code = "named-twice"
    message = N_("%(what)s %(code)s is given twice.")


class UnknownShift(CoreError):
    code = "unknown-shift"
    message = N_("Rotation %(code)s: step %(position)s of the pattern, %(value)s, is neither a shift nor a rest.")


class SwapWithOneself(CoreError):
    code = "swap-with-oneself"
    message = N_("Swap %(code)s gives %(person)s's duty to the same person.")


class PoolNotExclusive(CoreError):
    code = "pool-not-exclusive"
    message = N_("Demand %(code)s is in the pool %(pool)s, in which each person counts once, but is not exclusive.")
