"""A ledger of many entries, and how long it takes to use it: `python -m tests.ledger_scale --entries 10000`.

The entries are the advices on the shipped personas under labels of their own. Times are given in seconds and in units of
one advice (run, written and recorded), so that they mean something on another machine.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import cycle, islice
from lzma import compress, decompress
from pathlib import Path
from typing import Any

import msgspec

from smartpick_expert.advice import Advice, advise
from smartpick_expert.audit.digests import canonical, digest
from smartpick_expert.audit.entering import entry_of, record_in
from smartpick_expert.audit.entry import Entry, new_id
from smartpick_expert.audit.inputs import workspace_files
from smartpick_expert.audit.ledger import Ledger
from smartpick_expert.audit.packing import PRESET
from smartpick_expert.audit.record import Record, record_text
from smartpick_expert.recall import recall
from smartpick_expert.replay import Runner
from tests.advised import PERSONAS, day_of
from tests.profiles import WORKSPACE

_LABEL = "zq-somebody"


def advice_on(persona: str, folder: Path) -> Advice:
    """The advice on a persona under a label that stands nowhere else."""
    text = (WORKSPACE.personas / f"{persona}.yaml").read_text("utf-8")
    profile = folder / f"{persona}.yaml"
    profile.write_text(re.sub(r"(?m)^  label: .*$", f"  label: {_LABEL}", text, count=1), "utf-8")
    return advise(profile, WORKSPACE, day_of(persona), "plain")


@dataclass(frozen=True)
class Pattern:
    """An entry of which copies are made under other labels, without making everything else anew for each."""

    entry: Entry
    packed: str
    body: str
    record: Record

    def under(self, label: str) -> Entry:
        """The entry as it would have been made on an applicant of this label."""
        profile = self.record.body.inputs.profile
        sha = digest(profile.text.replace(_LABEL, label))
        body = digest(self.body.replace(_LABEL, label).replace(profile.sha256, sha))
        packed = self.packed.replace(_LABEL, label).replace(profile.sha256, sha)
        packed = packed.replace(self.record.envelope.body_sha256, body)
        return replace(
            self.entry,
            id=new_id(),
            summary=replace(self.entry.summary, label=label),
            data=compress(packed.encode("utf-8"), preset=PRESET),
            written=(f"/advices/{label}.md",),
        )


def pattern(persona: str, folder: Path) -> Pattern:
    """The pattern of the entries on a persona."""
    advice = advice_on(persona, folder)
    record = advice.record({"advice.md": advice.document("md")})
    entry = entry_of(new_id(), record, WORKSPACE)
    body = canonical(msgspec.to_builtins(record.body))
    return Pattern(entry, decompress(entry.data).decode("utf-8"), body, record)


def entries(count: int, folder: Path) -> Iterator[Entry]:
    """The entries, one persona after another, each of an applicant of its own."""
    patterns = [pattern(persona, folder) for persona in PERSONAS]
    for number, one in enumerate(islice(cycle(patterns), count), start=1):
        yield one.under(f"applicant-{number:05}")


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """How long it takes, and what it comes to."""
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


def one_advice(folder: Path) -> float:
    """How long one advice takes, on average over the personas: the rules run, the document and the record written."""

    def work():
        for persona in PERSONAS:
            advice = advice_on(persona, folder)
            record_text(advice.record({"advice.md": advice.document("md")}))

    work()
    return timed(work)[0] / len(PERSONAS)


def append_all(path: Path, count: int, folder: Path) -> float:
    """Append so many entries; how long the appending alone took."""
    spent = 0.0
    with Ledger(path) as ledger:
        for number, entry in enumerate(entries(count, folder), start=1):
            spent += timed(lambda entry=entry: ledger.append(entry))[0]
            if number % 1000 == 0:
                sys.stderr.write(f"{number} entered\n")
    return spent


def measured(path: Path, appended: float | None, recalled: int) -> Iterator[tuple[str, float]]:
    """What is done with a ledger, and how long it takes."""
    with Ledger(path, must_exist=True) as ledger:
        count = ledger.length()
        if appended is not None:
            yield "append, each", appended / count
        spent, listed = timed(ledger.entries)
        yield "log", spent
        name = listed[len(listed) // 2].link.id
        yield "show", timed(lambda: record_in(ledger, name))[0]
        yield "verify", timed(ledger.verify)[0]
        files = workspace_files(WORKSPACE)
        with Runner("plain") as runner:
            spent, found = timed(lambda: list(recall(ledger, runner, files)))
            yield f"recall, nothing changed ({len(found)} of {count} found)", spent
        rule = most_seldom(ledger)
        with Runner("plain") as runner:
            spent, found = timed(lambda: list(recall(ledger, runner, files, (rule,))))
            yield f"recall --rule {rule}, nothing changed ({len(found)} of {count} found)", spent
        other = changed(files, rule)
        since = listed[-min(recalled, len(listed))].link.number
        some = [one.link.id for one in listed if one.link.number >= since]
        with Runner("plain") as runner:
            spent, found = timed(lambda: list(islice(recall(_Some(ledger, some), runner, other), len(some))))
            yield (
                f"recall, a rule changed, {len(some)} of {count} run again ({len(found)} found), each",
                spent / len(some),
            )


class _Some:
    """A ledger of which only some entries are listed."""

    def __init__(self, ledger: Ledger, names: list[str]) -> None:
        self._ledger, self._names = ledger, frozenset(names)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    def entries(self, *words: str, **other: Any) -> list[Any]:
        return [one for one in self._ledger.entries(*words, **other) if one.link.id in self._names]


def most_seldom(ledger: Ledger) -> str:
    """The rule that fired in the fewest entries."""
    counts = {rule.id: len(ledger.entries(rule=rule.id)) for rule in WORKSPACE.ruleset.rules}
    return min((count, rule) for rule, count in counts.items() if count)[1]


def changed(files: dict[str, str], rule: str) -> dict[str, str]:
    """The files with a rule put out of force."""
    name, text = next((name, text) for name, text in files.items() if f"- id: {rule}\n" in text)
    before, own, after = text.partition(f"- id: {rule}\n")
    other = after.replace("status: stable", "status: draft", 1)
    assert other != after
    return {**files, name: before + own + other}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument(
        "--run-again", type=int, default=140, help="How many entries a recall after a change is timed on."
    )
    parser.add_argument("--ledger", type=Path, default=None, help="Keep the ledger here, and use one that is there.")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        unit = one_advice(Path(folder))
        sys.stdout.write(f"one advice: {unit:.3f} s\n")
        path = asked.ledger or Path(folder) / "ledger.sqlite"
        appended = None if path.exists() else append_all(path, asked.entries, Path(folder))
        size = path.stat().st_size
        with Ledger(path, must_exist=True) as ledger:
            count = ledger.length()
        sys.stdout.write(f"{count} entries: {size / 2**20:.1f} MiB, {size / count:,.0f} bytes each\n")
        for what, seconds in measured(path, appended, asked.run_again):
            sys.stdout.write(f"{what}: {seconds:.3f} s, {seconds / unit:.2f} advices\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
