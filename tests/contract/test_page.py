"""The page about the contract names each test that pins a fault, once, and no other."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parent.parent / "docs" / "durable-rules-contract.md"
PINNED = re.compile(r"^pytestmark = pytest\.mark\.measured$", re.MULTILINE)
TEST = re.compile(r"^def (test_\w+)", re.MULTILINE)


def test_the_page_and_the_tests_name_the_same_faults():
    named = Counter(re.findall(r"`(test_\w+)`", PAGE.read_text(encoding="utf-8")))
    sources = [path.read_text(encoding="utf-8") for path in HERE.glob("test_*.py")]
    pinned = Counter(name for text in sources if PINNED.search(text) for name in TEST.findall(text))
    assert named == pinned
