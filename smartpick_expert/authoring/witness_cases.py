"""Witnesses of findings, kept as cases: what happens today, for the author of the rule to correct where it should not.

A case goes into the case file beside the rule that it is about. Its name says that the applicant is made up, and is the
same for the same finding, so that saving twice adds nothing. Files are read again before any is written, and all are
written together or none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

from smartpick_expert.authoring.cases import DEFAULT_DAY, SUFFIX, Case, Expected, cases_in, observed
from smartpick_expert.authoring.checks.base import Finding, Witness
from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.engine.session import Matcher
from smartpick_expert.intake.profile_text import value_as_written
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.rewriting import rewritten, with_item, written
from smartpick_expert.language.source import Mapping, Sequence, parse
from smartpick_expert.language.spans import SpannedText, read_spanned
from smartpick_expert.language.values import UNKNOWN
from smartpick_expert.workspace import Workspace
from smartpick_expert.writing import write_all

_NEW = "about: >-\n  Cases made of what 'rules check' found. The applicants are made up.\ncases:\n"


@dataclass(frozen=True, slots=True)
class SavedCases:
    """The cases that a file was given; `names` is empty where it had them all."""

    path: Path
    names: tuple[str, ...]


def save_witnesses(
    findings: Iterable[Diagnostic], workspace: Workspace, as_of: date, where: Path | None, engine: Matcher | str
) -> tuple[SavedCases, ...]:
    """Save every witness among the findings; what each file was given, by name of file.

    `where` is a folder for the case files, or one file for all; None: each stands beside its rule. Raises Problems where
    a file cannot take them, OSError where it cannot be written; nothing is written then.
    """
    wanted = [
        (_file_of(rule_id, workspace, where), finding.code, finding.witness, rule_id)
        for finding in findings
        if isinstance(finding, Finding) and finding.witness is not None
        for rule_id in (finding.witness.rules[:1] if finding.witness.whole else finding.witness.rules)
    ]
    files: dict[Path, bytes] = {}
    saved: list[SavedCases] = []
    for path, group in groupby(sorted(wanted, key=lambda one: one[0]), key=lambda one: one[0]):
        file = _CaseFile(path, workspace)
        names = [
            name
            for _, code, witness, rule in group
            if (name := file.add(code, witness, rule, as_of, engine)) is not None
        ]
        if names:
            files[path] = file.text.encode("utf-8")
        saved.append(SavedCases(path, tuple(names)))
    write_all(files)
    return tuple(saved)


def _file_of(rule_id: str, workspace: Workspace, where: Path | None) -> Path:
    if where is not None and where.suffix == ".yaml":
        return where
    rule = workspace.ruleset.get(rule_id)
    file = Path(rule.location.path if rule is not None else f"{rule_id}.yaml")
    name = file.stem + SUFFIX
    return where / name if where is not None else workspace.root / file.parent / name


class _CaseFile:
    """The text of a case file, which grows by a case at a time."""

    def __init__(self, path: Path, workspace: Workspace) -> None:
        self.path = path
        self.workspace = workspace
        self.text = read_spanned(path).text if path.exists() else ""

    def add(self, code: str, witness: Witness, rule_id: str, as_of: date, engine: Matcher | str) -> str | None:
        """Add a case; its name, or None where a case of that name stands there already."""
        name = f"Made up, found by {code} ({rule_id}): {' '.join(witness.shows.split())}"
        if self.text and any(case.name == name for case in self._cases(self.text)):
            return None
        named = witness.rules if witness.whole else (rule_id,)
        draft = self._with("\n".join(_case(name, witness, as_of, Expected(fires=named))))
        case = self._cases(draft)[-1]
        expected = observed(case, self.workspace, engine)
        self.text = self._with("\n".join(_case(name, witness, as_of, expected)))
        self._cases(self.text)
        return name

    def _cases(self, text: str) -> tuple[Case, ...]:
        return cases_in(parse(text, str(self.path)), self.path, self.workspace)

    def _with(self, item: str) -> str:
        if not self.text:
            return _NEW + "".join(f"  {line}\n" for line in ("- " + item.replace("\n", "\n  ")).split("\n"))
        of = SpannedText(self.text, str(self.path))
        cases = of.root.get("cases") if isinstance(of.root, Mapping) else None
        if not isinstance(cases, Sequence) or of.span(cases).is_flow:
            place = cases.location if cases is not None else Location(str(self.path), 1, 1)
            raise Problems(
                [
                    Diagnostic(
                        "case.list",
                        "No case can be added here: 'cases' is no list of lines that begin with '- '.",
                        "Write 'cases:' and each case on lines of its own, or name another file.",
                        place,
                    )
                ]
            )
        return rewritten(of, [with_item(of, cases, item)])


def _case(name: str, witness: Witness, as_of: date, expected: Expected) -> Iterator[str]:
    yield f"name: {written(name)}"
    if as_of != DEFAULT_DAY:
        yield f"as_of: {as_of.isoformat()}"
    yield "profile:" if witness.whole else "facts:"
    yield from (f"  {line}" for line in witness.given.splitlines() if line.strip())
    for key, ids in (("fires", expected.fires), ("does_not_fire", expected.does_not_fire)):
        if ids:
            yield f"{key}: [{', '.join(ids)}]" if witness.whole else f"{key}: {ids[0]}"
    if expected.bucket:
        yield f"bucket: {expected.bucket}"
    if expected.concludes:
        yield "concludes:"
        for type_name, facts in groupby(sorted(expected.concludes, key=str), key=lambda fact: fact.type):
            yield f"  {type_name}: [{', '.join(_entry(fact) for fact in facts)}]"


def _entry(fact: Fact) -> str:
    known = [(name, slot) for name, slot in fact.values if slot is not UNKNOWN]
    return "{" + ", ".join(f"{name}: {value_as_written(slot)}" for name, slot in known) + "}"
