"""How fast the engines are, beside each other and beside others; `python -m tests.bench` writes docs/performance.md."""
