"""Checks of a whole rule base, one small module each; what a review is made of.

A check is a module anywhere below this folder with `CODE`, `FINDS` (one line: what is wrong where it finds something),
`SEVERITY`, and `check(base) -> Iterator[Finding]`. `registry.py` finds them; nobody lists them. A module without `CODE`
helps others. `ALONE = True` lets a check run on a base that has errors elsewhere; `MAY_BE_SILENCED = False` keeps a rule from
silencing it; `repair(of, finding)` gives the replacements of a repair that never changes a meaning.
"""
