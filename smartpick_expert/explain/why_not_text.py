"""Answers to "why not" for a terminal: as a tree of lines, and as sentences. Nothing is wrapped.

What an applicant writes in a profile is stripped of everything that a terminal could take for a command.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from smartpick_expert.explain.attempts import Attempt
from smartpick_expert.explain.condition_results import ConditionResult, TriedFact
from smartpick_expert.explain.why_not_model import Ground, Obstacle, RuleHead, WhyNotConclusion, WhyNotRule
from smartpick_expert.explain.why_not_words import (
    amount_text,
    asked_branch,
    behind_text,
    binding_text,
    by_text,
    counted,
    found_text,
    ground_text,
    is_against,
    left_out_text,
    nothing_text,
    outcome_text,
    paths_text,
    place_text,
    relevant,
    short_test,
    test_text,
    unmet,
    with_article,
)
from smartpick_expert.explain.wording import plain_text
from smartpick_expert.knowledge.phrases import named, said
from smartpick_expert.language.operators import Truth
from smartpick_expert.language.vocabulary import Supplier

_MARKS = {Truth.YES: "truth_yes", Truth.UNKNOWN: "truth_open", Truth.NO: "truth_no"}
# Only a command can do it, so that a page leaves it out.
_OR_FULL = ", or add --full"
_STEP = "  "
_SUPPLIERS = {
    Supplier.PROFILE.value: "what_a_profile_says",
    Supplier.KNOWLEDGE.value: "what_the_knowledge_says",
    Supplier.CONSULTATION.value: "what_a_consultation_knows",
}
# How many facts behind one in the way are told with their rules, where not all are asked for.
_MOST_BEHIND = 3
# A line, and how far it is moved in.
_Line = tuple[int, str]


def tree_lines(answer: WhyNotRule | WhyNotConclusion, *, full: bool = False) -> list[str]:
    """The answer as a tree: conditions below rules, facts below conditions, and what is behind them further in."""
    lines = (
        _rule(answer, 0, full=full, is_first=True)
        if isinstance(answer, WhyNotRule)
        else _conclusion(answer, 0, full=full)
    )
    return [f"{_STEP * depth}{plain_text(text)}" for depth, text in lines]


def _standing_text(rule: RuleHead) -> str:
    return f"{named(rule.kind)}, {said(f'standing_{rule.standing}').replace('_', ' ')}"


def _conclusion(answer: WhyNotConclusion, depth: int, *, full: bool) -> Iterator[_Line]:
    if depth == 0:
        yield 0, said("concluded" if answer.concluded else "not_concluded", fact=answer.words)
    for ground in () if answer.another else answer.concluded:
        yield from _grounded("grounded", ground, depth + 1)
    for one in () if answer.another else answer.possible:
        yield depth + 1, said("possible", fact=f"{one.name}{by_text(one.rules)}")
        for unknown in one.unknowns:
            yield depth + 2, said("waits_for_field", path=unknown.path, meaning=unknown.meaning)
    for ground in answer.instead:
        yield from _grounded("grounded_instead", ground, depth + 1)
    if answer.supplied_by in _SUPPLIERS:
        yield depth + 1, said(_SUPPLIERS[answer.supplied_by])
    elif not answer.rules:
        yield depth + 1, said("no_rule_could")
    if answer.left_out:
        yield depth + 1, left_out_text(answer)
    for rule in answer.left_out if depth == 0 else ():
        yield depth + 2, f"{rule.id}: {rule.title}"
    for place, found in enumerate(answer.rules):
        yield from _rule(found, depth + 1, full=full, is_first=depth == 0 and place == 0, is_said=bool(answer.possible))
    if answer.further:
        yield depth + 1, said("more_rules_could" if answer.further > 1 else "one_more_rule_could", count=answer.further)


def _grounded(phrase: str, ground: Ground, depth: int) -> Iterator[_Line]:
    yield depth, said(phrase, fact=ground.name if ground.rules else ground_text(ground))
    yield from _spoken(ground, depth + 1)


def _spoken(ground: Ground, depth: int, *, most: int | None = 0) -> Iterator[_Line]:
    """The rules that concluded a fact, in their own words; of one in the way the amounts, and `most` of what is behind it."""
    for because in ground.rules:
        yield depth, said("concluded_by", rule=because.rule.id, place=place_text(because.rule), because=because.text)
        if because.rests_on:
            yield depth + 1, said("rests_on", facts=", ".join(because.rests_on))
        if most == 0:
            continue
        yield from ((depth + 1, amount_text(amount)) for amount in because.amounts)
        yield from ((depth + 2, behind_text(one)) for one in because.behind[:most])
        if most is not None and len(because.behind) > most:
            yield depth + 2, said("and_more", count=len(because.behind) - most)


def _rule(answer: WhyNotRule, depth: int, *, full: bool, is_first: bool, is_said: bool = False) -> Iterator[_Line]:
    """A rule; the first one, or in full each, with every condition, others with those that do not hold.

    `is_said` where what it waits for was said of its conclusion.
    """
    rule = answer.rule
    yield depth, f"{rule.id}: {rule.title}"
    yield depth + 1, f"{_standing_text(rule)}; {place_text(rule)}; {', '.join(rule.sources)}"
    yield depth + 1, said("it", outcome=outcome_text(answer))
    for unknown in answer.unknowns if full or not is_said else ():
        yield depth + 2, f"waits for {unknown.path}: {unknown.meaning}"
    behind = {id(obstacle.condition): obstacle for obstacle in answer.obstacles}
    for place, attempt in enumerate(answer.attempts):
        yield from _attempt(attempt, behind, depth + 1, full=full, is_whole=full or (is_first and place == 0))
    if answer.left_out and is_first:
        yield depth + 1, said("attempts_further" if answer.left_out > 1 else "attempt_further", count=answer.left_out)


def _attempt(
    attempt: Attempt, behind: Mapping[int, Obstacle], depth: int, *, full: bool, is_whole: bool
) -> Iterator[_Line]:
    binding = binding_text(attempt)
    yield depth, said("with_binding", binding=binding, counted=counted(attempt)) if binding else counted(attempt)
    for result in attempt.conditions:
        holds = result.truth is Truth.YES
        if full or not holds or (is_whole and not result.hidden):
            yield from _condition(result, behind, depth + 1, full=full)


def _condition(result: ConditionResult, behind: Mapping[int, Obstacle], depth: int, *, full: bool) -> Iterator[_Line]:
    told = full or result.truth is not Truth.YES
    words = said("one_branch_holds", count=len(result.branches)) if result.branches and told else result.words
    yield depth, f"{said(_MARKS[result.truth])}: {words}{_reckoned(result)}"
    if not told:
        return
    for place, branch in enumerate(result.branches):
        if place and not full:
            yield depth + 1, asked_branch(branch)
            continue
        yield depth + 1, said("branch" if place else "nearest_branch", number=branch.number)
        for inner in branch.conditions:
            yield from _condition(inner, behind, depth + 2, full=full)
    obstacle = behind.get(id(result))
    shown = relevant(result, full=full)
    if result.truth is Truth.NO and not shown and not result.branches:
        yield depth + 1, nothing_text(result)
    for tried in shown:
        yield from _tried(tried, result, obstacle, depth + 1, full=full)
    if obstacle is not None:
        yield from _obstacle(obstacle, depth + 1, full=full)


def _reckoned(result: ConditionResult) -> str:
    """What a tally came to."""
    if result.reckoned is None:
        return ""
    texts = dict.fromkeys(found_text(limit) for limit in result.reckoned.limits if limit.truth is result.truth)
    against = [said("held_against", value=limit.against) for limit in result.reckoned.limits if limit.against]
    return "".join(f"; {text}" for text in (*texts, *against))


def _tried(
    tried: TriedFact, result: ConditionResult, obstacle: Obstacle | None, depth: int, *, full: bool
) -> Iterator[_Line]:
    """A fact that was tried, with the tests that decided it, and for one in the way the rules that concluded it."""
    name = tried.name if tried.is_certain else said("only_possible", fact=tried.name)
    yield depth, said("in_the_way", fact=name) if is_against(result) else name
    for test in tried.tests:
        if full:
            yield depth + 1, f"{said(_MARKS[test.truth])}: {test_text(test)}"
        elif test.truth is tried.truth and tried.truth is not Truth.YES:
            yield depth + 1, test_text(test)
    for ground in obstacle.blocked_by if obstacle is not None else ():
        if ground.fact == tried.fact:
            yield from _spoken(ground, depth + 1, most=None if full else _MOST_BEHIND)


def _obstacle(obstacle: Obstacle, depth: int, *, full: bool) -> Iterator[_Line]:
    if obstacle.told_above:
        yield depth, said("told_above", fact=with_article(obstacle.told_above))
    elif obstacle.goes_on:
        yield depth, f"{said('goes_on', name=obstacle.goes_on)}{_OR_FULL}"
    elif obstacle.missing is not None:
        missing = with_article(obstacle.missing.words, another=obstacle.missing.another)
        yield depth, said("to_be_concluded", fact=missing)
        yield from _conclusion(obstacle.missing, depth, full=full)


def sentences(answer: WhyNotRule | WhyNotConclusion, *, full: bool = False) -> list[str]:
    """The answer as sentences, each on a line of its own, the nearest first."""
    told = _rule_told(answer, full=full) if isinstance(answer, WhyNotRule) else _conclusion_told(answer, full=full)
    return [plain_text(sentence) for sentence in told]


def _conclusion_told(answer: WhyNotConclusion, *, full: bool, is_asked: bool = True) -> Iterator[str]:
    if is_asked and not answer.concluded:
        yield f"There is no {answer.words}."
    for ground in () if answer.another else answer.concluded:
        yield f"There is {ground_text(ground)} after all."
        yield from _reasons(ground)
    for one in () if answer.another else answer.possible:
        yield f"There may be {one.name}{by_text(one.rules)}: that waits for {paths_text(u.path for u in one.unknowns)}."
    for ground in answer.instead:
        yield f"Concluded instead is {ground_text(ground)}."
        yield from _reasons(ground)
    if answer.supplied_by in _SUPPLIERS:
        yield said(_SUPPLIERS[answer.supplied_by])
    elif not answer.rules:
        yield f"No rule that is asked could conclude {answer.words}."
    if answer.left_out:
        named = f": {', '.join(rule.id for rule in answer.left_out)}" if is_asked else ""
        yield f"{left_out_text(answer)}{named}."
    for place, rule in enumerate(answer.rules):
        if place == 0 or full or is_asked:
            yield from _rule_told(rule, full=full, is_said=bool(answer.possible))
    further = answer.further + (0 if full or is_asked else len(answer.rules[1:]))
    if further:
        several = "more rules could" if further > 1 else "more rule could"
        yield f"{further} {several} conclude {with_article(answer.words, another=answer.another)}."


def _reasons(ground: Ground) -> Iterator[str]:
    for because in ground.rules:
        rests_on = f" (It rests on {', '.join(because.rests_on)}.)" if because.rests_on else ""
        yield f"In the words of {because.rule.id}: {because.text}{rests_on}"


def _counted(ground: Ground, *, full: bool) -> Iterator[str]:
    """What the rules behind a fact in the way counted, and where that comes from."""
    for because in ground.rules:
        for amount in because.amounts:
            text = amount_text(amount)
            yield f"{text[0].upper()}{text[1:]}."
        told = because.behind if full else because.behind[:_MOST_BEHIND]
        yield from (f"Behind it is {behind_text(one)}." for one in told)
        if more := len(because.behind) - len(told):
            yield f"And {more} more like these."


def _rule_told(answer: WhyNotRule, *, full: bool, is_said: bool = False) -> Iterator[str]:
    rule = answer.rule
    yield f"Rule {rule.id} ({rule.title}; {_standing_text(rule)}; {place_text(rule)}) {outcome_text(answer)}."
    if answer.unknowns and (full or not is_said):
        yield f"It waits for {paths_text(unknown.path for unknown in answer.unknowns)}."
    behind = {id(obstacle.condition): obstacle for obstacle in answer.obstacles}
    for place, attempt in enumerate(answer.attempts):
        if attempt.truth is Truth.YES and not full:
            continue
        binding = binding_text(attempt)
        nearest = "It comes nearest" if place == 0 else "Further off it stands"
        if binding or len(attempt.conditions) > 1:
            yield f"{nearest}{f' with {binding}' if binding else ''}: {counted(attempt)}."
        for result in attempt.conditions:
            if result.truth is not Truth.YES:
                yield from _condition_told(result, behind, full=full)


def _condition_told(result: ConditionResult, behind: Mapping[int, Obstacle], *, full: bool) -> Iterator[str]:
    """What a condition asks that is not so, or not known to be."""
    that = "" if result.words.startswith("of ") else "that "
    if result.branches:
        nearest, *others = result.branches
        verb = "holds" if result.truth is Truth.NO else "surely holds"
        yield f"None of its {len(result.branches)} branches {verb}; the nearest is branch {nearest.number}."
        for inner in nearest.conditions:
            if inner.truth is not Truth.YES:
                yield from _condition_told(inner, behind, full=full)
        for branch in others:
            yield f"Further off is {asked_branch(branch)}."
    elif result.truth is Truth.NO:
        yield f"It asks {that}{result.words}; but {_found(result, full=full)}."
    else:
        yield f"It is open {'whether ' if that else ''}{result.words}; {_found(result, full=full)}."
    obstacle = behind.get(id(result))
    if obstacle is None:
        return
    for ground in obstacle.blocked_by:
        yield from _reasons(ground)
        yield from _counted(ground, full=full)
    if obstacle.told_above:
        yield f"What keeps {with_article(obstacle.told_above)} from being concluded was said above."
    elif obstacle.goes_on:
        yield f"It goes on: ask why-not {obstacle.goes_on}, or add --full."
    elif obstacle.missing is not None:
        yield f"For that there would have to be {with_article(obstacle.missing.words, another=obstacle.missing.another)}."
        yield from _conclusion_told(obstacle.missing, full=full, is_asked=False)


def _found(result: ConditionResult, *, full: bool) -> str:
    if result.reckoned is not None and not result.waits_for:
        return _reckoned(result).removeprefix("; ")
    shown = relevant(result, full=full)
    if not shown:
        return nothing_text(result)
    if is_against(result):
        word = "there is" if result.truth is Truth.NO else "there may be"
        return f"{word} {' and '.join(tried.name for tried in shown)}"
    return "; ".join(_fact_told(tried) for tried in (shown if full else shown[:1]))


def _fact_told(tried: TriedFact) -> str:
    tests = unmet(tried, tried.truth) if tried.truth is not Truth.YES else ()
    if tests:
        return f"of {tried.name}, {' and '.join(short_test(test) for test in tests)}"
    return f"{tried.name} is such a one" if tried.is_certain else f"{tried.name} is only possible"
