"""The days the State Council of China publishes each year, as they could be known on a given date.

The days are `chinese_calendar`'s, the one module from elsewhere that core uses: data, no I/O. It lacks one day, which
the notice for 2006 made a working day and which is added here. `NOTICES` says since when each year could be known,
`AMENDMENTS` which notices changed a year already published. Rules, table and sources: `docs/why/calendars.md`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from chinese_calendar import Holiday, constants

from opspact.core.calendars.published import NOTICE_FROM

_LACKING = {date(2005, 12, 31): Holiday.new_years_day.value}
_CHINESE = {holiday.value: str(holiday.chinese) for holiday in Holiday}


@dataclass(frozen=True)
class Notice:
    """The notice 《国务院办公厅关于…年部分节假日安排的通知》 for one year.

    `published_on` is the day it became public; where `sure` is False it is the latest it can have been. `number` is its
    发文字号, "" where no source for it was found.
    """

    year: int
    published_on: date
    number: str
    sure: bool = True


@dataclass(frozen=True)
class Amendment:
    """A later notice that changed days of a year already published, and what it changed."""

    year: int
    published_on: date
    number: str
    freed: frozenset[date]
    made_working: frozenset[date]
    no_longer_working: frozenset[date] = frozenset()


@dataclass(frozen=True)
class PublishedDays:
    """Public holidays (weekend days among them included), make-up working days (调休上班), their Chinese names, and
    the years whose notice was public. Dates are local ones of China."""

    holidays: frozenset[date]
    workdays: frozenset[date]
    years: frozenset[int]
    names: Mapping[date, str]


NOTICES = (
    Notice(2004, date(2003, 12, 31), "", sure=False),
    Notice(2005, date(2004, 12, 31), "", sure=False),
    Notice(2006, date(2005, 12, 31), "国办发明电〔2005〕35号", sure=False),
    Notice(2007, date(2006, 12, 18), "国办发明电〔2006〕49号"),
    Notice(2008, date(2007, 12, 18), ""),
    Notice(2009, date(2008, 12, 10), "国办发明电〔2008〕42号"),
    Notice(2010, date(2009, 12, 8), "国办发明电〔2009〕27号"),
    Notice(2011, date(2010, 12, 10), "国办发明电〔2010〕40号"),
    Notice(2012, date(2011, 12, 6), "国办发明电〔2011〕45号"),
    Notice(2013, date(2012, 12, 10), "国办发明电〔2012〕33号"),
    Notice(2014, date(2013, 12, 11), "国办发明电〔2013〕28号"),
    Notice(2015, date(2014, 12, 16), "国办发明电〔2014〕28号"),
    Notice(2016, date(2015, 12, 10), "国办发明电〔2015〕18号"),
    Notice(2017, date(2016, 12, 1), "国办发明电〔2016〕17号"),
    Notice(2018, date(2017, 11, 30), "国办发明电〔2017〕12号"),
    Notice(2019, date(2018, 12, 6), "国办发明电〔2018〕15号"),
    Notice(2020, date(2019, 11, 21), "国办发明电〔2019〕16号"),
    Notice(2021, date(2020, 11, 25), "国办发明电〔2020〕27号"),
    Notice(2022, date(2021, 10, 25), "国办发明电〔2021〕11号"),
    Notice(2023, date(2022, 12, 8), "国办发明电〔2022〕16号"),
    Notice(2024, date(2023, 10, 25), "国办发明电〔2023〕7号"),
    Notice(2025, date(2024, 11, 12), "国办发明电〔2024〕12号"),
    Notice(2026, date(2025, 11, 4), "国办发明电〔2025〕7号"),
)

AMENDMENTS = (
    Amendment(
        2015,
        date(2015, 5, 13),
        "国发明电〔2015〕1号",
        freed=frozenset({date(2015, 9, 3), date(2015, 9, 4)}),
        made_working=frozenset({date(2015, 9, 6)}),
    ),
    Amendment(
        2019,
        date(2019, 3, 22),
        "国办发明电〔2019〕3号",
        freed=frozenset({date(2019, 5, 2), date(2019, 5, 3), date(2019, 5, 4)}),
        made_working=frozenset({date(2019, 4, 28), date(2019, 5, 5)}),
    ),
    Amendment(
        2020,
        date(2020, 1, 27),
        "国办发明电〔2020〕1号",
        freed=frozenset({date(2020, 1, 31), date(2020, 2, 1), date(2020, 2, 2)}),
        made_working=frozenset(),
        no_longer_working=frozenset({date(2020, 2, 1)}),
    ),
)

FIRST_YEAR = NOTICES[0].year
LAST_YEAR = NOTICES[-1].year


@lru_cache(maxsize=64)
def china_days(known_on: date | None = None) -> PublishedDays:
    """What was public at the end of the local day `known_on`; None: all there is, 2004 to 2026."""
    holidays = dict(constants.holidays)
    workdays = {**constants.workdays, **_LACKING}
    for change in AMENDMENTS:
        if known_on is not None and known_on < change.published_on:
            workdays |= {day: holidays[day] for day in change.no_longer_working}
            holidays = {day: name for day, name in holidays.items() if day not in change.freed}
            workdays = {day: name for day, name in workdays.items() if day not in change.made_working}
    years = frozenset(notice.year for notice in NOTICES if known_on is None or notice.published_on <= known_on)
    names = {day: _CHINESE[name] for day, name in (holidays | workdays).items() if notice_year(day) in years}
    return PublishedDays(
        holidays=frozenset(names.keys() & holidays.keys()),
        workdays=frozenset(names.keys() & workdays.keys()),
        years=years,
        names=names,
    )


def notice_year(day: date) -> int:
    """The year whose notice set a day that departs from its weekday: the next one for the last week of December."""
    return day.year + ((day.month, day.day) >= NOTICE_FROM)
