"""What is refused in a ticket's events or in its terms, by the position of the event (from 0) or the target's name."""

from opspact.core.errors import CoreError
from opspact.core.words import N_


class EventTwice(CoreError):
    code = "event-twice"
    message = N_("Event %(position)s is the same as event %(other)s: one thing happened once.")


class EventLacks(CoreError):
    code = "event-lacks"
    message = N_("Event %(position)s (%(kind)s) does not say its “%(name)s”.")


class UnknownReason(CoreError):
    code = "unknown-reason"
    message = N_("Event %(position)s names the reason %(reason)s, which the terms do not have.")


class CalendarNotGiven(CoreError):
    code = "calendar-not-given"
    message = N_("Event %(position)s changes to the calendar %(calendar)s, which was not given.")


class NotCalled(CoreError):
    code = "not-called"
    message = N_("Event %(position)s is about %(vendor)s, who has not been called.")


class NoTargets(CoreError):
    code = "no-targets"
    message = N_("The terms of priority %(priority)s have no target at all.")


class TargetLacksParty(CoreError):
    code = "target-lacks-party"
    message = N_("Target %(target)s of the kind %(kind)s does not say whose it is.")


class BadDuration(CoreError):
    code = "bad-duration"
    message = N_("%(element)s: %(value)s is not a duration in whole microseconds.")


class UnknownRuleCalendar(CoreError):
    code = "unknown-rule-calendar"
    message = N_("The rule %(rule)s counts on the calendar %(calendar)s, which was not given.")


class BadPercent(CoreError):
    code = "bad-percent"
    message = N_("Escalation %(position)s: %(value)s is not an exact percentage above 0.")
