"""The use case of calling people back: whose advice a rule took part in, whose would be another today; and one applicant over time."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from smartpick_expert.audit.digests import combined, digests
from smartpick_expert.audit.entering import record_at
from smartpick_expert.audit.ledger import Ledger, Listed
from smartpick_expert.audit.record import Record
from smartpick_expert.diagnostics import Problems, closest
from smartpick_expert.explain.difference import Difference, Part, difference
from smartpick_expert.explain.trace import Trace
from smartpick_expert.language.model import RuleSet
from smartpick_expert.replay import Files, Laid, Runner, to_other, to_today, variant_by, variant_of
from smartpick_expert.version import VERSION

NOTHING = Difference((), {}, {})
# What a person who is called would be told of: the rest follows from these.
TOLD = (Part.BUCKET, Part.ACTIONS, Part.STATEMENTS)


@dataclass(frozen=True)
class Recalled:
    """An advice to look at again: its entry, whether the rule fired in it, and what would be otherwise today.

    `problem` says why it cannot be run today, where it cannot.
    """

    entry: Listed
    fired: bool
    today: Difference | None
    problem: str = ""

    @property
    def changes(self) -> dict[Part, int]:
        """How many changes there would be of what a person is told of."""
        return {part: len(self.today.of(part)) if self.today is not None else 0 for part in TOLD}


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
    """Each advice in which one of the rules fired or, by these files, would fire or fire no more.

    Without rules, each advice that would be another. Of a rule that was renamed, all its names are given.

    What the applicant was given counts, and what the advisor has.

    What was made by the same rules and knowledge, and by this version of the program, comes out the same and is not run.
    """
    now = tuple(combined(digests(_below(folder, files))) for folder in ("rules/", "knowledge/"))
    touched = {entry.link.number for rule in rules for entry in ledger.entries(rule=rule)}
    for entry in ledger.entries(since=since):
        fired = entry.link.number in touched
        if entry.summary is None and not entry.is_damaged:
            continue
        try:
            found = NOTHING if _made_by(entry) == (*now, VERSION) else _today(record_at(ledger, entry), runner, files)
            speaks = not rules or fired or any(set(rules) & {*one.came, *one.went} for one in found.changes)
        except Problems as problems:
            first = problems.diagnostics[0]
            yield Recalled(entry, fired, None, f"{first.message} {first.hint}")
            continue
        if speaks and (fired or any(found.of(part) for part in TOLD)):
            yield Recalled(entry, fired, found)


def _made_by(entry: Listed) -> tuple[str, ...]:
    made = entry.summary
    return (made.rules, made.knowledge, made.program) if made is not None else ()


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
    return tuple(runner.laid(_run_of(old, told=told), to_other(first, last), told=told))


def laid_to_today(
    record: Record, files: Files, today: Files, runner: Runner, *, told: bool = False
) -> tuple[Laid, ...]:
    """What an advice would be by other files, laid to program, knowledge or rules; `told` as above. Raises Problems."""
    return tuple(runner.laid(_run_of(record, told=told), to_today(variant_of(record, files), today), told=told))


def _run_of(record: Record, *, told: bool) -> Trace:
    return (record.body.applicant or record.body.advisor) if told else record.body.advisor
