"""`smartpick audit verify`: whether the ledger is whole, and whether a file is what was given."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import asdict
from pathlib import Path

import click

from smartpick_expert.audit.chain import START, Finding
from smartpick_expert.audit.entry import Erasure
from smartpick_expert.cli.audit.shared import entry_data, format_option, opened, print_json
from smartpick_expert.cli.options import engine_option, ledger_option, matcher_of
from smartpick_expert.cli.output import FINDINGS, reporting, say
from smartpick_expert.explain.wording import plain_text
from smartpick_expert.identifying import Identified, Identifying, Verdict
from smartpick_expert.replay import Runner

_HEAD = re.compile("[0-9a-f]{64}")
# Of more differences than these it is enough to know how many.
_SHOWN = 10


@click.command()
@ledger_option
@format_option
@engine_option
@click.option("--head", default="", metavar="HASH", help="A head that was printed earlier: shows a cut tail too.")
@click.option("--full", is_flag=True, help="Show every difference of a FILE.")
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path))
def verify(
    ledger: Path | None, form: str, engine: str | None, head: str, files: tuple[Path, ...], *, full: bool
) -> None:
    """Check that nothing in the ledger was changed, taken out or put elsewhere.

    Each FILE (a document, a record or a bundle) is held against it: whether it is, byte for byte, what was given with an
    entry, and if not, in what it differs.
    """
    with reporting(), opened(ledger) as kept_ledger:
        head = _head(head)
        found = kept_ledger.verify(head)
        count, now, covered = kept_ledger.length(), kept_ledger.head(), kept_ledger.number_of(head)
        erasures, former = kept_ledger.erasures(), kept_ledger.without_references()
        identified = []
        if files:
            with Runner(matcher_of(engine)) as runner:
                identifying = Identifying(kept_ledger, runner)
                identified = [identifying.identify(path) for path in files]
    changed = {finding.number for finding in found} - {0}
    if form == "json":
        print_json(
            {
                "entries": count,
                "head": now,
                "against": head,
                "findings": [asdict(one) for one in found],
                "erasures": [
                    {"number": one.link.number, "id": one.link.id, "at": one.link.at, "erased": list(one.ids)}
                    for one in erasures
                ],
                "without_references": former,
                "files": [_file_data(one, changed) for one in identified],
            }
        )
    else:
        for line in _finding_lines(found):
            say(line)
        held = f"{len(found)} finding{'s' if len(found) != 1 else ''}." if found else "The chain holds."
        click.echo(f"{count} entr{'ies' if count != 1 else 'y'}. {held} Head: {now}")
        for line in (*_erasure_lines(erasures), *_limits(head, covered, count, former, changed)):
            click.echo(line)
        for one in identified:
            for line in _file_lines(one, changed, full=full):
                click.echo(line)
    if found or any(one.verdict is not Verdict.GIVEN for one in identified):
        raise SystemExit(FINDINGS)


def _head(written: str) -> str:
    """The head as links have it. That of an empty ledger covers nothing, so it is as good as none."""
    head = "".join(written.split()).lower()
    if head and not _HEAD.fullmatch(head):
        message = "a head is 64 signs, digits and letters from a to f. Copy it whole from where it was printed."
        raise click.BadParameter(message, param_hint="'--head'")
    return "" if head == START else head


def _finding_lines(found: Iterable[Finding]) -> Iterable[str]:
    for finding in found:
        yield f"{finding.fault}: {finding.message}" + (f" (entry {finding.id})" if finding.id else "")


def _erasure_lines(erasures: Collection[Erasure]) -> Iterable[str]:
    if erasures:
        count = sum(len(one.ids) for one in erasures)
        yield f"{count} advice{'s were' if count != 1 else ' was'} erased:"
    for one in erasures:
        yield f"{one.link.number:>6}  {one.link.at}  {', '.join(one.ids)}"


def _limits(head: str, covered: int, count: int, former: int, changed: Collection[int]) -> Iterable[str]:
    """What could not be looked for."""
    if not head:
        yield (
            "Without --head it cannot be told whether entries were cut off at the end, or whether the whole chain was "
            "made anew. Name a head that a report or 'audit log' printed earlier."
        )
    elif covered and min(changed, default=count + 1) <= covered:
        yield f"This head is that of entry {covered}; with findings up to there, it makes no entry sure."
    elif covered and covered < count:
        yield f"By this head entries up to {covered} are sure; those after it could be cut off or made anew unseen."
    if former:
        entries = f"{former} entries do" if former != 1 else "1 entry does"
        yield (
            f"{entries} not say which shared texts they need, since an earlier version made them: that such a text was "
            "taken out is noticed when they are shown or replayed."
        )


def _file_lines(one: Identified, changed: Collection[int], *, full: bool) -> Iterable[str]:
    yield plain_text(f"{one.file}: {one.verdict}. {one.message}")
    if _is_doubtful(one, changed):
        yield "  That entry is itself among the findings above, so this proves nothing."
    shown = one.differs if full else one.differs[:_SHOWN]
    for differing in shown:
        yield f"  {plain_text(differing.where)}"
        yield f"    here: {plain_text(differing.here)}"
        yield f"    in the ledger: {plain_text(differing.given)}"
    if len(shown) < len(one.differs):
        yield f"  And {len(one.differs) - len(shown)} more (--full)."


def _is_doubtful(one: Identified, changed: Collection[int]) -> bool:
    return one.entry is not None and one.entry.link.number in changed


def _file_data(one: Identified, changed: Collection[int]) -> dict[str, object]:
    return {
        "file": one.file,
        "kind": one.kind.value,
        "verdict": one.verdict.value,
        "message": one.message,
        "entry": entry_data(one.entry) if one.entry is not None else None,
        "entry_has_findings": _is_doubtful(one, changed),
        "differs": [asdict(differing) for differing in one.differs],
    }
