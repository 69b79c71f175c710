"""Everything of one advice as data: what went in, what was concluded and why, and the statements made of it.

It is the advisor's document. What is kept from the applicant is in it, marked as kept.
"""

from __future__ import annotations

from smartpick_expert.engine.consultation import Consultation
from smartpick_expert.knowledge.fees import Steps
from smartpick_expert.knowledge.parameters import Figure, Setting
from smartpick_expert.language.facts import Fact, fact_id
from smartpick_expert.language.model import Audience
from smartpick_expert.language.values import Slot, plain
from smartpick_expert.language.vocabulary import Vocabulary
from smartpick_expert.report.advised_model import AdvisedAction
from smartpick_expert.report.lists import list_data
from smartpick_expert.report.plain import plain_data
from smartpick_expert.report.programs import ProgramsView
from smartpick_expert.report.screening import screen_data
from smartpick_expert.report.statements import Statement, firing_ids
from smartpick_expert.report.view_model import View

FORMAT = "smartpick-advice/1"
FOR = (
    "The advisor. This holds everything, what is kept from the applicant too; give the applicant the HTML or the Markdown, "
    "which are made without it."
)
# Parts of the view that stand in the document in full, under names of their own.
_ELSEWHERE = frozenset(
    {
        *("statements", "firings", "sections", "headline", "measured_against", "assumptions"),
        *("programs", "program_list"),
    }
)
# How documents look and what is drawn, what they are worded with, and reasons of which the first page shows the weightiest.
_NOT_SAID = frozenset({"house", "drawings", "phrasing", "weighed", "fell_away"})


def advice_document(consultation: Consultation, view: View, given: View, vocabulary: Vocabulary) -> dict[str, object]:
    """The advice as one JSON-ready document; the same for equal inputs, whatever the engine. `given` is the applicant's view."""
    derivation = consultation.derivation
    told = {(s.origin.rule, s.text) for s in given.statements if Audience.APPLICANT in s.audience}
    ids = firing_ids(consultation)
    shown = {
        name: plain_data(getattr(view, name))
        for name in view.__dataclass_fields__
        if name not in _ELSEWHERE | _NOT_SAID
    }
    return {
        "format": FORMAT,
        "for": FOR,
        "program": view.version,
        "as_of": view.as_of,
        "advice": {
            **shown,
            "reasons": [
                {"side": r.side, "strength": r.strength, "about": r.about, "statement": r.statement.id}
                for r in view.reasons
            ],
            "first_actions": [a.action.name for a in view.first_actions],
            "actions": [_action(a) for a in view.actions],
            "sections": [
                {"key": s.key, "title": s.title, "statements": [t.id for t in s.statements]} for s in view.sections
            ],
        },
        # What the applicant's documents say of the sorting, and which of these statements none of them holds.
        "given": {"bucket": given.bucket, "actions": [a.action.name for a in given.actions]},
        "kept": [s.id for s in view.statements if (s.origin.rule, s.text) not in told],
        "statements": [_statement(statement, vocabulary) for statement in view.statements],
        "facts": [_fact(fact, vocabulary) for fact in derivation.certain],
        "possible": [_fact(fact, vocabulary) for fact in derivation.open],
        "firings": [
            {
                "id": ids[firing],
                "rule": firing.rule_id,
                "stratum": firing.stratum,
                "bindings": {name: fact_id(vocabulary, fact) for name, fact in firing.bindings},
                "tallies": {name: plain(slot) for name, slot in firing.tallies},
                "premises": [fact_id(vocabulary, fact) for fact in firing.premises],
                "conclusions": [fact_id(vocabulary, fact) for fact in firing.conclusions],
            }
            for firing in derivation.firings
        ],
        "justifications": {
            fact_id(vocabulary, fact): [ids[firing] for firing in firings]
            for fact, firings in derivation.justifications.items()
        },
        # Only where it was asked for, so that others are as they always were.
        **({"fell_away": plain_data(view.fell_away)} if view.fell_away is not None else {}),
        "season": consultation.figures.season,
        "parameters": {name: _setting(figure.value) for name, figure in _figures(consultation)},
        "stand_ins": {name: figure.season for name, figure in _figures(consultation) if figure.stands_in},
        # Only where the advice was made with a catalogue, so that others are as they always were.
        **({"programs": [_programs(one) for one in view.programs]} if view.programs else {}),
        **({"list": list_data(view.program_list)} if view.program_list is not None else {}),
    }


def _programs(chapter: ProgramsView) -> dict[str, object]:
    """A catalogue held against everything the profile holds: each program with every gate."""
    return {
        "catalogue": chapter.name,
        "openings": [plain_data(one) for one in chapter.openings],
        "own": [plain_data(one) for one in chapter.own],
        **screen_data(chapter.screen),
    }


def _action(advised: AdvisedAction) -> dict[str, object]:
    action = advised.action
    return {
        "name": action.name,
        "when": advised.when,
        "title": action.title,
        "gate": action.gate,
        "reasons": [s.id for s in advised.reasons],
        "changes_nothing": action.changes_nothing,
        **{name: plain_data(getattr(advised, name)) for name in ("place", "effect", "unseen", "needs", "until", "takes", "costs")},
    }  # fmt: skip


def _figures(consultation: Consultation) -> list[tuple[str, Figure]]:
    return sorted(consultation.figures.by_name.items())


def _setting(value: Setting) -> object:
    if not isinstance(value, Steps):
        return plain(value)
    return [{"up_to": step.up_to, "flat" if step.flat else "each": plain(step.fee)} for step in value.steps]


def _statement(statement: Statement, vocabulary: Vocabulary) -> dict[str, object]:
    origin = statement.origin
    return {
        "id": statement.id,
        "topic": statement.topic,
        "title": statement.title,
        "text": statement.text,
        "kind": statement.kind,
        "standing": statement.standing,
        "audience": [audience.value for audience in statement.audience],
        "concludes": [fact_id(vocabulary, fact) for fact in statement.conclusions],
        "origin": {
            "rule": origin.rule,
            "firings": list(origin.firings),
            "facts": list(origin.facts),
            "parameters": {name: plain(slot) for name, slot in origin.parameters},
            "sources": list(origin.sources),
            "vocabulary": origin.vocabulary,
        },
    }


def _fact(fact: Fact, vocabulary: Vocabulary) -> dict[str, object]:
    values: dict[str, Slot] = dict(fact.values)
    return {
        "id": fact_id(vocabulary, fact),
        "type": fact.type,
        "origin": fact.origin.value,
        "values": {name: plain(slot) for name, slot in values.items()},
    }
