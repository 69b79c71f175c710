"""What the advice must not do, whatever the profile: order a rank list, go by the NRMP type, or send anybody to a program in SOAP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from random import Random

import click
import pytest
from click.testing import CliRunner

from smartpick_expert.advice import Advice
from smartpick_expert.cli.main import main
from smartpick_expert.language.checks.protected import looks
from smartpick_expert.language.model import Rule
from tests.advised import advice_of, day_of, persona_data
from tests.profiles import WORKSPACE, Data

RULES = WORKSPACE.ruleset.rules
PACKAGE = WORKSPACE.root / "smartpick_expert"
RANKING = WORKSPACE.root / "reports", PACKAGE


def words_of(rule: Rule) -> str:
    return "".join(part if isinstance(part, str) else "…" for part in rule.because.parts)


# --- the rank list -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("profiles")


# The annex that repeats the profile.
ECHO = "## Annex A: What you told us"


def ranking(positions: list[int], folder: Path) -> Advice:
    """The persona who ranks, with programs in these positions, told in another order than that."""
    places = [
        {"id": f"place-{n}", "program": f"Program {n}", "position": at} for n, at in enumerate(positions, start=1)
    ]
    return advice_of(persona_data("ranking") | {"rank_entry": places}, folder, day_of("ranking"))


def without_the_echo(document: str) -> str:
    """An advice without the part that repeats the profile."""
    before, heading, rest = document.partition(ECHO)
    assert heading
    return before + rest.partition("\n## ")[2]


def test_no_rule_looks_at_a_place_on_a_rank_list():
    assert [rule.id for rule in RULES if any(name == "rank_entry" and field for name, field, _ in looks(rule))] == []


def test_the_vocabulary_lets_a_rank_list_only_be_counted():
    assert [name for name, kind in WORKSPACE.vocabulary.types.items() if kind.counted_only] == ["rank_entry"]


def test_the_order_of_a_rank_list_changes_no_word_of_the_advice(folder: Path):
    positions = list(range(1, 9))
    told = without_the_echo(ranking(positions, folder).document("md"))
    for seed in range(4):
        shuffled = Random(seed).sample(positions, len(positions))
        assert without_the_echo(ranking(shuffled, folder).document("md")) == told


def test_a_rank_list_is_repeated_as_it_was_told_and_put_in_no_order(folder: Path):
    echo = ranking([3, 1, 5, 2, 4], folder).document("md").partition(ECHO)[2].partition("\n## ")[0]
    assert re.findall(r"place-(\d)", echo) == ["1", "2", "3", "4", "5"]


def test_no_module_and_no_template_knows_of_rank_lists():
    """What the program does with them it does as with any section; there is nothing that could order them."""
    files = [path for folder in RANKING for path in sorted(folder.rglob("*")) if path.suffix in {".py", ".j2", ".yaml"}]
    # The days on which lists open and are certified are the calendar's, and say nothing of what stands on a list.
    days = re.compile(r"calendar\.rank_lists_from|actions\.rank_list_deadline")
    texts = [(path.name, days.sub("", path.read_text("utf-8"))) for path in files]
    assert [name for name, text in texts if re.search(r"rank_entry|rank_list|rank_order", text)] == []


def commands(group: click.Command, name: str = "") -> Iterator[tuple[str, click.Command]]:
    yield name, group
    if isinstance(group, click.Group):
        context = click.Context(group)
        for each in group.list_commands(context):
            found = group.get_command(context, each)
            assert found is not None
            yield from commands(found, f"{name} {each}".strip())


def test_no_command_offers_an_order_by_chances():
    offering = re.compile(r"\b(?:rank|sort|order)\w*\b[^.]*\b(?:chance|likel|probab|odds|score)", re.IGNORECASE)
    said = {name: f"{c.help} {' '.join(getattr(p, 'help', '') or '' for p in c.params)}" for name, c in commands(main)}
    assert [name for name, text in said.items() if offering.search(text) or "rank" in name] == []
    assert len(said) > 3


def test_who_fills_in_a_rank_list_is_told_to_do_it_in_true_order():
    command = ["profile", "new", "--stage", "ranking", "--workspace", str(WORKSPACE.root)]
    printed = CliRunner().invoke(main, command).stdout
    asked = printed.partition("rank_entry:")[2].partition("\n\n")[0]
    assert "true order of preference" in " ".join(asked.replace("#", " ").split())


# --- the NRMP type -------------------------------------------------------------------------------------------------------


def test_the_applicant_type_is_read_by_measured_rules_on_chances_and_visas_and_by_those_that_check_a_profile():
    readers = [rule for rule in RULES if ("applicant", "nrmp_type") in {look[:2] for look in looks(rule)}]
    assert {rule.kind.value for rule in readers} == {"measured"}
    assert {rule.topic for rule in readers} <= {"chances", "visa", "intake"}


def test_a_rule_that_checks_a_profile_concludes_contradictions_and_nothing_else():
    concluded = {conclusion.fact_type for rule in RULES if rule.topic == "intake" for conclusion in rule.then}
    assert concluded == {"contradiction"}


# --- SOAP ------------------------------------------------------------------------------------------------------------------

CONTACT = re.compile(
    r"\b(?:call|phone|telephone|e-?mail|write to|contact|reach out|speak (?:to|with)|talk (?:to|with)|get in touch|ask|message|visit)\b",
    re.IGNORECASE,
)
PROGRAM = re.compile(r"\b(?:programs?|director|coordinator|chair|faculty|hospital)\b", re.IGNORECASE)
# What is said against it, or of programs that come forward themselves.
NOT = re.compile(
    r"\b(?:no|nor|not|never|nobody|neither|without|before the program|wait for|once (?:a|the) program|programs? (?:make|makes|come))\b",
    re.IGNORECASE,
)


def urging(text: str) -> list[str]:
    """The sentences that tell somebody to turn to a program, and are not said against it."""
    sentences = re.split(r"(?<=[.;:?!])\s+", " ".join(text.split()))
    return [s for s in sentences if CONTACT.search(s) and PROGRAM.search(s) and not NOT.search(s)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Have a faculty member call the program on your behalf.", 1),
        ("Ask somebody who knows the director to put in a word.", 1),
        ("Email each program that has unfilled places.", 1),
        ("Contact no program, and let nobody do so for you.", 0),
        ("Neither you nor anyone on your behalf may contact a program before it contacts you.", 0),
        ("Ask ECFMG whether you may take part.", 0),
    ],
)
def test_a_sentence_that_sends_somebody_to_a_program_is_recognised(text: str, found: int):
    assert len(urging(text)) == found


def test_nothing_said_or_advised_in_match_week_sends_anybody_to_a_program():
    speaking = [rule for rule in RULES if not rule.stages or "match_week" in rule.stages]
    for_somebody = [rule for rule in speaking if rule.topic != "intake"]
    actions = [a for a in WORKSPACE.knowledge.actions.values() if "match_week" in a.stages]
    said = {rule.id: urging(f"{rule.title}. {words_of(rule)}") for rule in for_somebody}
    said |= {action.name: urging(f"{action.title}. {action.do} {action.done_when}") for action in actions}
    assert {name: found for name, found in said.items() if found} == {}
    assert len(actions) >= 4


def advised_in_match_week(data: Data, folder: Path) -> Advice:
    return advice_of(data | {"applicant": data["applicant"] | {"stage": "match_week"}}, folder, day_of("match_week"))


@pytest.mark.parametrize("persona", ["ranking", "known_quantity", "reapplicant_failed_attempt", "twelve_years_on"])
def test_in_match_week_nobody_is_told_to_turn_to_a_program_and_everybody_to_wait_for_one(persona: str, folder: Path):
    data = persona_data(persona)
    applicant = data["applicant"] | {"season": 2027}
    advice = advised_in_match_week(data | {"applicant": applicant}, folder)
    names = [action.action.name for action in advice.given.actions]
    assert "wait_for_programs" in names
    assert [a.action.name for a in advice.given.actions if "match_week" not in a.action.stages] == []
    assert {s.id: urging(s.text) for s in advice.given.statements if urging(s.text)} == {}
