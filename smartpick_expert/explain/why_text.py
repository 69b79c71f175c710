"""The answer to why, as a tree and as sentences. Words of the profile are shown on one line, without control characters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from smartpick_expert.engine.plans import ById
from smartpick_expert.explain.condition_text import words_of
from smartpick_expert.explain.tree import Node
from smartpick_expert.explain.why import Justification, Premise, Step, Why
from smartpick_expert.explain.wording import plain_text
from smartpick_expert.knowledge.phrases import named, said
from smartpick_expert.workspace import NOTES


def fact_text(step: Step) -> str:
    """What a step says: `letter “first-letter”: waived no, weeks observed 2 weeks`."""
    head = words_of(step.type)
    shown = [field for field in step.fields if field.name != step.label_field]
    if step.label:
        head = said("labelled", fact=head, label=step.label)
    fields = ", ".join(said("field_value", field=words_of(field.name), value=field.text) for field in shown)
    return plain_text(f"{head}: {fields}" if fields else head)


def origin_text(step: Step) -> str:
    """Where a given fact comes from: lines of the profile, a note of the office, an entry of the knowledge, or the consultation."""
    if step.supply != "profile":
        supply = said(f"supplied_by_{step.supply}")
        return f"{supply}, {step.place}" if step.place else supply
    if step.place == "":
        return said("not_in_profile")
    if step.place.startswith(f"{NOTES}:"):
        return said("in_notes", place=step.place)
    lines = sorted({field.line for field in step.fields if field.line})
    several = said("in_lines", lines=", ".join(map(str, lines)))
    where = several if len(lines) > 1 else said("in_line", line=lines[0]) if lines else step.place
    if step.verified:
        return plain_text(said("in_profile_seen_by", place=where, by=step.verified))
    return plain_text(said("in_profile", place=where))


class _Words:
    """The words of justifications and their premises, which many answers on one run share."""

    def __init__(self) -> None:
        self.head = ById(_head)
        self.premise = ById(_premise_texts)


class WhyTree:
    """Draws the chain: each fact once, later only named."""

    def __init__(self, answer: Why, words: _Words | None = None) -> None:
        self.steps = {step.fact: step for step in answer.steps}
        self.shown: set[str] = set()
        self.answer = answer
        self.words = words or _Words()

    def nodes(self) -> list[Node]:
        """A tree for each conclusion, or for each firing, that was asked about."""
        firings = [Node(*self._firing(one)) for one in self.answer.firings]
        used = [Node((f"{rule}: {title}",)) for rule, title in self.answer.used_by]
        rest = [Node((said("rules_on_it"),), tuple(used))] if used else []
        assumed = [Node(_assumed(self.answer))] if self.answer.says and not firings else []
        return [*assumed, *firings, *(self._fact(name) for name in self.answer.conclusions), *rest]

    def _fact(self, name: str) -> Node:
        step = self.steps[name]
        text = fact_text(step) if step.certain else said("only_possible_fact", fact=fact_text(step))
        if step.supply != "rules":
            return Node((f"{text}  [{origin_text(step)}]",))
        if name in self.shown:
            return Node((f"{text}  {said('see_above')}",))
        self.shown.add(name)
        children = [Node(*self._firing(one)) for one in step.justifications]
        if step.left_out:
            children.append(Node((f"{said('and_by_more', count=step.left_out)} (--full)",)))
        if step.waits_for:
            children.insert(0, Node((said("not_settled", unknown=", ".join(step.waits_for)),)))
        return Node((text,), tuple(children))

    def _firing(self, one: Justification) -> tuple[tuple[str, ...], tuple[Node, ...]]:
        premises = () if one.in_circle else tuple(self._premise(premise, one) for premise in one.premises)
        return self.words.head(one), premises

    def _premise(self, premise: Premise, of: Justification) -> Node:
        children = [self._fact(name) for name in premise.facts]
        if premise.left_out:
            children.append(Node((f"{said('and_more', count=premise.left_out)} (--full)",)))
        if premise.absence:
            children.append(Node((plain_text(premise.absence),)))
        certain, open_text = self.words.premise(premise)
        return Node((certain if of.certain else open_text,), tuple(children))


def _head(one: Justification) -> tuple[str, ...]:
    if one.in_circle:
        return (said("also_by_rule", rule=one.rule, through=one.in_circle),)
    head = said("by_rule" if one.certain else "perhaps_by_rule", rule=one.rule, title=one.title)
    return head, f"({about_rule(one)})", said("label", label=plain_text(one.because))


def _premise_texts(premise: Premise) -> tuple[str, str]:
    """A condition in words, as it stands below what surely holds, and below what may."""
    return plain_text(premise.condition), plain_text(f"{premise.condition}  ({state_text(premise)})")


def state_text(premise: Premise) -> str:
    """Whether a condition of a firing that is only possible holds, and if it is open, what decides it."""
    if not premise.is_open:
        return said("holds")
    reasons = [said("may_fail")] if premise.rests_on_absence and premise.facts else []
    reasons += [said("waits_for", paths=", ".join(premise.waits_for))] if premise.waits_for else []
    return said("open_since", reasons="; ".join(reasons)) if reasons else said("truth_open")


def about_rule(one: Justification) -> str:
    """Kind, standing, place, sources and parameters of a rule that fired, on one line."""
    sources = ", ".join(f"{name} [{said(f'standing_{standing}')}]" for name, standing in one.sources)
    about = f"{named(one.kind)}, {said(f'standing_{one.standing}')}; {one.place}; {sources}"
    return plain_text(
        f"{about}; {said('parameters', parameters='; '.join(one.parameters))}" if one.parameters else about
    )


def why_sentences(answer: Why) -> list[str]:
    """The chain as numbered paragraphs, the conclusion first; each names those that it rests on."""
    return [plain_text(paragraph) for paragraph in _paragraphs(answer)]


def _paragraphs(answer: Why) -> list[str]:
    concluded = [step for step in answer.steps if step.supply == "rules"]
    number = {step.fact: place for place, step in enumerate(concluded, start=1)}
    steps = {step.fact: step for step in answer.steps}
    found = [_by(one, number, steps) for one in answer.firings]
    if answer.says and not found:
        found = [" ".join(_assumed(answer))]
    for step in concluded:
        opening = f"{number[step.fact]}. {fact_text(step)}."
        if not step.certain:
            opening += " This is only possible."
        if step.waits_for:
            opening += f" What is not known and bears on it: {', '.join(step.waits_for)}."
        several = len(step.justifications) > 1
        reasons = [_by(one, number, steps) for one in step.justifications]
        if several:
            opening += f" {len(reasons) + step.left_out} rules {'say' if step.certain else 'may say'} so."
        found.append(" ".join([opening, *reasons]))
    given = [step for step in answer.steps if step.supply != "rules" and step.fact in answer.conclusions]
    found += [f"{fact_text(step)}: {origin_text(step)}." for step in given]
    return [*found, *([_used_by(answer)] if answer.used_by else [])]


def _used_by(answer: Why) -> str:
    rules = "; ".join(f"{title} ({rule})" for rule, title in answer.used_by)
    return f"Rules that fired on it: {rules}."


def _assumed(answer: Why) -> tuple[str, ...]:
    return plain_text(answer.says), said("assumed_without_section")


def _by(one: Justification, number: dict[str, int], steps: dict[str, Step]) -> str:
    if one.in_circle:
        return f"Rule {one.rule} says so too, resting on it in turn."
    rests = [_rests_on(premise, one, number, steps) for premise in one.premises]
    because = "It holds because" if one.certain else "It would hold if"
    on = f" {because} {'; and '.join(rests)}." if rests else ""
    return f"{'By' if one.certain else 'Perhaps by'} the rule ‘{one.title}’: {plain_text(one.because)}{on} [{one.rule}; {about_rule(one)}]"


def _rests_on(premise: Premise, of: Justification, number: dict[str, int], steps: dict[str, Step]) -> str:
    text = plain_text(premise.condition)
    state = [] if of.certain else [_state_in_a_sentence(premise)]
    shown = [f"see {number[name]}" if name in number else _given(steps[name]) for name in premise.facts]
    more = [f"and {premise.left_out} more"] if premise.left_out else []
    inner = [*state, *shown, *more, *([plain_text(premise.absence)] if premise.absence else [])]
    return f"{text} ({'; '.join(inner)})" if inner else text


def _state_in_a_sentence(premise: Premise) -> str:
    return f"this {'is ' if premise.is_open else ''}{plain_text(state_text(premise))}"


def _given(step: Step) -> str:
    return f"{fact_text(step)}, {origin_text(step)}"


def tree_of(answer: Why) -> Iterable[Node]:
    """The trees of an answer."""
    return WhyTree(answer).nodes()


def trees_of(answers: Iterable[Why]) -> Iterator[Iterable[Node]]:
    """The trees of each of several answers on one run, as `tree_of` has them."""
    words = _Words()
    return (WhyTree(answer, words).nodes() for answer in answers)
