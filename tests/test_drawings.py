"""Drawings: well-formed, told in words as well, nothing over anything else, and nothing in them that the advice does not say."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartpick_expert.advice import Advice, advise
from smartpick_expert.diagnostics import Problems
from smartpick_expert.lists.wishes import Plan, Wishes, wishing
from smartpick_expert.programs.carried import carried
from smartpick_expert.report.drawings.geometry import Days, Scale, lines, round_marks, text_width
from smartpick_expert.report.drawings.model import AnsweredView, Drawings, FrontierView, ListPoint, RisksView, RiskView
from smartpick_expert.report.drawings.named import read_names
from smartpick_expert.report.drawings.svg import shown, svg
from smartpick_expert.report.formats.picture import picture
from smartpick_expert.report.view_model import View
from tests.advised import PERSONAS, advice_on
from tests.profiles import WORKSPACE

SVG = "{http://www.w3.org/2000/svg}"
STANDINGS = {"seen": "read at its source", "secondary": "from a second-hand copy", "assumption": "our assumption"}


@dataclass(frozen=True)
class Drawn:
    """A drawing as it was made."""

    persona: str
    name: str
    template: str
    text: str

    @property
    def root(self) -> ET.Element:
        return ET.fromstring(self.text)  # noqa: S314 - we wrote it

    def words(self) -> list[str]:
        return ["".join(one.itertext()) for one in self.root.iter(f"{SVG}text")]


@dataclass(frozen=True)
class Box:
    """Where something lies."""

    what: str
    left: float
    top: float
    right: float
    bottom: float

    def is_over(self, other: Box) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


def texts_of(root: ET.Element) -> list[Box]:
    """The boxes of the texts, as wide as they may be with any usual font."""
    found = []
    for one in root.iter(f"{SVG}text"):
        size, x, y = (float(one.get(name, "0")) for name in ("font-size", "x", "y"))
        words = "".join(one.itertext())
        width = text_width(words, size, bold=one.get("font-weight") == "bold")
        left = x - {"start": 0.0, "middle": width / 2, "end": width}[one.get("text-anchor", "start")]
        found.append(Box(words, left, y - 0.74 * size, left + width, y + 0.21 * size))
    return found


def shapes_of(root: ET.Element) -> list[Box]:
    """The boxes of bars, lines and dots."""
    found = []
    for one in root.iter():
        number = {name: float(value) for name, value in one.attrib.items() if re.fullmatch(r"-?[\d.]+", value)}
        if one.tag == f"{SVG}rect":
            x, y = number["x"], number["y"]
            assert min(number["width"], number["height"]) > 0
            found.append(Box("rect", x, y, x + number["width"], y + number["height"]))
        elif one.tag == f"{SVG}circle":
            x, y, r = number["cx"], number["cy"], number["r"]
            found.append(Box("circle", x - r, y - r, x + r, y + r))
        elif one.tag == f"{SVG}line":
            found.append(Box("line", *(number[name] for name in ("x1", "y1", "x2", "y2"))))
    return found


def drawn_of(persona: str, drawings: Drawings) -> Iterator[Drawn]:
    for name, template, drawing in shown(drawings):
        yield Drawn(persona, name, template, svg(template, drawing, WORKSPACE.reports, STANDINGS, name))


@cache
def all_drawn(persona: str) -> tuple[Drawn, ...]:
    advice = advice_on(persona)
    views: list[View] = [advice.given] if advice.told is advice.run else [advice.given, advice.view]
    return tuple(dict.fromkeys(one for view in views for one in drawn_of(persona, view.drawings)))


@cache
def with_programs() -> Advice:
    files = {
        f"catalogues/list.{form}": (WORKSPACE.root / "knowledge" / "catalogues" / f"sample.{form}").read_text("utf-8")
        for form in ("csv", "yaml")
    }
    workspace = wishing(
        replace(WORKSPACE, files={**WORKSPACE.files, **files}), Wishes(1200, (Plan("internal_medicine"),))
    )
    assert len(carried(workspace)) == 1
    return advise(WORKSPACE.personas / "known_quantity.yaml", workspace, date(2026, 11, 25), "plain")


def assert_is_clear(one: Drawn) -> None:
    """Nothing lies outside the frame, and no text over another."""
    root = one.root
    width, height = (float(root.get(name, "0")) for name in ("width", "height"))
    texts = texts_of(root)
    outside = [
        box
        for box in (*texts, *shapes_of(root))
        if box.left < -0.01 or box.top < -0.01 or box.right > width + 0.01 or box.bottom > height + 0.01
    ]
    over = [(a.what, b.what) for a, b in combinations(texts, 2) if a.is_over(b)]
    assert (one.persona, one.name, outside, over) == (one.persona, one.name, [], [])


@pytest.mark.parametrize("persona", PERSONAS)
def test_no_text_of_a_drawing_lies_over_another_and_nothing_leaves_the_frame(persona: str):
    for one in all_drawn(persona):
        assert_is_clear(one)


def test_the_drawings_of_a_list_of_programs_are_clear_too():
    advice = with_programs()
    drawn = list(drawn_of("known_quantity", advice.given.drawings))
    assert [one.name for one in drawn][-3:] == ["programs-1-0", "programs-1-1", "frontier"]
    for one in drawn:
        assert_is_clear(one)


@pytest.mark.parametrize("persona", PERSONAS)
def test_whoever_cannot_see_a_drawing_is_told_all_that_it_shows(persona: str):
    for one in all_drawn(persona):
        root = one.root
        title, description = (root.findtext(f"{SVG}{name}") or "" for name in ("title", "desc"))
        assert (root.get("role"), root.get("aria-labelledby")) == ("img", f"{one.name}-t {one.name}-d")
        assert len(title) > 20
        # The marks of a scale are no part of what is shown.
        axis = {str(mark) for mark in range(100, 301, 10)} if one.template == "scores" else set()
        numbers = {number for words in one.words() for number in re.findall(r"\d+", words)} - axis
        assert sorted(numbers - set(re.findall(r"\d+", f"{title} {description}"))) == []


@pytest.mark.parametrize("persona", PERSONAS)
def test_a_drawing_asks_for_nothing_and_runs_nothing(persona: str):
    for one in all_drawn(persona):
        allowed = {"svg", "title", "desc", "text", "line", "rect", "circle", "path"}
        assert {element.tag.removeprefix(SVG) for element in one.root.iter()} <= allowed
        names = {name for element in one.root.iter() for name in element.attrib}
        assert [name for name in names if name.startswith("on") or "href" in name or name == "style"] == []


@pytest.mark.parametrize("persona", PERSONAS)
def test_the_funnel_stops_where_the_rules_say_that_the_file_stops(persona: str):
    told = advice_on(persona).told.shown.derivation
    drawing = advice_on(persona).given.drawings.funnel
    typical = {fact.get("program") for fact in told.of("typical_program")}
    stops = {str(fact.get("at")) for fact in told.of("stop") if fact.get("program") in typical}
    if drawing is None or not stops:
        return
    # A pass in Step 2 CK is no filter of the article's; whoever lacks it has no score to be filtered by.
    drawn = drawing.stop.name if drawing.stop is not None else "nowhere"
    assert {"score" if drawn == "step2" else drawn} == stops


@pytest.mark.parametrize("persona", PERSONAS)
def test_what_is_drawn_of_others_scores_is_told_in_the_advice(persona: str):
    view = advice_on(persona).given
    told = {fact.get("about") for one in view.statements for fact in one.conclusions if fact.type == "notice"}
    drawn = {line.title for strip in view.drawings.scores for line in strip.lines}
    measured = [line for strip in read_names(WORKSPACE.reports).scores for line in strip.lines if line.said]
    assert [line.title for line in measured if line.title in drawn and line.said not in told] == []


def test_the_articles_scale_is_called_an_opinion_and_measures_nothing():
    for persona in PERSONAS:
        for one in all_drawn(persona):
            if one.template == "experience":
                assert "an opinion" in (one.root.findtext(f"{SVG}desc") or "")
                # What was measured is filled; here everything is hollow.
                assert [e for e in one.root.iter() if "solid" in (e.get("class") or "").split()] == []


def test_nothing_is_drawn_where_there_is_nothing_to_show():
    assert advice_on("premed").given.drawings == Drawings()
    assert advice_on("clinical_student").given.drawings.scores == ()


def test_a_redacted_advice_has_no_calendar_and_none_of_the_applicants_labels():
    drawings = advice_on("high_risk", redacted=True).given.drawings
    assert drawings.calendar is None
    drawn = " ".join(one.text for one in drawn_of("high_risk", drawings))
    assert [label for label in ("first-observership", "third-observership") if label in drawn] == []
    assert drawings.scale is not None


def test_a_withdrawn_statement_is_not_drawn(tmp_path: Path):
    text = (WORKSPACE.personas / "high_risk.yaml").read_text("utf-8")
    override = """
override:
  - {of: us_experience.observed, withdrawn: yes, by: advisor-2, on: 2026-07-01, because: I have seen the work.}
"""
    path = tmp_path / "profile.yaml"
    path.write_text(text + override, "utf-8")
    assert advise(path, WORKSPACE, date(2026, 7, 6), "plain").given.drawings.scale is None


@pytest.mark.parametrize("persona", ["high_risk", "graduate_needing_visa"])
def test_the_drawings_of_a_persona_are_as_they_were_reviewed(persona: str, golden):
    for one in drawn_of(persona, advice_on(persona).given.drawings):
        golden(f"drawings/{persona}-{one.name}.svg", one.text)


def test_the_report_holds_each_drawing_once_with_its_table():
    html = with_programs().document("html")
    drawn = list(drawn_of("known_quantity", with_programs().given.drawings))
    assert len(re.findall("<svg ", html)) == len(drawn)
    assert re.findall(r'<figure class="drawing [a-z]+" id="([a-z0-9-]+)"', html) == [
        "drawing-risks",
        "drawing-funnel",
        "drawing-scores-1",
        "drawing-experience",
        "drawing-programs-1-0",
        "drawing-programs-1-1",
        "drawing-frontier",
        "drawing-calendar",
    ]
    ids = re.findall(r' id="([^"]+)"', html)
    assert sorted({one for one in ids if ids.count(one) > 1}) == []


def test_a_drawing_becomes_a_picture_for_word():
    data = picture(next(drawn_of("high_risk", advice_on("high_risk").given.drawings)).text)
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(data[16:20], "big") == 3 * 560


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("days: [{parameter: calendar.match_day}]", ["form.missing-key"]),
        ("scores: [{exam: step2_ck, lines: [{title: Nothing}]}]", ["drawings.line"]),
        ("scores: [{exam: step2_ck, lines: [{title: Four, parameters: [a, b, c, d]}]}]", ["drawings.line"]),
        ("pictures: []", ["form.unknown-key"]),
        ("- days", ["form.mapping"]),
    ],
)
def test_a_file_of_names_that_cannot_be_read_is_refused_with_its_place(tmp_path: Path, text: str, codes: list[str]):
    (tmp_path / "drawings.yaml").write_text(text, "utf-8")
    with pytest.raises(Problems) as raised:
        read_names(tmp_path)
    found = [(one.code, one.location.path) for one in raised.value.diagnostics]
    assert found == [(code, "reports/drawings.yaml") for code in codes]


def test_a_workspace_of_before_names_nothing(tmp_path: Path):
    assert (read_names(tmp_path).days, read_names(tmp_path).scores) == ((), ())


WORDS = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=60)
STRENGTHS = ("slight", "moderate", "strong", "decisive")


@given(WORDS, st.floats(40, 400), st.integers(1, 4))
def test_lines_fit_their_width_whatever_the_text(text: str, width: float, most: int):
    found = lines(text, 12, width, most)
    assert len(found) <= most
    assert [line for line in found if text_width(line, 12) > width] == []


@st.composite
def made_up_risks(draw: st.DrawFn) -> RisksView:
    def risk() -> RiskView:
        weight = draw(st.integers(1, 4))
        answers = draw(st.lists(WORDS, max_size=4))
        kind = draw(st.sampled_from(["perception", "measured"]))
        return RiskView(draw(WORDS), STRENGTHS[weight - 1], weight, kind, "a", tuple(answers))

    def several() -> tuple[RiskView, ...]:
        return tuple(risk() for _ in range(draw(st.integers(0, 5))))

    answered = draw(st.lists(st.builds(AnsweredView, WORDS, st.tuples(WORDS)), max_size=2))
    return RisksView(STRENGTHS, several(), tuple(answered), several())


@given(made_up_risks())
def test_a_drawing_of_risks_is_clear_whatever_they_are_called(drawing: RisksView):
    one = Drawn("", "risks", "risks", svg("risks", drawing, WORKSPACE.reports, STANDINGS))
    assert_is_clear(one)


@st.composite
def made_up_frontiers(draw: st.DrawFn) -> FrontierView:
    costs = sorted(draw(st.sets(st.integers(1, 20000), min_size=2, max_size=12)))
    worth = sorted(draw(st.lists(st.floats(0.01, 90), min_size=len(costs), max_size=len(costs))))
    listed = draw(st.integers(0, len(costs) - 1))
    marks = ["past" if place > listed else "list" if place == listed else "" for place in range(len(costs))]
    points = [ListPoint(place + 1, *one) for place, one in enumerate(zip(costs, worth, marks, strict=True))]
    return FrontierView(tuple(points), draw(st.integers(1, 30000)), draw(st.sampled_from([None, 1000])))


@given(made_up_frontiers())
def test_a_drawing_of_a_frontier_is_clear_whatever_it_costs(drawing: FrontierView):
    assert_is_clear(Drawn("", "frontier", "frontier", svg("frontier", drawing, WORKSPACE.reports, STANDINGS)))


@given(st.floats(0.01, 1e6), st.integers(2, 8))
def test_marks_are_round_evenly_apart_and_no_more_than_are_wanted(most: float, wanted: int):
    marks = round_marks(most, wanted)
    assert (marks[0], marks[-1] <= most * (1 + 1e-9), 2 <= len(marks) <= wanted + 1) == (0, True, True)
    assert {round((b - a) / marks[1], 6) for a, b in pairwise(marks)} == {1}


@given(st.integers(1, 250), st.integers(1, 50), st.integers(-100, 400))
def test_what_lies_beyond_a_scale_is_drawn_at_its_nearer_end(low: int, more: int, value: int):
    scale = Scale(low, low + more, 100, 300)
    assert 100 <= scale.at(value) <= 300
    assert scale.at(low) < scale.at(low + more)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 700))
def test_each_month_of_a_calendar_begins_once(first: date, length: int):
    start = first.replace(day=1)
    days = Days(start, date.fromordinal(start.toordinal() + length), 0, 100)
    months = days.months
    assert [month for month in months if month.day != 1] == []
    assert list(months) == sorted(set(months))
    assert months[0] == start
    assert days.at(months[-1]) <= 100
