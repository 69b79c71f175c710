"""`python -m smartpick_expert.authoring.word_template FILE` writes the Word template that is shipped."""

from __future__ import annotations

import sys
from pathlib import Path

from smartpick_expert.report.formats.word_template import template

if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(template())
