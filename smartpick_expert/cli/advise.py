"""`smartpick advise`: the written advice."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from smartpick_expert.advice import FORMATS, advise as make_advice, write_documents
from smartpick_expert.cli.options import as_of_option, day_of, engine_option, matcher_of, workspace_option
from smartpick_expert.cli.output import reporting


class FormatList(click.ParamType):
    """A list of formats with commas between them."""

    name = "formats"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """Split and check."""
        if isinstance(value, tuple):
            return value
        names = tuple(dict.fromkeys(name.strip() for name in str(value).split(",") if name.strip()))
        for name in names:
            if name not in FORMATS:
                self.fail(f"'{name}' is no format. Known are: {', '.join(FORMATS)}.", param, ctx)
        if not names:
            self.fail(f"no format is named. Known are: {', '.join(FORMATS)}.", param, ctx)
        return names


@click.command()
@click.argument("profile", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="The folder to write to. [default: here]")
@click.option("--format", "formats", type=FormatList(), default="html,md", show_default=True, help="Formats: html, md, json.")
@click.option("--redact", is_flag=True, help="Leave out label, writers, institutions and days, in every output.")
@click.option("--with-drafts", is_flag=True, help="Let draft rules fire too.")
@as_of_option
@engine_option
@workspace_option
def advise(
    profile: Path,
    out: Path,
    formats: tuple[str, ...],
    redact: bool,
    with_drafts: bool,
    as_of: datetime | None,
    engine: str | None,
    workspace: Path | None,
) -> None:
    """Write the advice on PROFILE, a YAML or JSON file, and print a summary."""
    with reporting():
        advice = make_advice(profile, workspace, day_of(as_of), matcher_of(engine), redacted=redact, with_drafts=with_drafts)
        paths = write_documents(advice, out, formats, "advice" if redact else profile.stem)
        click.echo(advice.document("summary"))
        for path in paths:
            click.echo(f"Written: {path}")
