"""A drawing as a picture, for formats that hold none as SVG: drawn by resvg, with the fonts of the machine and nothing fetched."""

from __future__ import annotations

from typing import Final

from smartpick_expert.report.formats.extras import library

FORM: Final = "docx"
# Three dots for each unit of a drawing: clear on paper, at a width of five inches some 340 dots an inch.
_ZOOM: Final = 3


def picture(svg: str) -> bytes:
    """The drawing as PNG, on white. Raises Problems where the library is missing, ValueError where it is no SVG."""
    resvg = library(FORM, "resvg_py")
    data: bytes = resvg.svg_to_bytes(
        svg_string=svg, background="#ffffff", zoom=_ZOOM, sans_serif_family="Liberation Sans", font_size=13
    )
    return data


def size(image: bytes) -> tuple[int, int]:
    """How many dots a picture is wide and high. Raises Problems where the library is missing, ValueError where it is none."""
    found = library(FORM, "docx.image.image").Image.from_blob(image)
    return int(found.px_width), int(found.px_height)
