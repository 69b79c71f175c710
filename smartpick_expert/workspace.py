"""Where rules, knowledge and reports are: a workspace folder, or what the package ships; and all of it, loaded.

A workspace is a folder that holds `rules/` and `knowledge/`. One found in or above the current folder is used; else the
shipped one, which lies beside the package in a checkout and inside it in an installed wheel.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from smartpick_expert import shipped
from smartpick_expert.diagnostics import Diagnostic, Location, Problems, Severity
from smartpick_expert.knowledge.actions import action_titles, read_actions
from smartpick_expert.knowledge.claims import read_claims
from smartpick_expert.knowledge.evidence import read_evidence
from smartpick_expert.knowledge.parameter_reader import read_parameters
from smartpick_expert.knowledge.phrases import Phrases, read_phrases, shipped_phrases
from smartpick_expert.knowledge.phrasing import FOLDER as WORDING
from smartpick_expert.knowledge.phrasing import read_phrasing
from smartpick_expert.knowledge.programs import PROGRAM, read_programs
from smartpick_expert.knowledge.registries import Knowledge, by_name, check_citations, parameter_types
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.loader import read_rules
from smartpick_expert.language.model import Kind, Rule, RuleSet
from smartpick_expert.language.operators import OPERATORS
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Node, parse_as, read_text
from smartpick_expert.language.vocabulary import Vocabulary
from smartpick_expert.language.vocabulary_loader import load_vocabulary

# What an office knows of programs in confidence, beside its rules and never part of them; `intake/notes.py` reads it.
NOTES: Final = "notes.yaml"
# What the program itself names, whatever the rules say: an advice is built around these types and fields.
NAMED: Final = {
    "applicant": ("label", "stage"),
    "bucket": ("name",),
    "reason": ("side", "strength", "kind"),
    "action": ("name", "when"),
}


@dataclass(frozen=True)
class Workspace:
    """The folder, and everything in it that a consultation needs. `warnings` deserve a look and stop nothing.

    `files` holds the texts that all of it was made from, by their paths below the folder, the office's notes among them.
    `added` are facts from outside the folder that every consultation is to know: of programs of a catalogue.
    `left_out` are the rules by perception where an advice is asked for on evidence alone; empty where all rules count.
    `phrases` are the words of what the program itself puts together.
    """

    root: Path
    vocabulary: Vocabulary
    knowledge: Knowledge
    ruleset: RuleSet
    warnings: tuple[Diagnostic, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict, repr=False)
    added: tuple[Fact, ...] = ()
    left_out: tuple[Rule, ...] = ()
    phrases: Phrases = field(default_factory=shipped_phrases, repr=False)

    @property
    def is_on_evidence(self) -> bool:
        """Whether only rules that rest on evidence have a part in consultations."""
        return bool(self.left_out)

    @property
    def all_rules(self) -> RuleSet:
        """Every rule, those left out too."""
        rules = (*self.ruleset.rules, *self.left_out)
        return replace(self.ruleset, rules=tuple(sorted(rules, key=lambda rule: rule.id)))

    @property
    def reports(self) -> Path:
        """The folder of templates: the workspace's own, or the shipped one where it has none."""
        own = self.root / "reports"
        return own if own.is_dir() else shipped_root() / "reports"

    def reports_with(self, template: str) -> Path:
        """The folder that holds a template: that of `reports`, or the shipped one where a workspace of before has none."""
        return self.reports if (self.reports / template).is_file() else shipped_root() / "reports"

    @property
    def personas(self) -> Path:
        """The folder of example profiles."""
        return self.root / "knowledge" / "personas"


def on_evidence(workspace: Workspace) -> Workspace:
    """The workspace without its rules by perception, as if nobody had written them; it itself where that is so already."""
    if workspace.is_on_evidence:
        return workspace
    rules = workspace.ruleset.rules
    kept = tuple(rule for rule in rules if rule.kind is not Kind.PERCEPTION)
    left_out = tuple(rule for rule in rules if rule.kind is Kind.PERCEPTION)
    return replace(workspace, ruleset=replace(workspace.ruleset, rules=kept), left_out=left_out)


def with_all_rules(workspace: Workspace) -> Workspace:
    """The workspace with every rule; it itself where none was left out."""
    return replace(workspace, ruleset=workspace.all_rules, left_out=()) if workspace.is_on_evidence else workspace


def shipped_root() -> Path:
    """The folder of what the package ships."""
    return shipped.root()


def find_root(start: Path | None = None) -> Path:
    """The workspace in or above a folder (by default the current one), else what the package ships."""
    return enclosing_root(start or Path.cwd()) or shipped_root()


def enclosing_root(start: Path) -> Path | None:
    """The workspace in or above a folder or a file, or None."""
    here = start.resolve()
    return next((folder for folder in (here, *here.parents) if _is_root(folder)), None)


def _is_root(folder: Path) -> bool:
    return (folder / "rules").is_dir() and (folder / "knowledge" / "vocabulary").is_dir()


def load_workspace(root: Path | None = None, rules: Path | None = None) -> Workspace:
    """Load a workspace; `rules` is a folder whose rules are taken in place of its own.

    Raises Problems with every error found in any of its files.
    """
    workspace, found = read_workspace(root or find_root(), rules)
    errors = [d for d in found if d.severity is Severity.ERROR]
    if workspace is None or errors:
        raise Problems(found)
    return workspace


def read_workspace(root: Path, other_rules: Path | None = None) -> tuple[Workspace | None, tuple[Diagnostic, ...]]:
    """What could be read of a workspace and every finding; None where the vocabulary itself is unusable."""
    if not _is_root(root):
        place = Location(str(root))
        hint = "Name a folder that holds rules/ and knowledge/, or leave --workspace out."
        return None, (
            Diagnostic(
                "workspace.none",
                "This is no workspace: it lacks rules/ or knowledge/vocabulary/.",
                hint,
                place,
            ),
        )
    files = _Files(root)
    reader = files.reader
    action_nodes = list(files.read("knowledge/actions"))
    vocabulary_nodes = list(files.read("knowledge/vocabulary"))
    try:
        wording = {"actions": {name: title for node in action_nodes for name, title in action_titles(node).items()}}
        vocabulary = load_vocabulary(vocabulary_nodes, wording, OPERATORS)
    except Problems as problems:
        return None, _ordered([*reader.problems, *problems.diagnostics])
    _check_named(vocabulary, reader)
    parameters = by_name(
        [(p.name, p) for node in files.read("knowledge/parameters") for p in read_parameters(node, reader)],
        "Parameter",
        reader,
    )
    types = parameter_types(parameters)
    wording_nodes = list(files.read(WORDING))
    phrases = read_phrases(wording_nodes, reader)
    knowledge = Knowledge(
        claims=by_name(
            [(c.id, c) for node in files.read("knowledge/claims") for c in read_claims(node, reader)],
            "Claim",
            reader,
        ),
        evidence=by_name(
            [(e.id, e) for node in files.read("knowledge/evidence") for e in read_evidence(node, reader)],
            "Evidence",
            reader,
        ),
        parameters=parameters,
        actions=by_name(
            [(a.name, a) for node in action_nodes for a in read_actions(node, vocabulary, types, reader)],
            "Action",
            reader,
        ),
        programs=by_name(
            [(p.label, p) for p in read_programs(list(files.read("knowledge/programs")), vocabulary, reader)],
            "Program",
            reader,
        ),
        phrasing=read_phrasing(wording_nodes, vocabulary, reader),
    )
    applicant = vocabulary.types.get("applicant")
    stages = tuple(applicant.fields["stage"].values) if applicant and "stage" in applicant.fields else ()
    check_citations(knowledge, stages, reader)
    vocabulary = replace(vocabulary, listed={PROGRAM: frozenset(knowledge.programs)})
    rules, topics, found = read_rules(files.read("rules", other_rules), vocabulary, knowledge.names)
    files.keep(NOTES)
    everything = _ordered([*reader.problems, *found])
    warnings = tuple(d for d in everything if d.severity is Severity.WARNING)
    ruleset = RuleSet(rules, vocabulary, topics)
    return Workspace(root, vocabulary, knowledge, ruleset, warnings, files.texts, phrases=phrases), everything


def _check_named(vocabulary: Vocabulary, reader: Reader) -> None:
    for name, fields in NAMED.items():
        known = vocabulary.types.get(name)
        missing = [field for field in fields if known is None or field not in known.fields]
        if missing:
            reader.problem(
                known.location if known is not None else Location("knowledge/vocabulary"),
                "vocabulary.missing",
                f"Every advice names '{name}', with {', '.join(missing)}; the vocabulary lacks it.",
                "Declare it, as the shipped vocabulary does.",
            )


class _Files:
    """Reads the YAML files below a folder of the workspace, noting those that cannot be read."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.reader = Reader()
        self.texts: dict[str, str] = {}

    def read(self, folder: str, instead: Path | None = None) -> Iterator[Node]:
        """Every file below a folder of the workspace, or below another in its place: it is named as if it stood there."""
        above = instead or self.root / folder
        for path in sorted(above.rglob("*.yaml")):
            # A hidden file is an editor's, not an advisor's: some lay one beside whatever is open.
            if path.name.endswith(".cases.yaml") or path.name.startswith("."):
                continue
            name = f"{folder}/{path.relative_to(above).as_posix()}"
            try:
                text = read_text(path, name)
                node = parse_as(text, name, path.suffix)
            except Problems as problems:
                self.reader.problems.extend(problems.diagnostics)
                continue
            self.texts[name] = text
            yield node

    def keep(self, name: str) -> None:
        """The text of one file, where there is one, for whoever reads it later."""
        path = self.root / name
        if path.exists():
            try:
                self.texts[name] = read_text(path, name)
            except Problems as problems:
                self.reader.problems.extend(problems.diagnostics)


def _ordered(found: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(sorted(set(found), key=Diagnostic.sort_key))
