"""Filters and methods of texts in a template: what can be far longer than what it is made of is reckoned first; all is counted after."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Final

from smartpick_expert.report import bounds

_MANY: Final = 100_000


def check_method(text: str, name: str, args: tuple[Any, ...]) -> None:
    """Reckon what a method of a text would make."""
    if name == "format":
        bounds.check_pattern(text)
    elif name == "replace" and len(args) > 1:
        _check_replace(text, *args)
    elif name == "join" and args and isinstance(args[0], list | tuple):
        _check_join(args[0], text)


def _check_replace(text: Any, old: Any, new: Any, *_: Any) -> None:
    bounds.may_make(len(str(text)) + str(text).count(str(old)) * len(str(new)))


def _check_join(items: Any, between: Any = "", *_: Any) -> None:
    if isinstance(items, list | tuple | str):
        bounds.may_make(sum(len(one) if isinstance(one, str) else 1 for one in items) + len(items) * len(str(between)))


def _check_indent(_: Any, width: Any = 4, *__: Any, **___: Any) -> None:
    bounds.check_width(len(width) if isinstance(width, str) else width)


def _check_parts(_: Any, count: Any = 1, *__: Any, **___: Any) -> None:
    if isinstance(count, int) and count > _MANY:
        raise bounds.BeyondBoundsError(f"it asks for {count:,} parts, and {_MANY:,} is the most")


CHECKS: Final[dict[str, Callable[..., None]]] = {
    "batch": _check_parts,
    "format": lambda pattern, *_, **__: bounds.check_pattern(pattern),
    "indent": _check_indent,
    "join": _check_join,
    "replace": _check_replace,
    "round": lambda _, precision=0, *__, **___: bounds.check_places(precision),
    "slice": _check_parts,
    "tojson": lambda _, indent=0, **__: bounds.check_width(indent),
    "wordwrap": lambda *args, **kwargs: (
        _check_join((), *(one for one in (kwargs.get("wrapstring"),) if one)) if args else None
    ),
}


def checked(made: Callable[..., Any], check: Callable[..., None]) -> Callable[..., Any]:
    """A filter with a look at what it is given, before."""
    takes = getattr(made, "jinja_pass_arg", None)

    @functools.wraps(made)
    def with_check(*args: Any, **kwargs: Any) -> Any:
        check(*(args[1:] if takes is not None else args), **kwargs)
        return made(*args, **kwargs)

    return with_check


def counted(made: Callable[..., Any]) -> Callable[..., Any]:
    """A filter of which what it gives is counted, one after another where it gives one after another."""

    @functools.wraps(made)
    def with_count(*args: Any, **kwargs: Any) -> Any:
        found = made(*args, **kwargs)
        return bounds.going_on(found) if hasattr(found, "__next__") else bounds.made(found)

    return with_count
