"""A new rule put where it belongs: in the file of its topic that speaks of the same, and its cases beside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from smartpick_expert.authoring.cases import SUFFIX
from smartpick_expert.authoring.editing.changes import Change, findings_after, require_own
from smartpick_expert.authoring.editing.renaming import new_findings, require_untaken
from smartpick_expert.authoring.editing.scaffold import Begun, case_texts, rule_text
from smartpick_expert.diagnostics import Diagnostic, Location, Problems, Severity, closest, nearest
from smartpick_expert.language.loader import RULE_ID
from smartpick_expert.language.model import CLAIM, EVIDENCE, Kind, Rule, Status
from smartpick_expert.language.rewriting import Replacement, rewritten, with_item
from smartpick_expert.language.source import Mapping, Sequence
from smartpick_expert.language.spans import SpannedText, read_spanned
from smartpick_expert.language.values import shorten
from smartpick_expert.language.vocabulary import Supplier
from smartpick_expert.workspace import Workspace

_PLACE = Location("rules")
_A_YEAR = 365


@dataclass(frozen=True, slots=True)
class Wish:
    """What an advisor says of a rule to be begun; what is empty is chosen."""

    id: str
    topic: str = ""
    kind: str = ""
    sources: tuple[str, ...] = ()
    title: str = ""
    owner: str = ""
    concludes: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Beginning:
    """A rule begun: the files' changes, where it will stand, and what a check will then ask to be written."""

    begun: Begun
    path: str
    cases: str
    changes: tuple[Change, ...]
    findings: tuple[Diagnostic, ...]


def beginning(workspace: Workspace, wish: Wish, as_of: date) -> Beginning:
    """What has to be written to begin a rule. Nothing is written.

    Raises Problems with everything that is wrong with the wish, or where the rule could not be loaded.
    """
    require_own(workspace.root)
    begun = _begun(workspace, wish, as_of)
    path = wish.file or _file_for(workspace, begun)
    changes = tuple(_changes(workspace, begun, path))
    before = findings_after(workspace.root, (), as_of).findings
    findings = tuple(new_findings(before, findings_after(workspace.root, changes, as_of).findings))
    if any(one.severity is Severity.ERROR for one in findings):
        raise Problems(findings)
    return Beginning(begun, path, changes[1].path, changes, findings)


def _begun(workspace: Workspace, wish: Wish, as_of: date) -> Begun:
    problems: list[Diagnostic] = []
    topics = [topic for topic, _ in workspace.ruleset.topics]
    rule_id = wish.id if "." in wish.id or not wish.topic else f"{wish.topic}.{wish.id}"
    topic = rule_id.partition(".")[0]
    if not RULE_ID.fullmatch(rule_id):
        hint = "Write a topic, a dot and a name in small letters, such as letters.late-letter."
        problems.append(Diagnostic("rule.id", f"'{shorten(rule_id)}' is no id of a rule.", hint, _PLACE))
    elif wish.topic and wish.topic != topic:
        message = f"The id '{rule_id}' is one of topic '{topic}', not of '{shorten(wish.topic)}'."
        problems.append(Diagnostic("rule.id", message, "Correct one of the two.", _PLACE))
    elif topic not in topics:
        problems.append(Diagnostic("rule.topic", f"There is no topic '{topic}'.", _topic_hint(topic, topics), _PLACE))
    sources = tuple(_source(workspace, source, problems) for source in wish.sources)
    if not sources:
        message = "A rule cites what it rests on; what has no source is not a rule yet."
        hint = "Name one with --source claim:... or --source evidence:...; find it with 'smartpick rules list --claims --search WORD'."
        problems.append(Diagnostic("rule.source", message, hint, _PLACE))
    if wish.concludes and wish.concludes not in _conclusions(workspace):
        hint = nearest(wish.concludes, _conclusions(workspace))
        problems.append(
            Diagnostic("rule.concludes", f"No rule can conclude '{shorten(wish.concludes)}'.", hint, _PLACE)
        )
    if wish.file and wish.file not in _files_of(workspace, topic):
        hint = nearest(wish.file, _files_of(workspace, topic))
        problems.append(
            Diagnostic("rule.file", f"'{shorten(wish.file)}' is no rule file of topic '{topic}'.", hint, _PLACE)
        )
    if problems:
        raise Problems(problems)
    require_untaken(workspace, rule_id)
    kind = Kind(wish.kind) if wish.kind else (Kind.PERCEPTION if sources[0].startswith(CLAIM) else Kind.MEASURED)
    near = [rule for rule in workspace.ruleset.rules if rule.topic == topic and rule.status is not Status.RETIRED]
    return Begun(
        id=rule_id,
        title=wish.title,
        kind=kind,
        sources=sources,
        owner=wish.owner or _commonest([rule.owner for rule in near]) or "editorial",
        review_by=date.fromordinal(as_of.toordinal() + _A_YEAR),
        concludes=wish.concludes or _usual_conclusion(workspace, near, kind),
    )


def _topic_hint(topic: str, topics: list[str]) -> str:
    suggestion = closest(topic, topics) or f"There are: {', '.join(topics)}."
    return (
        f"{suggestion} A new topic is a folder in rules/ with a file that begins with 'topic:', 'about:' and 'rules:', "
        "and a place in reports/layout.yaml."
    )


def _source(workspace: Workspace, source: str, problems: list[Diagnostic]) -> str:
    """A source with what it is in front of it, as rules cite it."""
    known = workspace.knowledge.names.sources
    full = [name for name in (source, f"{CLAIM}{source}", f"{EVIDENCE}{source}") if name in known]
    if full:
        return full[0]
    plain = source.removeprefix(CLAIM).removeprefix(EVIDENCE)
    like = closest(plain, (name.partition(":")[2] for name in known))
    hint = like or "Find it with 'smartpick rules list --claims --search WORD'."
    problems.append(Diagnostic("rule.source", f"There is no claim or evidence '{shorten(plain)}'.", hint, _PLACE))
    return source


def _conclusions(workspace: Workspace) -> list[str]:
    return [fact_type.name for fact_type in workspace.vocabulary.supplied_by(Supplier.RULES)]


def _usual_conclusion(workspace: Workspace, near: list[Rule], kind: Kind) -> str:
    """What the rules of the topic conclude most often, those of the kind first."""
    of_kind = [one.fact_type for rule in near if rule.kind is kind for one in rule.then]
    return _commonest(of_kind or [one.fact_type for rule in near for one in rule.then]) or _conclusions(workspace)[0]


def _commonest(words: Iterable[str]) -> str:
    counted = Counter(words)
    return max(sorted(counted), key=lambda word: counted[word], default="")


def _files_of(workspace: Workspace, topic: str) -> list[str]:
    return sorted({rule.location.path for rule in workspace.ruleset.rules if rule.topic == topic})


def _file_for(workspace: Workspace, begun: Begun) -> str:
    """The file of the topic that has most rules of the same sources, then of the same conclusion, then of the same kind."""
    topic = begun.id.partition(".")[0]

    def likeness(path: str) -> tuple[int, int, int]:
        rules = [rule for rule in workspace.ruleset.rules if rule.location.path == path]
        return (
            sum(1 for rule in rules if set(rule.sources) & set(begun.sources)),
            sum(1 for rule in rules if any(one.fact_type == begun.concludes for one in rule.then)),
            sum(1 for rule in rules if rule.kind is begun.kind),
        )

    return max(_files_of(workspace, topic), key=likeness)


def _changes(workspace: Workspace, begun: Begun, path: str) -> Iterable[Change]:
    file = read_spanned(workspace.root / path, path)
    yield Change(path, file.text, rewritten(file, _items(file, "rules", [rule_text(begun, workspace.vocabulary)])))
    beside = path.removesuffix(".yaml") + SUFFIX
    cases = case_texts(begun, workspace.vocabulary)
    if (workspace.root / beside).exists():
        there = read_spanned(workspace.root / beside, beside)
        yield Change(beside, there.text, rewritten(there, _items(there, "cases", cases)))
    else:
        lines = "\n".join(f"  - {case}".replace("\n", "\n    ") for case in cases)
        yield Change(beside, None, f"cases:\n{lines}\n")


def _items(file: SpannedText, key: str, items: Iterable[str]) -> list[Replacement]:
    """The items at the end of a file's list, an empty line before the first."""
    held = file.root.get(key) if isinstance(file.root, Mapping) else None
    if not isinstance(held, Sequence) or file.span(held).is_flow:
        place = held.location if held is not None else file.root.location
        message = f"The list '{key}' of this file is not written on lines that begin with '- '."
        raise Problems([Diagnostic("form.list", message, "Write it so, and try again.", place)])
    put = [with_item(file, held, item) for item in items]
    return [Replacement(put[0].start, put[0].end, file.newline + put[0].text), *put[1:]]
