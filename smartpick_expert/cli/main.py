"""`smartpick`: the command line as a whole."""

from __future__ import annotations

import click

from smartpick_expert.cli.advise import advise
from smartpick_expert.cli.profile import profile
from smartpick_expert.cli.rules import rules


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="smartpick-expert", prog_name="smartpick")
def main() -> None:
    """Advise international medical graduates on US residency, by rules that can be read, edited and audited."""


main.add_command(advise)
main.add_command(profile)
main.add_command(rules)

if __name__ == "__main__":
    main()
