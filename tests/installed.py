"""Tests that take an optional part of the installation: left out where it is missing, except where all must be tested."""

from __future__ import annotations

import os

import pytest

from smartpick_expert.diagnostics import Problems
from smartpick_expert.report.formats.extras import require


def needs(form: str) -> pytest.MarkDecorator:
    """The mark of tests that take the library of a format. Under CI nothing is left out: there it must be installed."""
    try:
        require([form])
    except Problems as problems:
        missing = str(problems)
    else:
        missing = ""
    return pytest.mark.skipif(bool(missing) and "CI" not in os.environ, reason=missing)
