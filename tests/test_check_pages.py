"""Every code that a check can print has its page in docs/checks, and what the pages show is so.

What a page says to avoid is laid over the small base and found there, and what it prefers is not. Lines of a rule are made
a whole rule first.
"""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path

import pytest

from smartpick_expert.authoring.checks.codes import Code, all_codes
from smartpick_expert.authoring.review import check
from tests.conftest import ROOT
from tests.test_review import DAY, SMALL

PAGES = ROOT / "docs" / "checks"
CODES = all_codes()
BY_PAGE = {name: [one for one in CODES if one.page == name] for name in sorted({one.page for one in CODES})}
PARTS = ["Avoid", "Prefer", "Why", "How to silence", "Does --fix repair it"]
# A folder is nothing that a file could show, and one takes a whole vocabulary.
WITHOUT_EXAMPLE = {"workspace", "rule.stages"}
# What a rule has where an example does not say it.
RULE = {
    "id": "letters.example",
    "title": "An example",
    "kind": "perception",
    "status": "stable",
    "sources": "[claim:letters-from-home]",
    "owner": "editorial",
    "review_by": "2027-06-01",
    "when": "[{letter: {as: letter, us_based: false}}]",
    "then": "[{bucket: {name: high_risk}}]",
    "because": "So it is with {{ letter.id }}.",
    "rationale": "An example.",
}


@cache
def page(name: str) -> str:
    return (PAGES / f"{name}.md").read_text("utf-8")


def part(name: str, title: str) -> str:
    return page(name).partition(f"\n## {title}\n")[2].partition("\n## ")[0].strip()


def example(name: str, title: str) -> str:
    found = re.fullmatch(r"```yaml\n(.*)\n```", part(name, title), re.DOTALL)
    assert found is not None, f"'{title}' of {name}.md is no example"
    return found.group(1)


def files_of(text: str) -> dict[str, str]:
    """The files that an example shows: each begins with a comment that names it; else it is lines of one rule."""
    pieces = re.split(
        r"^# ((?:rules|knowledge|programs|reports)/\S+\.(?:yaml|csv|j2)|(?:notes|house)\.yaml)\n",
        text,
        flags=re.MULTILINE,
    )
    if len(pieces) > 1:
        assert pieces[0] == ""
        return dict(zip(pieces[1::2], pieces[2::2], strict=True))
    said = re.findall(r"^(\w+):", text, re.MULTILINE)
    first, *others = [f"{key}: {value}" for key, value in RULE.items() if key not in said]
    lines = [first, *text.splitlines(), *others]
    rule = "\n".join(f"    {line}" for line in lines)
    return {"rules/letters/example.yaml": f"topic: letters\nabout: An example.\nrules:\n  -\n{rule}\n"}


def found(text: str, folder: Path) -> set[str]:
    """The codes of what is found in the small base with an example in it."""
    base = Path(shutil.copytree(SMALL, folder / "base"))
    for name, content in files_of(text).items():
        (base / name).parent.mkdir(parents=True, exist_ok=True)
        (base / name).write_text(content, "utf-8")
    return {finding.code for finding in check(base, DAY).findings}


def test_there_is_a_page_for_every_code_and_a_code_for_every_page():
    assert sorted(path.stem for path in PAGES.glob("*.md") if path.stem != "README") == sorted(BY_PAGE)


def test_the_index_names_every_page_once():
    assert sorted(re.findall(r"^- \[([^]]+)\]\(\1\.md\)", page("README"), re.MULTILINE)) == sorted(BY_PAGE)


@pytest.mark.parametrize("name", BY_PAGE)
def test_a_page_has_its_parts_and_says_what_is_found(name: str):
    codes = BY_PAGE[name]
    said = [f"{one.finds} ({one.severity})" if name == one.code else f"| `{one.code}` | {one.finds} |" for one in codes]
    assert page(name).startswith(f"# {name}\n")
    assert re.findall(r"^## (.*)$", page(name), re.MULTILINE) == PARTS
    assert [line for line in said if line not in page(name)] == []


@pytest.mark.parametrize("one", CODES, ids=lambda one: one.code)
def test_a_page_says_truly_whether_its_check_can_be_silenced_and_is_repaired(one: Code):
    silencing = f"  - {{check: {one.code}, reason: " in part(one.page, "How to silence")
    refused = part(one.page, "How to silence").startswith("It cannot be silenced")
    repaired = part(one.page, "Does --fix repair it").startswith("Yes")
    assert (silencing, refused, repaired) == (one.may_be_silenced, not one.may_be_silenced, one.fixed)


@pytest.mark.parametrize("name", [name for name in BY_PAGE if name not in WITHOUT_EXAMPLE])
def test_what_a_page_says_to_avoid_is_found_and_what_it_prefers_is_not(name: str, tmp_path: Path):
    codes = {one.code for one in BY_PAGE[name]}
    avoided = found(example(name, "Avoid"), tmp_path / "avoid") & codes
    preferred = found(example(name, "Prefer"), tmp_path / "prefer") & codes
    assert (avoided != set(), preferred) == (True, set())


def test_every_code_that_reading_a_workspace_can_print_is_known():
    """Codes stand as texts in the source of whatever reads a workspace; none of them is forgotten."""
    package = ROOT / "smartpick_expert"
    folders = ("language", "knowledge", "authoring/checks")
    sources = [*(path for folder in folders for path in (package / folder).rglob("*.py")), package / "workspace.py"]
    written = {
        code for path in sources for code in re.findall(r'"([a-z]+\.[a-z]+(?:-[a-z]+)*)"', path.read_text("utf-8"))
    }
    families = {one.code.partition(".")[0] for one in CODES}
    files = {"notes.yaml"}
    unknown = {code for code in written if code.partition(".")[0] in families} - {one.code for one in CODES} - files
    assert unknown == set()
