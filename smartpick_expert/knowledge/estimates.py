"""How long a step takes and what it costs: ranges that say what they rest on, fees by name, or not known.

A step may also take no time, or cost nothing, by its nature (`none`): asking somebody, choosing between two offers.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from smartpick_expert.language.literals import read_one
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Mapping, Node, Scalar, Sequence
from smartpick_expert.language.values import ABSENT, UNKNOWN, Missing, Number, shorten
from smartpick_expert.language.vocabulary import Field, FieldType

ASSUMPTION: Final = "assumption"
EVIDENCE: Final = "evidence"
WEEKS: Final = Field("weeks", FieldType.NUMBER, "", unit="weeks", minimum=0, maximum=520)
USD: Final = Field("usd", FieldType.NUMBER, "", unit="USD", minimum=0)
_RANGE_KEYS = ("basis", "source", "owner")
_NOT_KNOWN: Final = "unknown"
_NONE: Final = "none"


@dataclass(frozen=True, slots=True)
class Estimate:
    """From so much to so much (`high` None: nobody knows how much). An assumption is ours, and `owner` answers for it.

    `per` is `month` where it is for each month that the step lasts.
    """

    low: Number
    high: Number | None
    basis: str
    source: str
    owner: str
    per: str = ""


@dataclass(frozen=True, slots=True)
class Fees:
    """Fees by the names of their parameters: those that are due, and those that are due for some, or paid already."""

    due: tuple[str, ...]
    perhaps: tuple[str, ...] = ()


Time = Estimate | Missing
Price = Estimate | Fees | Missing


class EstimateReader:
    """Reads `takes` and `costs` of one action; what cannot be read is not known, after a note of what is wrong with it."""

    def __init__(self, what: str, reader: Reader) -> None:
        self.what = what
        self.reader = reader

    def takes(self, node: Node) -> Time:
        """`{weeks: [2, 6], basis: assumption, source: ..., owner: ...}`, `none` or `unknown`."""
        word = self._word(node)
        if word is not None:
            return word
        mapping = self.reader.mapping(node, f"'takes' of {self.what}")
        return self._range(mapping, WEEKS) if mapping is not None else UNKNOWN

    def costs(self, node: Node) -> Price:
        """`{fees: [...], perhaps: [...]}`, `{usd: [0, 500], per: month, basis: ...}`, `none` or `unknown`."""
        word = self._word(node)
        if word is not None:
            return word
        mapping = self.reader.mapping(node, f"'costs' of {self.what}")
        if mapping is None:
            return UNKNOWN
        if mapping.get("usd") is not None:
            return self._range(mapping, USD, ("per",))
        self.reader.known_keys(mapping, ("fees", "perhaps", "usd"), f"'costs' of {self.what}")
        fees = Fees(self.reader.texts(mapping, "fees"), self.reader.texts(mapping, "perhaps"))
        if not fees.due and not fees.perhaps:
            self.reader.problem(
                mapping.location,
                "action.costs",
                f"'costs' of {self.what} names neither a fee nor a range.",
                "Write {fees: [...]} or {usd: [from, to], basis: ..., ...}, or one of the words none and unknown.",
            )
            return UNKNOWN
        return fees

    def _word(self, node: Node) -> Missing | None:
        text = node.text if isinstance(node, Scalar) else ""
        return {_NOT_KNOWN: UNKNOWN, _NONE: ABSENT}.get(text)

    def _range(self, mapping: Mapping, measure: Field, more: tuple[str, ...] = ()) -> Estimate | Missing:
        reader = self.reader
        reader.known_keys(mapping, (measure.name, *_RANGE_KEYS, *more), f"This figure of {self.what}")
        reader.required(mapping, (measure.name, *_RANGE_KEYS), f"This figure of {self.what}")
        basis = reader.choice(mapping, "basis", (ASSUMPTION, EVIDENCE)) or ASSUMPTION
        source = reader.text(mapping, "source")
        if (basis == EVIDENCE) != source.startswith(f"{EVIDENCE}:") and source:
            reader.problem(
                mapping.location,
                "action.basis",
                f"A figure of {self.what} is called {basis} and cites '{shorten(source)}'.",
                "Evidence cites an entry (evidence:...); an assumption says in words why we think so.",
            )
        ends = self._ends(mapping.get(measure.name), measure)
        if ends is None:
            return UNKNOWN
        per = reader.choice(mapping, "per", ("month",)) if more else ""
        return Estimate(*ends, basis, source, reader.text(mapping, "owner"), per)

    def _ends(self, node: Node | None, measure: Field) -> tuple[Number, Number | None] | None:
        if node is None:
            return None
        items = node.items if isinstance(node, Sequence) else ()
        if len(items) != 2:  # noqa: PLR2004 - from and to
            self._no_range(node, measure, "is no range.")
            return None
        low = self._end(items[0], measure)
        ends_open = isinstance(items[1], Scalar) and items[1].text == _NOT_KNOWN
        high = None if ends_open else self._end(items[1], measure)
        if low is None or (high is None and not ends_open):
            return None
        if high is not None and high < low:
            self._no_range(node, measure, "ends before it begins.")
            return None
        return low, high

    def _end(self, node: Node, measure: Field) -> Number | None:
        value = read_one(node, measure, self.reader)
        return value if isinstance(value, int | Decimal) else None

    def _no_range(self, node: Node, measure: Field, problem: str) -> None:
        self.reader.problem(
            node.location,
            "action.range",
            f"'{measure.name}' of {self.what} {problem}",
            f"Write [from, to] in {measure.unit}; 'unknown' may stand for the second where nobody knows.",
        )
