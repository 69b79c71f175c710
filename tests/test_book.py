"""The rule base as a document: nothing of it is missing, every link leads somewhere, and no markup gets in."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from smartpick_expert.authoring.book import book_of
from smartpick_expert.cli.main import main
from smartpick_expert.report.render import filled
from tests.profiles import AS_OF, WORKSPACE

SMALL = Path(__file__).parent / "small"
DAY = ("--as-of", "2026-09-10")


def book(*words: str, root: Path = SMALL) -> Result:
    result = CliRunner().invoke(main, ["rules", "book", *words, *DAY, "--workspace", str(root)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


@pytest.fixture(scope="module")
def page() -> str:
    return filled("book.html.j2", "html", WORKSPACE.reports, book=book_of(WORKSPACE, AS_OF))


def test_the_small_base_reads_as_it_was_recorded(golden):
    result = book()
    assert (result.exit_code, result.stderr) == (0, "")
    golden("book/small.md", result.stdout)


def test_every_rule_and_claim_has_its_place_and_every_link_leads_to_one(page: str):
    places = re.findall(r' id="([^"]+)"', page)
    assert len(places) == len(set(places))
    assert set(re.findall(r'href="#([^"]+)"', page)) - set(places) == set()
    assert all(f"<code>{rule.id}</code>" in page for rule in WORKSPACE.ruleset.rules)
    assert all(f"<code>{claim}</code>" in page for claim in WORKSPACE.knowledge.claims)


def test_perception_and_what_was_measured_are_told_apart_in_words_and_form(page: str):
    kinds = re.findall(r'<article class="rule (\w+)".*?· (\w+):', page, flags=re.DOTALL)
    assert len(kinds) == len(WORKSPACE.ruleset.rules)
    assert [pair for pair in kinds if pair[0] != pair[1]] == []


def test_what_an_author_writes_does_not_become_markup(tmp_path: Path):
    root = Path(shutil.copytree(SMALL, tmp_path / "small"))
    file = root / "rules/letters/letters.yaml"
    text = file.read_text("utf-8").replace("The right to see the letter was kept", "Kept *this* & [that](x)")
    file.write_text(text, "utf-8")
    assert "### Kept \\*this\\* &amp; \\[that\\](x)" in book(root=root).stdout
    assert "<h3>Kept *this* &amp; [that](x)</h3>" in book("--format", "html", root=root).stdout


def test_both_formats_are_written_beside_one_another(tmp_path: Path):
    result = book("--out", str(tmp_path / "rules.html"), "--format", "md,html")
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rules.html", "rules.md"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--format", "pdf"), 2, "'pdf' is no format. Known are: md, html."),
        (("--format", "md,html"), 2, "Two formats need a file"),
        (("--out", f"{__file__}/rules.md"), 1, "cannot be written"),
    ],
)
def test_what_cannot_be_written_is_told_of(words: tuple[str, ...], code: int, said: str):
    result = book(*words)
    assert (result.exit_code, said in result.stderr) == (code, True), result.stderr
