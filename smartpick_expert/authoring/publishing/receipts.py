"""The receipt that `rules impact` leaves when somebody looked at what the workspace would change, and that a publication asks for."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import msgspec

from smartpick_expert.audit.versions import Receipt
from smartpick_expert.authoring.impact import Fate
from smartpick_expert.authoring.impact_summary import Impact
from smartpick_expert.writing import write_all

PLACE: Final = ".smartpick/impact.json"


def leave_receipt(root: Path, old: str, new: str, impact: Impact, report: str) -> None:
    """Note that the impact between two contents, by hash, was looked at. No name and no label stands in it.

    `report` is the hash of what was seen. Raises OSError where it cannot be written.
    """
    receipt = Receipt(old, new, impact.people, impact.fates[Fate.MOVED], report, moment(), impact.as_of)
    text = json.dumps(msgspec.to_builtins(receipt), indent=1, sort_keys=True) + "\n"
    write_all({root / PLACE: text.encode("utf-8")})


def receipt_for(root: Path, old: str, new: str) -> Receipt | None:
    """The receipt for exactly these two contents; None where there is none, or none that can be read."""
    try:
        receipt = msgspec.convert(json.loads((root / PLACE).read_bytes()), Receipt)
    except (OSError, ValueError, RecursionError):
        return None
    return receipt if (receipt.old, receipt.new) == (old, new) else None


def looked_back(receipt: Receipt, day: date) -> bool:
    """Whether what was looked at were advices of a day gone by, which nobody will be given from a day on.

    What was looked at yesterday, as of yesterday, serves today.
    """
    looked = datetime.fromisoformat(receipt.at).astimezone().date()
    return receipt.as_of != "" and date.fromisoformat(receipt.as_of) < min(day, looked)


def moment() -> str:
    """Now, as it is written."""
    return datetime.now(UTC).isoformat(timespec="seconds")
