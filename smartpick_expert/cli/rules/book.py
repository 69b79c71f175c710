"""`smartpick rules book`: the rule base as a document."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from smartpick_expert.authoring.book import Book, book_of
from smartpick_expert.cli.options import as_of_option, day_of, workspace_option
from smartpick_expert.cli.output import reporting, say, write_output
from smartpick_expert.cli.served import served_root
from smartpick_expert.report.render import filled
from smartpick_expert.workspace import Workspace, load_workspace

_FORMS = ("md", "html")
_ENDINGS = {".html": "html", ".htm": "html"}


def _forms(_: click.Context, __: click.Parameter, value: str | None) -> tuple[str, ...]:
    """Formats with commas between them."""
    names = tuple(dict.fromkeys(name.strip() for name in (value or "").split(",") if name.strip()))
    for name in names:
        if name not in _FORMS:
            message = f"'{name}' is no format. Known are: {', '.join(_FORMS)}."
            raise click.BadParameter(message)
    return names


@click.command()
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), default=None, help="The file. [default: print it]"
)
@click.option(
    "--format",
    "forms",
    callback=_forms,
    default=None,
    help="md, html, or both. [default: by the ending of --out, else md]",
)
@as_of_option
@workspace_option
def book(out: Path | None, forms: tuple[str, ...], as_of: datetime | None, workspace: Path | None) -> None:
    """Write all rules as a document to be read: by topic, each beside its claims, evidence, numbers and cases."""
    chosen = forms or (_ENDINGS.get(out.suffix.lower(), "md") if out is not None else "md",)
    if out is None and len(chosen) > 1:
        raise click.UsageError("Two formats need a file: name it with --out.")
    with reporting():
        loaded = load_workspace(served_root(workspace))
        made = book_of(loaded, day_of(as_of))
        texts = {form: _text(made, form, loaded) for form in chosen}
        if out is None:
            click.echo(texts[chosen[0]], nl=False)
            return
        paths = {form: out if len(chosen) == 1 else out.with_suffix(f".{form}") for form in chosen}
        write_output({paths[form]: text for form, text in texts.items()})
    rules = sum(len(chapter.entries) for chapter in made.chapters)
    say(f"{rules} rules in {len(made.chapters)} topics, {len(made.claims)} claims.")
    for path in paths.values():
        say(f"Written: {path}")


def _text(made: Book, form: str, workspace: Workspace) -> str:
    name = f"book.{form}.j2"
    return filled(name, form, workspace.reports_with(name), book=made)
