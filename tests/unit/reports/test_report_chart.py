from xml.etree import ElementTree

from tests.unit.reports.sample import HOUR_US, WEEK_START, content

from opspact.reports.render import svg

SVG = "{http://www.w3.org/2000/svg}"


def chart() -> dict:
    return content()["sections"][1]["chart"]


def rectangles(drawing: str, colour: str) -> list[tuple[float, float]]:
    """(x, width) of the strips in a colour, without the legend's square."""
    found = ElementTree.fromstring(drawing).findall(f"{SVG}rect[@fill='{colour}']")
    return [(float(each.get("x")), float(each.get("width"))) for each in found if each.get("height") != "10"]


def test_it_draws_exact_intervals_to_scale() -> None:
    """168 h on 500 units: two hours down, 60 h after the start, are 5.95 units at 150 + 178.57."""
    assert rectangles(svg(chart()), "#d6333a") == [(328.57, 5.95)]


def test_it_never_hides_a_second_of_outage() -> None:
    short = chart()
    short["rows"][0]["pieces"] = [[WEEK_START + HOUR_US, WEEK_START + HOUR_US + 1_000_000, "down"]]
    assert rectangles(svg(short), "#d6333a")[0][1] == 0.8


def test_it_hatches_what_is_unknown() -> None:
    assert len(rectangles(svg(chart()), "url(#op-report-unknown)")) == 1


def test_it_escapes_names() -> None:
    named = chart()
    named["rows"][0]["name"] = '<a href="x">&'
    assert "&lt;a href=" in svg(named)
    ElementTree.fromstring(svg(named))


def test_it_needs_no_style_attribute() -> None:
    assert "style=" not in svg(chart())
