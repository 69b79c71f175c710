"""What a Word document says of itself: title, author and language, and nothing that a template of Word brings along.

Word writes into a template who made and changed it, for which company, and how long it took; none of this is of the document that is
filled in, and in a redacted one it would say whose it is.
"""

from __future__ import annotations

from typing import Any, Final

from smartpick_expert.report.formats.packages import line_of

_LONGEST: Final = 255
_PROGRAM: Final = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>SmartPick Expert</Application></Properties>"
)
# Word knows no language without a country.
_REGIONS: Final = {"en": "en-US"}


def properties(document: Any, title: str = "", author: str = "", language: str = "") -> None:
    """Let a document of python-docx say these of itself, where they are given, and nothing else."""
    core = document.core_properties
    for child in list(core._element):  # noqa: SLF001 - a property can be set and not be taken out
        core._element.remove(child)  # noqa: SLF001 - as above
    for name, said in (("title", title), ("author", author), ("language", language)):
        if words := line_of(said, _LONGEST):
            setattr(core, name, words)
    package = document.part.package
    for key, related in list(package.rels.items()):
        if related.reltype.endswith("/custom-properties"):
            package.rels.pop(key)
        elif related.reltype.endswith("/extended-properties"):
            related.target_part._blob = _PROGRAM.encode()  # noqa: SLF001 - python-docx has no such properties
    if language:
        for one in document.styles.element.iter("{*}lang"):
            one.set(one.nsmap["w"].join("{}") + "val", _REGIONS.get(language, language))
