"""The use case of calling people back: whose advice a rule took part in, whose would be another today; and one applicant over time."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from smartpick_expert.audit.digests import combined, digests
from smartpick_expert.audit.entering import record_at
from smartpick_expert.audit.entry import Listed, maybe
from smartpick_expert.audit.ledger import Ledger
from smartpick_expert.audit.program import source_fingerprint
from smartpick_expert.audit.record import Record
from smartpick_expert.diagnostics import Problems, closest
from smartpick_expert.explain.difference import Change, Difference, Part, Said, difference
from smartpick_expert.explain.trace import Trace
from smartpick_expert.language.model import RuleSet
from smartpick_expert.replay import TEMPLATES, Files, Laid, Runner, to_other, to_today, variant_by, variant_of
from smartpick_expert.report.house import is_of_looks
from smartpick_expert.sources import files_kept
from smartpick_expert.version import VERSION

NOTHING = Difference((), {}, {})
# What a person who is called would be told of: the rest follows from these.
TOLD = (Part.BUCKET, Part.ACTIONS, Part.STATEMENTS)


@dataclass(frozen=True)
class Recalled:
    """An advice to look at again: its entry, whether the rule fired or may have fired in it, and what would be otherwise today.

    `words` are the documents that would read otherwise by today's templates, all else as it was. `problem` says why it
    cannot be run today, where it cannot.
    """

    entry: Listed
    fired: bool
    may_have_fired: bool
    today: Difference | None
    words: tuple[str, ...] = ()
    problem: str = ""

    @property
    def changes(self) -> dict[Part, int]:
        """How many changes there would be of what a person is told of."""
        return {part: len(self.today.of(part)) if self.today is not None else 0 for part in TOLD}


@dataclass(frozen=True, slots=True)
class _MadeBy:
    """What an advice is made by: hashes of rules, knowledge and templates, version and source of the program."""

    rules: str
    knowledge: str
    templates: str
    program: str
    source: str

    def runs_as(self, other: _MadeBy) -> bool:
        """Whether a run comes out the same by both: templates have no part in it."""
        return replace(self, templates="") == replace(other, templates="")


def searched(rule: str, ruleset: RuleSet) -> tuple[tuple[str, ...], str]:
    """The names by which a rule is looked for, those it had before it was renamed among them; and what to say of that."""
    known = ruleset.now(rule)
    if not rule:
        return (), ""
    if known is None:
        unknown = f"The rules here have no '{rule}'; it is looked for in the advices of then."
        return (rule,), f"{unknown} {closest(rule, (one.id for one in ruleset.rules))}".rstrip()
    if not known.formerly:
        return known.names(), ""
    before = ", ".join(f"'{name}'" for name in known.formerly)
    return known.names(), f"Rule '{known.id}' was called {before} before; it is looked for by every name."


def recall(
    ledger: Ledger, runner: Runner, files: Files, rules: Collection[str] = (), since: str = ""
) -> Iterator[Recalled]:
    """Each advice in which one of the rules fired, may have fired or, by these files, would fire or fire no more.

    Of a rule that was renamed, all its names are given. Without rules, each advice that would be another, or whose documents
    would read otherwise by these templates. What the applicant was given counts, and what the advisor has. What was made by
    the same rules and knowledge, and by this very program, comes out the same and is not run.
    """
    now = _MadeBy(
        rules=combined(digests(_below("rules/", files))),
        knowledge=combined(digests({name: text for name, text in files.items() if _is_knowledge(name)})),
        templates=combined(digests({name: text for name, text in files.items() if is_of_looks(name)})),
        program=VERSION,
        source=source_fingerprint(),
    )
    touched = {entry.link.number for rule in rules for entry in ledger.entries(rule=rule)}
    perhaps = {entry.link.number for rule in rules for entry in ledger.entries(rule=maybe(rule))} - touched
    for entry in ledger.entries(since=since):
        if entry.summary is None and not entry.is_damaged:
            continue
        found = Recalled(entry, entry.link.number in touched, entry.link.number in perhaps, NOTHING)
        try:
            found = _looked_at(found, ledger, runner, files, now, rules)
        except Problems as problems:
            first = problems.diagnostics[0]
            yield replace(found, today=None, problem=f"{first.message} {first.hint}")
            continue
        if _speaks(found, rules):
            yield found


def _looked_at(
    one: Recalled, ledger: Ledger, runner: Runner, files: Files, now: _MadeBy, rules: Collection[str]
) -> Recalled:
    """What would be otherwise today of an advice. Raises Problems where that cannot be said."""
    made = _made_by(one.entry)
    if made is not None and made.runs_as(now) and (rules or made.templates == now.templates):
        return one
    record = record_at(ledger, one.entry)
    if made is None or not made.runs_as(now):
        one = replace(one, today=_today(record, runner, files))
    if rules and not one.fired and (made is None or not made.templates):
        # Earlier versions did not note which rules only may have fired.
        return replace(one, may_have_fired=_is_in(record, rules))
    if not rules and record.body.inputs.templates.sha256 != now.templates:
        changes = runner.rewritten(record, files_kept(ledger, record), files).of(Part.WORDS)
        return replace(one, words=tuple(dict.fromkeys(change.key.rpartition(" line ")[0] for change in changes)))
    return one


def _speaks(one: Recalled, rules: Collection[str]) -> bool:
    """Whether an advice is one to look at again."""
    if one.today is None or not rules:
        return bool(one.words) or any(one.changes.values())
    moved = any(set(rules) & {change.key, *change.came, *change.went} for change in one.today.changes)
    return one.fired or one.may_have_fired or moved


def _is_in(record: Record, rules: Collection[str]) -> bool:
    runs = [run for run in (record.body.advisor, record.body.applicant) if run is not None]
    return any(set(rules) & {*run.cut_off, *(firing.rule for firing in run.firings)} for run in runs)


def _made_by(entry: Listed) -> _MadeBy | None:
    made = entry.summary
    if made is None:
        return None
    return _MadeBy(made.rules, made.knowledge, made.templates, made.program, made.source)


def _is_knowledge(name: str) -> bool:
    """Whether a record counts a file as knowledge: it does whatever is neither of rules nor of how documents look."""
    return not name.startswith("rules/") and not is_of_looks(name)


def _below(folder: str, files: Files) -> dict[str, str]:
    return {name: text for name, text in files.items() if name.startswith(folder)}


def _today(record: Record, runner: Runner, files: Files) -> Difference:
    """What a record's advice would be by other files, on the day on which it was given.

    Of what the applicant was given, where that is another run; of the advisor's where the applicant would be told the same.
    """
    variant = variant_by(record, files)
    if record.body.applicant is not None:
        told = difference(record.body.applicant, runner.trace(variant, told=True))
        if any(told.of(part) for part in TOLD):
            return told
    return difference(record.body.advisor, runner.trace(variant))


def since_last_time(
    old: Record, new: Record, old_files: Files, new_files: Files, runner: Runner, *, told: bool = False
) -> tuple[Laid, ...]:
    """What moved from one advice to a later one of the same applicant, laid to what brought it.

    `told` compares what the applicant was given. Raises Problems.
    """
    first, last = variant_of(old, old_files), variant_of(new, new_files)
    laid = runner.laid(_run_of(old, told=told), to_other(first, last), told=told)
    return (*laid, *_words(old, old_files, new_files, runner))


def laid_to_today(
    record: Record, files: Files, today: Files, runner: Runner, *, told: bool = False
) -> tuple[Laid, ...]:
    """What an advice would be by other files, laid to program, knowledge, rules or templates; as above. Raises Problems."""
    laid = runner.laid(_run_of(record, told=told), to_today(variant_of(record, files), today), told=told)
    return (*laid, *_words(record, files, today, runner))


def _words(record: Record, files: Files, others: Files, runner: Runner) -> Iterator[Laid]:
    """What the documents would read otherwise by other templates, where they can be made by them."""
    try:
        found = runner.rewritten(record, files, others)
    except Problems:
        # New templates may need what older rules do not have; then they are told of with those alone.
        message = "cannot be made by these templates and the rules of then"
        found = Difference((Change(Part.WORDS, "documents", Said("as they were given"), Said(message)),), {}, {})
    if not found.is_nothing:
        yield Laid((TEMPLATES,), found)


def _run_of(record: Record, *, told: bool) -> Trace:
    return (record.body.applicant or record.body.advisor) if told else record.body.advisor
