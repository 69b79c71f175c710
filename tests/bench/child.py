"""One engine alone in a process of its own, consulted on demand: what it keeps in memory, and whether it slows down.

`python -m tests.bench.child ENGINE` reads from each line how many times to go through the consultations, and answers
with a line of JSON: how often it consulted, the processor's seconds that took, and the bytes now in memory.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from pathlib import Path
from time import process_time
from types import TracebackType
from typing import Any, Self

from tests.bench import engines
from tests.bench.generated import thresholds
from tests.bench.subjects import shipped

ROOT = Path(__file__).parents[2]


class Child:
    """Such a process, from the outside."""

    def __init__(self, engine: str) -> None:
        command = [sys.executable, "-m", "tests.bench.child", engine]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.consultations = 0
        self.resident = 0

    def go(self, passes: int) -> float:
        """Go through the consultations so many times; microseconds a consultation."""
        streams = self._process.stdin, self._process.stdout
        if streams[0] is None or streams[1] is None:
            raise RuntimeError("the process was started without pipes")
        streams[0].write(f"{passes}\n")
        streams[0].flush()
        answer: dict[str, Any] = json.loads(streams[1].readline())
        self.consultations += answer["consultations"]
        self.resident = answer["resident"]
        return answer["seconds"] / answer["consultations"] * 1e6

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._process.kill()
        self._process.communicate()


def serve(name: str) -> None:
    """Answer line by line."""
    subject = thresholds() if name == engines.EXPERTA else shipped()
    engine = engines.make(name, subject)
    for line in sys.stdin:
        begun = process_time()
        for _ in range(int(line)):
            for facts in subject.consultations:
                engine.consult(facts)
        seconds = process_time() - begun
        gc.collect()
        many = int(line) * len(subject.consultations)
        answer = {"consultations": many, "seconds": seconds, "resident": resident()}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def resident() -> int:
    """Bytes of this process in memory; 0 where the system does not say."""
    pages = Path("/proc/self/statm")
    return int(pages.read_text(encoding="ascii").split()[1]) * 4096 if pages.exists() else 0


if __name__ == "__main__":
    serve(sys.argv[1])
