"""The shipped personas and changed copies of them, advised as the commands do it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields
from datetime import date
from functools import cache, cached_property, lru_cache
from itertools import count
from pathlib import Path
from typing import Any, Final

import yaml

from smartpick_expert.advice import Advice, advise
from smartpick_expert.audit.traces import traced
from smartpick_expert.explain.trace import Trace
from smartpick_expert.language.vocabulary import FactType, Field, FieldType
from smartpick_expert.report.documents import Document
from smartpick_expert.report.statements import statements_of
from smartpick_expert.workspace import Workspace
from tests.profiles import AS_OF, SECTIONS, WORKSPACE, Data, each

PERSONAS: Final = tuple(sorted(path.stem for path in WORKSPACE.personas.glob("*.yaml")))
# The season goes on, and some personas stand later in it than the others.
DAYS: Final = {
    "known_quantity": date(2026, 11, 25),
    "ranking": date(2027, 2, 15),
    "match_week": date(2027, 3, 15),
    "high_risk": date(2026, 7, 6),
    "graduate_needing_visa": date(2026, 7, 6),
    "us_citizen_img": date(2027, 4, 5),
    "reapplicant_failed_attempt": date(2026, 7, 6),
    "stopped_by_filters": date(2027, 3, 25),
    "answered_visa": date(2026, 11, 22),
    "h1b_only": date(2026, 10, 5),
    "waiting_for_step2": date(2026, 10, 5),
    "attempts_used_up": date(2027, 3, 8),
    "ranking_long_list": date(2027, 2, 15),
    "ranking_short_list": date(2027, 2, 15),
}
# No word of ours begins so; a text that holds it came from the profile.
MARK: Final = "Zq"


def day_of(persona: str) -> date:
    """The day on which a persona is advised."""
    return DAYS.get(persona, AS_OF)


@dataclass(frozen=True)
class Read(Advice):
    """An advice that is read by many tests: each of its documents is made once. A changed copy (`replace`) makes its own."""

    @cached_property
    def _documents(self) -> dict[tuple[str, Document], str]:
        return {}

    def document(self, form: str, document: Document = Document.REPORT) -> str:
        """The document, as it was made first."""
        if (form, document) not in self._documents:
            self._documents[form, document] = super().document(form, document)
        return self._documents[form, document]


def read(advice: Advice) -> Read:
    """The advice, to be read by many."""
    return Read(**{field.name: getattr(advice, field.name) for field in fields(advice)})


@cache
def advice_on(persona: str, engine: str = "plain", *, redacted: bool = False) -> Advice:
    """The advice on a persona. Whoever changes what documents are made with advises anew."""
    path = WORKSPACE.personas / f"{persona}.yaml"
    return read(advise(path, WORKSPACE, day_of(persona), engine, redacted=redacted))


@cache
def traces_on(persona: str, engine: str = "plain") -> tuple[Trace, ...]:
    """The runs behind the advice on a persona: the advisor's, and the applicant's where that is another one."""
    return traces_of(advice_on(persona, engine))


def traces_of(advice: Advice) -> tuple[Trace, ...]:
    """The runs behind an advice, without the views that a whole record asks for."""
    runs = [advice.run] if advice.told is advice.run else [advice.run, advice.told]
    return tuple(traced(run.shown, WORKSPACE, statements_of(run.shown, WORKSPACE)) for run in runs)


def advice_of(
    data: Data, folder: Path, as_of: date = AS_OF, *, redacted: bool = False, workspace: Workspace = WORKSPACE
) -> Advice:
    """The advice on a profile that is data; it is written to a file on the way, as every profile is."""
    path, text = folder / "profile.json", json.dumps(data)
    path.write_text(text, "utf-8")
    if workspace is not WORKSPACE:
        return read(advise(path, workspace, as_of, "plain", redacted=redacted))
    return _advice_in(path, text, as_of, redacted=redacted)


@lru_cache(maxsize=16)
def _advice_in(path: Path, text: str, as_of: date, *, redacted: bool) -> Advice:
    """The advice on a file with this text: what others are compared with is asked for again and again."""
    return read(advise(path, WORKSPACE, as_of, "plain", redacted=redacted))


def without_explanations(text: str) -> str:
    """A document without what explains a term at its first use."""
    bare = re.sub(r'<span class="gloss">.*?</span>', "", text)
    for term in WORKSPACE.knowledge.phrasing.terms:
        for meaning in filter(None, (term.means, term.several)):
            for name in term.spellings:
                bare = bare.replace(f" ({name}: {meaning})", "").replace(f"; {name}: {meaning}", "")
            bare = bare.replace(f" ({meaning})", "").replace(f", {meaning},", "").replace(f", {meaning}", "")
    return bare


def persona_data(persona: str) -> Data:
    """A persona as data: every value as it is written, those left empty left out."""
    text = (WORKSPACE.personas / f"{persona}.yaml").read_text("utf-8")
    # With the base loader `on` stays a word and a date a text.
    sections = yaml.load(text, yaml.BaseLoader)  # noqa: S506 - the base loader makes texts of everything

    def given(entry: Data) -> Data:
        return {name: value for name, value in entry.items() if value != ""}

    return {name: each(section, given) for name, section in sections.items() if section != ""}


def marked(data: Data) -> Data:
    """A profile with a mark in all that redaction is to take out: private texts, labels, who verified what and when."""
    numbers = count(1)
    labels = {
        (kind.name, entry[kind.label]): f"{MARK}-label-{next(numbers)}"
        for kind in SECTIONS
        if kind.label and kind.fields[kind.label].type is FieldType.LABEL
        for entry in data.get(kind.name, [])
        if kind.label in entry
    }

    def mark(kind: FactType, field: Field, value: Any) -> Any:
        if field.type is FieldType.LABEL:
            return labels.get((field.of or kind.name, value), value)
        # A country is private too, but another one would change the advice.
        if field.private and kind.name != "citizenship":
            marks = f"{MARK} {field.name} {next(numbers)}"
            return [marks] if field.many else marks
        return value

    def mark_all(kind: FactType, entry: Data) -> Data:
        values = {name: mark(kind, kind.fields[name], value) for name, value in entry.items() if name != "verified"}
        return values | {"verified": {"by": f"{MARK} clerk {next(numbers)}", "on": "2026-03-04"}}

    kinds = {kind.name: kind for kind in SECTIONS}
    return {
        name: each(section, lambda entry, kind=kinds[name]: mark_all(kind, entry)) for name, section in data.items()
    }
