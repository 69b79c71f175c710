"""The whole way of an input: through a workspace on disk, as the commands read it, or through a written advice."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from random import Random
from unicodedata import category
from zlib import crc32

from smartpick_expert.advice import advise
from smartpick_expert.diagnostics import Problems, Severity, render
from smartpick_expert.engine.session import Matcher
from smartpick_expert.engine.strata import stratify
from smartpick_expert.report.documents import DOCUMENTS, FORMATS, written
from smartpick_expert.workspace import Workspace, read_workspace
from tests.fuzz import corpus, worlds
from tests.fuzz.inputs import Input
from tests.fuzz.properties import Broken, check_finding, shipped_texts
from tests.profiles import AS_OF, WORKSPACE


def run(one: Input) -> None:
    """A copy of the shipped workspace with this one file in it, read as the commands read it; or a profile as a file."""
    if one.sort == "profiles":
        _advised(one, WORKSPACE, worlds.matcher(worlds.engines()[-1]))
    elif not one.sort.startswith("small-") or one.sort == "small-vocabulary":
        with tempfile.TemporaryDirectory() as name:
            root = Path(name)
            for folder in ("rules", "knowledge", "reports"):
                shutil.copytree(corpus.ROOT / folder, root / folder)
            path = root / one.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(one.data)
            _read_whole(root, one)


def _read_whole(root: Path, one: Input) -> None:
    loaded, found = read_workspace(root)
    texts = shipped_texts() | {one.path: one.data}
    for d in found:
        check_finding(d, texts)
    if loaded is None or any(d.severity is Severity.ERROR for d in found):
        return
    try:
        stratify(loaded.ruleset.rules)
    except Problems as problems:
        for d in problems.diagnostics:
            check_finding(d, texts)
        return
    persona = Random(crc32(one.data)).choice(corpus.sources("profiles"))
    _advised(
        Input("profiles", one.way, "profiles", persona.path, persona.text.encode()), loaded, worlds.matcher("plain")
    )


def _advised(one: Input, workspace: Workspace, engine: Matcher) -> None:
    """The written advice on a profile file, redacted and not, in every format."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "profile.yaml"
        path.write_bytes(one.data)
        for redacted in (False, True):
            try:
                advice = advise(path, workspace, AS_OF, engine, redacted=redacted)
            except Problems as problems:
                for d in problems.diagnostics:
                    render(d)
                return
            documents = [(one.form, advice.document(one.form, one.document)) for one in written(DOCUMENTS, FORMATS)]
            for form, text in (*documents, ("summary", advice.document("summary"))):
                strange = next((c for c in text if category(c) in ("Cc", "Cs") and c not in "\n\t"), "")
                if strange:
                    raise Broken(f"advice as {form} hands on U+{ord(strange):04X}")
                if form == "json":
                    json.loads(text)
