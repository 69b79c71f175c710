"""`smartpick`: the command line as a whole."""

from __future__ import annotations

import sys
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


main.add_command(advise)
main.add_command(profile)
main.add_command(rules)

if __name__ == "__main__":
    main()
