"""`smartpick audit log` and `show`: what is in the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import click

from smartpick_expert.audit.entering import record_in, record_text_at
from smartpick_expert.audit.entry import near_labels
from smartpick_expert.audit.record import Record
from smartpick_expert.cli.audit.shared import (
    entry_data,
    entry_line,
    format_option,
    kept_since,
    opened,
    print_json,
    since_option,
    written_since,
)
from smartpick_expert.cli.options import ledger_option, workspace_option
from smartpick_expert.cli.output import reporting, say
from smartpick_expert.diagnostics import closest
from smartpick_expert.explain.wording import plain_text


@click.command()
@ledger_option
@format_option
@workspace_option
@click.option("--label", default="", help="Only advices on this applicant.")
@since_option
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
    with reporting(), opened(ledger) as kept_ledger:
        limit = kept_since(workspace) if expired else ""
        listed = [
            one
            for one in kept_ledger.entries(label, written_since(since), rule, overrides=overrides)
            if not expired or (limit and one.link.at < limit and one.summary is not None)
        ]
        head = kept_ledger.head()
        labels = {one.summary.label for one in kept_ledger.entries() if one.summary is not None} if label else set()
    near = near_labels(label, labels)
    if near:
        say(f"Labels are matched as they are written. There are advices too under: {', '.join(near)}.")
    elif label and label not in labels:
        say(f"No advice has the label '{label}'. {closest(label, labels)}".rstrip())
    if form == "json":
        print_json({"head": head, "entries": [entry_data(one) for one in listed]})
        return
    for one in listed:
        click.echo(entry_line(one))
    click.echo(f"{len(listed)} advice{'s' if len(listed) != 1 else ''}. Head: {head}")


@click.command()
@ledger_option
@format_option
@click.argument("name", metavar="ID")
def show(ledger: Path | None, form: str, name: str) -> None:
    """Show one advice: what it was made from, what came out, what was overridden, and where it was written."""
    with reporting(), opened(ledger) as kept_ledger:
        record = record_in(kept_ledger, name)
        listed = kept_ledger.entry(name)
        exports = kept_ledger.exports([listed.link.number]) if listed is not None else ()
        text = record_text_at(kept_ledger, listed) if listed is not None and form == "json" else ""
    if form == "json":
        click.echo(text, nl=False)
        return
    if listed is not None:
        click.echo(entry_line(listed))
    for line in _shown(record):
        click.echo(plain_text(line))
    for what, place in exports:
        click.echo(plain_text(f"Written elsewhere: {what}, {place}"))


def _shown(record: Record) -> Iterable[str]:
    body, envelope = record.body, record.envelope
    yield f"Made {envelope.made_at} by {envelope.maker}."
    for what, files in (("rules", body.inputs.rules), ("knowledge", body.inputs.knowledge)):
        yield f"{what.capitalize()} {files.sha256[:16]}, {len(files.files)} files."
    yield f"Profile {body.inputs.profile.sha256[:16]}, from {envelope.profile}."
    if body.evidence_only:
        yield "On evidence alone: rules by perception had no part in it."
    if envelope.signed_by:
        yield f"Signed by {envelope.signed_by}."
    for override in body.overrides:
        to = f"to {override.to}" if override.to else "withdrawn"
        who = f"by {override.by} on {override.on}: {override.because}"
        yield f"Override ({override.state}) of {override.of}: {to}, {who} The rules say: {override.engine.removesuffix('.')}."
    for name, found in sorted(envelope.documents.items()):
        yield f"Document {name}: {found}"
    yield f"Actions: {', '.join(body.advisor.actions)}."
