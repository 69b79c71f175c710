"""A record as it is stored: what every record of a rule base has in common is put by once, the rest compressed.

A trace carries the rules, sources and parameters that took part. They are the same from applicant to applicant, so in a
packed record each stands as the hash of its text, and the text is kept once under that hash.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from typing import Any

from smartpick_expert.audit.digests import canonical, digest
from smartpick_expert.audit.reading import MAX_BYTES
from smartpick_expert.audit.record import Record, record_data

# The lists of a trace whose items recur, and how deep in a record traces stand.
_SHARED = ("rules", "sources")
_SHARED_WHOLE = ("parameters", "live", "types")
_TRACES = ("advisor", "applicant")
_INPUTS = ("rules", "knowledge", "templates")
# It finds what stands far apart, at the price of a quick compressor.
PRESET = 2


def pack(record: Record) -> tuple[bytes, dict[str, str]]:
    """The stored bytes of a record, and the shared texts it refers to, by hash."""
    shared: dict[str, str] = {}

    def put_by(item: Any) -> str:
        text = canonical(item)
        name = digest(text)
        shared[name] = text
        return name

    packed = _exchanged(record_data(record), put_by)
    return lzma.compress(canonical(packed).encode("utf-8"), preset=PRESET), shared


def unpack(data: bytes, shared: Mapping[str, str]) -> dict[str, Any]:
    """The record as plain data. Raises KeyError where a shared text is missing, ValueError or lzma.LZMAError where bytes are damaged."""
    return _exchanged(json.loads(_inflated(data)), lambda name: json.loads(shared[name]))


def shared_names(data: bytes) -> list[str]:
    """The hashes of the shared texts that stored bytes refer to."""
    found: list[str] = []

    def note(name: Any) -> Any:
        found.append(name)
        return name

    _exchanged(json.loads(_inflated(data)), note)
    return found


def _inflated(data: bytes) -> bytes:
    """What the bytes hold, up to what a record may take: small bytes may hold far more."""
    found = lzma.LZMADecompressor().decompress(data, MAX_BYTES + 1)
    if len(found) > MAX_BYTES:
        raise ValueError
    return found


def _exchanged(record: dict[str, Any], exchange: Callable[[Any], Any]) -> dict[str, Any]:
    """The record with each shared item exchanged: of a list of objects each item, else the whole list."""
    body = dict(record["body"])
    for name in _TRACES:
        if body[name] is not None:
            trace = dict(body[name])
            trace |= {part: [exchange(item) for item in trace[part]] for part in _SHARED}
            trace |= {part: exchange(trace[part]) for part in _SHARED_WHOLE}
            trace["facts"] = list(_facts(trace["facts"], exchange))
            body[name] = trace
    body["inputs"] = {**body["inputs"], **{part: exchange(body["inputs"][part]) for part in _INPUTS}}
    return {**record, "body": body}


def _facts(facts: list[Any], exchange: Callable[[Any], Any]) -> Iterator[Any]:
    """The facts, each run of the knowledge's own exchanged for one name, or such a name for its run."""
    for is_shared, several in groupby(facts, lambda fact: isinstance(fact, dict) and fact["supply"] == "knowledge"):
        if is_shared:
            yield exchange(list(several))
            continue
        for fact in several:
            if isinstance(fact, str):
                run = exchange(fact)
                yield from run if isinstance(run, list) else [run]
            else:
                yield fact
