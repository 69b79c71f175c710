"""The answer to why, as a tree and as sentences. Words of the profile are shown on one line, without control characters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from smartpick_expert.engine.plans import ById
from smartpick_expert.explain.condition_text import words_of
from smartpick_expert.explain.tree import Node
from smartpick_expert.explain.why import Justification, Premise, Step, Why
from smartpick_expert.explain.wording import plain_text
from smartpick_expert.workspace import NOTES

_SUPPLIED = {"knowledge": "knowledge", "consultation": "this consultation", "profile": "profile"}


def fact_text(step: Step) -> str:
    """What a step says: `letter “first-letter”: waived no, weeks observed 2 weeks`."""
    head = words_of(step.type)
    shown = [field for field in step.fields if field.name != step.label_field]
    if step.label:
        head += f" “{step.label}”"
    fields = ", ".join(f"{words_of(field.name)} {field.text}" for field in shown)
    return plain_text(f"{head}: {fields}" if fields else head)


def origin_text(step: Step) -> str:
    """Where a given fact comes from: lines of the profile, a note of the office, an entry of the knowledge, or the consultation."""
    if step.supply != "profile":
        return f"{_SUPPLIED[step.supply]}, {step.place}" if step.place else _SUPPLIED[step.supply]
    if step.place == "":
        return "not in the profile, so not known"
    if step.place.startswith(f"{NOTES}:"):
        return f"the office's notes, {step.place}"
    lines = sorted({field.line for field in step.fields if field.line})
    where = f"line{'s' if len(lines) > 1 else ''} {', '.join(map(str, lines))}" if lines else step.place
    proof = f"; seen by {step.verified}" if step.verified else ""
    return plain_text(f"profile, {where}{proof}")


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
        rest = [Node(("Rules that fired on it",), tuple(used))] if used else []
        assumed = [Node(_assumed(self.answer))] if self.answer.says and not firings else []
        return [*assumed, *firings, *(self._fact(name) for name in self.answer.conclusions), *rest]

    def _fact(self, name: str) -> Node:
        step = self.steps[name]
        text = fact_text(step) if step.certain else f"(only possible) {fact_text(step)}"
        if step.supply != "rules":
            return Node((f"{text}  [{origin_text(step)}]",))
        if name in self.shown:
            return Node((f"{text}  (see above)",))
        self.shown.add(name)
        children = [Node(*self._firing(one)) for one in step.justifications]
        if step.left_out:
            children.append(Node((f"and by {step.left_out} more (--full)",)))
        if step.waits_for:
            children.insert(0, Node((f"not settled; unknown: {', '.join(step.waits_for)}",)))
        return Node((text,), tuple(children))

    def _firing(self, one: Justification) -> tuple[tuple[str, ...], tuple[Node, ...]]:
        premises = () if one.in_circle else tuple(self._premise(premise, one) for premise in one.premises)
        return self.words.head(one), premises

    def _premise(self, premise: Premise, of: Justification) -> Node:
        children = [self._fact(name) for name in premise.facts]
        if premise.left_out:
            children.append(Node((f"and {premise.left_out} more (--full)",)))
        if premise.absence:
            children.append(Node((plain_text(premise.absence),)))
        certain, open_text = self.words.premise(premise)
        return Node((certain if of.certain else open_text,), tuple(children))


def _head(one: Justification) -> tuple[str, ...]:
    if one.in_circle:
        return (f"also by rule {one.rule}, which rests on this in turn through {one.in_circle}",)
    head = f"{'by' if one.certain else 'perhaps by'} rule {one.rule}: {one.title}"
    return head, f"({about_rule(one)})", f"“{plain_text(one.because)}”"


def _premise_texts(premise: Premise) -> tuple[str, str]:
    """A condition in words, as it stands below what surely holds, and below what may."""
    return plain_text(premise.condition), plain_text(f"{premise.condition}  ({state_text(premise)})")


def state_text(premise: Premise) -> str:
    """Whether a condition of a firing that is only possible holds, and if it is open, what decides it."""
    if not premise.is_open:
        return "holds"
    reasons = ["it may fail by what follows"] if premise.rests_on_absence and premise.facts else []
    reasons += [f"waits for {', '.join(premise.waits_for)}"] if premise.waits_for else []
    return f"open: {'; '.join(reasons)}" if reasons else "open"


def about_rule(one: Justification) -> str:
    """Kind, standing, place, sources and parameters of a rule that fired, on one line."""
    sources = ", ".join(f"{name} [{standing}]" for name, standing in one.sources)
    parameters = f"; parameters: {'; '.join(one.parameters)}" if one.parameters else ""
    return plain_text(f"{one.kind}, {one.standing}; {one.place}; {sources}{parameters}")


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
    return plain_text(answer.says), "This is assumed, since the profile has no such section; no rule stands behind it."


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
