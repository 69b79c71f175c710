"""What a person names, found in a trace: a conclusion, a statement, a rule, an action, a firing, or a place of the profile.

`bucket`, `bucket[name=high_risk]`, `letter_grade[letter-1]`, `letters.generic`, `letters.generic[letter-1]`, `F12`,
`apply-early`, `exam[step2_ck].score`: the names that records, documents and messages print, whole or in part.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from smartpick_expert.diagnostics import Diagnostic, Location, Problems, nearest
from smartpick_expert.explain.absence import absence_text
from smartpick_expert.explain.trace import Trace, TracedFact
from smartpick_expert.language.values import shorten

ACTION = "action"
_NAMED = re.compile(r"([A-Za-z0-9_]+)\[(.*)\](?:\.([A-Za-z0-9_]+))?", re.DOTALL)
_FIELD = re.compile(r"([A-Za-z0-9_]+)\.([A-Za-z0-9_]+)")
_PAIR = re.compile(r"([A-Za-z0-9_]+)=(.*?)(?=\s+[A-Za-z0-9_]+=|$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Named:
    """What a name stands for: facts, or firings where it names a rule or a statement; `field` where it names one of a fact.

    `says` is the text of an assumption that was named: no rule stands behind it.
    """

    asked: str
    facts: tuple[str, ...] = ()
    firings: tuple[str, ...] = ()
    field: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A name taken apart: a type, the values its fields are to have, and a word that any of its fields may hold."""

    type: str
    fields: tuple[tuple[str, str], ...] = ()
    word: str = ""
    field: str = ""


def find(name: str, trace: Trace) -> Named:
    """What a name stands for in a run. Raises Problems where it stands for nothing: what was not concluded has no why."""
    asked = name.strip()
    if not asked:
        raise unknown_name(asked, ())
    for statement in trace.statements:
        if statement.id == asked:
            return Named(asked, firings=statement.firings, says="" if statement.firings else statement.text)
    if asked in trace.fact:
        return Named(asked, facts=(asked,))
    if asked in trace.firing:
        return Named(asked, firings=(asked,))
    if asked in trace.live:
        fired = tuple(firing.id for firing in trace.firings if firing.rule == asked and firing.certain)
        if fired:
            return Named(asked, firings=fired)
        message = f"Rule '{asked}' did not fire."
        raise _problem("why.not-fired", message, f"Ask 'smartpick why-not SOURCE {asked}'.")
    parts = taken_apart(asked, trace.types)
    if parts is not None:
        return _of_type(asked, parts, trace)
    actions = _facts(Asked(ACTION, word=asked), trace)
    if actions:
        return Named(asked, facts=actions)
    held = tuple(fact.id for fact in trace.facts if fact.certain and fact.supply == "rules" and asked in _words(fact))
    if held:
        return Named(asked, facts=held)
    raise unknown_name(asked, names_in(trace))


def names_in(trace: Trace) -> list[str]:
    """Every name that can be asked about."""
    statements = [statement.id for statement in trace.statements]
    actions = [word for fact in trace.facts if fact.type == ACTION for word in _words(fact)]
    return [*statements, *trace.fact, *trace.live, *trace.types, *actions]


def taken_apart(name: str, types: Iterable[str]) -> Asked | None:
    """A name as a type with the fields that are given; None where it begins with no type there is."""
    known = set(types)
    if name in known:
        return Asked(name)
    found = _NAMED.fullmatch(name)
    if found is not None and found.group(1) in known:
        type_name, inner, field = found.groups(default="")
        pairs = tuple((pair.group(1), pair.group(2).strip()) for pair in _PAIR.finditer(inner))
        return Asked(type_name, pairs, "" if pairs else inner.strip(), field)
    path = _FIELD.fullmatch(name)
    if path is not None and path.group(1) in known:
        return Asked(path.group(1), field=path.group(2))
    return None


def unknown_name(name: str, known: Iterable[str]) -> Problems:
    """That nothing has this name, with the nearest that there is."""
    hint = (
        _nearest(name, known)
        or "Name a conclusion (bucket), a rule, an action, or a statement of the advice by its id."
    )
    return _problem("why.name", f"There is no conclusion, statement, rule or action '{shorten(name, 60)}'.", hint)


def not_concluded(name: str) -> Problems:
    """That nothing of this name was concluded, though it might have been."""
    message = f"'{shorten(name.strip(), 60)}' was not concluded."
    return _problem("why.not-concluded", message, f"Ask 'smartpick why-not SOURCE {shorten(name.strip(), 60)}'.")


def fell_away(name: str, rules: Sequence[str]) -> Problems:
    """That what was asked for rests on rules that evidence alone leaves out (or is one), so that there is nothing to explain."""
    of = f"could come of what is left out by perception ({', '.join(rules)})" if rules else "rests on perception"
    message = (
        f"'{shorten(name.strip(), 60)}' fell away: it {of}, and this advice counts evidence alone (--evidence-only)."
    )
    return _problem("why.fell-away", message, "Ask it of an advice by all rules, made without --evidence-only.")


def _of_type(asked: str, parts: Asked, trace: Trace) -> Named:
    facts = _facts(parts, trace)
    if not facts:
        message = f"Nothing of the kind was concluded or given: '{shorten(asked, 60)}'."
        whole = parts == Asked(parts.type)
        if whole and any(section.type == parts.type for section in trace.empty):
            message = f"There is nothing to explain of '{parts.type}': {absence_text(parts.type, trace)}."
            raise _problem("why.not-concluded", message, "Ask 'smartpick what-if' for what an entry would change.")
        present = [fact.id for fact in trace.facts if fact.type == parts.type]
        hint = _nearest(asked, present) or "Ask 'smartpick why-not SOURCE CONCLUSION' for what would have to hold."
        raise _problem("why.not-concluded", message, hint)
    certain = tuple(name for name in facts if trace.fact[name].certain)
    chosen = certain or facts
    if parts.field and all(trace.fact[name].field(parts.field) is None for name in chosen):
        fields = [field.name for name in chosen for field in trace.fact[name].fields]
        message = f"'{parts.type}' has no field '{shorten(parts.field)}' here."
        raise _problem("why.field", message, nearest(parts.field, fields) or "Name another field.")
    return Named(asked, facts=chosen, field=parts.field)


def _facts(parts: Asked, trace: Trace) -> tuple[str, ...]:
    return tuple(fact.id for fact in trace.facts if fact.type == parts.type and _is_parts(fact, parts))


def _is_parts(fact: TracedFact, parts: Asked) -> bool:
    if parts.word and parts.word not in _words(fact) and fact.id != f"{parts.type}[{parts.word}]":
        return False
    held = {field.name: (str(field.value), field.text) for field in fact.fields}
    return all(value in held.get(name, ()) for name, value in parts.fields)


def _words(fact: TracedFact) -> set[str]:
    return {field.value for field in fact.fields if isinstance(field.value, str)}


def _nearest(name: str, known: Iterable[str]) -> str:
    """The nearest name; labels in it are the applicant's own words, so it is made fit for a message."""
    return nearest(name, [shorten(one, 100) for one in known])


def _problem(code: str, message: str, hint: str) -> Problems:
    return Problems([Diagnostic(code, message, hint, Location("conclusion"))])
