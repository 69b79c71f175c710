"""`smartpick audit export`, `replay`, `recall` and `compare`: an advice made again, here or elsewhere, then or now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import click

from smartpick_expert.audit.bundle import Bundle, write_bundle
from smartpick_expert.audit.digests import digest
from smartpick_expert.audit.entering import record_in
from smartpick_expert.audit.inputs import workspace_files
from smartpick_expert.cli.audit.shared import (
    entry_data,
    entry_line,
    format_option,
    opened,
    print_json,
    since_option,
    written_since,
)
from smartpick_expert.cli.options import engine_option, ledger_option, matcher_of, workspace_option
from smartpick_expert.cli.output import FINDINGS, reporting, say
from smartpick_expert.explain.difference import Difference, Part, data_of
from smartpick_expert.explain.difference_text import difference_nodes, turn_text
from smartpick_expert.explain.tree import drawn
from smartpick_expert.explain.wording import plain_text
from smartpick_expert.recall import Recalled, laid_to_today, recall, searched, since_last_time
from smartpick_expert.replay import Replayed, Runner
from smartpick_expert.sources import Kept, files_beside, files_kept, open_kept
from smartpick_expert.workspace import load_workspace


@click.command()
@ledger_option
@click.argument("name", metavar="ID")
@click.option("--bundle", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
def export(ledger: Path | None, name: str, bundle: Path) -> None:
    """Write one advice with everything it was made from into a zip that can be replayed offline."""
    with reporting(), opened(ledger) as kept_ledger:
        record = record_in(kept_ledger, name)
        files = files_kept(kept_ledger, record)
        with Runner() as runner:
            made = runner.documents(record, files)
        documents = {name: data for name, data in made.items() if digest(data) == record.envelope.documents[name]}
        write_bundle(bundle, Bundle(record, files, documents))
        listed = kept_ledger.entry(name)
        if listed is not None:
            kept_ledger.note_export(listed.link.number, "bundle", str(bundle.resolve()))
    for other in sorted(record.envelope.documents.keys() - documents.keys()):
        say(f"Left out: {other}, which is not made again here byte for byte as it was.")
    click.echo(f"Written: {bundle} (everything, for the advisor and the auditor alone)")


@click.command()
@ledger_option
@format_option
@engine_option
@workspace_option
@click.argument("source")
@click.option(
    "--programs",
    "catalogues",
    type=click.Path(path_type=Path, dir_okay=False),
    multiple=True,
    help="For a record alone: a catalogue (.csv) that it was made with; can be named several times.",
)
@click.option(
    "--notes",
    type=click.Path(path_type=Path, dir_okay=False),
    help="For a record alone: the notes that it was made with. [default: the workspace's]",
)
@click.option("--full", is_flag=True, help="Show every difference.")
def replay(
    ledger: Path | None,
    form: str,
    engine: str | None,
    workspace: Path | None,
    source: str,
    catalogues: tuple[Path, ...],
    notes: Path | None,
    *,
    full: bool,
) -> None:
    """Run the advice of SOURCE (a record, a bundle, or an entry's id) again, and say whether it comes out the same."""
    with reporting(), Runner(matcher_of(engine)) as runner:
        kept = _kept(source, ledger)
        if kept.files is not None and (catalogues or notes is not None):
            raise click.UsageError(f"'{source}' keeps its files itself; --programs and --notes are for a record alone.")
        found = runner.replay(kept.record, _files_of(kept, workspace, catalogues, notes))
    if form == "json":
        print_json(_replay_data(found))
    else:
        for line in _replay_lines(found):
            click.echo(line)
        _print_difference(found.difference, full=full)
    if not found.is_same:
        raise SystemExit(FINDINGS)


@click.command(name="recall")
@ledger_option
@format_option
@engine_option
@workspace_option
@click.option(
    "--rule", default="", metavar="ID", help="Advices in which this rule fired, may have fired, or would now."
)
@since_option
def recall_command(
    ledger: Path | None,
    form: str,
    engine: str | None,
    workspace: Path | None,
    rule: str,
    since: datetime | None,
) -> None:
    """List the people to call: in whose advice a rule fired, or (without --rule) whose would be another by today's rules."""
    with reporting(), opened(ledger) as kept_ledger, Runner(matcher_of(engine)) as runner:
        today = load_workspace(workspace)
        files = workspace_files(today)
        names, remark = searched(rule, today.ruleset)
        if remark:
            say(remark)
        if kept_ledger.verify():
            say("This ledger was changed, so that somebody may be missing here. Run 'smartpick audit verify'.")
        found = recall(kept_ledger, runner, files, names, written_since(since))
        if form == "json":
            print_json([_recalled_data(one) for one in found])
            return
        count = 0
        # Each as soon as it is found: it may take an hour.
        for count, one in enumerate(found, start=1):  # noqa: B007 - counted for the last line
            for line in _recalled_lines(one):
                click.echo(line)
    click.echo(f"{count} advice{'s' if count != 1 else ''} to look at again.")


@click.command()
@ledger_option
@format_option
@engine_option
@workspace_option
@click.argument("old")
@click.argument("new", required=False)
@click.option("--full", is_flag=True, help="Show every difference.")
@click.option("--told", is_flag=True, help="Compare what the applicant was given.")
def compare(
    ledger: Path | None,
    form: str,
    engine: str | None,
    workspace: Path | None,
    old: str,
    new: str | None,
    *,
    full: bool,
    told: bool,
) -> None:
    """Say what moved from the advice OLD to NEW (without NEW: to the same by today's rules), laid to what brought it."""
    with reporting(), Runner(matcher_of(engine)) as runner:
        first = _kept(old, ledger)
        if new is None:
            files = workspace_files(load_workspace(workspace))
            laid = laid_to_today(first.record, _files_of(first, workspace), files, runner, told=told)
        else:
            last = _kept(new, ledger)
            laid = since_last_time(
                first.record, last.record, _files_of(first, workspace), _files_of(last, workspace), runner, told=told
            )
    if form == "json":
        print_json([{"through": list(one.to), "difference": data_of(one.difference)} for one in laid])
        return
    if not told:
        say("This compares what the advisor has; --told compares what the applicant was given.")
    for one in laid:
        click.echo(f"Because of {' and '.join(one.to)}:")
        _print_difference(one.difference, full=full)
    if not laid:
        click.echo("Nothing moved.")


def _kept(source: str, ledger: Path | None) -> Kept:
    kept = open_kept(source, ledger)
    if kept is None:
        raise click.UsageError(f"'{source}' is no record, no bundle and no entry of the ledger.")
    return kept


def _files_of(
    kept: Kept, workspace: Path | None, catalogues: Iterable[Path] = (), notes: Path | None = None
) -> dict[str, str]:
    """The files kept with it, or those of the workspace, with catalogues and notes of then, where none were."""
    if kept.files is not None:
        return dict(kept.files)
    return files_beside(kept.record, load_workspace(workspace), catalogues, notes)


def _replay_data(found: Replayed) -> dict[str, object]:
    return {
        "same_body": found.same_body,
        "same_documents": dict(found.same_documents),
        "same_content": dict(found.same_content),
        "other": list(found.other),
        "difference": data_of(found.difference),
    }


def _replay_lines(found: Replayed) -> Iterable[str]:
    yield f"The advice is {'the same, byte for byte' if found.same_body else 'not the same'}."
    for name, same in sorted(found.same_documents.items()):
        if not same and found.same_content.get(name):
            yield f"{name}: the same in what it says; other bytes ({plain_text(found.laid_out[name])})."
        else:
            yield f"{name}: {'the same, byte for byte' if same else 'not the same'}."
    if found.other:
        yield f"Not as it was: {'; '.join(found.other)}."


def _print_difference(found: Difference, *, full: bool) -> None:
    for node in difference_nodes(found, full=full):
        click.echo("\n".join(drawn(node)) + "\n")


def _recalled_lines(one: Recalled) -> Iterable[str]:
    """The entry with how much would be otherwise today; then the sorting and the actions that would be, one a line."""
    start = entry_line(one.entry)
    if one.may_have_fired:
        start += ". The rule may have fired (something is not known)"
    if one.problem or one.today is None:
        yield f"{start}. It cannot be run today: {plain_text(one.problem)}"
        return
    counts = ", ".join(f"{number} {part.value}" for part, number in one.changes.items() if number)
    if one.words:
        counts += f"{', ' if counts else ''}the words of {' and '.join(one.words)} (templates)"
    yield f"{start}. {f'Today otherwise: {counts}' if counts else 'Today the same'}"
    for part in (Part.BUCKET, Part.ACTIONS):
        for change in one.today.of(part):
            about = one.today.names.get(change.key, change.key)
            yield "        " + plain_text(f"{about}: {turn_text(change)}")


def _recalled_data(one: Recalled) -> dict[str, object]:
    return {
        "entry": entry_data(one.entry),
        "fired": one.fired,
        "may_have_fired": one.may_have_fired,
        "words": list(one.words),
        "today": data_of(one.today) if one.today is not None else None,
        "problem": one.problem,
    }
