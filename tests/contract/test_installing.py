"""How durable-rules comes to be installed."""

from __future__ import annotations

import sys
import sysconfig
from importlib.metadata import distribution
from pathlib import Path

import pytest

from tests.contract.core import engine

pytestmark = pytest.mark.measured


def test_it_is_compiled_where_it_is_installed():
    """A wheel of the package index would be tagged manylinux or musllinux."""
    tags = [line for line in (distribution("durable-rules").read_text("WHEEL") or "").splitlines() if "Tag: " in line]
    assert [tag.split("-")[-1] for tag in tags] == ["linux_x86_64"]


def test_it_calls_a_function_that_cpython_dropped_in_3_13():
    """So it is compiled there with another name for the function, as the Makefile does; else it is not imported."""
    header = Path(sysconfig.get_path("include")) / "ceval.h"
    if not header.is_file():
        pytest.skip("the headers of CPython are not installed")
    declared = "PyEval_CallObject(" in header.read_text(encoding="utf-8")
    called = b"PyEval_CallObject" in Path(engine.__file__).read_bytes().replace(b"-DPyEval_CallObject", b"")
    assert (declared, called) == (sys.version_info < (3, 13), declared)
