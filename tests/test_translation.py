"""All words of the documents are apart from the program: of a workspace in other letters every document is in other letters.

The workspace is a pseudo-translation (`pseudo.py`). What a document may still show in ours: what the applicant and the catalogue write,
ids, and what `ALLOWED` names with its reason.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from smartpick_expert.cli.main import main
from smartpick_expert.knowledge.phrases import (
    Phrases,
    language,
    placeholders,
    read_phrases,
    said,
    shipped_phrases,
    speaking,
)
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import parse_as
from smartpick_expert.language.vocabulary import FieldType
from smartpick_expert.report.documents import DOCUMENTS, Written
from tests.advised import persona_data
from tests.profiles import SECTIONS, WORKSPACE
from tests.pseudo import SHOWN, in_other_letters, translate

PERSONA = "graduate_needing_visa"
CATALOGUE = WORKSPACE.root / "knowledge" / "catalogues" / "sample.csv"
FILES = tuple(Written(document, form).name(PERSONA) for document in DOCUMENTS for form in ("html", "md"))
ALLOWED = {
    "SmartPick": "the product's name",
    "Expert": "the product's name",
    "yardstick": "a section of a profile, by its id",
    "editorial": "who answers for an assumption, by the name that the files give: a role, as an applicant's label is",
}
# Whatever joins words to a name: `letters.trusted`, `rules/letters/grades.yaml:12`, `reason[kind=visa side=against]`.
BOX = re.compile(r'<section id="inquire".*?</section>', re.DOTALL)
ID = re.compile(r"\w+\[[^\]]*\](?:\.\w+)?|[\w-]+(?:[._/:=][\w-]+)+|[a-z]+-[a-z-]+")


@pytest.fixture(scope="module")
def translated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the shipped workspace in other letters, with the documents of one persona in `out`."""
    root = tmp_path_factory.mktemp("translated")
    for name in ("rules", "knowledge", "reports"):
        shutil.copytree(WORKSPACE.root / name, root / name)
    translate(root)
    profile = str(WORKSPACE.personas / f"{PERSONA}.yaml")
    asked = ["--programs", str(CATALOGUE), "--budget", "1500", "--as-of", "2026-09-10", "--format", "html,md"]
    result = CliRunner().invoke(
        main, ["advise", profile, "--workspace", str(root), *asked, "--out", str(root / "out")], catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    return root


class Shown(HTMLParser):
    """What a page shows or says: texts, attributes that are read, and the answers of its box. Ids stand in `code`."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.texts += [value for name, value in attrs if name in SHOWN and value]
        if tag in ("style", "script", "code"):
            self.within.append("answers" if ("id", "answers") in attrs else tag)

    def handle_endtag(self, tag: str) -> None:
        if self.within and tag in ("style", "script", "code"):
            self.within.pop()

    def handle_data(self, data: str) -> None:
        if not self.within:
            self.texts.append(data)
        elif self.within[-1] == "answers":
            answers = json.loads(data)
            self.texts += [*answers["lines"], *(label for _, label, *_ in answers["asked"])]


def shown_in(html: str) -> list[str]:
    """The texts of a page, or of a part of one."""
    page = Shown()
    page.feed(html)
    return page.texts


def texts_of(path: Path) -> list[str]:
    """The texts that a document shows."""
    text = path.read_text("utf-8")
    if path.suffix == ".html":
        return shown_in(BOX.sub("", text))
    # The lines of the annex name facts by their ids, as `code` does in a page.
    lines = [line for line in text.splitlines() if not re.match(r"\| F\d", line)]
    return [re.sub(r"\\(.)", r"\1", re.sub(r"\]\([^)]*\)|`[^`]*`|<[^>]*>", " ", line)) for line in lines]


def given() -> set[str]:
    """What the applicant and the catalogue write: texts and labels, which are nobody's to translate."""
    written = {f"“{CATALOGUE.stem}”"}
    kinds = {kind.name: kind for kind in SECTIONS}
    for name, section in persona_data(PERSONA).items():
        for entry in section if isinstance(section, list) else [section]:
            own = (field for field in kinds[name].fields.values() if field.type in (FieldType.TEXT, FieldType.LABEL))
            written |= {str(entry[field.name]) for field in own if entry.get(field.name)}
    with CATALOGUE.open(encoding="utf-8", newline="") as table:
        written |= {cell for row in csv.DictReader(table) for key, cell in row.items() if key in ("id", "name", "city")}
    head = yaml.safe_load(CATALOGUE.with_suffix(".yaml").read_text("utf-8"))
    return written | {" ".join(str(head[key]).split()) for key in ("about", "source") if key in head}


def bare_ids() -> set[str]:
    """Ids of one word, as the answers of the box have them: facts of which there is one, labels and lists of choices."""
    dated = ((*one.periods, *one.seasons) for one in WORKSPACE.knowledge.parameters.values())
    listed = (entry.value for several in dated for entry in several)
    choices = {word for value in listed if isinstance(value, tuple) for word in value if isinstance(word, str)}
    types = WORKSPACE.vocabulary.types
    labels = {word for kind in types.values() if kind.label for word in kind.fields[kind.label].values}
    return choices | labels | {name for name, kind in types.items() if kind.one}


def in_our_letters(texts: list[str]) -> set[str]:
    """The words in Latin letters that are nobody's own and no id."""
    joined = "\n".join(" ".join(text.split()) for text in texts)
    for own in sorted(filter(None, given()), key=len, reverse=True):
        joined = joined.replace(own, "")
    words = re.findall(r"[A-Za-z]{2,}\d*", ID.sub(" ", joined))
    return {word for word in words if word not in ALLOWED and not re.fullmatch(r"[A-Z]{2}", word)}


@pytest.mark.parametrize("name", FILES)
def test_a_document_has_no_word_that_a_translator_cannot_reach(translated: Path, name: str):
    assert in_our_letters(texts_of(translated / "out" / name)) == set()


@pytest.mark.parametrize("name", [name for name in FILES if re.search(r"(?<!letter)\.html", name)])
def test_no_answer_of_the_box_has_a_word_that_a_translator_cannot_reach(translated: Path, name: str):
    box = BOX.search((translated / "out" / name).read_text("utf-8"))
    assert box is not None
    assert in_our_letters(shown_in(re.sub(r"\{(?:found|shown)\}", "", box.group()))) - bare_ids() == set()


def test_a_document_says_which_language_it_is_in(translated: Path):
    pages = [(translated / "out" / name).read_text("utf-8") for name in FILES if name.endswith("html")]
    assert [re.findall(r'<html lang="([^"]*)"', page) for page in pages] == [["ru"]] * 3


def test_templates_know_things_by_their_ids_and_never_by_their_words():
    # What is looked up by words that somebody translates is no longer found.
    by_words = re.compile(r'"[^"{}]*[a-z] [a-z][^"{}]*" *:(?! *\{%)|[=!]= *"[^"]* [^"]*"')
    found = [
        (path.name, text)
        for path in sorted(WORKSPACE.reports.rglob("*.j2"))
        for part in re.findall(r"\{[{%].*?[%}]\}", path.read_text("utf-8"), re.DOTALL)
        for text in by_words.findall(part)
    ]
    assert [one for one in found if one[0] != "since.j2"] == []


def phrases_in(text: str) -> tuple[Phrases, list[tuple[str, str]]]:
    """The phrases of a file over the shipped ones, and what is wrong with it."""
    reader = Reader()
    found = read_phrases([parse_as(text, "phrases.yaml", ".yaml")], reader)
    return found, [(one.code, one.message) for one in reader.problems]


def test_a_phrase_is_taken_over_and_whatever_is_left_out_is_the_shipped_one():
    found, problems = phrases_in("language: nl\nphrases: {up_to: 'tot {last}'}\n")
    with speaking(found):
        words = language(), said("up_to", last="3"), said("or_more", first="3")
    assert (words, problems, language()) == (("nl", "tot 3", "3 or more"), [], "en")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("phrases: {up_too: 'tot {last}'}", "There is no phrase 'up_too'."),
        ("phrases: {up_to: 'tot {first}'}", "The phrase 'up_to' holds '{first}', which is not filled in."),
        ("phrases: {up_to: 'tot {last.real}'}", "The phrase 'up_to' holds '{last.real}', which is not filled in."),
        ("phrases: {up_to: 'tot {last'}", "The phrase 'up_to' has a brace too many or too few."),
        ("months: [januari, februari]", "'months' names 2 months."),
    ],
)
def test_a_phrase_that_would_not_be_said_is_refused(text: str, message: str):
    assert phrases_in(text) == (shipped_phrases(), [("knowledge.phrase", message)])


def test_every_shipped_phrase_has_braces_that_match():
    assert [name for name, text in shipped_phrases().phrases.items() if placeholders(text) is None] == []


def test_the_pseudo_translation_leaves_what_the_program_reads():
    assert (
        in_other_letters("As of {day}, {{ letter.id }} is %s &amp; more")
        == "Ас оф {day}, {{ letter.id }} ис %s &amp; море"
    )
