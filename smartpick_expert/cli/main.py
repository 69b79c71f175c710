"""`smartpick`: the command line as a whole."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from importlib import import_module
from io import TextIOWrapper

import click

from smartpick_expert.version import VERSION

# Each command with the module beside this one that holds it, and its name there.
_COMMANDS = {
    "advise": ("advise", "advise"),
    "profile": ("profile", "profile"),
    "rules": ("rules", "rules"),
    "programs": ("programs", "programs"),
    "audit": ("audit", "audit"),
    "init": ("init", "init"),
    "why": ("explain", "why"),
    "why-not": ("explain", "why_not"),
    "what-if": ("explain", "what_if"),
}


class _Commands(click.Group):
    """The commands, each imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"smartpick_expert.cli.{module}"), name)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(VERSION, prog_name="smartpick")
def main() -> None:
    """Advise international medical graduates on US residency, by rules that can be read, edited and audited."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that lacks a character shows another in its place; that is no reason to stop.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def run() -> None:
    """The command as installed: what goes wrong outside our hands is told in a sentence too."""
    # A command lasts for seconds, and nearly all that it makes stays as long: to look for what does not takes a sixth of its time.
    gc.set_threshold(50_000, 20, 20)
    try:
        main()
    except OSError as error:
        with suppress(OSError):
            click.echo(f"The output cannot be written: {error.strerror or error}.", err=True)
        os._exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    run()
