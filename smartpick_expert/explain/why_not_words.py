"""The phrases of which answers to "why not" are made: what was found, by how much it misses, what stands in the way."""

from __future__ import annotations

from collections.abc import Iterable

from smartpick_expert.explain.attempts import Attempt
from smartpick_expert.explain.condition_results import BranchResult, ConditionResult, TestResult, TriedFact
from smartpick_expert.explain.condition_text import words_of
from smartpick_expert.explain.nearness import Gap
from smartpick_expert.explain.why_not_model import Amount, Behind, Ground, RuleHead, WhyNotConclusion, WhyNotRule
from smartpick_expert.explain.wording import value_text
from smartpick_expert.language.model import AnyOf, Negation, Pattern
from smartpick_expert.language.operators import Truth
from smartpick_expert.language.values import ABSENT, UNKNOWN


def gap_text(gap: Gap) -> str:
    """By how much something misses its limit: `short by 2 weeks`, `12 days too late`, or that it stands at the limit."""
    if gap.by == 0:
        return "which is the limit itself"
    number = value_text(gap.by)
    amount = f"{number} {gap.unit.removesuffix('s') if gap.by == 1 else gap.unit}" if gap.unit else number
    if gap.unit == "days":
        return f"{amount} too {'early' if gap.too_low else 'late'}"
    return f"{'short' if gap.too_low else 'over'} by {amount}"


def found_text(test: TestResult) -> str:
    """What a test found, and by how much that misses: `it is 2, short by 2 weeks`."""
    if test.found is ABSENT and test.field:
        return "the profile says there is none" if test.is_of_profile else "there is none"
    text = "it is not known" if test.found is UNKNOWN and test.field else f"it is {test.found_words}"
    return f"{text}, {gap_text(test.gap)}" if test.gap is not None else text


def asked_text(test: TestResult) -> str:
    """What a test asks, with the value that it is held against where its words do not have it."""
    return f"{test.words} (that is {test.against})" if test.against else test.words


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
        return f"it cannot be asked without that {' or '.join(result.waits_for)}"
    if isinstance(condition, AnyOf):
        return ""
    type_name = words_of(condition.fact_type if isinstance(condition, Pattern) else condition.pattern.fact_type)
    number = result.there_are
    if number:
        return f"none of the {number} is about that" if number > 1 else "the only one is about something else"
    return f"there is no such {type_name}" if result.name else f"there is no {type_name} at all"


def ground_text(ground: Ground) -> str:
    """One fact, with the rules that concluded it."""
    rules = ", ".join(dict.fromkeys(because.rule.id for because in ground.rules))
    return f"{ground.name} (by {rules})" if rules else f"{ground.name} (as the file or the knowledge says)"


def amount_text(amount: Amount) -> str:
    """What a tally of a rule that fired came to: `the count of ... is 6; it would have to be below 2: 5 too many`."""
    many = f"{value_text(amount.over.by)} too {'few' if amount.over.too_low else 'many'}"
    over = many if amount.is_count else gap_text(amount.over)
    return f"the {amount.words} is {value_text(amount.value)}; it would have to be {amount.otherwise}: {over}"


def behind_text(behind: Behind) -> str:
    """A fact behind another, with the rules it comes from and their titles."""
    return f"{behind.name}: {'; '.join(f'{rule.id}, {rule.title}' for rule in behind.rules)}"


def binding_text(attempt: Attempt) -> str:
    """What the names of a rule stand for: `letter is letter[letter-1]`; names that say so by themselves are not repeated."""
    texts = []
    for name, fact in attempt.binding:
        if not fact:
            texts.append(f"no {words_of(name)}")
        else:
            texts.append(fact if fact.partition("[")[0] == name else f"{fact} as {words_of(name)}")
    return ", ".join(texts)


def counted(attempt: Attempt) -> str:
    """How many conditions hold: `3 of 5 conditions hold, 1 open`. What the language adds counts where it does not hold."""
    told = [one for one in attempt.conditions if not one.hidden or one.truth is not Truth.YES]
    if len(told) == 1:
        return {Truth.YES: "its condition holds", Truth.NO: "its condition does not hold"}.get(
            told[0].truth, "its condition is open"
        )
    held = sum(1 for one in told if one.truth is Truth.YES)
    open_ones = f", {len(attempt.unknown)} open" if attempt.unknown else ""
    return f"{held} of {len(told)} conditions {'holds' if held == 1 else 'hold'}{open_ones}"


def outcome_text(found: WhyNotRule) -> str:
    """Whether the rule fired: `did not fire`, `fired twice`, `may fire`."""
    if found.not_live and not found.attempts:
        return f"was left out: {found.not_live}"
    if found.not_live:
        would = {
            Truth.YES: "would have fired",
            Truth.UNKNOWN: "might have fired",
            Truth.NO: "would not have fired either",
        }
        return f"was not asked: {found.not_live}. Had it been, it {would[found.attempts[0].truth]}"
    if found.fired:
        also = f", and may fire {times(found.possibly)} more" if found.possibly else ""
        return f"did fire, {times(found.fired)}{also}"
    if found.is_cut_off:
        return "may fire, on more facts than are counted"
    return f"did not fire, but may ({times(found.possibly)})" if found.possibly else "did not fire"


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
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def asked_branch(branch: BranchResult) -> str:
    """What one branch of an `any` asks."""
    return f"branch {branch.number}: {' and '.join(one.words for one in branch.conditions)}"


def with_article(words: str, *, another: bool = False) -> str:
    """A fact as something that there might be: `a weighing (...)`, `an action (...)`, `another reason (...)`."""
    if another:
        return f"another {words}"
    return f"{'an' if words[0] in 'aeio' else 'a'} {words}"


def is_against(result: ConditionResult) -> bool:
    """Whether the condition asks that there be no fact."""
    return isinstance(result.condition, Negation)


def by_text(rules: Iterable[str]) -> str:
    """The rules that conclude something, where there are any."""
    named = ", ".join(rules)
    return f" (by {named})" if named else ""


def paths_text(paths: Iterable[str]) -> str:
    """The paths of what is waited for."""
    return ", ".join(paths) or "what the rules before it come to"


def place_text(rule: RuleHead) -> str:
    """The file and line of a rule."""
    return f"{rule.location.path}:{rule.location.line}"
