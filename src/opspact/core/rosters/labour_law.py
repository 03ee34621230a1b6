"""Sets of rules to choose from by name, with the articles they rest on; a contract may give its own instead.

劳动法 articles 38 and 41: a rest day a week, overtime of up to three hours a day and thirty-six a month.
国务院令第174号 article 3: eight hours a day, forty a week. 劳部发〔1994〕503号 article 5: working time computed
comprehensively over a period, as for shift work.
"""

from opspact.core.instants import HOUR
from opspact.core.rosters.types import HardRules

_DAY = "国务院关于职工工作时间的规定（国务院令第174号）第三条"
_OVERTIME = "劳动法第四十一条"
_REST = "劳动法第三十八条"
_OVER_A_PERIOD = "劳部发〔1994〕503号第五条、劳动法第四十一条"

RULE_SETS = {
    # Eight hours and forty a week, with no overtime at all.
    "cn-no-overtime": HardRules(
        max_us_a_day=8 * HOUR,
        max_us_a_week=40 * HOUR,
        weekly_rest_days=1,
        clauses={"max_us_a_day": _DAY, "max_us_a_week": _DAY, "weekly_rest_days": _REST},
    ),
    # Up to three hours of overtime a day and thirty-six a month.
    "cn-standard": HardRules(
        max_us_a_day=11 * HOUR,
        standard_us_a_day=8 * HOUR,
        max_overtime_us_a_month=36 * HOUR,
        weekly_rest_days=1,
        clauses={"max_us_a_day": _OVERTIME, "max_overtime_us_a_month": _OVERTIME, "weekly_rest_days": _REST},
    ),
    # Shift work computed over the month, which the labour authority must have approved: no limit of a single day.
    "cn-comprehensive": HardRules(
        standard_us_a_day=8 * HOUR,
        max_overtime_us_a_month=36 * HOUR,
        weekly_rest_days=1,
        clauses={"max_overtime_us_a_month": _OVER_A_PERIOD, "weekly_rest_days": _REST},
    ),
}
