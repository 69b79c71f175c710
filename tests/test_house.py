"""The house style: read with places, its logo and colours looked at, and part of the record."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from smartpick_expert.audit.inputs import workspace_files, workspace_of
from smartpick_expert.diagnostics import Problems
from smartpick_expert.language.values import ValueProblem
from smartpick_expert.report.colours import LEGIBLE, contrast, darker
from smartpick_expert.report.house import CARRIED, House, house_files, read_house
from smartpick_expert.report.logo import MAX_BYTES, MAX_SIDE, read_logo
from tests.advised import advice_on
from tests.profiles import WORKSPACE

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10">{}</svg>'
# A JPEG of 2 by 3 pixels as far as its segments go; nothing decodes what is between them.
JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08\x00\x03\x00\x02\x01\x11\x00\x00\xff\xda\x00\x02pixels\xff\xd9"


def png(width: int = 2, height: int = 2, rows: bytes | None = None) -> bytes:
    """A PNG in red."""
    pixels = rows if rows is not None else (b"\0" + b"\xc0\x20\x20" * width) * height

    def chunk(name: bytes, part: bytes) -> bytes:
        return struct.pack(">I", len(part)) + name + part + struct.pack(">I", zlib.crc32(name + part))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def house(folder: Path, text: str, **files: bytes) -> House:
    """The house style that a text makes; files lie beside it under their names with a point for the underline."""
    (folder / "house.yaml").write_text(text, encoding="utf-8")
    for name, data in files.items():
        (folder / name.replace("_", ".")).write_bytes(data)
    return read_house(folder)


def refused(folder: Path, text: str, **files: bytes) -> list[str]:
    """What is said against a house style, a line each: place, code and message."""
    with pytest.raises(Problems) as caught:
        house(folder, text, **files)
    return [f"{one.location}: [{one.code}] {one.message}" for one in caught.value.diagnostics]


def test_without_a_file_nothing_is_said(tmp_path: Path):
    assert read_house(tmp_path) == House()


def test_everything_that_a_house_style_may_say_is_read(tmp_path: Path):
    text = """\
about: Ours.
organisation: Northgate Advising
advisor: Dr. A. Sample
contact: [12 Harbour Road, advice@northgate.example]
logo: logo.png
colours: {headings: '#036', accent: '#1D4A5F'}
closing: Please call before you apply.
paper: letter
"""
    found = house(tmp_path, text, logo_png=png())
    assert replace(found, logo=None) == House(
        organisation="Northgate Advising",
        advisor="Dr. A. Sample",
        contact=("12 Harbour Road", "advice@northgate.example"),
        headings="#003366",
        accent="#1d4a5f",
        closing=("Please call before you apply.",),
        paper="letter",
    )
    assert found.logo is not None
    assert (found.logo.form, found.logo.width, found.logo.height) == ("png", 2, 2)
    assert found.logo.uri == f"data:image/png;base64,{base64.b64encode(png()).decode()}"


def test_everything_that_is_wrong_is_said_at_once_with_its_place(tmp_path: Path):
    text = """\
organization: Northgate
advisor: [one, two]
colours:
  accent: '#ffcc00'
  headings: #1d4a5f
  links: '#000'
closing: [a, b, c, d, e, f, g]
paper: a5
logo: ../logo.png
"""
    assert refused(tmp_path, text) == [
        "house.yaml:1:1: [form.unknown-key] The house style has no 'organization'.",
        "house.yaml:2:10: [form.text] 'advisor' must be a single text.",
        (
            "house.yaml:4:11: [house.colour] accent: '#ffcc00' can hardly be read on white: its contrast is 1.5 to 1, and "
            "text needs 4.5 to 1."
        ),
        "house.yaml:5:12: [house.colour] 'headings' says nothing: a # without quotes begins a remark.",
        "house.yaml:6:3: [form.unknown-key] 'colours' has no 'links'.",
        "house.yaml:7:10: [house.long] 'closing' has 7 items; there is room for 6.",
        "house.yaml:8:8: [form.choice] 'a5' is no paper.",
        "house.yaml:9:7: [house.logo] '../logo.png' lies outside the workspace, which then would not be whole when it is moved.",
    ]


def test_a_text_longer_than_its_place_is_refused(tmp_path: Path):
    said = refused(tmp_path, f"organisation: {'x' * 81}\n")
    assert said == ["house.yaml:1:15: [house.long] 'organisation' has 81 characters; there is room for 80."]


def test_a_colour_that_is_proposed_is_the_lightest_legible_one_of_its_hue():
    assert (contrast(darker("#ffcc00")) >= LEGIBLE, darker("#1d4a5f")) == (True, "#1d4a5f")
    assert (contrast("#ffffff"), round(contrast("#000000"), 6)) == (1.0, 21.0)


# --- the logo ------------------------------------------------------------------------------------------------------------


def test_the_sides_of_a_logo_are_read_from_it():
    made = [png(3, 5), JPEG, SVG.format('<rect width="4" height="4"/>').encode()]
    assert [(one.form, one.width, one.height) for one in map(read_logo, made)] == [
        ("png", 3, 5),
        ("jpeg", 2, 3),
        ("svg", 40.0, 10.0),
    ]


BAD_LOGOS: dict[str, tuple[Callable[[], bytes], str]] = {
    "a text": (lambda: b"not a picture", "is no picture that can be used, whatever its name ends in"),
    "nothing": (lambda: b"", "is no picture that can be used"),
    "a PNG cut off": (lambda: png()[:-20], "begins like a PNG and is damaged or cut off"),
    "a PNG with a bit turned": (lambda: png()[:44] + b"\xff" + png()[45:], "begins like a PNG and is damaged"),
    "a PNG without pixels": (lambda: png(rows=b"")[:33] + png()[-12:], "begins like a PNG and is damaged"),
    "a JPEG cut off": (lambda: JPEG[:-2], "begins like a JPEG and is damaged or cut off"),
    "too many bytes": (lambda: png() + b"\0" * MAX_BYTES, "has more than 500,000 bytes"),
    "too many pixels": (lambda: png(MAX_SIDE + 1, 1, b"\0"), "is 4,001 by 1 pixels, and 4,000 a side is the most"),
    "no width": (lambda: png(0, 0, b""), "has no size"),
}


@pytest.mark.parametrize("name", BAD_LOGOS)
def test_what_is_no_picture_is_no_logo(name: str):
    made, message = BAD_LOGOS[name]
    with pytest.raises(ValueProblem) as caught:
        read_logo(made())
    assert message in caught.value.message


BAD_SVGS = {
    "a script": ("<script>alert(1)</script>", "the element 'script'"),
    "an event": ('<rect onload="alert(1)"/>', "the script 'onload'"),
    "a page inside": (
        '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml"/></foreignObject>',
        "the element 'foreignObject'",
    ),
    "a picture elsewhere": ('<image href="https://example.org/a.png"/>', "refers to something outside itself"),
    "a file": ('<use href="file:///etc/passwd#a"/>', "refers to something outside itself: 'file:///etc/passwd#a'"),
    "an older reference": (
        '<image xmlns:x="http://www.w3.org/1999/xlink" x:href="//example.org/a.png"/>',
        "refers to something outside itself",
    ),
    "a style that fetches": ("<style>@import 'https://example.org/a.css';</style>", "its style refers"),
    "a fill that fetches": ('<rect fill="url(https://example.org/a.svg#b)"/>', "its 'fill' refers"),
    "a motion": ('<rect><animate attributeName="x"/></rect>', "the element 'animate'"),
    "parts of parts": (
        '<g id="a"><use href="#b"/></g><g id="b"><path d=""/></g><use href="#a"/>',
        "'#a' is drawn again and itself draws other parts again",
    ),
    "a tower": ("<g>" * 200 + "</g>" * 200, "nested more than 100 deep"),
    "no end": ("<g>", "it is no XML that can be read"),
}


@pytest.mark.parametrize("name", BAD_SVGS)
def test_an_svg_that_could_do_more_than_draw_is_refused(name: str):
    inside, message = BAD_SVGS[name]
    with pytest.raises(ValueProblem) as caught:
        read_logo(SVG.format(inside).encode())
    assert message in caught.value.message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>', "declares entities"),
        ('<g><svg xmlns="http://www.w3.org/2000/svg"/></g>', "its outermost element is 'g' and not 'svg'"),
        ('<svg xmlns="http://www.w3.org/2000/svg"/>', "says nothing of its size"),
    ],
)
def test_what_is_no_whole_svg_is_refused(text: str, message: str):
    with pytest.raises(ValueProblem) as caught:
        read_logo(text.encode())
    assert message in caught.value.message


def test_a_plain_svg_with_what_drawing_programs_add_is_a_logo():
    inside = (
        '<metadata xmlns:i="http://www.inkscape.org/namespaces/inkscape"><i:x i:href="#a"/></metadata>'
        '<defs><linearGradient id="a"><stop offset="0"/></linearGradient></defs>'
        '<style>.b { fill: url(#a); }</style><path class="b" d="M0 0h4v4z"/><use href="#a"/>'
    )
    assert read_logo(SVG.format(inside).encode()).form == "svg"


def test_a_logo_that_is_not_there_is_told_at_its_line(tmp_path: Path):
    said = refused(tmp_path, "advisor: A\nlogo: seal.png\n")
    assert said == ["house.yaml:2:7: [house.logo] The logo 'seal.png' cannot be read. There is no such file."]


# --- in the record -------------------------------------------------------------------------------------------------------


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A folder with a house style and its logo."""
    house(tmp_path, "organisation: Northgate\nlogo: seal.png\npaper: letter\n", seal_png=png())
    return tmp_path


def test_a_house_style_is_read_again_from_what_a_record_carries(office: Path, tmp_path_factory: pytest.TempPathFactory):
    again = tmp_path_factory.mktemp("again")
    for name, text in house_files(office).items():
        (again / name).write_text(text, encoding="utf-8")
    assert (read_house(again), sorted(house_files(again))) == (read_house(office), [CARRIED, "house.yaml"])


def test_the_documents_of_a_record_are_made_again_in_its_house_style(office: Path):
    files = {**workspace_files(WORKSPACE), **house_files(office)}
    with workspace_of(files) as loaded:
        advice = replace(advice_on("premed"), workspace=loaded)
        record = advice.record({})
        html = advice.document("html")
    named = record.body.inputs.templates.files
    assert {name for name in named if not name.startswith("reports/")} == {"house.yaml", CARRIED}
    assert ("Northgate" in html, "size: letter" in html, "img-src data:" in html) == (True, True, True)


def test_a_redacted_advice_does_not_say_whose_it_is(office: Path):
    with workspace_of({**workspace_files(WORKSPACE), **house_files(office)}) as loaded:
        advice = replace(advice_on("premed", redacted=True), workspace=loaded)
        html = advice.document("html")
    assert ("Northgate" in html, "data:image" in html, "size: letter" in html) == (False, False, True)
