"""`smartpick audit`: the ledger of advices given: looked through, verified, replayed, recalled, erased."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from smartpick_expert.audit.bundle import Bundle, write_bundle
from smartpick_expert.audit.chain import START
from smartpick_expert.audit.digests import digest
from smartpick_expert.audit.entering import default_path, record_in
from smartpick_expert.audit.inputs import workspace_files
from smartpick_expert.audit.ledger import Ledger, Listed
from smartpick_expert.audit.record import Record, record_text
from smartpick_expert.audit.settings import NAME, read_settings
from smartpick_expert.cli.options import engine_option, ledger_option, matcher_of, workspace_option
from smartpick_expert.cli.output import FINDINGS, reporting, say
from smartpick_expert.diagnostics import closest
from smartpick_expert.explain.difference import Difference, Part, data_of
from smartpick_expert.explain.difference_text import difference_nodes, turn_text
from smartpick_expert.explain.tree import drawn
from smartpick_expert.explain.wording import plain_text
from smartpick_expert.recall import Recalled, laid_to_today, recall, searched, since_last_time
from smartpick_expert.replay import Replayed, Runner
from smartpick_expert.sources import Kept, files_kept, open_kept
from smartpick_expert.workspace import find_root, load_workspace

_F = TypeVar("_F", bound=Callable[..., Any])
_DAY = click.DateTime(["%Y-%m-%d"])


def _format_option(command: _F) -> _F:
    return click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)(
        command
    )


def _opened(path: Path | None) -> Ledger:
    return Ledger(path or default_path(), must_exist=True)


def _print_json(data: object) -> None:
    click.echo(json.dumps(data, indent=2, sort_keys=True, ensure_ascii=False))


@click.group()
def audit() -> None:
    """The ledger of advices given: look, verify, replay, recall, compare, export, erase."""


@audit.command()
@ledger_option
@_format_option
@workspace_option
@click.option("--label", default="", help="Only advices on this applicant.")
@click.option("--since", type=_DAY, default=None, help="Only advices made on this day or later.")
@click.option("--rule", default="", help="Only advices in which this rule fired.")
@click.option("--overrides", is_flag=True, help="Only advices that an advisor overrode in something.")
@click.option("--expired", is_flag=True, help="Only advices kept longer than the workspace's settings say.")
def log(
    ledger: Path | None,
    form: str,
    workspace: Path | None,
    label: str,
    since: datetime | None,
    rule: str,
    *,
    overrides: bool,
    expired: bool,
) -> None:
    """List the advices given, oldest first, and the head of the chain."""
    with reporting(), _opened(ledger) as opened:
        limit = _kept_since(workspace) if expired else ""
        listed = [
            one
            for one in opened.entries(label, _written(since), rule, overrides=overrides)
            if not expired or (limit and one.link.at < limit and one.summary is not None)
        ]
        head = opened.head()
    if form == "json":
        _print_json({"head": head, "entries": [_entry_data(one) for one in listed]})
        return
    for one in listed:
        click.echo(_entry_line(one))
    click.echo(f"{len(listed)} advice{'s' if len(listed) != 1 else ''}. Head: {head}")


@audit.command()
@ledger_option
@_format_option
@click.argument("name", metavar="ID")
def show(ledger: Path | None, form: str, name: str) -> None:
    """Show one advice: what it was made from, what came out, what was overridden, and where it was written."""
    with reporting(), _opened(ledger) as opened:
        record = record_in(opened, name)
        listed = opened.entry(name)
        exports = opened.exports([listed.link.number]) if listed is not None else ()
    if form == "json":
        click.echo(record_text(record), nl=False)
        return
    if listed is not None:
        click.echo(_entry_line(listed))
    for line in _shown(record):
        click.echo(plain_text(line))
    for what, place in exports:
        click.echo(plain_text(f"Written elsewhere: {what}, {place}"))


@audit.command()
@ledger_option
@_format_option
@click.option("--head", default="", metavar="HASH", help="A head that was printed earlier: shows a cut tail too.")
def verify(ledger: Path | None, form: str, head: str) -> None:
    """Check that nothing in the ledger was changed, taken out or put elsewhere."""
    with reporting(), _opened(ledger) as opened:
        # The head of an empty ledger covers nothing, so it is as good as none.
        head = "" if head.strip() == START else head.strip().lower()
        found = opened.verify(head)
        count, now, covered = opened.length(), opened.head(), opened.number_of(head)
    if form == "json":
        _print_json({"entries": count, "head": now, "against": head, "findings": [asdict(one) for one in found]})
    else:
        for finding in found:
            say(f"{finding.fault}: {finding.message}" + (f" (entry {finding.id})" if finding.id else ""))
        held = f"{len(found)} finding{'s' if len(found) != 1 else ''}." if found else "The chain holds."
        click.echo(f"{count} entr{'ies' if count != 1 else 'y'}. {held} Head: {now}")
        if not head:
            click.echo(
                "Without --head it cannot be told whether entries were cut off at the end, or whether the whole chain was "
                "made anew. Name a head that a report or 'audit log' printed earlier."
            )
        elif covered and covered < count:
            click.echo(
                f"By this head entries up to {covered} are sure; those after it could be cut off or made anew unseen."
            )
    if found:
        raise SystemExit(FINDINGS)


@audit.command()
@ledger_option
@click.argument("name", metavar="ID")
@click.option("--bundle", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
def export(ledger: Path | None, name: str, bundle: Path) -> None:
    """Write one advice with everything it was made from into a zip that can be replayed offline."""
    with reporting(), _opened(ledger) as opened:
        record = record_in(opened, name)
        files = files_kept(opened, record)
        with Runner() as runner:
            made = runner.documents(record, files)
        documents = {name: text for name, text in made.items() if digest(text) == record.envelope.documents[name]}
        write_bundle(bundle, Bundle(record, files, documents))
        listed = opened.entry(name)
        if listed is not None:
            opened.note_export(listed.link.number, "bundle", str(bundle.resolve()))
    for other in sorted(made.keys() - documents.keys()):
        say(f"Left out: {other}, which this program does not make again as it was.")
    click.echo(f"Written: {bundle} (everything, for the advisor and the auditor alone)")


@audit.command()
@ledger_option
@_format_option
@engine_option
@workspace_option
@click.argument("source")
@click.option("--full", is_flag=True, help="Show every difference.")
def replay(
    ledger: Path | None, form: str, engine: str | None, workspace: Path | None, source: str, *, full: bool
) -> None:
    """Run the advice of SOURCE (a record, a bundle, or an entry's id) again, and say whether it comes out the same."""
    with reporting(), Runner(matcher_of(engine)) as runner:
        kept = _kept(source, ledger)
        found = runner.replay(kept.record, _files_of(kept, workspace))
    if form == "json":
        _print_json(_replay_data(found))
    else:
        for line in _replay_lines(found):
            click.echo(line)
        _print_difference(found.difference, full=full)
    if not found.is_same:
        raise SystemExit(FINDINGS)


@audit.command(name="recall")
@ledger_option
@_format_option
@engine_option
@workspace_option
@click.option("--rule", default="", metavar="ID", help="Advices in which this rule fired.")
@click.option("--since", type=_DAY, default=None, help="Only advices made on this day or later.")
def recall_command(
    ledger: Path | None,
    form: str,
    engine: str | None,
    workspace: Path | None,
    rule: str,
    since: datetime | None,
) -> None:
    """List the people to call: in whose advice a rule fired, or (without --rule) whose would be another by today's rules."""
    with reporting(), _opened(ledger) as opened, Runner(matcher_of(engine)) as runner:
        today = load_workspace(workspace)
        files = workspace_files(today)
        names, remark = searched(rule, today.ruleset)
        if remark:
            say(remark)
        if opened.verify():
            say("This ledger was changed, so that somebody may be missing here. Run 'smartpick audit verify'.")
        found = recall(opened, runner, files, names, _written(since))
        if form == "json":
            _print_json([_recalled_data(one) for one in found])
            return
        count = 0
        # Each as soon as it is found: it may take an hour.
        for count, one in enumerate(found, start=1):  # noqa: B007 - counted for the last line
            for line in _recalled_lines(one):
                click.echo(line)
    click.echo(f"{count} advice{'s' if count != 1 else ''} to look at again.")


@audit.command()
@ledger_option
@_format_option
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
        _print_json([{"through": list(one.to), "difference": data_of(one.difference)} for one in laid])
        return
    if not told:
        say("This compares what the advisor has; --told compares what the applicant was given.")
    for one in laid:
        click.echo(f"Because of {' and '.join(one.to)}:")
        _print_difference(one.difference, full=full)
    if not laid:
        click.echo("Nothing moved.")


@audit.command()
@ledger_option
@workspace_option
@click.argument("label", required=False, default="")
@click.option("--expired", is_flag=True, help="Erase what was kept longer than the workspace's settings say.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(ledger: Path | None, workspace: Path | None, label: str, *, expired: bool, yes: bool) -> None:
    """Erase every advice on the applicant LABEL; that there were so many stays. What was written elsewhere is listed."""
    if bool(label) == expired:
        raise click.UsageError("Name a label, or --expired.")
    with reporting(), _opened(ledger) as opened:
        limit = _kept_since(workspace) if expired else ""
        numbers = [
            one.link.number
            for one in opened.entries(label)
            if one.summary is not None and (label or (limit and one.link.at < limit))
        ]
        if not numbers:
            # An erasure that could not be completed is, now.
            opened.erase(())
            labels = {one.summary.label for one in opened.entries() if one.summary is not None}
            click.echo(f"There is nothing to erase. {closest(label, labels)}".rstrip())
            return
        if not yes and not click.confirm(f"Erase {len(numbers)} for good?", err=True):
            raise SystemExit(FINDINGS)
        places = opened.exports(numbers)
        ids = opened.erase(numbers)
        head = opened.head()
    click.echo(f"Erased: {', '.join(ids)}. That they were is kept. Head: {head}")
    for what, place in places:
        click.echo(plain_text(f"Delete by hand: {what}, {place}"))


def _written(moment: datetime | None) -> str:
    return moment.date().isoformat() if moment is not None else ""


def _kept_since(workspace: Path | None) -> str:
    settings = read_settings(workspace or find_root())
    if settings.keep_months is None:
        say(f"No '{NAME}' of the workspace says how long advices are kept, so they are kept for ever.")
    return settings.kept_since(date.today())  # noqa: DTZ011 - the day where the advisor is


def _kept(source: str, ledger: Path | None) -> Kept:
    kept = open_kept(source, ledger)
    if kept is None:
        raise click.UsageError(f"'{source}' is no record, no bundle and no entry of the ledger.")
    return kept


def _files_of(kept: Kept, workspace: Path | None) -> dict[str, str]:
    """The files kept with it, or those of the workspace where none were."""
    if kept.files is not None:
        return dict(kept.files)
    return workspace_files(load_workspace(workspace))


def _entry_line(one: Listed) -> str:
    link, summary = one.link, one.summary
    start = f"{link.number:>6}  {link.id}  {link.at}"
    if summary is None:
        return f"{start}  ({'damaged' if one.is_damaged else 'erased'})"
    overrides = f", {summary.overrides} overridden" if summary.overrides else ""
    said = plain_text(f"{summary.label}, as of {summary.as_of}: {summary.bucket}{overrides}")
    return f"{start}  {said}"


def _entry_data(one: Listed) -> dict[str, object]:
    summary = asdict(one.summary) if one.summary is not None else None
    return {"link": asdict(one.link), "summary": summary, "is_damaged": one.is_damaged}


def _shown(record: Record) -> Iterable[str]:
    body, envelope = record.body, record.envelope
    yield f"Made {envelope.made_at} by program {envelope.program}, engine {envelope.engine} {envelope.engine_version}."
    for what, files in (("rules", body.inputs.rules), ("knowledge", body.inputs.knowledge)):
        yield f"{what.capitalize()} {files.sha256[:16]}, {len(files.files)} files."
    yield f"Profile {body.inputs.profile.sha256[:16]}, from {envelope.profile}."
    for override in body.overrides:
        to = f"to {override.to}" if override.to else "withdrawn"
        who = f"by {override.by} on {override.on}: {override.because}"
        yield f"Override ({override.state}) of {override.of}: {to}, {who} The rules say: {override.engine.removesuffix('.')}."
    for name, found in sorted(envelope.documents.items()):
        yield f"Document {name}: {found}"
    yield f"Actions: {', '.join(body.advisor.actions)}."


def _replay_data(found: Replayed) -> dict[str, object]:
    return {
        "same_body": found.same_body,
        "same_documents": dict(found.same_documents),
        "other": list(found.other),
        "difference": data_of(found.difference),
    }


def _replay_lines(found: Replayed) -> Iterable[str]:
    yield f"The advice is {'the same, byte for byte' if found.same_body else 'not the same'}."
    for name, same in sorted(found.same_documents.items()):
        yield f"{name}: {'the same, byte for byte' if same else 'not the same'}."
    if found.other:
        yield f"Not as it was: {'; '.join(found.other)}."


def _print_difference(found: Difference, *, full: bool) -> None:
    for node in difference_nodes(found, full=full):
        click.echo("\n".join(drawn(node)) + "\n")


def _recalled_lines(one: Recalled) -> Iterable[str]:
    """The entry with how much would be otherwise today; then the sorting and the actions that would be, one a line."""
    start = _entry_line(one.entry)
    if one.problem or one.today is None:
        yield f"{start}. It cannot be run today: {plain_text(one.problem)}"
        return
    counts = ", ".join(f"{number} {part.value}" for part, number in one.changes.items() if number)
    yield f"{start}. {f'Today otherwise: {counts}' if counts else 'Today the same'}"
    for part in (Part.BUCKET, Part.ACTIONS):
        for change in one.today.of(part):
            about = one.today.names.get(change.key, change.key)
            yield "        " + plain_text(f"{about}: {turn_text(change)}")


def _recalled_data(one: Recalled) -> dict[str, object]:
    return {
        "entry": _entry_data(one.entry),
        "fired": one.fired,
        "today": data_of(one.today) if one.today is not None else None,
        "problem": one.problem,
    }
