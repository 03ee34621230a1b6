"""From an extract to the answer: one entry for each system, or one for all in series."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from opspact.calc.kinds.availability.answer import (
    ComponentOut,
    Figures,
    Flaps,
    Intervals,
    Outage,
    SystemOut,
    Together,
)
from opspact.calc.kinds.availability.reading import Asked
from opspact.calc.values import duration_text, instant_text, share_text
from opspact.core.availability import Availability, percent, series
from opspact.core.availability.components import Attribution, attribute
from opspact.core.availability.flapping import changes_of, flapping
from opspact.core.instants import HOUR
from opspact.core.states import State, Verdict


@dataclass(frozen=True)
class Answering:
    """What the answers about one document have in common."""

    asked: Asked
    objective: Fraction | None
    zone: str
    intervals: bool

    def system(self, codes: list[str]) -> SystemOut:
        """Of one system, or of several in series."""
        extract = self.asked.extract
        one = extract.measure(codes, self.asked.period)
        found = self._attribution(codes, one)
        return SystemOut(
            code="+".join(codes),
            name=" + ".join(extract.system(code).name for code in codes),
            figures=self._figures(one),
            budget_left=self._budget(one),
            outages=[
                Outage(start=self._at(start), end=self._at(end), open=is_open, down=duration_text(down_us))
                for start, end, is_open, down_us in one.outages
            ],
            intervals=self._intervals(one) if self.intervals else None,
            components=[] if found is None else _components(found),
            together=[] if found is None else _together(found),
            flapping=self._flaps(one),
            series=[self._figures(each) for each in series(extract.basis(codes), self.asked.series)],
        )

    def _figures(self, one: Availability) -> Figures:
        return Figures(
            start=self._at(one.start),
            horizon=self._at(one.horizon),
            percent=None if one.availability is None else str(percent(one.availability)),
            availability=share_text(one.availability),
            best=share_text(one.best),
            worst=share_text(one.worst),
            raw=share_text(one.raw),
            raw_best=share_text(one.raw_best),
            raw_worst=share_text(one.raw_worst),
            observed_fraction=share_text(one.observed_fraction),
            excluded_fraction=share_text(one.excluded_fraction),
            service_time=duration_text(one.ast_us),
            excluded=duration_text(one.excluded_us),
            unknown=duration_text(one.unknown_us),
            down=duration_text(one.down_us),
            unusable=duration_text(one.unusable_us),
            degraded=duration_text(one.degraded_us),
            up=duration_text(one.up_us),
            counted_down=duration_text(one.counted_down_us),
            outage_count=one.outage_count,
            longest=duration_text(one.longest_us),
            mttr=None if one.mttr_us is None else duration_text(one.mttr_us),
            mtbf=None if one.mtbf_us is None else duration_text(one.mtbf_us),
            verdict=None if self.objective is None else str(one.judge(self.objective)),
        )

    def _budget(self, one: Availability) -> str | None:
        if self.objective is None or one.judge(self.objective) is Verdict.NOT_APPLICABLE:
            return None
        return duration_text(one.budget_left(self.objective, self.asked.term_end))

    def _attribution(self, codes: list[str], one: Availability) -> Attribution | None:
        """Of a system with more than one check."""
        if len(codes) > 1 or len(self.asked.extract.system(codes[0]).checks) < 2:
            return None
        return attribute(self.asked.extract.system(codes[0]), self.asked.extract.basis(codes), one)

    def _intervals(self, one: Availability) -> Intervals:
        return Intervals(
            **{str(state): [(self._at(start), self._at(end)) for start, end in one.intervals(state)] for state in State}
        )

    def _flaps(self, one: Availability) -> Flaps:
        seen = one.pieces.columns.timeline(one.start, one.horizon)
        found = flapping(changes_of(seen), HOUR, 2)
        return Flaps(most_in_an_hour=found.most, at=None if found.at is None else self._at(found.at))

    def _at(self, instant: int) -> str:
        return instant_text(instant, self.zone)


def _components(found: Attribution) -> list[ComponentOut]:
    return [
        ComponentOut(
            code=each.code,
            percent=None if each.own.availability is None else str(percent(each.own.availability)),
            availability=share_text(each.own.availability),
            down=duration_text(each.own.counted_down_us),
            involved=duration_text(each.involved_us),
            decisive=duration_text(each.decisive_us),
            share_us=str(each.share_us),
        )
        for each in found.components
    ]


def _together(found: Attribution) -> list[Together]:
    return [Together(components=sorted(codes), down=duration_text(us)) for codes, us in found.together]
