"""The schemas of the files around catalogues of programs: how a table is read, and what holds for a whole catalogue."""

from __future__ import annotations

from smartpick_expert.authoring.schemas import scalars
from smartpick_expert.authoring.schemas.definitions import Definitions
from smartpick_expert.authoring.schemas.scalars import (
    Schema,
    boolean,
    day,
    described,
    given,
    listed,
    mapping,
    number,
    optional,
    text,
    words,
)
from smartpick_expert.language.vocabulary import Field
from smartpick_expert.programs.columns import ID, NOT_COLUMNS
from smartpick_expert.programs.gates import PROGRAM
from smartpick_expert.programs.importing.form import As
from smartpick_expert.workspace import Workspace

_WRITTEN = {
    As.SHARE: "As a share of one, or with a percent sign",
    As.PERCENT: "As a percentage, with or without its sign",
}


def imports(workspace: Workspace) -> Schema:
    """The schema of a file that says how tables are read, which a mapping file of one's own is too."""
    parts = Definitions()
    fields = _fields(workspace)
    field = parts.ref("field", words({name: one.meaning for name, one in fields.items()}))
    pair = listed(field, least=2, most=2)
    specialty = scalars.value(fields["specialty"]) if "specialty" in fields else text()
    values = mapping({name: described(scalars.value(one), one.meaning) for name, one in fields.items()})
    column = {
        "headings": listed(text(), "The headings it may have; capitals, blanks and hyphens do not count."),
        "field": described(field, "The field that its cells are values of."),
        "as": described(words(_WRITTEN), "How a share is written."),
        "times": described(
            number(whole=True, minimum=1), "By how much its numbers are multiplied: 4, for months as weeks."
        ),
        "range": described(pair, "The two fields that low-high gives."),
        "words": {
            "type": "object",
            "additionalProperties": optional(parts.ref("values", values)),
            "description": "For a whole cell, the fields and values that it gives.",
        },
        "ignore": described(boolean(), "Whether it is left alone."),
    }
    follows = {
        "field": described(field, "A field of a program."),
        "is": listed(text(), "Values of it; capitals do not count."),
        "gives": described(values, "What these say of other fields, where a row is silent on them."),
    }
    properties = {
        "about": optional(text("What this file is about.")),
        "follows": optional(listed(mapping(follows, [*follows]), "What one field says of others.")),
        "blank": optional(listed(text(), "Words that say that nothing is known.")),
        "columns": optional(listed(parts.ref("column", mapping(column, ["headings"])), "What the columns mean.")),
        "personal": optional(listed(text(), "Words of headings whose columns name or reach people; they are dropped.")),
        "in_order": optional(listed(pair, "Pairs of fields of which the first is never above the second.")),
        "specialty": optional(described(specialty, "The specialty of rows that state none.")),
        "source": optional(text("Where the figures come from.")),
        "verified": optional(described(day(), "The day on which somebody looked them up.")),
        "sheet": optional(text("The sheet of a workbook; its first where none is named.")),
    }
    return parts.document("A mapping file", "How a table of programs is read.", mapping(properties))


def catalogues(workspace: Workspace) -> Schema:
    """The schema of the small file beside a catalogue's table."""
    shared = {name: given(one) for name, one in _fields(workspace).items() if name not in (ID, *NOT_COLUMNS)}
    properties = {
        "about": text("What the catalogue is."),
        "fictional": optional(described(boolean(), "Whether its programs are invented.")),
        "source": optional(text("Where figures come from that name no source of their own.")),
        "verified": optional(described(day(), "The day on which figures were looked up that name none of their own.")),
        "all": optional(mapping(shared, description="What all its programs share where a cell says nothing else.")),
    }
    return Definitions().document(
        "The file beside a catalogue", "What holds for all of its programs.", mapping(properties, ["about"])
    )


def _fields(workspace: Workspace) -> dict[str, Field]:
    fact_type = workspace.vocabulary.types.get(PROGRAM)
    return dict(fact_type.fields) if fact_type is not None else {}
