"""The machine and the versions that figures are worth nothing without. Names no host and no path."""

from __future__ import annotations

import os
import platform
from importlib import metadata
from pathlib import Path

_DISTRIBUTIONS = ("durable_rules", "clipspy", "experta", "PyYAML", "Jinja2", "click")


def machine() -> dict[str, object]:
    """Processor, cores, system, Python, and the versions of what takes part; a package that is missing is None."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "versions": {name: _version(name) for name in _DISTRIBUTIONS},
    }


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
