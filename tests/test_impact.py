"""An impact: two rule bases over the same people, every advice that moves shown, and every one that does not counted."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from smartpick_expert.audit.versions import Changes, MovedValue, Things
from smartpick_expert.authoring import impact
from smartpick_expert.authoring.changes import changes_between, rules_concerned
from smartpick_expert.authoring.changes_text import change_lines
from smartpick_expert.authoring.impact import Around, Fate, How, Outcome, Person, look
from smartpick_expert.authoring.impact_people import people_in
from smartpick_expert.authoring.impact_summary import Through, Turn, summed
from smartpick_expert.cli.main import main
from smartpick_expert.diagnostics import Problems
from smartpick_expert.explain.difference import Part
from smartpick_expert.workspace import Workspace, load_workspace
from tests.profiles import WORKSPACE

SMALL = Path(__file__).parent / "small"
DAY = date(2026, 9, 10)
HOW = How(DAY, "plain")
NUMBERS = "knowledge/parameters/all.yaml"
RULES = "rules/letters/letters.yaml"
BUCKETS = "rules/bucket/bucket.yaml"
LIMIT = ("to: 2026-12-31, value: 2", "to: 2026-12-31, value: 3")


def other(folder: Path, *edits: tuple[str, str, str], base: Path = SMALL) -> Path:
    """The small base with some places of its files changed."""
    root = Path(shutil.copytree(base, folder / "new"))
    for name, old, new in edits:
        path = root / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
    return root


def person(name: str, sent: int | None = 2, label: str = "") -> Person:
    letter = {"id": "chair", "us_based": True, "waived": True} | ({} if sent is None else {"residents_sent": sent})
    data = {"applicant": {"label": label or name, "stage": "preparing"}, "letter": [letter]}
    return Person(f"{name}.json", json.dumps(data), ".json")


def moved(tmp_path: Path, edit: tuple[str, str, str], *people: Person, **other_how: object) -> list[Outcome]:
    new = load_workspace(other(tmp_path, edit))
    return list(look(people, load_workspace(SMALL), new, How(DAY, "plain", **other_how)))


def run(*words: str | Path) -> Result:
    result = CliRunner().invoke(
        main, ["rules", "impact", *map(str, words), "--engine", "plain", "--as-of", "2026-09-10"]
    )
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def profiles(tmp_path: Path) -> Path:
    """Two who have sent two residents, one who has sent many, and one of whom it is not known."""
    folder = tmp_path / "profiles"
    folder.mkdir()
    for one in (person("ann"), person("ben"), person("many", 9), person("unknown", None)):
        (folder / one.name).write_text(one.text, "utf-8")
    (folder / "ann.record.json").write_text("{}", "utf-8")
    return folder


# --- one person ----------------------------------------------------------------------------------------------------------


def test_a_moved_limit_moves_whoever_stands_between_the_old_and_the_new(tmp_path: Path):
    between, beyond = moved(tmp_path, (NUMBERS, *LIMIT), person("between"), person("beyond", 3))
    assert (between.fate, between.before.bucket, between.after.bucket) == (Fate.MOVED, "known quantity", "not sorted")
    assert [
        (one.part, one.key, one.went)
        for one in between.difference.changes
        if one.part in (Part.BUCKET, Part.STATEMENTS)
    ] == [
        (Part.BUCKET, "bucket[name=known_quantity]", ("bucket.known",)),
        (Part.STATEMENTS, "bucket.known", ("bucket.known",)),
        (Part.STATEMENTS, "letters.known-writer[chair]", ("letters.known-writer",)),
    ]
    # The words of the one beyond name the limit.
    assert [(one.part, one.key, one.stayed) for one in beyond.difference.of(Part.STATEMENTS)] == [
        (Part.STATEMENTS, "letters.known-writer[chair]", ("letters.known-writer",))
    ]


def test_of_what_is_not_known_the_possible_is_compared(tmp_path: Path):
    (found,) = moved(tmp_path, (RULES, "us_based: true", "us_based: false"), person("unknown", None))
    assert (found.fate, found.before.bucket, found.after.bucket) == (Fate.MOVED, "perhaps known quantity", "not sorted")


def test_nothing_changed_leaves_everybody_untouched():
    base = load_workspace(SMALL)
    assert [one.fate for one in look([person("a"), person("b", None)], base, base, HOW)] == [Fate.UNTOUCHED] * 2


def test_another_rule_beneath_the_same_words_is_told_apart_from_nothing_at_all(tmp_path: Path):
    text = (SMALL / RULES).read_text("utf-8")
    rule = text[text.index("  - id: letters.known-writer") :]
    twice = rule + "\n" + rule.replace("id: letters.known-writer", "id: letters.known-writer-too")
    unknown, without = moved(tmp_path, (RULES, rule, twice), person("unknown", None), person("without", 0))
    assert (unknown.fate, without.fate) == (Fate.BENEATH, Fate.UNTOUCHED)
    assert [one.key for one in unknown.difference.changes] == ["letters.known-writer-too"]


def test_a_title_that_changes_stands_around_what_is_said(tmp_path: Path):
    (found,) = moved(
        tmp_path, (BUCKETS, "title: A trusted letter makes a known quantity", "title: It is trusted"), person("a")
    )
    assert (found.fate, found.around) == (
        Fate.AROUND,
        (Around("bucket.known", "title", "A trusted letter makes a known quantity", "It is trusted"),),
    )


def test_an_action_that_is_described_otherwise_is_named_with_whoever_is_advised_it(tmp_path: Path):
    rule = (BUCKETS, "then:\n      - bucket: {name: known_quantity}", "then:\n      - action: {name: wait, when: now}")
    both = load_workspace(other(tmp_path, rule))
    told, not_told = look([person("a"), person("b", 0)], both, both, How(DAY, "plain", reworded=frozenset({"wait"})))
    assert (told.fate, told.around) == (Fate.AROUND, (Around("wait", "description", "", ""),))
    assert (not_told.fate, not_told.around) == (Fate.UNTOUCHED, ())


def test_who_can_be_advised_by_one_side_only_is_told_with_the_reasons(tmp_path: Path):
    narrower = ("knowledge/vocabulary/all.yaml", "max: 200", "max: 5")
    (tmp_path / "back").mkdir()
    lost, fine = moved(tmp_path, narrower, person("lost", 9), person("fine", 1))
    old, new = load_workspace(tmp_path / "new"), load_workspace(SMALL)
    (gained,) = look([person("lost", 9)], old, new, HOW)
    broken = Person("broken.yaml", "applicant: [")
    (neither,) = look([broken], old, new, HOW)
    assert [one.fate for one in (lost, fine, gained, neither)] == [Fate.LOST, Fate.UNTOUCHED, Fate.GAINED, Fate.NEITHER]
    assert [(str(one.location), one.code) for one in lost.after.problems] == [("lost.json:1:135", "value.range")]
    assert neither.before.problems == neither.after.problems != ()
    assert {one.location.path for one in neither.before.problems} == {"broken.yaml"}


def test_what_the_applicant_is_told_otherwise_is_shown_where_it_is_not_what_the_advisor_sees():
    silent = load_workspace(WORKSPACE.root)
    kept = next(one for one in people_in(WORKSPACE.personas) if one.name == "known_quantity.yaml")
    rules = tuple(rule for rule in silent.ruleset.rules if rule.id != "letters.bad-record")
    dropped = [rule.id for rule in silent.ruleset.rules if rule.id.startswith("letters.") and rule not in rules]
    without = Workspace(
        silent.root,
        silent.vocabulary,
        silent.knowledge,
        type(silent.ruleset)(
            tuple(rule for rule in rules if rule.topic != "letters"), silent.vocabulary, silent.ruleset.topics
        ),
        (),
        {**silent.files, "rules/none.yaml": ""},
    )
    (found,) = look([kept], silent, without, HOW)
    assert found.told is not None
    assert dropped == []
    sides = [{one.key for one in side.of(Part.STATEMENTS)} for side in (found.difference, found.told)]
    assert sides[0] != sides[1]


# --- everybody -----------------------------------------------------------------------------------------------------------


def test_the_summary_counts_people_turns_and_rules(tmp_path: Path):
    old, new = load_workspace(SMALL), load_workspace(other(tmp_path, (NUMBERS, *LIMIT)))
    people = [person("a"), person("b"), person("c", 0), Person("broken.yaml", "[")]
    changes = changes_between(old, new)
    concerned = rules_concerned(old, new, changes)
    titles = {"bucket.known": "Known", "letters.known-writer": "A writer"}
    found = summed(look(people, old, new, HOW), "old", "new", "four", "2026-09-10", changes, concerned, titles)
    assert {fate: count for fate, count in found.fates.items() if count} == {
        Fate.MOVED: 2,
        Fate.UNTOUCHED: 1,
        Fate.NEITHER: 1,
    }
    assert found.turns == (Turn("known quantity", "not sorted", 2), Turn("not sorted", "not sorted", 1))
    assert found.through == (
        Through("letters.known-writer", "A writer", 2, 2, 0, is_changed=True),
        Through("bucket.known", "Known", 2, 2, 0, is_changed=False),
    )
    assert found.firings == {"bucket.known": (2, 0), "letters.known-writer": (2, 0)}


def test_several_processes_find_what_one_does_in_the_same_order(tmp_path: Path):
    old, new = load_workspace(SMALL), load_workspace(other(tmp_path, (NUMBERS, *LIMIT)))
    people = [person(f"p{number}", number % 5) for number in range(65)]
    alone = list(look(people, old, new, HOW))
    assert list(look(people, old, new, HOW, processes=2)) == alone


def kill_oneself(*_: object):
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.skipif(os.name == "nt", reason="there is no such signal")
def test_a_process_that_is_ended_from_outside_ends_the_rest_with_a_sentence(monkeypatch: pytest.MonkeyPatch):
    base = load_workspace(SMALL)
    monkeypatch.setattr(impact, "_begin", kill_oneself)
    with pytest.raises(Problems) as found:
        list(look([person(f"p{number}") for number in range(60)], base, base, HOW, processes=2))
    assert [one.code for one in found.value.diagnostics] == ["impact.process"]


def test_who_stops_looking_waits_for_no_process():
    base = load_workspace(SMALL)
    looking = look([person(f"p{number}") for number in range(90)], base, base, HOW, processes=2)
    assert next(looking).fate is Fate.UNTOUCHED
    looking.close()
    assert multiprocessing.active_children() == []


# --- what was changed ----------------------------------------------------------------------------------------------------


def test_what_was_changed_is_told_as_an_author_would(tmp_path: Path):
    edits = (
        (NUMBERS, *LIMIT),
        (BUCKETS, "title: A trusted letter", "title: A well trusted letter"),
        (RULES, "id: letters.outside-us", "id: letters.from-home"),
        ("knowledge/actions/all.yaml", "title: Wait for the writer", "title: Wait"),
        # A line more moves everything below, and a comment says nothing to the rules.
        (RULES, "about: What", "# A comment.\nabout: What"),
    )
    old, new = load_workspace(SMALL), load_workspace(other(tmp_path, *edits))
    found = changes_between(old, new)
    assert found == Changes(
        (
            Things("rules", ("letters.from-home",), ("letters.outside-us",), ("bucket.known",)),
            Things("parameters", (), (), ("letters.track_record",)),
            Things("actions", (), (), ("wait",)),
        ),
        (MovedValue("letters.track_record", "from 2026-01-01", "2", "3"),),
    )
    assert rules_concerned(old, new, found) == {
        "letters.from-home",
        "letters.outside-us",
        "bucket.known",
        "letters.known-writer",
    }
    assert change_lines(found) == [
        "letters.track_record: 2 → 3 (from 2026-01-01)",
        "rule added: letters.from-home",
        "rule removed: letters.outside-us",
        "rule changed: bucket.known",
        "action changed: wait",
    ]


def test_a_rule_that_was_renamed_moves_nobody_and_is_told_as_renamed(tmp_path: Path):
    calls = (
        RULES,
        "- id: letters.known-writer\n",
        "- id: letters.writer-known\n    formerly: [letters.known-writer]\n",
    )
    old, new = load_workspace(SMALL), load_workspace(other(tmp_path, calls))
    assert [one.fate for one in look([person("a"), person("unknown", None)], old, new, HOW)] == [Fate.UNTOUCHED] * 2
    found = changes_between(old, new)
    assert found == Changes((Things("rules", renamed=(("letters.known-writer", "letters.writer-known"),)),))
    assert change_lines(found) == ["rule renamed: letters.known-writer → letters.writer-known"]
    assert rules_concerned(old, new, found) == frozenset()


def test_a_rule_that_was_renamed_and_rewritten_is_changed_under_its_new_name(tmp_path: Path):
    calls = (
        RULES,
        "- id: letters.known-writer\n",
        "- id: letters.writer-known\n    formerly: [letters.known-writer]\n",
    )
    old, new = load_workspace(SMALL), load_workspace(other(tmp_path, calls, (NUMBERS, *LIMIT)))
    between, beyond = look([person("between"), person("beyond", 3)], old, new, HOW)
    assert [(one.key, one.went, one.stayed) for one in between.difference.of(Part.STATEMENTS)] == [
        ("bucket.known", ("bucket.known",), ()),
        ("letters.writer-known[chair]", ("letters.writer-known",), ()),
    ]
    assert [(one.key, one.stayed) for one in beyond.difference.of(Part.STATEMENTS)] == [
        ("letters.writer-known[chair]", ("letters.writer-known",))
    ]
    assert rules_concerned(old, new, changes_between(old, new)) == {"letters.writer-known"}


def test_the_shipped_base_differs_in_nothing_from_itself():
    assert changes_between(WORKSPACE, load_workspace(WORKSPACE.root)) == Changes()


# --- the command ---------------------------------------------------------------------------------------------------------


def test_the_command_says_all_of_it(tmp_path: Path, profiles: Path, golden, monkeypatch):
    other(tmp_path, (NUMBERS, *LIMIT))
    monkeypatch.chdir(tmp_path)
    shutil.copytree(SMALL, tmp_path / "old")
    words = ("old", "new", "--workspace", "old", "--profiles", "profiles")
    result = run(*words, "--out", "page.html")
    assert (result.exit_code, result.stderr) == (0, "")
    golden("impact/text.txt", result.stdout)
    golden("impact/page.html", (tmp_path / "page.html").read_bytes().decode("utf-8"))
    golden("impact/data.json", run(*words, "--format", "json").stdout)


def test_a_folder_of_rules_is_taken_with_the_knowledge_of_the_workspace(tmp_path: Path, profiles: Path):
    root = other(tmp_path, (RULES, "us_based: true", "us_based: false"))
    found = json.loads(
        run(SMALL, root / "rules", "--workspace", SMALL, "--profiles", profiles, "--format", "json").stdout
    )
    assert (found["summary"]["moved"], found["changes"]["things"][0]["changed"]) == (4, ["letters.known-writer"])


def test_what_is_changed_and_not_compared_is_named(tmp_path: Path, profiles: Path):
    root = other(tmp_path, ("knowledge/evidence/all.yaml", "title: ", "title: Anew, "))
    stated = run(SMALL, root, "--workspace", SMALL, "--profiles", profiles).stdout
    assert "Nobody's advice would say anything else." in stated
    assert "Not compared here: how evidence word" in stated


def test_somebody_who_loses_their_advice_ends_the_command_with_1(tmp_path: Path, profiles: Path):
    root = other(tmp_path, ("knowledge/vocabulary/all.yaml", "max: 200", "max: 5"))
    result = run(SMALL, root, "--workspace", SMALL, "--profiles", profiles)
    assert result.exit_code == 1
    assert "1 would be given no advice any more" in result.stdout
    assert "by the new: many.json:1:" in result.stdout


def test_what_a_profile_says_becomes_no_markup(tmp_path: Path):
    folder = tmp_path / "profiles"
    folder.mkdir()
    one = person("a", label="<script>alert(1)</script>")
    (folder / one.name).write_text(one.text, "utf-8")
    root = other(tmp_path, (NUMBERS, *LIMIT))
    run(SMALL, root, "--workspace", SMALL, "--profiles", folder, "--out", tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text("utf-8")
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize(
    ("words", "code", "hint"),
    [
        (("nowhere",), "impact.side", "Name a workspace, a folder of rules, or a version's number."),
        (("smal",), "impact.side", "Did you mean 'small'?"),
        (("small/rules/bucket/bucket.yaml",), "impact.side", "Name a workspace"),
        (("7",), "version.none", "None was published yet"),
        (("empty",), "workspace.no-rules", "Name a workspace"),
        (("small", "small", "--profiles", "empty"), "impact.no-profiles", "use --made-up 1000"),
        (("small", "small", "--profiles", "gone"), "impact.no-folder", "Name a folder of profiles"),
    ],
)
def test_what_cannot_be_compared_is_said_with_what_to_do(tmp_path: Path, monkeypatch, words, code: str, hint: str):
    shutil.copytree(SMALL, tmp_path / "small")
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    result = run(*words, "--workspace", "small")
    assert result.exit_code == 1
    assert f"error[{code}]" in result.stderr
    assert hint in result.stderr


def test_a_page_that_cannot_be_written_is_told_of(tmp_path: Path, profiles: Path):
    (tmp_path / "file").write_text("", "utf-8")
    result = run(SMALL, SMALL, "--workspace", SMALL, "--profiles", profiles, "--out", tmp_path / "file" / "page.html")
    assert (result.exit_code, result.stderr.count("The page cannot be written")) == (1, 1)
