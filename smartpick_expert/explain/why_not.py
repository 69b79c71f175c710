"""Why a rule did not fire, and why something was not concluded: what is in the way, the nearest miss first.

Where the vocabulary allows one fact only and another was concluded, the answer contrasts the two. A missing fact that rules
conclude is followed to the rules that could have concluded it, and a fact in the way to those that did.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Final

from smartpick_expert.engine.compiled import conditions_with
from smartpick_expert.engine.consultation import Consultation
from smartpick_expert.engine.derivation import Firing
from smartpick_expert.engine.evaluator import Tallied
from smartpick_expert.engine.match import Bound
from smartpick_expert.explain.amounts import amounts_of
from smartpick_expert.explain.attempts import Ranked
from smartpick_expert.explain.binding_search import ANY, Allowed, Search
from smartpick_expert.explain.condition_results import NEAREST, ConditionResult
from smartpick_expert.explain.standing import standing_of
from smartpick_expert.explain.unknowns import Tracer, Unknown, meaning_of
from smartpick_expert.explain.wanted import Wanted, by_conclusion, concluding, wanted_by, wanted_of
from smartpick_expert.explain.way_back import WayBack
from smartpick_expert.explain.why_not_model import (
    Because,
    Behind,
    Ground,
    Obstacle,
    Open,
    RuleHead,
    Waiting,
    WhyNotConclusion,
    WhyNotRule,
)
from smartpick_expert.explain.wording import because_text, value_text
from smartpick_expert.knowledge.phrases import said
from smartpick_expert.language.facts import Fact, fact_id
from smartpick_expert.language.model import AnyOf, Negation, Pattern, Rule, Status, Tally
from smartpick_expert.language.operators import Truth
from smartpick_expert.language.values import UNKNOWN, Slot
from smartpick_expert.language.vocabulary import Supplier
from smartpick_expert.workspace import Workspace

# How many missing facts are followed one behind the other. The shipped buckets stand three rules above a profile.
DEPTH: Final = 3
FULL_DEPTH: Final = 10
# Of how many rules that could conclude what was asked for the obstacles are followed; of those behind them, of one.
_FOLLOWED: Final = 3
# The possible firings of a rule whose unknowns are looked for.
_MOST_OPEN: Final = 16
LEFT_OUT: Final = "it rests on perception, and this advice counts evidence alone (--evidence-only)"


def why_not_rule(rule_id: str, consultation: Consultation, workspace: Workspace, *, full: bool = False) -> WhyNotRule:
    """Why the rule did not fire. Raises KeyError for a rule that the workspace does not have."""
    rule = workspace.ruleset.get(rule_id)
    inquiry = _Inquiry(consultation, workspace, full=full)
    if rule is None:
        return inquiry.left_out({one.id: one for one in workspace.left_out}[rule_id])
    return inquiry.followed(inquiry.rule(rule, ANY, None if full else NEAREST), inquiry.depth)


def why_not_conclusion(
    type_name: str, fields: Mapping[str, Slot], consultation: Consultation, workspace: Workspace, *, full: bool = False
) -> WhyNotConclusion:
    """Why no fact of the type, with these values in these fields, was concluded. Raises KeyError for an unknown type."""
    inquiry = _Inquiry(consultation, workspace, full=full)
    return inquiry.conclusion(wanted_of(type_name, fields), inquiry.depth, is_asked=True)


class WhyNots:
    """Many questions about one run: what was measured for one serves the next.

    The answers are told as those of the functions above. What was tried for a condition that holds, which is not told, they do not have.
    """

    def __init__(self, consultation: Consultation, workspace: Workspace) -> None:
        self._inquiry = _Inquiry(consultation, workspace, full=False, brief=True)

    def left_out(self, rule: Rule) -> WhyNotRule:
        """That a rule takes no part where evidence alone counts."""
        return self._inquiry.left_out(rule)

    def rule(self, rule: Rule) -> WhyNotRule:
        """Why a rule of the workspace did not fire."""
        self._inquiry.begin()
        return self._inquiry.followed(self._inquiry.rule(rule, ANY, NEAREST), self._inquiry.depth)

    def conclusion(self, type_name: str, fields: Mapping[str, Slot]) -> WhyNotConclusion:
        """Why no fact of the type, with these values in these fields, was concluded. Raises KeyError for an unknown type."""
        self._inquiry.begin()
        return self._inquiry.conclusion(wanted_of(type_name, fields), self._inquiry.depth, is_asked=True)


class _Inquiry:
    """One question at a time; what was followed once in it is not followed again."""

    def __init__(self, consultation: Consultation, workspace: Workspace, *, full: bool, brief: bool = False) -> None:
        self.consultation = consultation
        self.derivation = consultation.derivation
        self.workspace = workspace
        self.vocabulary = workspace.vocabulary
        self.full = full
        self.brief = brief
        self.depth = FULL_DEPTH if full else DEPTH
        self.search = Search(consultation.derivation)
        self.way_back = WayBack(self.search)
        self._told: set[tuple[Wanted, bool]] = set()
        self._by_conclusion = by_conclusion(workspace.ruleset.rules)
        self._known: dict[tuple[Wanted, bool, bool], tuple[WhyNotRule, ...]] = {}
        self._grounds: dict[Fact, Ground] = {}
        self._attempted: dict[tuple[str, bool], Ranked] = {}

    def begin(self) -> None:
        """Begin another question."""
        self._told.clear()

    @cached_property
    def tracer(self) -> Tracer:
        """Asked only where something is open."""
        return Tracer(self.derivation)

    def rule(self, rule: Rule, allowed: Allowed, most: int | None, *, another: bool = False) -> WhyNotRule:
        """The attempts of a rule; its obstacles are not followed yet."""
        live = self.derivation.rules.get(rule.id)
        found = self._ranked(rule, allowed, another=another).nearest(most)
        return WhyNotRule(
            rule=self._head(rule),
            as_of=self.consultation.as_of,
            not_live="" if live else _not_live(rule, self.consultation.as_of),
            fired=found.fired,
            possibly=found.possibly,
            is_cut_off=rule.id in self.derivation.cut_off,
            attempts=found.found,
            left_out=found.left_out,
        )

    def _ranked(self, rule: Rule, allowed: Allowed, *, another: bool) -> Ranked:
        """Its attempts; where its names may stand for any fact they are the same whatever it is to conclude."""
        known = self._attempted.get((rule.id, another)) if not allowed else None
        if known is not None:
            return known
        live = self.derivation.rules.get(rule.id)
        made = Ranked(
            live or replace(rule, when=conditions_with(rule.when, self.derivation.compiled.parameters)),
            self.search,
            is_live=live is not None,
            allowed=allowed,
            full=self.full,
            beyond_firings=another,
            measure=self.way_back.of,
            brief=self.brief,
        )
        if not allowed:
            self._attempted[rule.id, another] = made
        return made

    def left_out(self, rule: Rule) -> WhyNotRule:
        """A rule that takes no part where evidence alone counts: what it asks was not tried, since others of its kind are missing too."""
        return WhyNotRule(self._head(rule), self.consultation.as_of, LEFT_OUT, 0, 0, is_cut_off=False, attempts=())

    def followed(self, found: WhyNotRule, depth: int) -> WhyNotRule:
        """The same with what its nearest attempt lacks followed further back, or with the unknowns it waits for."""
        nearest = found.attempts[0]
        if nearest.truth is Truth.NO:
            return replace(found, obstacles=tuple(self._obstacles(nearest.failed, depth)))
        if nearest.truth is Truth.UNKNOWN and not found.not_live:
            return replace(found, unknowns=self._waiting(self._behind_rule(found.rule.id)))
        return found

    def _cut(self, found: WhyNotRule) -> WhyNotRule:
        """The same with where its nearest attempt goes on, and no more."""
        goes_on = (one for one in self._obstacles(found.attempts[0].failed, 0) if one.goes_on)
        return replace(found, obstacles=tuple(goes_on))

    def conclusion(
        self, wanted: Wanted, depth: int, *, is_asked: bool = False, another: bool = False
    ) -> WhyNotConclusion:
        """Why there is no such fact, or not `another` one.

        `is_asked` where somebody asked for it, and not on the way to something else.
        """
        self._told.add((wanted, another))
        facts = [(fact, wanted.truth(fact)) for fact in self.search.facts(wanted.type)]
        certain = self.search.stores.certain
        concluded = [fact for fact, truth in facts if truth is Truth.YES and fact in certain]
        possible = [fact for fact, truth in facts if truth is not Truth.NO and fact not in concluded]
        rules = self._able(wanted, is_asked=is_asked, another=another)
        shown = rules if is_asked or self.full else rules[:NEAREST]
        followed = len(shown) if self.full else _FOLLOWED if is_asked else 1
        return WhyNotConclusion(
            type=wanted.type,
            words=wanted.words(self.vocabulary),
            supplied_by=self.vocabulary.types[wanted.type].supplied_by.value,
            another=another,
            concluded=tuple(self._ground(fact) for fact in concluded),
            possible=tuple(self._open(fact) for fact in possible),
            instead=tuple(self._ground(fact) for fact in self._instead(wanted)) if not concluded else (),
            rules=tuple(
                self.followed(one, depth) if place < followed and not one.not_live else self._cut(one)
                for place, one in enumerate(shown)
            ),
            further=len(rules) - len(shown),
            left_out=tuple(
                self._head(rule)
                for rule in self.workspace.left_out
                if rule.is_live(self.consultation.as_of) and concluding(rule, wanted, self.search) is not None
            ),
        )

    def _able(self, wanted: Wanted, *, is_asked: bool, another: bool) -> tuple[WhyNotRule, ...]:
        """The rules that could conclude it, nearest first, each with its nearest attempt; those that are not live only where asked."""
        key = (wanted, is_asked, another)
        if key not in self._known:
            able = self._each_able(wanted, is_asked=is_asked, another=another)
            nearest = sorted(able, key=lambda one: (bool(one.not_live), one.way, one.rule.id))
            self._known[key] = tuple(nearest)
        return self._known[key]

    def _each_able(self, wanted: Wanted, *, is_asked: bool, another: bool) -> Iterator[WhyNotRule]:
        most = None if self.full and is_asked else 1
        for rule in self._by_conclusion.get(wanted.type, ()):
            if not is_asked and rule.id not in self.derivation.rules:
                continue
            allowed = concluding(rule, wanted, self.search)
            if allowed is None:
                continue
            found = self.rule(rule, allowed, most, another=another)
            if found.attempts:
                yield found

    def _instead(self, wanted: Wanted) -> Iterator[Fact]:
        """What was concluded where the vocabulary allows one such fact only."""
        one_per = self.vocabulary.types[wanted.type].one_per
        given = {name: wanted.given(name) for name in one_per or ()}
        if one_per is None or UNKNOWN in given.values():
            return
        for fact in self.search.stores.certain.of(wanted.type):
            if all(fact.get(name) == slot for name, slot in given.items()) and wanted.truth(fact) is Truth.NO:
                yield fact

    def _obstacles(self, failed: tuple[ConditionResult, ...], depth: int) -> Iterator[Obstacle]:
        for result in failed:
            condition = result.condition
            if isinstance(condition, AnyOf):
                branch = result.branches[0]
                yield from self._obstacles(tuple(r for r in branch.conditions if r.truth is Truth.NO), depth)
            elif isinstance(condition, Negation) or (isinstance(condition, Tally) and _is_too_much(result)):
                yield Obstacle(result, blocked_by=self._blocking(result))
            elif not result.waits_for:
                yield self._missing(result, depth)

    def _missing(self, result: ConditionResult, depth: int) -> Obstacle:
        """What would have to be concluded for a pattern; for a tally that is short of facts, one more of them."""
        condition = result.condition
        another = isinstance(condition, Tally)
        pattern = condition.pattern if isinstance(condition, Tally) else condition
        if (
            not isinstance(pattern, Pattern)
            or self.vocabulary.types[pattern.fact_type].supplied_by is not Supplier.RULES
        ):
            return Obstacle(result)
        wanted = wanted_by(pattern, result.bound)
        if (wanted, another) in self._told:
            return Obstacle(result, told_above=wanted.words(self.vocabulary))
        if depth <= 0:
            return Obstacle(result, goes_on=wanted.name())
        return Obstacle(result, missing=self.conclusion(wanted, depth - 1, another=another))

    def _blocking(self, result: ConditionResult) -> tuple[Ground, ...]:
        return tuple(self._ground(tried.fact) for tried in result.tried if tried.truth is Truth.YES)

    def _ground(self, fact: Fact) -> Ground:
        if fact not in self._grounds:
            self._grounds[fact] = self._grounded(fact)
        return self._grounds[fact]

    def _grounded(self, fact: Fact) -> Ground:
        firings = self.derivation.justifications.get(fact, ())
        spoken = dict.fromkeys(self._because(firing) for firing in firings)
        return Ground(fact, fact_id(self.vocabulary, fact), tuple(spoken))

    def _because(self, firing: Firing) -> Because:
        rule = self.derivation.rules[firing.rule_id]
        bound: Bound = {**dict(firing.bindings), **{name: Tallied(value) for name, value in firing.tallies}}
        parameters = self.derivation.compiled.parameters
        rests_on = tuple(fact_id(self.vocabulary, fact) for fact in firing.premises)
        text = because_text(rule.because, bound, parameters, self.vocabulary)
        behind = tuple(self._behind(fact) for fact in firing.premises if fact in self.derivation.justifications)
        return Because(self._head(rule), text, rests_on, tuple(amounts_of(rule, bound, self.search)), behind)

    def _behind(self, fact: Fact) -> Behind:
        rules = dict.fromkeys(firing.rule_id for firing in self.derivation.justifications[fact])
        return Behind(fact_id(self.vocabulary, fact), tuple(self._head(self.derivation.rules[one]) for one in rules))

    def _open(self, fact: Fact) -> Open:
        firings = self.derivation.possible_justifications.get(fact, ())
        rules = tuple(dict.fromkeys(firing.rule_id for firing in firings))
        return Open(fact, fact_id(self.vocabulary, fact), rules, self._waiting(self.tracer.behind(fact)))

    def _behind_rule(self, rule_id: str) -> frozenset[Unknown]:
        if rule_id in self.derivation.cut_off:
            return self.tracer.behind_cut_off(rule_id)
        firings = [firing for firing in self.derivation.possible_firings if firing.rule_id == rule_id][:_MOST_OPEN]
        return frozenset().union(*(self.tracer.behind_firing(firing) for firing in firings))

    def _waiting(self, unknowns: frozenset[Unknown]) -> tuple[Waiting, ...]:
        several = (Waiting(one.path(self.vocabulary), meaning_of(one, self.vocabulary)) for one in unknowns)
        return tuple(sorted(several, key=lambda one: (one.path, one.meaning)))

    def _head(self, rule: Rule) -> RuleHead:
        return RuleHead(
            id=rule.id,
            title=rule.title,
            kind=rule.kind.value,
            status=rule.status.value,
            standing=standing_of(rule, self.workspace.knowledge),
            sources=rule.sources,
            location=rule.location,
        )


def _is_too_much(result: ConditionResult) -> bool:
    """Whether a tally fails because of what is there, and not for want of more."""
    limits = result.reckoned.limits if result.reckoned is not None else ()
    failing = [limit for limit in limits if limit.truth is Truth.NO]
    return any(limit.gap is not None and not limit.gap.too_low for limit in failing)


def _not_live(rule: Rule, as_of: date) -> str:
    """Why a rule takes no part in a consultation as of a day."""
    if rule.status is not Status.STABLE:
        return said("is_retired" if rule.status is Status.RETIRED else "is_draft")
    if rule.valid_from is not None and as_of < rule.valid_from:
        return said("valid_from", day=value_text(rule.valid_from))
    if rule.valid_to is not None and rule.valid_to < as_of:
        return said("valid_to", day=value_text(rule.valid_to))
    return said("took_no_part")
