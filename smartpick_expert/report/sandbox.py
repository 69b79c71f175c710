"""Templates run where they can do nothing but place words: no file, no Python, no end put off for ever; and what is wrong has its line.

An office may write templates of its own, and take some from elsewhere. Jinja's sandbox keeps them from what Python can do; here they
are also kept from changing what they are given, from methods that are no words, and within `bounds.py`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from jinja2 import FileSystemLoader, StrictUndefined, Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.runtime import markup_join, str_join
from jinja2.sandbox import SandboxedEnvironment

from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.language.values import shorten
from smartpick_expert.report import bounds

FOLDER: Final = "reports"
# Methods that take a text apart or put it otherwise; others of Python's own values are no business of a template.
_OF_TEXTS: Final = frozenset(
    {
        *(
            "capitalize",
            "casefold",
            "count",
            "endswith",
            "find",
            "format",
            "index",
            "isalnum",
            "isalpha",
            "isdigit",
            "islower",
        ),
        *(
            "isspace",
            "isupper",
            "join",
            "lower",
            "lstrip",
            "partition",
            "removeprefix",
            "removesuffix",
            "replace",
            "rfind",
        ),
        *("rpartition", "rsplit", "rstrip", "split", "splitlines", "startswith", "strip", "swapcase", "title", "upper"),
    }
)
_OF_LISTS: Final = frozenset({"append", "count", "index", "pop"})
_OF_MAPPINGS: Final = frozenset({"get", "items", "keys", "values"})
_OF_NUMBERS_AND_DAYS: Final = frozenset({"day", "isoformat", "month", "strftime", "weekday", "year"})
# Chance makes no document that can be made again; these make texts of any length, or links.
_NO_FILTERS: Final = frozenset({"center", "filesizeformat", "pprint", "random", "urlize"})
_NO_GLOBALS: Final = ("lipsum",)
_MANY: Final = 100_000
_OURS: Final = "smartpick_expert."
_NO_SUCH_PART: Final = re.compile(r"'smartpick_expert\.(?:\w+\.)*(\w+) object' has no attribute ('\w+')")
_PUBLIC: Final = frozenset({"(whatever has no underline before it)"})


class _Generator(CodeGenerator):
    """Compiles loops and joins of texts so that they are counted."""

    def visit_For(self, node: nodes.For, frame: Frame) -> None:  # noqa: N802 - Jinja's name
        literal = sum(len(data.data) for data in node.find_all(nodes.TemplateData))
        counted = nodes.EnvironmentAttribute("going_on", lineno=node.lineno)
        given = [node.iter, nodes.Const(literal, lineno=node.lineno)]
        node.iter = nodes.Call(counted, given, [], None, None, lineno=node.lineno)
        super().visit_For(node, frame)

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 - Jinja's name
        joined = nodes.EnvironmentAttribute("joined", lineno=node.lineno)
        parts = nodes.List(node.nodes, lineno=node.lineno)
        self.visit(nodes.Call(joined, [parts], [], None, None, lineno=node.lineno), frame)


class _Template(Template):
    """A template whose filling in is counted, and whose faults are told with their line."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        """The document. Raises Problems."""
        try:
            with bounds.counting():
                return super().render(*args, **kwargs)
        except Problems:
            raise
        except (Exception, RecursionError) as error:  # noqa: BLE001 - a template makes Python raise whatever it likes
            raise Problems([_fault(error, self)]) from None


class Bounded(SandboxedEnvironment):
    """Jinja's sandbox over a folder of templates (or over none), within bounds."""

    code_generator_class = _Generator
    template_class = _Template
    intercepted_binops = frozenset({"*", "**", "+", "%"})

    def __init__(
        self, folder: Path | None = None, *, finalize: Callable[[Any], Any] | None = None, **options: Any
    ) -> None:
        def final(value: Any) -> Any:
            return bounds.made(finalize(value) if finalize is not None else value)

        super().__init__(
            loader=FileSystemLoader(str(folder)) if folder is not None else None,
            undefined=StrictUndefined,
            finalize=final,
            **options,
        )
        for name in _NO_FILTERS:
            self.filters.pop(name, None)
        for name in _NO_GLOBALS:
            self.globals.pop(name, None)
        for name, check in _CHECKS.items():
            self.filters[name] = _checked(self.filters[name], check)
        for name, made in self.filters.items():
            self.filters[name] = _counted(made)

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> Template:  # noqa: A002 - Jinja's name
        """A template; one that is filled in already counts what it includes. Raises Problems for one that cannot be read."""
        try:
            found = super().get_template(name, parent, globals)
        except TemplateSyntaxError as error:
            raise Problems([_syntax_fault(error)]) from None
        except UnicodeDecodeError:
            message = "A template cannot be read: it is not in UTF-8."
            place = Location(f"{FOLDER}/{name}")
            raise Problems([Diagnostic("report.template", message, "Save it as UTF-8.", place)]) from None
        except (TemplateNotFound, RecursionError):
            if parent is not None:
                raise
            message = f"There is no template '{shorten(str(name))}'."
            hint = "Bring it back, or take the shipped folder of reports."
            raise Problems([Diagnostic("report.template", message, hint, Location(FOLDER))]) from None
        bounds.step()
        return found

    def going_on(self, items: Any, literal: int = 0) -> Any:
        """The items of a loop, counted."""
        return bounds.going_on(items, literal)

    def joined(self, parts: list[Any]) -> str:
        """Parts as one text, counted."""
        bounds.may_make(sum(bounds.size_of(part) for part in parts))
        text: str = markup_join(parts) if self.autoescape else str_join(parts)
        return text

    def call(self, context: Any, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        """What calling something gives, counted before and after."""
        # The sandbox wraps a text's own `format`, to look after the names in it.
        method = getattr(called, "__wrapped__", called)
        owner = getattr(method, "__self__", None)
        if isinstance(owner, str):
            _check_method(owner, method.__name__, args)
        elif isinstance(owner, date):
            bounds.check_pattern(args[0] if args else "")
        return bounds.made(super().call(context, called, *args, **kwargs))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """What two values make, reckoned before it is made."""
        if operator == "*":
            bounds.repeated(left, right)
        elif operator == "**":
            bounds.raised(left, right)
        elif operator == "%":
            bounds.check_pattern(left)
        else:
            bounds.may_make(bounds.size_of(left) + bounds.size_of(right))
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may reach for this: of Python's own values what is for words, and nothing that changes what is given."""
        allowed = _allowed_of(type(obj))
        if allowed is _PUBLIC:
            return not attr.startswith("_")
        return attr in allowed if allowed is not None else super().is_safe_attribute(obj, attr, value)


_ALLOWED: Final[tuple[tuple[Any, frozenset[str]], ...]] = (
    (str, _OF_TEXTS),
    ((list, tuple), _OF_LISTS),
    (Mapping, _OF_MAPPINGS),
    ((int, float, Decimal, date), _OF_NUMBERS_AND_DAYS),
    ((bytes, set, frozenset), frozenset()),
)


_KNOWN: Final[dict[type, frozenset[str] | None]] = {}


def _allowed_of(kind: type) -> frozenset[str] | None:
    """What a template may reach for in values of a kind: `_PUBLIC` in a frozen value of ours, None where Jinja is to say."""
    if kind not in _KNOWN:
        found = next((allowed for kinds, allowed in _ALLOWED if issubclass(kind, kinds)), None)
        is_ours = is_dataclass(kind) and kind.__module__.startswith(_OURS)
        _KNOWN[kind] = _PUBLIC if found is None and is_ours else found
    return _KNOWN[kind]


def _check_method(text: str, name: str, args: tuple[Any, ...]) -> None:
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


_CHECKS: Final[dict[str, Callable[..., None]]] = {
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


def _checked(made: Callable[..., Any], check: Callable[..., None]) -> Callable[..., Any]:
    """A filter with a look at what it is given, before."""
    takes = getattr(made, "jinja_pass_arg", None)

    @functools.wraps(made)
    def checked(*args: Any, **kwargs: Any) -> Any:
        check(*(args[1:] if takes is not None else args), **kwargs)
        return made(*args, **kwargs)

    return checked


def _counted(made: Callable[..., Any]) -> Callable[..., Any]:
    """A filter of which what it gives is counted, one after another where it gives one after another."""

    @functools.wraps(made)
    def counted(*args: Any, **kwargs: Any) -> Any:
        found = made(*args, **kwargs)
        return bounds.going_on(found) if hasattr(found, "__next__") else bounds.made(found)

    return counted


def _fault(error: Exception, template: Template) -> Diagnostic:
    """What went wrong while a template was filled in, at the line of the template that was being filled in."""
    if isinstance(error, TemplateSyntaxError):
        return _syntax_fault(error)
    place = Location(_shown(template.name, template.filename))
    step, searched = error.__traceback__, _folder_of(template)
    while step is not None:
        path = step.tb_frame.f_code.co_filename
        if searched is not None and Path(path).is_relative_to(searched):
            place = Location(f"{FOLDER}/{Path(path).relative_to(searched).as_posix()}", step.tb_lineno, 1)
        step = step.tb_next
    return Diagnostic("report.template", f"A template cannot be filled in: {_why(error)}.", _hint(error), place)


def _why(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it does not come to an end: it calls itself over and over"
    if isinstance(error, TemplateNotFound):
        return f"it names the template '{shorten(str(error.name))}', which is not there"
    words = (error.message if isinstance(error, TemplateError) else None) or str(error) or type(error).__name__
    named = words if isinstance(error, TemplateError) else f"{words} ({type(error).__name__})"
    return shorten(_NO_SUCH_PART.sub(r"there is no \2 in a \1", named), 400).rstrip(".")


def _hint(error: Exception) -> str:
    if isinstance(error, bounds.BeyondBoundsError | RecursionError):
        return "Look for a loop, an include or a macro that goes on for ever."
    if isinstance(error, SecurityError):
        return "A template may only place the words that it is given."
    return "Correct the template in reports/."


def _syntax_fault(error: TemplateSyntaxError) -> Diagnostic:
    place = Location(_shown(error.name, error.filename), error.lineno, 1)
    message = f"A template cannot be read: {shorten(error.message or 'it is no template', 400).rstrip('.')}."
    return Diagnostic("report.template", message, "Correct the template in reports/.", place)


def _shown(name: str | None, filename: str | None) -> str:
    return f"{FOLDER}/{name or Path(filename or '').name}".rstrip("/")


def _folder_of(template: Template) -> Path | None:
    loader = template.environment.loader
    return Path(loader.searchpath[0]) if isinstance(loader, FileSystemLoader) else None
