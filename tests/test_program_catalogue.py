"""Catalogues of programs: read with every doubtful cell named, kept fresh, and written so that they read back the same."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartpick_expert.diagnostics import Problems
from smartpick_expert.language.values import UNKNOWN, normal_number
from smartpick_expert.language.vocabulary import FactType, Field, FieldType
from smartpick_expert.programs.catalogue import Catalogue, Cited, Listing, fact_of, last_day, stale
from smartpick_expert.programs.reading import read_catalogue, undated
from smartpick_expert.programs.writing import head_text, table_text
from smartpick_expert.workspace import Workspace

HEAD = "about: Invented programs (fictional).\nfictional: yes\nsource: Made up\nverified: 2026-09-01\n"


@pytest.fixture(scope="module")
def program(workspace: Workspace) -> FactType:
    return workspace.vocabulary.types["program"]


def written(folder: Path, table: str, head: str = HEAD) -> Path:
    (folder / "programs.yaml").write_text(head, encoding="utf-8")
    path = folder / "programs.csv"
    path.write_text(table, encoding="utf-8")
    return path


def found_in(folder: Path, table: str, program: FactType, head: str = HEAD) -> list[str]:
    """What is said of a table, each finding as its line, its code and its message."""
    try:
        _, found = read_catalogue(written(folder, table, head), program)
    except Problems as problems:
        found = problems.diagnostics
    return [f"{one.location.line} {one.code} {one.message}" for one in found]


def test_a_cell_keeps_its_own_source_and_day_and_takes_the_catalogues_where_it_has_none(
    tmp_path: Path, program: FactType
):
    table = "id,name,step2_floor,step2_floor_source,step2_floor_verified,accepts_j1\na,A,220,Its page,2026-05-02,no\n"
    catalogue, found = read_catalogue(written(tmp_path, table), program)
    assert found == ()
    day = date(2026, 9, 1)
    assert dict(catalogue.listings[0].cells) == {
        "id": Cited("a", "Made up", day),
        "name": Cited("A", "Made up", day),
        "step2_floor": Cited(220, "Its page", date(2026, 5, 2)),
        "accepts_j1": Cited(False, "Made up", day),
    }


def test_a_blank_is_unknown_and_never_no(tmp_path: Path, program: FactType):
    catalogue, _ = read_catalogue(written(tmp_path, "id,name,accepts_j1\na,A,\nb,B,no\n"), program)
    assert [one.get("accepts_j1") for one in catalogue.listings] == [UNKNOWN, False]


def test_what_the_head_says_of_all_holds_where_a_cell_says_nothing_else(tmp_path: Path, program: FactType):
    head = HEAD + "all: {specialty: pediatrics}\n"
    catalogue, _ = read_catalogue(written(tmp_path, "id,name,specialty\na,A,\nb,B,neurology\n", head), program)
    assert [one.get("specialty") for one in catalogue.listings] == ["pediatrics", "neurology"]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (
            "id,name,j1\na,A,yes\n",
            ["1 program.column Column 3, 'j1', is none of a catalogue's."],
        ),
        (
            "id,name,name\na,A,B\n",
            ["1 program.column The column 'name' stands twice, and only one can count."],
        ),
        (
            "id,name\na,A\na,B\n",
            ["3 program.duplicate-id Row 3: the id 'a' is taken by row 2; this row is left out."],
        ),
        (
            "id,name,invited_non_us_img\na,A,1.2\n",
            [
                "2 value.range Row 2, column invited_non_us_img: 1.2 is not possible; it must be from 0 to 1.",
            ],
        ),
        (
            "id,name,accepts_j1\na,A,maybe\n",
            ["2 value.boolean Row 2, column accepts_j1: 'maybe' is neither yes nor no."],
        ),
        (
            "id,name,step2_floor_source\na,A,Its page\n",
            ["2 program.no-value Row 2, column 'step2_floor_source': there is no value that it could be about."],
        ),
        ("id,name\na,A,B\n", ["2 table.cells Row 2 has 3 cells, and the table has 2 columns; it is left out."]),
        ("id,name\na,\n", ["2 program.incomplete Row 2 has no name; it is left out."]),
        ("id\na\n", ["1 program.no-column The table has no column 'name'."]),
        ('id,name\n"a,A\n', ["2 table.syntax This is no table in CSV: unexpected end of data."]),
        ("", ["1 file.empty The file is empty."]),
    ],
)
def test_a_doubtful_cell_is_named_with_its_row_and_column(
    tmp_path: Path, program: FactType, table: str, expected: list[str]
):
    assert found_in(tmp_path, table, program) == expected


def test_a_missing_head_is_told_of(tmp_path: Path, program: FactType):
    (tmp_path / "programs.csv").write_text("id,name\na,A\n", encoding="utf-8")
    with pytest.raises(Problems) as caught:
        read_catalogue(tmp_path / "programs.csv", program)
    assert [one.code for one in caught.value.diagnostics] == ["program.no-head"]


def test_a_catalogue_that_a_spreadsheet_wrote_with_semicolons_is_read_as_with_commas(tmp_path: Path, program: FactType):
    (tmp_path / "programs.yaml").write_text("about: Made up (fictional).\n", encoding="utf-8")
    (tmp_path / "programs.csv").write_text('\ufeffid;name;city\r\na;"A, B";C\r\n', encoding="utf-8")
    catalogue, found = read_catalogue(tmp_path / "programs.csv", program)
    values = [{name: cited.value for name, cited in one.cells.items()} for one in catalogue.listings]
    assert (values, found) == ([{"id": "a", "name": "A, B", "city": "C"}], ())


def test_a_value_is_relied_on_to_the_last_day_of_its_shelf_life(program: FactType):
    verified = date(2025, 9, 30)
    listing = Listing("a", {"accepts_j1": Cited(False, "", verified), "name": Cited("A", "", verified)})
    assert program.fields["accepts_j1"].shelf_life == 12
    kept, gone = (fact_of(listing, program, day) for day in (date(2026, 9, 30), date(2026, 10, 1)))
    assert [fact.get("accepts_j1") for fact in (kept, gone)] == [False, UNKNOWN]
    assert list(stale(listing, program, date(2026, 10, 1))) == [("accepts_j1", listing.cells["accepts_j1"])]


@pytest.mark.parametrize(
    ("verified", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
    ],
)
def test_a_shelf_life_ends_with_the_month_where_the_month_is_shorter(verified: date, months: int, expected: date):
    assert last_day(verified, months) == expected


def test_a_value_that_nobody_dated_is_unknown_and_told_of(tmp_path: Path, program: FactType):
    path = written(tmp_path, "id,name,accepts_j1\na,A,yes\nb,B,\nc,C,no\n", "about: Undated.\n")
    catalogue, _ = read_catalogue(path, program)
    assert fact_of(catalogue.listings[0], program, date(2026, 9, 1)).get("accepts_j1") is UNKNOWN
    assert [one.message for one in undated(catalogue, program)] == [
        "'accepts_j1' has 2 values without the day on which it was verified (first in row 2), so it counts as unknown."
    ]


def values_of(field: Field) -> st.SearchStrategy[object]:
    if field.type is FieldType.BOOLEAN:
        return st.booleans()
    if field.type is FieldType.CHOICE:
        return st.sampled_from(sorted(field.values))
    if field.type is FieldType.NUMBER:
        low, high = int(field.minimum or 0), int(field.maximum or 0)
        if field.whole:
            return st.integers(low, high)
        return st.integers(low * 1000, high * 1000).map(lambda n: normal_number(Decimal(n) / 1000))
    return st.text("ab ,;\"'=\u00e9", min_size=1, max_size=8).map(lambda text: f"x{text}x")


@given(data=st.data())
def test_a_catalogue_reads_back_as_it_was_written(data: st.DataObject, program: FactType, tmp_path_factory):
    day = date(2026, 9, 1)
    fields = [one for name, one in program.fields.items() if name not in ("id", "kind", "name")]
    chosen = data.draw(st.lists(st.sampled_from(fields), unique_by=lambda one: one.name, max_size=6))
    days, sources = st.sampled_from([day, date(2025, 1, 31)]), st.sampled_from(["Made up", "Its page"])
    cells = {one.name: Cited(data.draw(values_of(one)), data.draw(sources), data.draw(days)) for one in chosen}
    whole = {"id": Cited("a", "Made up", day), "name": Cited("A", "Made up", day), **cells}
    folder = tmp_path_factory.mktemp("catalogue")
    catalogue = Catalogue(folder / "programs.csv", "Invented.", (Listing("a", whole, 2),), True, "Made up", day)
    back, found = read_catalogue(written(folder, table_text(catalogue, program), head_text(catalogue)), program)
    assert (back, found) == (catalogue, ())
