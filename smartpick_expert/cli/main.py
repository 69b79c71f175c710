"""`smartpick`: the command line as a whole."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from io import TextIOWrapper

import click

from smartpick_expert.cli.advise import advise
from smartpick_expert.cli.profile import profile
from smartpick_expert.cli.rules import rules


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="smartpick-expert", prog_name="smartpick")
def main() -> None:
    """Advise international medical graduates on US residency, by rules that can be read, edited and audited."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that lacks a character shows another in its place; that is no reason to stop.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def run() -> None:
    """The command as installed: what goes wrong outside our hands is told in a sentence too."""
    try:
        main()
    except OSError as error:
        with suppress(OSError):
            click.echo(f"The output cannot be written: {error.strerror or error}.", err=True)
        os._exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


main.add_command(advise)
main.add_command(profile)
main.add_command(rules)

if __name__ == "__main__":
    run()
