"""The phrases of which answers to "why not" are made: what was found, by how much it misses, what stands in the way."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from smartpick_expert.explain.attempts import Attempt
from smartpick_expert.explain.condition_results import BranchResult, ConditionResult, TestResult, TriedFact
from smartpick_expert.explain.condition_text import both, words_of
from smartpick_expert.explain.nearness import Gap
from smartpick_expert.explain.why_not_model import Amount, Behind, Ground, RuleHead, WhyNotConclusion, WhyNotRule
from smartpick_expert.explain.wording import value_text
from smartpick_expert.knowledge.phrases import said, unit_text
from smartpick_expert.language.model import AnyOf, Negation, Pattern
from smartpick_expert.language.operators import Truth
from smartpick_expert.language.values import ABSENT, UNKNOWN


def gap_text(gap: Gap) -> str:
    """By how much something misses its limit: `short by 2 weeks`, `12 days too late`, or that it stands at the limit."""
    if gap.by == 0:
        return said("at_the_limit")
    number = value_text(gap.by)
    amount = said("with_unit", number=number, unit=unit_text(gap.unit, is_one=gap.by == 1)) if gap.unit else number
    if gap.unit == "days":
        return said("too_early" if gap.too_low else "too_late", amount=amount)
    return said("short_by" if gap.too_low else "over_by", amount=amount)


def found_text(test: TestResult) -> str:
    """What a test found, and by how much that misses: `it is 2, short by 2 weeks`."""
    if test.found is ABSENT and test.field:
        return said("said_none" if test.is_of_profile else "there_is_none")
    is_unknown = test.found is UNKNOWN and test.field
    text = said("it_is_not_known") if is_unknown else said("it_is", value=test.found_words)
    return f"{text}, {gap_text(test.gap)}" if test.gap is not None else text


def asked_text(test: TestResult) -> str:
    """What a test asks, with the value that it is held against where its words do not have it."""
    return said("that_is", test=test.words, value=test.against) if test.against else test.words


def test_text(test: TestResult) -> str:
    """A whole test: what it asks, and what was found."""
    return f"{asked_text(test)}: {found_text(test)}"


def short_test(test: TestResult) -> str:
    """What was found, where what was asked has just been said: `residents sent is 0, short by 2 residents`."""
    name, against = words_of(test.field), f" (held against {test.against})" if test.against else ""
    if test.found is ABSENT:
        return f"of {name} {found_text(test)}{against}"
    return f"{name} {found_text(test).removeprefix('it ')}{against}"


def unmet(tried: TriedFact, truth: Truth) -> tuple[TestResult, ...]:
    """The tests of a fact that came to this."""
    return tuple(test for test in tried.tests if test.truth is truth)


def relevant(result: ConditionResult, *, full: bool) -> tuple[TriedFact, ...]:
    """The facts worth showing for a condition: those about something else, and misses beside what may pass, only in full."""
    if full:
        return result.tried
    near = (tried for tried in result.tried if not tried.is_stranger)
    return tuple(tried for tried in near if result.truth is not Truth.UNKNOWN or tried.truth is not Truth.NO)


def nothing_text(result: ConditionResult) -> str:
    """That there is no fact to be held against a condition."""
    condition = result.condition
    if result.waits_for:
        names = reduce(lambda one, other: said("either", one=one, other=other), result.waits_for)
        return said("cannot_be_asked", names=names)
    if isinstance(condition, AnyOf):
        return ""
    type_name = words_of(condition.fact_type if isinstance(condition, Pattern) else condition.pattern.fact_type)
    number = result.there_are
    if number:
        return said("none_about_that", count=number) if number > 1 else said("only_one_about_else")
    return said("no_such" if result.name else "none_at_all", fact=type_name)


def ground_text(ground: Ground) -> str:
    """One fact, with the rules that concluded it."""
    rules = ", ".join(dict.fromkeys(because.rule.id for because in ground.rules))
    return said("fact_by", fact=ground.name, rules=rules) if rules else said("fact_as_given", fact=ground.name)


def amount_text(amount: Amount) -> str:
    """What a tally of a rule that fired came to: `the count of ... is 6; it would have to be below 2: 5 too many`."""
    many = said("too_few" if amount.over.too_low else "too_many", number=value_text(amount.over.by))
    over = many if amount.is_count else gap_text(amount.over)
    return said("amount", tally=amount.words, value=value_text(amount.value), otherwise=amount.otherwise, over=over)


def behind_text(behind: Behind) -> str:
    """A fact behind another, with the rules it comes from and their titles."""
    return f"{behind.name}: {'; '.join(f'{rule.id}, {rule.title}' for rule in behind.rules)}"


def binding_text(attempt: Attempt) -> str:
    """What the names of a rule stand for: `letter is letter[letter-1]`; names that say so by themselves are not repeated."""
    texts = []
    for name, fact in attempt.binding:
        if not fact:
            texts.append(said("no_fact", name=words_of(name)))
        else:
            texts.append(fact if fact.partition("[")[0] == name else said("fact_as", fact=fact, name=words_of(name)))
    return ", ".join(texts)


def counted(attempt: Attempt) -> str:
    """How many conditions hold: `3 of 5 conditions hold, 1 open`. What the language adds counts where it does not hold."""
    told = [one for one in attempt.conditions if not one.hidden or one.truth is not Truth.YES]
    if len(told) == 1:
        phrases = {Truth.YES: "condition_holds", Truth.NO: "condition_does_not_hold"}
        return said(phrases.get(told[0].truth, "condition_is_open"))
    held = sum(1 for one in told if one.truth is Truth.YES)
    text = said("one_condition_holds" if held == 1 else "conditions_hold", held=held, count=len(told))
    return said("and_open", conditions=text, count=len(attempt.unknown)) if attempt.unknown else text


def outcome_text(found: WhyNotRule) -> str:
    """Whether the rule fired: `did not fire`, `fired twice`, `may fire`."""
    if found.not_live and not found.attempts:
        return f"was left out: {found.not_live}"
    if found.not_live:
        would = {
            Truth.YES: "would_have_fired",
            Truth.UNKNOWN: "might_have_fired",
            Truth.NO: "would_not_have_fired",
        }
        return said("was_not_asked", why=found.not_live, would=said(would[found.attempts[0].truth]))
    if found.fired and found.possibly:
        return said("did_fire_and_may", times=times(found.fired), more=times(found.possibly))
    if found.fired:
        return said("did_fire", times=times(found.fired))
    if found.is_cut_off:
        return said("may_fire")
    return said("did_not_but_may", times=times(found.possibly)) if found.possibly else said("did_not_fire")


def left_out_text(found: WhyNotConclusion) -> str:
    """How many rules that could conclude it take no part where evidence alone counts; empty where none does."""
    if not found.left_out:
        return ""
    one = len(found.left_out) == 1
    rules = (
        "1 rule by perception that could conclude it was"
        if one
        else f"{len(found.left_out)} rules by perception that could conclude it were"
    )
    return f"{rules} left out: this advice counts evidence alone (--evidence-only)"


def times(number: int) -> str:
    """A number of firings."""
    return said({1: "once", 2: "twice"}.get(number, "times"), number=number)


def asked_branch(branch: BranchResult) -> str:
    """What one branch of an `any` asks."""
    return said("branch_asks", number=branch.number, conditions=both(one.words for one in branch.conditions))


def with_article(words: str, *, another: bool = False) -> str:
    """A fact as something that there might be: `a weighing (...)`, `an action (...)`, `another reason (...)`."""
    if another:
        return said("another", fact=words)
    return said("an" if words[0] in "aeio" else "a", fact=words)


def is_against(result: ConditionResult) -> bool:
    """Whether the condition asks that there be no fact."""
    return isinstance(result.condition, Negation)


def by_text(rules: Iterable[str]) -> str:
    """The rules that conclude something, where there are any."""
    listed = ", ".join(rules)
    return f" {said('by_rules', rules=listed)}" if listed else ""


def paths_text(paths: Iterable[str]) -> str:
    """The paths of what is waited for."""
    return ", ".join(paths) or said("what_rules_come_to")


def place_text(rule: RuleHead) -> str:
    """The file and line of a rule."""
    return f"{rule.location.path}:{rule.location.line}"
