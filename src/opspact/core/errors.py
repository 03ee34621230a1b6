"""Every error core raises: a code for programs, a msgid for people, the element and position it is about."""

from typing import ClassVar

from opspact.core.words import N_


class CoreError(Exception):
    """Base of all. `message % params` is the English sentence; pages translate `message` first."""

    code: ClassVar[str] = "core"
    message: ClassVar[str] = N_("The calculation was refused.")

    def __init__(self, **params: str | int) -> None:
        self.params = params
        super().__init__(self.message % params)


class NaiveDatetime(CoreError):
    code = "naive-datetime"
    message = N_("%(value)s has no time zone.")


class IntervalReversed(CoreError):
    code = "interval-reversed"
    message = N_("Interval %(position)s ends (%(end)s) before it starts (%(start)s).")


class IntervalsOverlap(CoreError):
    code = "intervals-overlap"
    message = N_("Interval %(position)s starts (%(start)s) before the one ahead of it ends (%(end)s).")


class UnknownState(CoreError):
    code = "unknown-state"
    message = N_("%(value)s is not an observed state.")


class BadPolicy(CoreError):
    code = "bad-policy"
    message = N_("A folding policy cannot have %(field)s = %(value)s.")


class BadExpression(CoreError):
    code = "bad-expression"
    message = N_("The rule is wrong at %(path)s: %(reason)s.")


class BadObjective(CoreError):
    code = "bad-objective"
    message = N_("The objective %(value)s is not a fraction above 0 and at most 1 (96%% is 0.96).")


class UnknownZone(CoreError):
    code = "unknown-zone"
    message = N_("%(zone)s is not a known time zone.")


class NoWorkingTime(CoreError):
    code = "no-working-time"
    message = N_("Calendar %(calendar)s has no working time at all.")


class BadHours(CoreError):
    code = "bad-hours"
    message = N_(
        "Calendar %(calendar)s: hours %(position)s of weekday %(weekday)s do not start on that day"
        " and end by the end of the next."
    )


class DayBothWays(CoreError):
    code = "day-both-ways"
    message = N_("Calendar %(calendar)s: %(day)s is both a holiday and a make-up working day.")


class OutOfReach(CoreError):
    code = "out-of-reach"
    message = N_("Calendar %(calendar)s: the answer lies more than %(years)s years away.")


class NegativeDuration(CoreError):
    code = "negative-duration"
    message = N_("A duration cannot be negative (%(value)s).")


class BadTerm(CoreError):
    code = "bad-term"
    message = N_("A term of %(amount)s %(unit)s is not a term.")


class NotOpened(CoreError):
    code = "not-opened"
    message = N_("The first event must be the opening; found %(found)s.")


class OpenedTwice(CoreError):
    code = "opened-twice"
    message = N_("Event %(position)s opens a ticket that is open already.")


class UnknownEvent(CoreError):
    code = "unknown-event"
    message = N_("Event %(position)s is of no known kind: %(kind)s.")


class EventsOutOfOrder(CoreError):
    code = "events-out-of-order"
    message = N_("Event %(position)s happened before the one ahead of it.")


class UnknownPriority(CoreError):
    code = "unknown-priority"
    message = N_("Event %(position)s names the priority %(priority)s, which the terms do not have.")


class UnknownCalendar(CoreError):
    code = "unknown-calendar"
    message = N_("Target %(target)s counts on the calendar %(calendar)s, which was not given.")


class UnknownTarget(CoreError):
    code = "unknown-target"
    message = N_("No event is known to meet a target named %(target)s.")


class NotAnAmount(CoreError):
    code = "not-an-amount"
    message = N_("%(value)s (%(type)s) is not an exact amount of money.")


class AmountTooFine(CoreError):
    code = "amount-too-fine"
    message = N_("%(value)s has more than two decimals.")


class AmountTooLarge(CoreError):
    code = "amount-too-large"
    message = N_("%(value)s is too large to be written in capitals.")


class BadCapital(CoreError):
    code = "bad-capital"
    message = N_("Character %(position)s of the capital amount, “%(character)s”, does not belong there.")


class BadWeights(CoreError):
    code = "bad-weights"
    message = N_("Weights must not be negative and must not all be zero; weight %(position)s is %(value)s.")


class NoSample(CoreError):
    code = "no-sample"
    message = N_("%(part)s of %(whole)s is not a ratio.")
