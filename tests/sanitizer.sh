#!/usr/bin/env bash
# Runs Python with the C core of durable-rules built under an address sanitizer (gcc), in an environment of its own.
#
#   tests/sanitizer.sh                  the driver's tests, the shipped cases, then the long run for SOAK_SECONDS (600)
#   tests/sanitizer.sh -m pytest …      anything else
#
# The sanitizer stops at the first touch of memory that is not the core's own, and says where. Leaks are not looked for:
# CPython keeps memory to its end, and would be reported. PYTHONMALLOC lets the sanitizer see Python's own buffers too,
# which the core reads from. What malloc hands out is filled, so that what the core never set is no lucky zero.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=.venv-asan
if [ ! -e "$venv/ready" ]; then
    "${PYTHON:-python3}" -m venv --clear "$venv"
    "$venv/bin/python" -m pip install --quiet --editable '.[test]'
    # CPPFLAGS, for the package sets CFLAGS itself. The last flag is what CPython 3.13 needs, as in the Makefile.
    CPPFLAGS="-fsanitize=address -O1 -g -fno-omit-frame-pointer -DPyEval_CallObject=PyObject_CallObject" \
        LDFLAGS="-fsanitize=address" \
        "$venv/bin/python" -m pip install --quiet --no-cache-dir --force-reinstall --no-deps \
        --no-binary durable-rules durable-rules==2.0.28
    touch "$venv/ready"
fi

sanitized() {
    LD_PRELOAD="$(gcc -print-file-name=libasan.so)" PYTHONMALLOC=malloc \
        ASAN_OPTIONS="detect_leaks=0:max_malloc_fill_size=1073741824" \
        "$venv/bin/python" "$@"
}

if [ $# -gt 0 ]; then
    sanitized "$@"
    exit
fi
sanitized -m pytest -p no:cacheprovider tests/contract/test_memory.py tests/contract/test_relied_on.py \
    tests/test_engine_contract.py tests/test_engine_corridor.py
sanitized -m smartpick_expert.cli.main rules test
sanitized -m tests.soak --engine durable --seconds "${SOAK_SECONDS:-600}"
