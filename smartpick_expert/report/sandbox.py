"""Templates run where they can do nothing but place words: no file, no Python, no end put off for ever; and what is wrong has its line.

An office may write templates of its own, and take some from elsewhere. Jinja's sandbox keeps them from what Python can do; here they
are also kept from changing what they are given, from methods that are no words, and within `bounds.py`.
`template_reach.py` says what they may reach for, `template_filters.py` looks after filters, `template_faults.py` tells what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, Final

from jinja2 import FileSystemLoader, StrictUndefined, Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import TemplateNotFound, TemplateSyntaxError
from jinja2.runtime import markup_join, str_join
from jinja2.sandbox import SandboxedEnvironment

from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.language.values import shorten
from smartpick_expert.report import bounds
from smartpick_expert.report.template_faults import FOLDER, fault, syntax_fault
from smartpick_expert.report.template_filters import CHECKS, check_method, checked, counted
from smartpick_expert.report.template_reach import PUBLIC, allowed_of

# Chance makes no document that can be made again; these make texts of any length, or links.
_NO_FILTERS: Final = frozenset({"center", "filesizeformat", "pprint", "random", "urlize"})
_NO_GLOBALS: Final = ("lipsum",)


class _Generator(CodeGenerator):
    """Compiles loops and joins of texts so that they are counted."""

    def visit_For(self, node: nodes.For, frame: Frame) -> None:  # noqa: N802 - Jinja's name
        literal = sum(len(data.data) for data in node.find_all(nodes.TemplateData))
        steps = nodes.EnvironmentAttribute("going_on", lineno=node.lineno)
        given = [node.iter, nodes.Const(literal, lineno=node.lineno)]
        node.iter = nodes.Call(steps, given, [], None, None, lineno=node.lineno)
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
            raise Problems([fault(error, self)]) from None


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
        for name, check in CHECKS.items():
            self.filters[name] = checked(self.filters[name], check)
        for name, made in self.filters.items():
            self.filters[name] = counted(made)

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> Template:  # noqa: A002 - Jinja's name
        """A template; one that is filled in already counts what it includes. Raises Problems for one that cannot be read."""
        try:
            found = super().get_template(name, parent, globals)
        except TemplateSyntaxError as error:
            raise Problems([syntax_fault(error)]) from None
        except UnicodeDecodeError:
            message = "A template cannot be read: it is not in UTF-8."
            place = Location(f"{FOLDER}/{name}")
            raise Problems([Diagnostic("report.template", message, "Save it as UTF-8.", place)]) from None
        except RecursionError:
            if parent is not None:
                raise
            message = "A template cannot be read: it is nested too deep, or is longer than can be read at once."
            place = Location(f"{FOLDER}/{name}")
            raise Problems([Diagnostic("report.template", message, "Make several templates of it.", place)]) from None
        except TemplateNotFound:
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
            check_method(owner, method.__name__, args)
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

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A part of what a template is given; most are fields of our frozen values, of which all that are public may be seen."""
        if allowed_of(type(obj)) is PUBLIC and not attribute.startswith("_"):
            with suppress(AttributeError):
                return getattr(obj, attribute)
        return super().getattr(obj, attribute)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may reach for this: of Python's own values what is for words, and nothing that changes what is given."""
        allowed = allowed_of(type(obj))
        if allowed is PUBLIC:
            return not attr.startswith("_")
        return attr in allowed if allowed is not None else super().is_safe_attribute(obj, attr, value)
