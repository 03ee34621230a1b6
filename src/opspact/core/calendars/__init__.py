"""When working time is, and what a term of days, months or working days ends on. `docs/why/calendars.md`."""

from opspact.core.calendars.work import Answer, DayAnswer, DayCount, WorkCalendar, Worked

__all__ = ["Answer", "DayAnswer", "DayCount", "WorkCalendar", "Worked"]
