"""The schema of the house style of a workspace."""

from __future__ import annotations

from typing import Final

from smartpick_expert.authoring.schemas.definitions import Definitions
from smartpick_expert.authoring.schemas.scalars import Schema, any_of, described, listed, mapping, optional, text, words
from smartpick_expert.report.house import COLOURS, MAX_LINES, PAPERS

# Blanks around a text do not count.
_COLOUR: Final = r"^\s*#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})\s*$"


def house_file() -> Schema:
    """The schema of `house.yaml`. Whether a colour is legible and a logo a picture is left to the program."""
    properties = {
        "about": optional(text("What this file is about.")),
        "organisation": optional(text("Who advises; stands at the head of every document.")),
        "advisor": optional(text("The advisor's name, beneath what is signed.")),
        "contact": optional(_several("contact", "How the office is reached, a line each, below its name.")),
        "logo": optional(text("A PNG, JPEG or SVG file in the workspace, by its path there.")),
        "colours": optional(
            mapping(
                {
                    name: {"type": "string", "pattern": _COLOUR, "description": meaning}
                    for name, meaning in COLOURS.items()
                },
                description="Colours in quotes, as '#1d4a5f', dark enough to be read on white.",
            )
        ),
        "closing": optional(_several("closing", "Closing words before the signature, a paragraph each.")),
        "paper": optional(described(words(PAPERS), "The paper of PDF and Word documents.")),
    }
    return Definitions().document("The house style", "How documents look, and who signs them.", mapping(properties))


def _several(key: str, meaning: str) -> Schema:
    return described(any_of([text(), listed(text(), most=MAX_LINES[key])]), meaning)
