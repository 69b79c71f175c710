"""JSON made piece by piece is the JSON that Python makes in one."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from hypothesis import given
from hypothesis import strategies as st

from smartpick_expert.report.json_text import json_bytes, json_pieces, printable, together

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS
DATA = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(TEXTS, inner), max_leaves=20
)


@dataclass(frozen=True, slots=True)
class Inner:
    words: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Outer:
    zone: str
    row: int
    strict: bool
    inner: Inner | None
    many: tuple[Inner, ...]


INNER = st.builds(Inner, st.lists(TEXTS).map(tuple), st.lists(st.tuples(TEXTS, TEXTS)).map(tuple))
OUTER = st.builds(Outer, TEXTS, st.integers(), st.booleans(), st.none() | INNER, st.lists(INNER, max_size=3).map(tuple))


def in_one(document: object) -> str:
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False)


@given(DATA)
def test_data_are_written_as_python_writes_them(data: object):
    assert "".join(json_pieces(data)) == in_one(data)


@given(st.lists(OUTER, max_size=4), st.integers(0, 3))
def test_frozen_values_are_written_as_mappings_at_any_depth(values: list[Outer], depth: int):
    document: object = {"programs": tuple(values), "about": ""}
    plain: object = {"programs": [asdict(one) for one in values], "about": ""}
    for _ in range(depth):
        document, plain = {"in": [document]}, {"in": [plain]}
    assert "".join(json_pieces(document)) == in_one(plain)
    assert json_bytes(document) == f"{in_one(plain)}\n".encode()


@given(DATA)
def test_what_a_terminal_obeys_is_escaped_and_the_data_stay_as_they_are(data: object):
    pieces = [printable(piece) for piece in json_pieces(data)]
    assert all(piece.replace("\n", "").isprintable() for piece in pieces)
    assert json.loads("".join(pieces)) == json.loads(in_one(data))


def test_a_long_document_comes_in_pieces_of_some_size_and_loses_nothing():
    document = {
        "programs": [Outer(f"p{number}" * 50, number, strict=True, inner=None, many=()) for number in range(2_000)]
    }
    pieces = list(together(json_pieces(document)))
    assert "".join(pieces) == "".join(json_pieces(document))
    assert 1 < len(pieces) < 20
    assert max(map(len, pieces)) < 2 * (1 << 16)
