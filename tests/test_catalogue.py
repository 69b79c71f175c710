"""`rules list` and `rules show`: whole outputs for the small base, and what must hold of them for the shipped one."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from smartpick_expert.authoring.catalogue import Uptake, WantedClaims, coverage, meant
from smartpick_expert.authoring.rule_page import as_written, page_of
from smartpick_expert.authoring.search import holds
from smartpick_expert.cli import layout
from smartpick_expert.cli.main import main
from smartpick_expert.language.source import parse
from smartpick_expert.workspace import load_workspace
from tests.profiles import AS_OF, WORKSPACE

HERE = Path(__file__).parent
SMALL = HERE / "small"
RULES = WORKSPACE.ruleset.rules
# The pages that together show everything a page can: drafts, retired rules, what was measured, warnings.
PAGES = ("bucket.day", "bucket.known", "bucket.weak", "letters.known-writer", "letters.not-waived")
LISTS = {
    "list": (),
    "counts": ("--counts",),
    "claims": ("--claims",),
    "claims_of_words": ("--claims", "--search", "ACCENT risk"),
    "claims_of_a_section": ("--claims", "--section", "letters", "--standing", "contradicted"),
    "topic": ("--topic", "letters"),
    "search": ("--search", "portal"),
    "claim": ("--claim", "claim:letters-sent-twice"),
    "status": ("--status", "draft", "--kind", "perception"),
}


def rules(*words: str | Path, columns: int | None = None) -> Result:
    env = {"COLUMNS": None if columns is None else str(columns)}
    result = CliRunner().invoke(main, ["rules", *map(str, words)], env=env)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def of_small(*words: str) -> str:
    result = rules(*words, "--workspace", SMALL)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def of_shipped(*words: str) -> Any:
    return json.loads(rules(*words, "--format", "json", "--workspace", WORKSPACE.root).stdout)


# --- the small base, whole -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LISTS)
def test_a_list_reads_as_it_was_recorded(name: str, golden):
    golden(f"catalogue/{name}.txt", of_small("list", *LISTS[name]))


@pytest.mark.parametrize("name", ["list", "claims"])
def test_a_list_in_json_reads_as_it_was_recorded(name: str, golden):
    golden(f"catalogue/{name}.json", of_small("list", *LISTS[name], "--format", "json"))


@pytest.mark.parametrize("rule_id", PAGES)
def test_the_page_of_a_rule_reads_as_it_was_recorded(rule_id: str, golden):
    golden(f"catalogue/{rule_id}.txt", of_small("show", rule_id, "--as-of", str(AS_OF)))


def test_the_page_of_a_rule_in_json_reads_as_it_was_recorded(golden):
    text = of_small("show", "letters.known-writer", "--as-of", str(AS_OF), "--format", "json")
    golden("catalogue/letters.known-writer.json", text)


def test_the_page_shows_the_parameters_of_its_day():
    this_year, next_year = (
        json.loads(of_small("show", "letters.known-writer", "--as-of", day, "--format", "json"))["parameters"][0][
            "value"
        ]
        for day in ("2026-12-31", "2027-01-01")
    )
    assert (this_year, next_year) == (2, 3)


def test_every_key_is_described():
    page = (HERE.parent / "docs" / "rules-as-json.md").read_text("utf-8")
    described = {word for span in re.findall(r"`([^`]*)`", page) for word in re.findall(r"\w+", span)}
    documents = [
        of_small("list", "--format", "json"),
        of_small("list", "--claims", "--format", "json"),
        of_small("list", "--actions", "--format", "json"),
        *(of_small("show", rule_id, "--format", "json") for rule_id in PAGES),
    ]
    assert set(re.findall(r'"(\w+)":', "".join(documents))) - described == set()


def test_an_action_is_listed_with_what_its_figures_rest_on():
    assert of_small("list", "--actions", "--as-of", str(AS_OF)).splitlines() == [
        "action, how many of its figures are our assumption, and what each rests on",
        "  wait  1 of 1  letters.busy_day: unknown; takes: assumption; costs: unknown",
        "",
        "1 action with 1 figure, 1 of them (100%) our assumption. Not known: 2 figures.",
    ]


def test_an_action_in_json_says_which_figures_are_our_assumption():
    table = json.loads(of_small("list", "--actions", "--as-of", str(AS_OF), "--format", "json"))
    (action,) = table["actions"]
    assert table["counts"] == {"actions": 1, "known": 1, "assumptions": 1}
    assert [(f["of"], f["basis"]) for f in action["figures"]] == [
        ("letters.busy_day", "unknown"),
        ("takes", "assumption"),
        ("costs", "unknown"),
    ]


# --- what is asked for in a wrong way ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("letters", "'letters' is a topic. Its rules: smartpick rules list --topic letters"),
        (
            "letters-from-home",
            "'letters-from-home' is a claim. Rules that carry it or warn against it: smartpick rules list --claim letters-from-home",
        ),
        (
            "evidence:letters-survey",
            "'evidence:letters-survey' is evidence. Rules that cite it: smartpick rules list --evidence letters-survey",
        ),
        ("known-writer", "There is no rule 'known-writer'. The nearest: letters.known-writer."),
        (
            "letters.outside",
            "There is no rule 'letters.outside'. The nearest: letters.outside-us, letters.not-waived, letters.known-writer.",
        ),
        ("zebra", "There is no rule 'zebra'. All of them: smartpick rules list"),
        ("accent risk", "What speaks of it: smartpick rules list --search 'accent risk'"),
        ("accent_risk", "Claims that do: smartpick rules list --claims --search 'accent risk'"),
        ("someone's", """What speaks of it: smartpick rules list --search 'someone'"'"'s'"""),
    ],
)
def test_what_is_no_rule_is_said_to_be_what_it_is(name: str, said: str):
    assert said in meant(name, load_workspace(SMALL)).splitlines()
    result = rules("show", name, "--workspace", SMALL)
    assert (result.exit_code, result.stdout, said in result.stderr) == (2, "", True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("--topic", "leters"),
            "There is no 'leters'. Did you mean 'letters'? All of them: smartpick rules list --counts",
        ),
        (
            ("--claim", "letters-from-hom"),
            "There is no 'letters-from-hom'. Did you mean 'letters-from-home'? All of them: smartpick rules list --claims",
        ),
        (
            ("--evidence", "claim:x"),
            "There is no 'claim:x'. Known here: letters-portal, letters-survey. All of them: the files in knowledge/evidence",
        ),
        (
            ("--claims", "--topic", "letters"),
            "--claims lists claims, and goes with --search, --section and --standing alone.",
        ),
        (("--standing", "supported"), "--section and --standing are of claims, and go with --claims."),
        (
            ("--claims", "--section", "zebra"),
            "No section's title holds 'zebra'. Sections: The letters; The interview.",
        ),
        (("--claims", "--actions"), "--claims lists claims, and goes with --search, --section and --standing alone."),
        (("--actions", "--topic", "letters"), "--actions lists actions, and goes with --search and --as-of alone."),
        (("--as-of", "2026-09-10"), "--as-of goes with --actions, whose fees and days change by season."),
    ],
)
def test_a_list_of_what_is_not_there_is_a_wrong_usage(words: tuple[str, ...], said: str):
    result = rules("list", *words, "--workspace", SMALL)
    assert (result.exit_code, result.stdout, said in result.stderr) == (2, "", True)


def test_nothing_found_is_said_and_is_no_failure():
    result = rules("list", "--search", "zebra", "--workspace", SMALL)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "There is no such rule.\n")


# --- words ---------------------------------------------------------------------------------------------------------------


def test_each_of_the_words_must_begin_a_word_whatever_its_capitals():
    texts = ("An accent is needed.", "That is a risk.")
    asked = ("", "risk ACCENT", "acc ris", "accents", "accent zebra", "ed", "eed", "%")
    assert [words for words in asked if holds(words, texts)] == ["", "risk ACCENT", "acc ris"]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("like a PGY-1", ["PGY-1", "pgy1", "pgy 1", "PGY\u20111", "pgy"]),
        ("the sub internship", ["sub-internship", "Sub Intern"]),
        ("someone's student", ["someone\u2019s student", "someones"]),
        ("letters-someones-student", ["someone's student", "letters"]),
        ("a risk\u2013benefit sum", ["risk-benefit", "benefit"]),
        ("the top 5%", ["top 5%", "5"]),
    ],
)
def test_apostrophes_and_hyphens_make_no_difference(text: str, asked: list[str]):
    assert [words for words in asked if not holds(words, [text])] == []


def test_what_hyphens_join_is_not_found_in_pieces_that_begin_no_word():
    assert [words for words in ("gy1", "1pgy", "PGY-2") if holds(words, ["PGY-1"])] == []


def test_a_claim_is_found_by_the_words_of_its_rules_too():
    found = coverage(load_workspace(SMALL), WantedClaims("outside the united states"))
    assert [row.claim.id for row in found] == ["letters-from-home"]


@pytest.mark.parametrize("words", ["abroad", "homegrown", "nobody\u2019s uncle"])
def test_a_claim_and_its_rules_are_found_by_the_words_written_beside_it(words: str):
    claims = json.loads(of_small("list", "--claims", "--search", words, "--format", "json"))["claims"]
    named = json.loads(of_small("list", "--search", words, "--format", "json"))["rules"]
    assert [claim["id"] for claim in claims] == ["letters-from-home"]
    assert [rule["id"] for rule in named] == ["bucket.day", "letters.outside-us"]


@pytest.mark.parametrize(
    ("words", "claims"),
    [
        ("accent risk", ["communication-accent-risk"]),
        ("PGY-1", ["phrases-rotation-for"]),
        ("cousin", ["connections-alumni-word"]),
        ("tourism", ["us-experience-observing"]),
        ("visa budget", ["visa-places-counted"]),
        ("50 places", ["connections-late-word"]),
        ("top 5%", ["letters-comparative"]),
        ("someone\u2019s student", ["letters-someones-student", "letters-become-someones-student"]),
        ("blacklisted", ["school-unknown-neutral", "school-choice-flooding"]),
        ("sightseeing", ["rotations-trusted-opinion"]),
        ("zoom", ["phrases-language-against", "communication-shows-on-video"]),
        ("ED", ["communication-hard-to-understand"]),
    ],
)
def test_the_articles_own_words_lead_to_its_claims(words: str, claims: list[str]):
    assert [claim["id"] for claim in of_shipped("list", "--claims", "--search", words)["claims"]] == claims


def test_claims_are_narrowed_by_section_and_by_standing():
    shown = of_shipped("list", "--claims", "--section", "visa STATUS", "--standing", "unsupported")["claims"]
    assert [claim["id"] for claim in shown] == ["visa-denial-remembered", "visa-must-compensate"]


# --- actions -------------------------------------------------------------------------------------------------------------


def test_the_page_of_a_rule_says_what_it_advises_to_do():
    action = WORKSPACE.knowledge.actions["find_rotation_with_duties"]
    page = of_shipped("show", "actions.find-duties")
    text = " ".join(rules("show", "actions.find-duties", "--workspace", WORKSPACE.root).stdout.split())
    shown = {"name": action.name, "title": action.title, "do": action.do, "done_when": action.done_when}
    assert page["actions"] == [shown]
    assert [words for words in (action.title, action.do, action.done_when) if words not in text] == []


def test_a_rule_that_advises_nothing_has_no_actions_on_its_page():
    assert json.loads(of_small("show", "bucket.known", "--format", "json"))["actions"] == []


# --- what the author wrote -----------------------------------------------------------------------------------------------

STRANGE = """\
topic: letters
rules:
  -
    id: letters.first
    when:
    - letter: {us_based: true}

    # of another key
    then: [{letter_grade: {}}]
    # of the next rule

  - when:
      - letter: {us_based: false}   # to the end
        # within
    id: letters.second
    then:
      - letter_grade: {}
about: >-
  What comes
  after the rules.
"""


@pytest.mark.parametrize(
    ("rule_id", "line", "key", "lines"),
    [
        ("letters.first", 4, "when", ["when:", "- letter: {us_based: true}"]),
        ("letters.first", 4, "then", ["then: [{letter_grade: {}}]"]),
        ("letters.second", 15, "when", ["- when:", "    - letter: {us_based: false}   # to the end", "      # within"]),
        ("letters.second", 15, "then", ["then:", "  - letter_grade: {}"]),
    ],
)
def test_only_the_lines_of_a_key_are_shown(tmp_path: Path, rule_id: str, line: int, key: str, lines: list[str]):
    (tmp_path / "rules.yaml").write_text(STRANGE, "utf-8")
    file = parse(STRANGE, "rules.yaml")
    place = next(p for p in ids_of(file) if p.line == line)
    rule = load_workspace(SMALL).ruleset.rules[0]
    moved = replace(rule, id=rule_id, location=place)
    assert as_written(moved, key, tmp_path).splitlines() == lines


def ids_of(file: Any) -> list[Any]:
    return [name.location for item in file.get("rules").items for name, _ in item.pairs if name.text == "id"]


@pytest.mark.parametrize("key", ["when", "then"])
def test_the_lines_shown_of_a_shipped_rule_say_what_its_file_says(key: str):
    files = {
        path: yaml.safe_load((WORKSPACE.root / path).read_text("utf-8")) for path in {r.location.path for r in RULES}
    }
    written = {rule["id"]: rule[key] for file in files.values() for rule in file["rules"]}
    shown = {rule.id: yaml.safe_load(as_written(rule, key, WORKSPACE.root))[key] for rule in RULES[::5]}
    assert shown == {rule_id: written[rule_id] for rule_id in shown}


# --- the shipped base ----------------------------------------------------------------------------------------------------


def test_every_shipped_rule_is_listed_once():
    assert [entry["id"] for entry in of_shipped("list")["rules"]] == [rule.id for rule in RULES]


def test_the_counts_add_up_to_all_rules():
    counts = of_shipped("list")["counts"]
    assert sum(c["all"] for c in counts) == sum(c["perception"] + c["measured"] for c in counts) == len(RULES)


def test_the_topics_together_list_what_the_whole_list_does():
    topics = sorted({rule.topic for rule in RULES})
    parts = [entry for topic in topics for entry in of_shipped("list", "--topic", topic)["rules"]]
    assert sorted(entry["id"] for entry in parts) == [rule.id for rule in RULES]


def test_every_shipped_claim_stands_in_the_table_with_a_rule_or_a_reason():
    table = coverage(WORKSPACE)
    assert sorted(row.claim.id for row in table) == sorted(WORKSPACE.knowledge.claims)
    assert [row.claim.id for row in table if row.uptake is Uptake.HOLE] == []


def test_every_shipped_action_stands_in_the_table_with_the_rules_that_advise_it():
    table = of_shipped("list", "--actions")["actions"]
    assert [row["name"] for row in table] == list(WORKSPACE.knowledge.actions)
    assert [row["name"] for row in table if not row["advised_by"]] == []


def test_text_and_json_name_the_same_rules_and_claims():
    for words, key in ((("list",), "rules"), (("list", "--claims"), "claims")):
        text = rules(*words, "--workspace", WORKSPACE.root).stdout
        named = {word.strip("():,") for word in text.split()}
        assert {entry["id"] for entry in of_shipped(*words)[key]} - named == set()


def test_suppliers_and_users_are_two_sides_of_one_thing():
    small = load_workspace(SMALL)
    pages = {rule.id: page_of(rule, small, AS_OF) for rule in small.ruleset.rules}
    live = [name for name, page in pages.items() if page.rule.status != "retired"]
    supplies = {(supplier.id, name) for name in live for supplier in pages[name].suppliers}
    uses = {(name, user.id) for name in live for user in pages[name].users}
    assert (
        supplies == uses == {("letters.not-waived", "letters.known-writer"), ("letters.known-writer", "bucket.known")}
    )


@pytest.mark.parametrize("words", [("list",), ("list", "--claims"), ("list", "--actions"), ("list", "--counts")])
def test_every_line_fits_the_width(words: tuple[str, ...]):
    lines = rules(*words, "--workspace", WORKSPACE.root).stdout.splitlines()
    assert [line for line in lines if len(line) > layout.WIDEST] == []


def test_every_line_of_a_page_fits_the_width_save_those_of_the_author():
    rule = max(RULES, key=lambda rule: len(rule.when))
    shown = rules("show", rule.id, "--workspace", WORKSPACE.root).stdout
    begin, _, rest = shown.partition("\nAs written\n")
    lines = [*begin.splitlines(), *rest.partition("\n\n")[2].splitlines()]
    assert [line for line in lines if len(line) > layout.WIDEST] == []


# --- a terminal ----------------------------------------------------------------------------------------------------------


def test_on_a_narrow_terminal_the_last_column_goes_below(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(layout, "width", lambda: 40)
    rows = [("perception", "letters.generic", "The letter neither tells of work nor compares")]
    assert list(layout.table(rows)) == [
        "  perception  letters.generic",
        "      The letter neither tells of work",
        "      nor compares",
    ]


@pytest.mark.parametrize(
    "words",
    [
        ("list",),
        ("list", "--counts"),
        ("list", "--claims"),
        ("list", "--claims", "--search", "visa"),
        ("list", "--topic", "letters"),
    ],
)
def test_every_line_fits_a_terminal_of_40_columns(words: tuple[str, ...]):
    lines = rules(*words, "--workspace", WORKSPACE.root, columns=40).stdout.splitlines()
    assert [line for line in lines if len(line) > 40] == []
    assert max(map(len, lines)) > 30


def test_every_line_of_a_page_fits_40_columns_save_those_of_the_author():
    shown = rules("show", "actions.find-duties", "--workspace", WORKSPACE.root, columns=40).stdout
    begin, _, rest = shown.partition("\nAs written\n")
    lines = [*begin.splitlines(), *rest.partition("\n\n")[2].splitlines()]
    assert [line for line in lines if len(line) > 40] == []


@pytest.mark.parametrize(
    ("columns", "terminal", "width"),
    [("", False, 100), ("60", False, 60), ("60", True, 60), ("20", True, 40), ("200", True, 100)],
)
def test_the_width_is_that_of_columns_within_bounds(
    columns: str, terminal: bool, width: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr("sys.stdout.isatty", lambda: terminal, raising=False)
    assert layout.width() == width


def test_where_even_the_first_columns_do_not_fit_the_name_begins_a_line(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(layout, "width", lambda: 40)
    rows = [("perception", "stable", "us_experience.observing-counts-a-little", "Observing was common")]
    assert list(layout.table(rows)) == [
        "  perception  stable",
        "  us_experience.observing-counts-a-littl",
        "  e",
        "      Observing was common",
    ]


def test_no_colour_is_written_where_nobody_sees_it():
    assert "\x1b" not in of_small("show", "letters.known-writer")


def test_a_reader_who_stops_reading_gets_no_traceback():
    command = [sys.executable, "-m", "smartpick_expert.cli.main", "rules", "list", "--claims", "--format", "json"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=WORKSPACE.root
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert "Traceback" not in process.stderr.read()
