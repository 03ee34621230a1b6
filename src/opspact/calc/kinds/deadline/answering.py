"""From the document's parts to core, and back with explanations."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from opspact.calc.kinds.deadline import reading
from opspact.calc.kinds.deadline.answer import DateOut, ObligationOut, OccurrenceOut, RunOut, TermOut, VolumesOut
from opspact.calc.kinds.deadline.document import DateIn, Input, ObligationIn, TermIn, VolumesIn
from opspact.calc.language import Explained, Words
from opspact.calc.running import Finding, Refused, at
from opspact.calc.values import instant_text
from opspact.core.calendars import WorkCalendar
from opspact.core.calendars.chains import Dated, Link, dated, in_order
from opspact.core.calendars.deadlines import Deadline, deadline
from opspact.core.calendars.hours import HoursDeadline, hours_deadline
from opspact.core.calendars.matching import Matched, Matching, match
from opspact.core.calendars.notices import earliest_event
from opspact.core.calendars.recurring import Occurrence, Term, occurrences
from opspact.core.calendars.volumes import runs, volumes
from opspact.core.errors import CoreError
from opspact.core.words import N_


@dataclass(frozen=True)
class Answering:
    """The document, its calendar, and the words of its reader; what is refused is said of the element's path."""

    document: Input
    calendar: WorkCalendar
    words: Words

    def term(self, path: str, asked: TermIn) -> tuple[TermOut, Explained]:
        """One term, in days or in hours. Raises Refused."""
        with at(path):
            last = self._last(asked)
        out = TermOut(
            name=asked.name,
            computed_on=last.computed_on if isinstance(last, Deadline) else None,
            on=last.on if isinstance(last, Deadline) else self.calendar.local_date(last.ends_at),
            ends_at=self._text(last.ends_at),
            provisional_years=list(last.provisional_years),
        )
        return out, self.words.explained(last.explain(asked.clause), asked.name)

    def _last(self, asked: TermIn) -> Deadline | HoursDeadline:
        if asked.start is not None and (of := asked.days) is not None:
            counting = of.counting or self.document.counting
            return deadline(
                asked.start,
                of.amount,
                of.unit,
                self.calendar,
                counting=counting,
                roll=of.roll,
                day_end=of.day_end,
            )
        assert asked.start_at is not None
        assert asked.hours is not None
        return hours_deadline(asked.start_at, asked.hours, self.calendar, working=asked.working)

    def dates(self) -> list[tuple[DateOut, Explained]]:
        """The chain, in the document's order. Raises Refused."""
        asked = self.document.dates
        positions = {date.name: position for position, date in enumerate(asked)}
        done: dict[str, Dated] = {}
        for link in self._links():
            with at(f"dates[{positions[link.name]}]"):
                done[link.name] = dated(link, done, self.calendar)
        explained = {name: self.words.explained(found.explanation, name) for name, found in done.items()}
        found = []
        for position, date in enumerate(asked):
            with at(f"dates[{position}]"):
                found.append((self._date(date, done), explained[date.name]))
        return found

    def _links(self) -> list[Link]:
        try:
            return in_order([reading.link(date, self.document.counting) for date in self.document.dates])
        except CoreError as error:
            raise Refused([Finding(f"dates[{error.params['position']}]", error.message, error.params)]) from error

    def _date(self, asked: DateIn, done: dict[str, Dated]) -> DateOut:
        found, notice = done[asked.name], asked.notice
        in_time = earliest = None
        if notice and notice.given_on is not None:
            in_time = notice.given_on <= found.on
            if not in_time:
                earliest = earliest_event(
                    notice.given_on, notice.amount, notice.unit, self.calendar, ahead=notice.ahead, roll=notice.roll
                )
        return DateOut(
            name=found.name,
            computed_on=found.computed_on,
            on=found.on,
            ends_at=self._text(found.ends_at),
            provisional_years=list(found.provisional_years),
            in_time=in_time,
            earliest_event=earliest,
        )

    def volumes(self, path: str, asked: VolumesIn) -> VolumesOut:
        """What lies between two days. Raises Refused."""
        with at(path):
            found = volumes(asked.first, asked.last, self.calendar)
        holidays = [
            RunOut(first=first, last=last, days=(last - first).days + 1)
            for first, last in runs(self.calendar.holidays, asked.first, asked.last)
        ]
        return VolumesOut(
            name=asked.name,
            calendar_days=found.calendar_days,
            working_days=found.working_days,
            iso_weeks=found.iso_weeks,
            natural_months=found.natural_months,
            contract_months=found.contract_months,
            holidays=holidays,
            holiday_days=sum(run.days for run in holidays),
            provisional_years=list(found.provisional_years),
        )

    def obligation(self, path: str, asked: ObligationIn) -> tuple[ObligationOut, list[Explained]]:
        """The occurrences of an obligation, and how they stand where the document gives the time. Raises Refused."""
        with at(f"{path}.rule"):
            owing = reading.obligation(asked)
        term = self._term(path, asked)
        with at(path):
            owed = occurrences(owing, term, self.calendar)
        matching = self._matching(path, asked, owed)
        stands = {each.occurrence.number: each for each in matching.matched} if matching else {}
        out = ObligationOut(
            name=asked.name,
            occurrences=[self._occurrence(each, stands.get(each.number)) for each in owed],
            unused=[record.id for record in matching.unused] if matching else [],
            counts=dict(Counter(each.fulfilment for each in stands.values())),
        )
        return out, [
            self.words.explained(stands.get(each.number, each).explain(asked.clause), f"{asked.name} {each.number}")
            for each in owed
        ]

    def _term(self, path: str, asked: ObligationIn) -> Term:
        written = asked.term or self.document.term
        if written is None:
            raise Refused([Finding(f"{path}.term", N_("neither the obligation nor the document has a term"))])
        with at(f"{path}.term" if asked.term else "term"):
            return reading.term(written, asked.counting or self.document.counting, self.calendar)

    def _matching(self, path: str, asked: ObligationIn, owed: list[Occurrence]) -> Matching | None:
        now = self.document.now
        if now is None:
            if asked.records:
                raise Refused([Finding("now", N_("records are given, but not the time to judge them at"))])
            return None
        with at(f"{path}.records"):
            records = [reading.record(record, self.calendar) for record in asked.records]
        try:
            return match(owed, records, now, late_counts=asked.late_counts)
        except CoreError as error:
            place = f"{path}.records[{error.params['position']}]"
            raise Refused([Finding(place, error.message, error.params)]) from error

    def _occurrence(self, each: Occurrence, stands: Matched | None) -> OccurrenceOut:
        return OccurrenceOut(
            number=each.number,
            period=(each.period.start, each.period.end),
            computed_on=each.computed_on,
            due_on=each.due_on,
            opens_at=self._text(each.opens_at),
            ends_at=self._text(each.ends_at),
            reminders=list(each.reminders),
            clipped=each.period.clipped,
            extended=each.period.extended,
            provisional_years=list(each.provisional_years),
            fulfilment=stands.fulfilment if stands else None,
            record=stands.record.id if stands and stands.record else None,
        )

    def _text(self, us: int) -> str:
        return instant_text(us, self.calendar.zone)
