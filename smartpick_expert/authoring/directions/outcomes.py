"""What became worse: two consultations held against each other on scales, and by what must never come.

A thing that is open may come to several outcomes. It surely became worse where the best it may come to now is worse than
the worst it might have come to. It perhaps did where its worst or its best possible outcome is worse than before. What is
possible is a wide guess (all that the rules cannot rule out), so that is no fault yet: the unknowns have to be filled in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from smartpick_expert.authoring.directions.model import NOTHING, Direction, Scale
from smartpick_expert.engine.compiled import conditions_with
from smartpick_expert.engine.evaluator import check_of
from smartpick_expert.engine.store import Stores
from smartpick_expert.explain.wording import value_text
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.model import Pattern
from smartpick_expert.language.operators import Truth
from smartpick_expert.language.values import UNKNOWN, Slot
from smartpick_expert.language.vocabulary import Vocabulary

_Key = tuple[Slot, ...]
# The places on a scale that one thing may come to.
_Places = Mapping[_Key, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Worse:
    """One thing that became worse: by which scale (empty where it must never come), what it is, and how it was and is."""

    scale: str
    type: str
    about: str
    before: str
    after: str


def what_is_worse(
    direction: Direction, before: Stores, after: Stores, vocabulary: Vocabulary, parameters: Mapping[str, Slot]
) -> tuple[Worse, ...]:
    """Everything that surely is worse after the change, by the direction's scales first."""
    found = [
        worse
        for scale in direction.scales
        for worse in _on_scale(scale, _matcher(scale.where, parameters), before, after, vocabulary)
    ]
    for pattern in direction.never_comes:
        then, now = (_matching(pattern, stores, parameters, vocabulary) for stores in (before, after))
        about = pattern.fact_type.replace("_", " ")
        found += [
            Worse("", pattern.fact_type, about, "not concluded", _fact_words(now.facts[key], vocabulary))
            for key in sorted(now.sure, key=str)
            if not then.may_hold(key)
        ]
    return tuple(found)


def may_be_worse(
    direction: Direction, before: Stores, after: Stores, vocabulary: Vocabulary, parameters: Mapping[str, Slot]
) -> bool:
    """Whether something perhaps is worse after the change, as far as the rules cannot rule it out."""
    for scale in direction.scales:
        matches = _matcher(scale.where, parameters)
        then, now = _places(scale, matches, before), _places(scale, matches, after)
        if then is None or now is None:
            if then != now:
                return True
            continue
        if any(min(has) < min(had) or max(has) < max(had) for _, had, has in _both(scale, then, now)):
            return True
    for pattern in direction.never_comes:
        had, has = (_matching(pattern, stores, parameters, vocabulary) for stores in (before, after))
        if (has.sure - had.sure) | (has.possible - had.possible):
            return True
    return False


@dataclass(frozen=True, slots=True)
class _Matching:
    """What surely passes a pattern, and all that may, by what makes a fact one thing in two runs; with the facts."""

    sure: frozenset[_Key]
    possible: frozenset[_Key]
    facts: Mapping[_Key, Fact]

    def may_hold(self, key: _Key) -> bool:
        """Whether a thing may be among them; where one of them is not known, it may be any."""
        return key in self.possible or any(UNKNOWN in one for one in self.possible)


def _matching(pattern: Pattern, stores: Stores, parameters: Mapping[str, Slot], vocabulary: Vocabulary) -> _Matching:
    kind = vocabulary.types[pattern.fact_type]
    # An action that is advised sooner is the same action: what there is one of, for some fields, is told apart by those.
    names = tuple(kind.fields) if kind.one_per is None else kind.one_per
    matches = _matcher(pattern, parameters)
    facts = {fact: tuple(fact.get(name) for name in names) for fact in stores.possible.of(kind.name)}
    verdicts = {fact: matches(fact) for fact in facts}
    return _Matching(
        frozenset(key for fact, key in facts.items() if verdicts[fact] is Truth.YES and fact in stores.certain),
        frozenset(key for fact, key in facts.items() if verdicts[fact] is not Truth.NO),
        {key: fact for fact, key in facts.items()},
    )


class _Matcher:
    """A pattern without references, ready to be asked of many facts."""

    def __init__(self, pattern: Pattern) -> None:
        self._checks = [check_of(test) for test in pattern.tests]

    def __call__(self, fact: Fact) -> Truth:
        verdicts = [check(fact, {}) for check in self._checks]
        if Truth.NO in verdicts:
            return Truth.NO
        return Truth.UNKNOWN if Truth.UNKNOWN in verdicts else Truth.YES


def matcher_of(pattern: Pattern, parameters: Mapping[str, Slot]) -> _Matcher:
    """The pattern with the parameters of the day put in, to be asked of facts."""
    return _matcher(pattern, parameters)


def _matcher(pattern: Pattern, parameters: Mapping[str, Slot]) -> _Matcher:
    (ready,) = conditions_with((pattern,), parameters)
    assert isinstance(ready, Pattern)  # noqa: S101 - of a pattern a pattern is made
    return _Matcher(ready)


def _on_scale(
    scale: Scale, matches: _Matcher, before: Stores, after: Stores, vocabulary: Vocabulary
) -> Iterable[Worse]:
    then, now = _places(scale, matches, before), _places(scale, matches, after)
    if then is None or now is None:
        return
    for key, had, has in _both(scale, then, now):
        if max(has) < min(had):
            words = [_words(scale, places, vocabulary) for places in (had, has)]
            yield Worse(scale.name, scale.type, _about(scale, key, vocabulary), *words)


def _both(scale: Scale, then: _Places, now: _Places) -> Iterator[tuple[_Key, frozenset[int], frozenset[int]]]:
    """Everything that stands on the scale before and after, with its places."""
    nothing = frozenset({scale.worst_to_best.index(NOTHING)}) if NOTHING in scale.worst_to_best else frozenset()
    for key in sorted({*then, *now}, key=str):
        had, has = then.get(key, nothing), now.get(key, nothing)
        if had and has:
            yield key, had, has


def _places(scale: Scale, matches: _Matcher, stores: Stores) -> _Places | None:
    """Where each thing may stand; None where it is not known what there may be at all."""
    found: dict[_Key, set[int]] = {}
    sure: set[_Key] = set()
    for fact in stores.possible.of(scale.type):
        verdict = matches(fact)
        if verdict is Truth.NO:
            continue
        key = tuple(fact.get(name) for name in scale.each)
        if UNKNOWN in key:
            return None
        if verdict is Truth.YES and fact in stores.certain:
            sure.add(key)
        word = fact.get(scale.field)
        places = range(len(scale.worst_to_best)) if word is UNKNOWN else ()
        found.setdefault(key, set()).update(places)
        if word in scale.worst_to_best:
            found[key].add(scale.worst_to_best.index(str(word)))
    if NOTHING in scale.worst_to_best:
        for key in found.keys() - sure:
            found[key].add(scale.worst_to_best.index(NOTHING))
    return {key: frozenset(places) for key, places in found.items()}


def _about(scale: Scale, key: _Key, vocabulary: Vocabulary) -> str:
    fields = vocabulary.types[scale.type].fields
    named = [value_text(slot, fields[name]) for name, slot in zip(scale.each, key, strict=True)]
    words = scale.name.replace("_", " ")
    return f"{words} ({', '.join(named)})" if named else words


def _words(scale: Scale, places: frozenset[int], vocabulary: Vocabulary) -> str:
    field = vocabulary.types[scale.type].fields[scale.field]
    words = [scale.worst_to_best[place] for place in sorted(places)]
    texts = [word if word == NOTHING else value_text(word, field) for word in words]
    return texts[0] if len(texts) == 1 else f"open between {' / '.join(texts)}"


def _fact_words(fact: Fact, vocabulary: Vocabulary) -> str:
    fields = vocabulary.types[fact.type].fields
    return ", ".join(f"{name.replace('_', ' ')} {value_text(slot, fields[name])}" for name, slot in fact.values)
