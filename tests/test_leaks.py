"""Unusual words in every confidential place, looked for in every file that an applicant, or whoever is shown a redacted advice, is given.

Looked through is all that a file holds and not what it shows alone: properties, words of pictures, names of bookmarks, what is drawn.
"""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any, Final

import pypdf
import pytest
from lxml import etree

from smartpick_expert.advice import Advice, advise
from smartpick_expert.audit.record import record_text
from smartpick_expert.lists.wishes import Plan, Wishes, wishing
from smartpick_expert.programs.carried import carrying
from smartpick_expert.report.documents import DOCUMENTS, FORMATS, Document, written
from smartpick_expert.report.formats.laid_out import Made
from smartpick_expert.workspace import NOTES, Workspace
from tests.advised import MARK, day_of, marked, persona_data
from tests.installed import needs
from tests.profiles import WORKSPACE, Data
from tests.test_programs_in_advice import catalogue_in

pytestmark = [needs("pdf"), needs("docx"), needs("xlsx")]

PERSONA: Final = "open_question"
# No word of ours begins so, and each is of one place.
WORD: Final = re.compile(r"zq[a-z]{4,}", re.IGNORECASE)
KEPT: Final = {
    "considered": [{"program": "north_ferry"}],
    "school_relation": [
        {
            "id": "zqdunlin",
            "program": "north_ferry",
            "standing": "burned",
            "because": "Zqwagtail told us",
            "on": "2026-01-01",
        }
    ],
    "program_note": [
        {"id": "zqsiskin", "program": "north_ferry", "j1_places": 3, "j1_places_used": 3, "because": "Zqlinnet rang"}
    ],
    "writer_note": [
        {
            "id": "zqbittern",
            "program": "north_ferry",
            "writer": "Writer 15",
            "standing": "burned",
            "because": "Zqcurlew saw it",
        }
    ],
    "interview_remark": [{"id": "remark", "kind": "unclear", "text": "Zqplover could not follow"}],
}
NOTED: Final = """\
program_note: [{program: takes-j1, h1b_denial: yes, board_trouble: yes, because: Zqgodwit wrote}]
school_note: [{program: takes-j1, school: School 9, standing: burned, because: Zqdotterel wrote}]
writer_note: [{program: takes-j1, writer: Writer 15, standing: burned, because: Zqavocet wrote}]
"""
HOUSE: Final = """\
organisation: Zqheron House
contact: [1 Zqkestrel Road, advice@zqmerlin.example]
advisor: Dr. Zqosprey
logo: seal.svg
closing: [Zqfulmar greets you.]
"""
SEAL: Final = '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20"><title>Zqshrike</title><rect width="60" height="20"/></svg>'


def texts_in(data: bytes, form: str) -> Iterator[str]:
    """Every text in a file, whether it is shown or not."""
    if form in {"docx", "xlsx"}:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name
                part = archive.read(name)
                if name.endswith((".xml", ".rels")):
                    yield part.decode()
                    # A word may be in several runs.
                    yield "".join(etree.fromstring(part).itertext())
    elif form == "pdf":
        reader = pypdf.PdfReader(BytesIO(data))
        # What is printed of a report is gone through in what it was laid out from; reading it from so many pages takes long.
        yield from (page.extract_text() for page in reader.pages[:3])
        yield str(reader.xmp_metadata and reader.xmp_metadata.stream.get_data())
        for number in range(1, int(reader.trailer["/Size"])):
            yield from strings_of(reader.get_object(number))
        yield from strings_of(reader.trailer.get("/Info", {}))
    else:
        yield data.decode().replace("\r\n ", "")


def strings_of(value: Any) -> Iterator[str]:
    """Strings and names in an object of a PDF; references lead to objects that are gone through by themselves."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield str(name)
            yield from strings_of(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings_of(one)
    elif isinstance(value, str | bytes):
        yield value if isinstance(value, str) else value.decode("latin-1")


def words_in(made: Made, form: str, sought: re.Pattern[str] = WORD) -> set[str]:
    """The unusual words that a file holds, and those of what it was laid out from, where what is drawn still has its words."""
    return {word.lower() for text in (*texts_in(made.data, form), made.source) for word in sought.findall(text)}


def files(advice: Advice, documents: Iterable[Document]) -> dict[str, Made]:
    """All files of these documents, as they are written; calendars where there are days."""
    return {
        one.name("advice"): advice.made(one.form, one.document)
        for one in written(documents, FORMATS)
        if one.form != "ics" or not advice.redacted
    }


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The shipped workspace with a house style and with notes of the office, a catalogue at hand."""
    root = tmp_path_factory.mktemp("office")
    shutil.copytree(WORKSPACE.reports, root / "reports")
    (root / "house.yaml").write_text(HOUSE, "utf-8")
    (root / "seal.svg").write_text(SEAL, "utf-8")
    shipped = replace(WORKSPACE, root=root, files={**WORKSPACE.files, NOTES: NOTED})
    carries, *_ = carrying(shipped, [catalogue_in(root / "programs")])
    return wishing(carries, Wishes(500, (Plan("internal_medicine"),)))


def advised(office: Workspace, data: Data, *, redacted: bool = False) -> Advice:
    path = office.root / "somebody.json"
    path.write_text(json.dumps(data), "utf-8")
    return advise(path, office, day_of(PERSONA), "plain", redacted=redacted)


def withdrawn(of: str, because: str) -> Data:
    return {"of": of, "withdrawn": True, "by": "advisor-2", "on": "2026-06-01", "because": because}


@pytest.fixture(scope="module")
def confidential(office: Workspace) -> Advice:
    """An advice with something in every confidential place, overrides of what is kept and of what is not advised among it."""
    data = persona_data(PERSONA) | KEPT
    before = advised(office, data)
    told = {one.origin.rule for one in before.given.statements}
    kept = sorted({one.origin.rule for one in before.view.statements if one.topic != "bucket"} - told)
    of_kept = [withdrawn(rule, "Zqgannet would not have it") for rule in kept]
    return advised(
        office, data | {"override": [*of_kept, withdrawn("action[begin_soap_papers]", "Zqpuffin is too early")]}
    )


# What the vocabulary and the notes keep, the overrides of it, and the office's own words, which only a redacted advice leaves out.
CONFIDENTIAL: Final = frozenset(
    {
        *(
            "zqwagtail",
            "zqlinnet",
            "zqcurlew",
            "zqplover",
            "zqgodwit",
            "zqdotterel",
            "zqavocet",
            "zqgannet",
            "zqpuffin",
        ),
        *("zqdunlin", "zqsiskin", "zqbittern"),
    }
)
OF_THE_OFFICE: Final = frozenset({"zqheron", "zqkestrel", "zqmerlin", "zqosprey", "zqfulmar", "zqshrike"})


def test_the_words_are_found_where_they_may_be(confidential: Advice):
    theirs = words_in(Made(confidential.document("json").encode()), "json")
    assert sorted(CONFIDENTIAL - theirs) == []


def test_no_file_for_the_applicant_holds_a_word_that_is_kept(confidential: Advice):
    found = {
        name: words_in(made, name.rpartition(".")[2])
        for name, made in files(confidential, (Document.LETTER, Document.REPORT)).items()
        if not name.endswith(".json")
    }
    assert {name: sorted(words & CONFIDENTIAL) for name, words in found.items()} == {name: [] for name in found}
    assert {name.rpartition(".")[2] for name in found} == {*FORMATS} - {"json"}
    # Were nothing found at all, nothing would be shown by it: the house style is in each document that has one.
    assert [
        name
        for name in ("advice.pdf", "advice.docx", "advice.html", "advice.letter.docx")
        if "zqheron" not in found[name]
    ] == []


def test_no_file_of_a_redacted_advice_names_anybody_or_the_office_or_gives_a_reason(office: Workspace):
    data = marked(persona_data(PERSONA) | KEPT) | {
        "override": [withdrawn("action[confirm_visa_policy]", "Zqgannet would not have it")]
    }
    advice = advised(office, data, redacted=True)
    sought = re.compile(rf"{WORD.pattern}|{MARK}[ -][a-z]+", re.IGNORECASE)
    made = files(advice, DOCUMENTS)
    found = {name: words_in(one, name.rpartition(".")[2], sought) for name, one in made.items()}
    found["record"] = words_in(Made(record_text(advice.record(made)).encode()), "json", sought)
    assert {name: sorted(words) for name, words in found.items()} == {name: [] for name in found}
    assert {name.rpartition(".")[2] for name in found} == {*FORMATS, "record"} - {"ics"}


def test_they_would_be_named_if_it_were_not_redacted(office: Workspace):
    advice = advised(office, marked(persona_data(PERSONA)))
    named = {form: words_in(advice.made(form, Document.LETTER), form) for form in ("pdf", "docx", "html")}
    assert {form: sorted(OF_THE_OFFICE - words) for form, words in named.items()} == {
        "pdf": ["zqshrike"],
        "docx": ["zqshrike"],
        "html": ["zqshrike"],
    }
