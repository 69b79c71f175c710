"""Tables of programs from elsewhere: what is taken over, what is left unknown, and that everything doubtful is told of."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from smartpick_expert.cli.main import main
from smartpick_expert.diagnostics import Problems
from smartpick_expert.language.values import UNKNOWN
from smartpick_expert.programs.importing.form import Column, Form, plain_heading, read_form, shipped_form
from smartpick_expert.programs.importing.importer import Asked, Imported, import_table
from smartpick_expert.programs.importing.naming import new_ids
from smartpick_expert.programs.table import MAX_BYTES
from smartpick_expert.workspace import Workspace

DAY = date(2026, 9, 1)


def written(folder: Path, text: str | bytes, name: str = "programs.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def imported(path: Path, workspace: Workspace, mapping: Path | None = None, **asked: object) -> Imported:
    fact_type = workspace.vocabulary.types["program"]
    form: Form = shipped_form(workspace)
    if mapping is not None:
        form = form.after(read_form(mapping, mapping.name, fact_type))
    given = {"verified": DAY, **asked}
    return import_table(path, form, fact_type, Asked(path.parent / "made.csv", **given))  # type: ignore[arg-type]


def said(made: Imported) -> list[str]:
    return [f"{one.code} {one.message}" for one in made.doubts]


def cells(made: Imported) -> list[dict[str, object]]:
    return [{name: cited.value for name, cited in one.cells.items()} for one in made.catalogue.listings]


def problems_of(path: Path, workspace: Workspace, mapping: Path | None = None) -> list[str]:
    with pytest.raises(Problems) as caught:
        imported(path, workspace, mapping)
    return [f"{one.code} {one.message}" for one in caught.value.diagnostics]


def test_rates_by_applicant_type_are_taken_over_and_a_dash_is_unknown(tmp_path: Path, workspace: Workspace):
    table = "Program,Signal,No Signal,MD,Non US IMG,City,State,Region\nAlder Bend Program,0.31,-,0.5,0,Alder Bend,NY,Middle Atlantic\n"
    made = imported(written(tmp_path, table, "family_medicine.csv"), workspace)
    assert cells(made) == [
        {
            "specialty": "family_medicine",
            "name": "Alder Bend Program",
            "invited_signal": Decimal("0.31"),
            "invited_md": Decimal("0.5"),
            "invited_non_us_img": 0,
            "city": "Alder Bend",
            "state": "NY",
            "division": "middle_atlantic",
            "id": "alder-bend-program",
        }
    ]
    assert said(made) == [
        "import.specialty The specialty, family medicine, was taken from the name of the file, for rows that state none."
    ]


def test_the_division_follows_from_the_state_where_a_row_does_not_say_it(tmp_path: Path, workspace: Workspace):
    table = "name,state,region\nAlder Bend,ny,\nBeacon Cove,NY,Pacific\nCinder Gap,ZZ,\n"
    made = imported(written(tmp_path, table), workspace, specialty="pathology")
    assert [one.get("division") for one in made.catalogue.listings] == ["middle_atlantic", "pacific", UNKNOWN]


def test_the_division_stays_unknown_where_two_columns_disagree_on_it(tmp_path: Path, workspace: Workspace):
    table = "name,state,region,Census Division\nAlder Bend,NY,Pacific,Mountain\n"
    made = imported(written(tmp_path, table), workspace, specialty="pathology")
    assert made.catalogue.listings[0].get("division") == UNKNOWN


def test_a_grid_of_ranges_and_percentages_is_read(tmp_path: Path, workspace: Workspace):
    table = "program\tstep2ck\tsignal\tnon_us_img\nAlder Bend\t222-264\t36.6%\t!\nBeacon Cove\t--\t8%\t4.7%\n"
    made = imported(written(tmp_path, table, "grid.tsv"), workspace, specialty="neurology")
    assert cells(made) == [
        {
            "specialty": "neurology",
            "name": "Alder Bend",
            "step2_invited_low": 222,
            "step2_invited_high": 264,
            "invited_signal": Decimal("0.366"),
            "id": "alder-bend",
        },
        {
            "specialty": "neurology",
            "name": "Beacon Cove",
            "invited_signal": Decimal("0.08"),
            "invited_non_us_img": Decimal("0.047"),
            "id": "beacon-cove",
        },
    ]
    assert said(made) == []


def test_names_and_addresses_of_people_are_dropped_and_the_columns_named(tmp_path: Path, workspace: Workspace):
    table = (
        "Program,Program Director,Coordinator Email,Website\nAlder Bend,Somebody,someone@example.org,alder.example\n"
    )
    made = imported(written(tmp_path, table), workspace)
    assert (made.personal, made.left) == (("Program Director", "Coordinator Email"), ("Website",))
    assert cells(made) == [{"name": "Alder Bend", "id": "alder-bend"}]


def test_an_address_in_a_column_of_another_kind_is_dropped_too(tmp_path: Path, workspace: Workspace):
    made = imported(written(tmp_path, "Program,City\nAlder Bend,ask someone@example.org\n"), workspace)
    assert (cells(made), said(made)) == (
        [{"name": "Alder Bend", "id": "alder-bend"}],
        ["import.personal Row 2, column 'City': an address or a number of a person stood here and was dropped."],
    )


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (
            "Program,Region\nAlder Bend,Middle Atlanti\n",
            [
                "import.cut-off Row 2, column 'Region': 'Middle Atlanti' seems to be cut off and was read as 'Middle Atlantic'."
            ],
        ),
        (
            "Program,Region\nAlder Bend,West\n",
            ["value.choice Row 2, column 'Region': 'West' is not among the allowed values."],
        ),
        (
            "Program,Non US IMG\nAlder Bend,31\n",
            ["value.range Row 2, column 'Non US IMG': 31 is not possible; it must be from 0 to 1."],
        ),
        (
            "Program,Visa\nAlder Bend,perhaps\n",
            ["import.word Row 2, column 'Visa': 'perhaps' is none of the words known here."],
        ),
        (
            "Program,Step 2 CK Range\nAlder Bend,about 240\n",
            ["import.range Row 2, column 'Step 2 CK Range': 'about 240' is no range."],
        ),
        (
            "Program,City,State\nAlder Bend,Springfeld,IL\nBeacon Cove,Springfield,IL\nCedar Dale,Springfield,IL\n",
            [
                "import.city Row 2: the city 'Springfeld' is spelt nearly as 'Springfield' in the same state; it is kept.",
            ],
        ),
        (
            "Program,City\nAlder Bend,A\nAlder Bend,A\n",
            ["import.same-row Row 3 says the same as row 2; it is left out."],
        ),
        (
            "Program,City\nAlder Bend,A\nAlder Bend,B\n",
            ["import.same-name Row 3 has the name of row 2 ('alder bend') and says something else; both are kept."],
        ),
        (
            "Program,pct_img\nAlder Bend,0.45\n",
            [
                "import.percent-or-share Row 2, column 'pct_img': '0.45' stands in a column of percentages and may be a share of one."
            ],
        ),
        (
            "Program,J-1 Visa,Accepts J-1\nAlder Bend,yes,no\n",
            [
                (
                    "import.two-values Row 2, column 'Accepts J-1': this says something else of accepts_j1 than another column "
                    "of the row; it is left unknown."
                )
            ],
        ),
        (
            "Programs of 2026,,\nProgram,City,State\nAlder Bend,A,OH\n",
            ["import.title The columns are named in row 2; row 1 above it was taken for a title."],
        ),
        ("Program,City\n,A\n", ["import.nameless Row 2 names no program; it is left out."]),
        (
            "Program,Min Step 2 Score,preferred_step2\nAlder Bend,240,230\n",
            [
                "program.out-of-order Row 2: 'step2_floor' is 240 and 'step2_preferred' is 230, and the first is never above the second."
            ],
        ),
        (
            "Program,City\nAlder Bend,=HYPERLINK(0)\n",
            ["import.formula Row 2, column 'City': '=HYPERLINK(0)' begins as a formula does and was left out."],
        ),
        (
            "Program,ACGME ID\nAlder Bend,1 2\n",
            ["import.id Row 2: '1 2' is not a label. It was given one of its own."],
        ),
        (
            "Program,Program ID\nAlder Bend,7\nBeacon Cove,7\n",
            ["program.duplicate-id Row 3: the id '7' is that of row 2; it was given one of its own."],
        ),
        ("Program,City\nAlder Bend,A,B\n", ["table.cells Row 2 has 3 cells, and the table 2 columns; it is left out."]),
    ],
)
def test_what_is_doubtful_is_told_with_its_row_and_column(
    tmp_path: Path, workspace: Workspace, table: str, expected: list[str]
):
    assert said(imported(written(tmp_path, table), workspace)) == expected


def test_a_name_that_went_through_a_wrong_encoding_is_mended_and_the_repair_is_listed(
    tmp_path: Path, workspace: Workspace
):
    made = imported(written(tmp_path, "Program,City\nAlder Bend,Leeâ€™s Reach\n"), workspace)
    assert cells(made)[0]["city"] == "Lee’s Reach"
    assert said(made) == [
        "import.repaired Row 2, column 2: 'Leeâ€™s Reach' seems to have gone through a wrong encoding and was read as 'Lee’s Reach'."
    ]


def test_a_repair_far_along_a_name_is_shown_where_it_was_made(tmp_path: Path, workspace: Workspace):
    broken = "Lee\u2019s Summit".encode().decode("cp1252")
    made = imported(written(tmp_path, f"Program\nThe long-named hospital of Alder Bend and {broken}\n"), workspace)
    (told,) = said(made)
    assert ("Lee\u2019s Summit'" in told, broken in told) == (True, True)


def test_a_table_in_windows_1252_is_read_and_told_of(tmp_path: Path, workspace: Workspace):
    made = imported(written(tmp_path, "Program,City\nAlder Bend,Cañon\n".encode("cp1252")), workspace)
    assert cells(made)[0]["city"] == "Cañon"
    assert said(made) == ["import.encoding The file is not in UTF-8 (byte 27, line 2); it was read as Windows-1252."]


def test_a_workbook_is_read_as_a_table_is(tmp_path: Path, workspace: Workspace):
    book = openpyxl.Workbook()
    book.active.append(["Program", "Min Step 2 Score", "J1 Visa", "Non US IMG"])
    book.active.append(["Alder Bend", 230.0, True, 0.25])
    book.active.append([None, None, None, None])
    book.active.append(["Beacon Cove", None, "N", "-"])
    book.save(tmp_path / "programs.xlsx")
    made = imported(tmp_path / "programs.xlsx", workspace)
    assert cells(made) == [
        {
            "name": "Alder Bend",
            "step2_floor": 230,
            "accepts_j1": True,
            "invited_non_us_img": Decimal("0.25"),
            "id": "alder-bend",
        },
        {"name": "Beacon Cove", "accepts_j1": False, "id": "beacon-cove"},
    ]
    assert (said(made), [one.row for one in made.catalogue.listings]) == ([], [2, 4])


def test_a_percentage_of_a_workbook_is_what_the_workbook_shows(tmp_path: Path, workspace: Workspace):
    book = openpyxl.Workbook()
    book.active.append(["Program", "pct_img", "Non US IMG"])
    book.active.append(["Alder Bend", 0.45, 0.07])
    for cell in book.active["B2":"C2"][0]:
        cell.number_format = "0%"
    book.save(tmp_path / "programs.xlsx")
    made = imported(tmp_path / "programs.xlsx", workspace)
    assert cells(made) == [
        {"name": "Alder Bend", "img_share": Decimal("0.45"), "invited_non_us_img": Decimal("0.07"), "id": "alder-bend"}
    ]
    assert said(made) == []


@pytest.mark.parametrize(
    "table",
    [
        "Program,Non US IMG,MD\nAlder Bend,.05,50 %\n",
        "A list of programs, of this year\nProgram;Non US IMG;MD\nAlder Bend;5%;0.5\n",
        "Program,Non US IMG,MD,MD\nAlder Bend,0.05,0.5,0.50\n",
        "Program,Program Name,Non US IMG,MD\n,Alder Bend,0.05,0.5\n",
    ],
)
def test_what_exports_write_differently_is_read_alike(tmp_path: Path, workspace: Workspace, table: str):
    (one,) = cells(imported(written(tmp_path, table), workspace))
    assert one == {
        "name": "Alder Bend",
        "invited_non_us_img": Decimal("0.05"),
        "invited_md": Decimal("0.5"),
        "id": "alder-bend",
    }


def test_of_two_columns_that_disagree_neither_is_believed(tmp_path: Path, workspace: Workspace):
    made = imported(written(tmp_path, "Program,J-1 Visa,Accepts J-1\nAlder Bend,yes,no\n"), workspace)
    assert cells(made) == [{"name": "Alder Bend", "id": "alder-bend"}]


def test_thousands_of_doubts_end_with_how_many_of_each_kind_and_where_all_are(tmp_path: Path):
    table = written(tmp_path, "Program,J1 Visa\n" + "".join(f"Hill {n},maybe\n" for n in range(300)))
    result = CliRunner().invoke(main, ["programs", "import", str(table), "--out", str(tmp_path / "made.csv")])
    assert result.stderr.splitlines()[-4:-2] == [
        "300 programs, 300 doubtful: value.boolean 300.",
        "'--format json' lists all that is doubtful.",
    ]


def test_a_mapping_goes_before_the_shipped_headings(tmp_path: Path, workspace: Workspace):
    mapping = written(
        tmp_path,
        "blank: [nix]\ncolumns:\n  - {headings: [Haus], field: name}\n  - {headings: [Monate], field: hands_on_weeks, times: 4}\n"
        "  - {headings: [Visum], words: {beide: {accepts_j1: yes, accepts_h1b: yes}}}\nsource: A list\nverified: 2026-05-01\n",
        "mapping.yaml",
    )
    table = written(tmp_path, "Haus,Monate,Visum\nAlder Bend,3,beide\nBeacon Cove,nix,nix\n")
    made = imported(table, workspace, mapping, verified=None)
    assert cells(made) == [
        {"name": "Alder Bend", "hands_on_weeks": 12, "accepts_j1": True, "accepts_h1b": True, "id": "alder-bend"},
        {"name": "Beacon Cove", "id": "beacon-cove"},
    ]
    first = made.catalogue.listings[0].cells["hands_on_weeks"]
    assert (first.source, first.verified, said(made)) == ("A list", date(2026, 5, 1), [])


@pytest.mark.parametrize(
    ("mapping", "expected"),
    [
        (
            "columns: [{headings: [Nirgends], field: city}]\n",
            ["import.mapping The mapping names column 'Nirgends' that the table does not have."],
        ),
        (
            "columns: [{headings: [City], field: town}]\n",
            ["import.field A program has no field 'town'."],
        ),
        (
            "columns: [{headings: [City], field: city, times: some}]\n",
            ["import.times 'times' is a whole number above 0."],
        ),
        (
            "columns: [{headings: [City], range: [step2_floor]}]\n",
            ["import.range 'range' names two fields, low and high."],
        ),
        ("colums: []\n", ["form.unknown-key A mapping file has no 'colums'."]),
    ],
)
def test_a_mapping_that_is_wrong_is_refused_with_the_reason(
    tmp_path: Path, workspace: Workspace, mapping: str, expected: list[str]
):
    table = written(tmp_path, "Program,City\nAlder Bend,A\n")
    assert problems_of(table, workspace, written(tmp_path, mapping, "mapping.yaml")) == expected


@pytest.mark.parametrize(
    ("table", "name", "expected"),
    [
        (
            "A,B\n1,2\n",
            "t.csv",
            ["import.no-name The table has no column that is known to hold the names of programs."],
        ),
        ("", "t.csv", ["file.empty The table is empty."]),
        (b"PK\x03\x04 broken", "t.xlsx", ["import.workbook The workbook cannot be read: BadZipFile."]),
        ('Program\n"Alder\n', "t.csv", ["table.syntax This is no table in CSV: unexpected end of data."]),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_with_the_reason(
    tmp_path: Path, workspace: Workspace, table: str | bytes, name: str, expected: list[str]
):
    assert problems_of(written(tmp_path, table, name), workspace) == expected


def test_a_file_far_too_large_is_refused_before_it_is_read(tmp_path: Path, workspace: Workspace):
    path = tmp_path / "large.csv"
    with path.open("wb") as stream:
        stream.truncate(5 * MAX_BYTES)
    assert problems_of(path, workspace) == [
        "file.too-large The file has more than 40 megabytes; no list of programs is so large."
    ]


def test_a_value_that_the_table_does_not_say_is_unknown(tmp_path: Path, workspace: Workspace):
    made = imported(written(tmp_path, "Program,J1 Visa\nAlder Bend,\n"), workspace)
    assert made.catalogue.listings[0].get("accepts_j1") is UNKNOWN


def test_a_catalogue_that_is_there_is_written_over_only_when_told_to(tmp_path: Path):
    table = written(tmp_path, "Program\nAlder Bend\n")
    made = written(tmp_path, "corrected by hand", "made.csv")
    command = ["programs", "import", str(table), "--out", str(made)]
    refused = CliRunner().invoke(main, command)
    assert ("error[output.exists]" in refused.stderr, made.read_text(encoding="utf-8")) == (True, "corrected by hand")
    assert CliRunner().invoke(main, [*command, "--force"]).exit_code == 0
    assert made.read_text(encoding="utf-8").startswith("id,name\n")


def test_figures_are_not_verified_on_a_day_to_come(tmp_path: Path):
    table = written(tmp_path, "Program\nAlder Bend\n")
    command = ["programs", "import", str(table), "--out", str(tmp_path / "made.csv"), "--verified", "2999-01-01"]
    result = CliRunner().invoke(main, command)
    assert (result.exit_code, "error[import.day]" in result.stderr, (tmp_path / "made.csv").exists()) == (
        1,
        True,
        False,
    )


def test_a_check_tells_of_days_to_come(tmp_path: Path):
    written(tmp_path, "about: Made up (fictional).\n", "c.yaml")
    table = written(tmp_path, "id,name,step2_floor,step2_floor_verified\na,A,220,2062-09-01\n", "c.csv")
    result = CliRunner().invoke(main, ["programs", "check", str(table), "--as-of", "2026-09-10"])
    told = "'step2_floor' has 1 value verified after 2026-09-10 (the latest on 2062-09-01, in row 2)."
    assert (result.exit_code, told in result.stderr) == (0, True)


def test_ids_name_the_city_only_where_a_name_stands_twice():
    names = [
        ("Alder Bend Program", "A"),
        ("Alder Bend Program", "B"),
        ("Alder Bend Program", "B"),
        ("Čedar", "C"),
        ("…", ""),
    ]
    assert new_ids(names, ["cedar"]) == [
        "alder-bend-program-a",
        "alder-bend-program-b",
        "alder-bend-program-b-2",
        "cedar-2",
        "program",
    ]


def test_an_imported_table_can_be_checked_and_screened(tmp_path: Path, workspace: Workspace):
    table = written(
        tmp_path,
        "Program,Specialty,J1 Visa,Min Step 2 Score\nAlder Bend,internal medicine,N,\nBeacon Cove,Pediatrics,,230\n",
    )
    out = tmp_path / "made.csv"
    persona = workspace.personas / "graduate_needing_visa.yaml"
    day = ["--as-of", "2026-09-10"]

    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, ["programs", *arguments])
        return result.exit_code, result.stdout

    assert run("import", str(table), "--out", str(out), "--verified", "2026-09-01") == (0, "")
    assert run("check", str(out), *day) == (0, "")
    code, csv = run(
        "screen",
        str(persona),
        "--programs",
        str(out),
        "--specialty",
        "all",
        "--format",
        "csv",
        "--engine",
        "plain",
        *day,
    )
    rows = [line.split(",")[:7] for line in csv.splitlines()[1:]]
    assert (code, rows) == (
        0,
        [
            ["alder-bend", "Alder Bend", "internal medicine", "", "", "closed", "the visa"],
            ["beacon-cove", "Beacon Cove", "pediatrics", "", "", "waiting", ""],
        ],
    )


def test_a_field_s_own_name_is_a_heading_for_it(workspace: Workspace):
    form, fields = shipped_form(workspace), workspace.vocabulary.types["program"].fields
    # A catalogue's programs have no kind of their own, and nobody publishes a score that nobody worries about.
    named = {
        name: form.columns.get(plain_heading(name)) for name in fields if name not in ("kind", "step2_comfortable")
    }
    given = {name: {column.field or gives for gives in _gives(column)} for name, column in named.items() if column}
    assert given == {name: {name} for name in named}


def _gives(column: Column) -> set[str]:
    """What the words of a column fill in; for one without words nothing but its own field."""
    return {name for word in column.words.values() for name, _ in word} or {""}


def test_a_catalogue_that_is_imported_keeps_its_values_and_it_is_told_that_days_are_left(
    tmp_path: Path, workspace: Workspace
):
    table = "id,name,specialty,img_share,us_weeks,us_weeks_verified\na,A,pediatrics,0.37,8,2026-09-01\n"
    made = imported(written(tmp_path, table), workspace)
    assert cells(made) == [
        {"id": "a", "name": "A", "specialty": "pediatrics", "img_share": Decimal("0.37"), "us_weeks": 8}
    ]
    assert [one.partition(" ")[0] for one in said(made)] == ["import.catalogue"]


def test_a_table_without_a_program_writes_over_no_catalogue(tmp_path: Path):
    out = tmp_path / "made.csv"
    command = ["programs", "import", str(written(tmp_path, "Program,City\nAlder Bend,A\n")), "--out", str(out)]
    first = CliRunner().invoke(main, command)
    assert "1 program without a specialty: found for no applicant until one is known." in first.stderr
    before = out.read_bytes()
    written(tmp_path, "Program,City\n")
    refused = CliRunner().invoke(main, [*command, "--force"])
    assert (refused.exit_code, "error[import.none]" in refused.stderr, out.read_bytes()) == (1, True, before)
