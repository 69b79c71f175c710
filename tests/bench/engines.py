"""The contestants: each takes a subject, and answers for one consultation; `check` holds them against each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from smartpick_expert.engine.session import Matcher, _Session, consult, make_matcher
from smartpick_expert.language.facts import Fact
from tests.bench.subjects import Subject
from tests.naive import consult_naively

Facts = tuple[Fact, ...]
Outcome = tuple[frozenset[Fact], frozenset[tuple[str, tuple[tuple[str, Fact], ...]]]]


class DisagreementError(AssertionError):
    """Two engines make different things of the same facts, so that timing them would say nothing."""


@dataclass(frozen=True)
class Engine:
    """A contestant made ready for a rule base. `consult` is what is timed, `outcome` what is compared."""

    name: str
    consult: Callable[[Facts], object]
    outcome: Callable[[Facts], Outcome]


def ours(subject: Subject, name: str) -> Engine:
    """One of our own engines as a user has it: consultation with its whole record, the matcher used again and again."""
    matcher = make_matcher(name)
    compiled = subject.compiled

    def outcome(facts: Facts) -> Outcome:
        derivation = consult(compiled, facts, matcher)
        return frozenset(derivation.certain), frozenset((f.rule_id, f.bindings) for f in derivation.firings)

    return Engine(name, lambda facts: consult(compiled, facts, matcher), outcome)


def ours_matching(subject: Subject, name: str) -> Engine:
    """The same without the record: facts in, rules matched and fired to the fixpoint, and nothing ordered or explained."""
    matcher = make_matcher(name)

    def outcome(facts: Facts) -> Outcome:
        session = match_alone(subject, matcher, facts)
        return frozenset(session.stores.certain.all()), frozenset(session.fired)

    return Engine(f"{name}, matching alone", lambda facts: match_alone(subject, matcher, facts), outcome)


def match_alone(subject: Subject, matcher: Matcher, facts: Facts) -> _Session:
    """A session as far as the certain matches go."""
    session = _Session(subject.compiled, matcher)
    for fact in facts:
        session.stores.add_certain(fact)
    for number, stratum in enumerate(subject.compiled.strata):
        session.stratum = number
        matcher.run(stratum, session.stores, session._certain_match)
    return session


def clips(subject: Subject) -> Engine:
    """CLIPS on the same rules translated."""
    from tests.bench.clips_driver import ClipsEngine, outcome
    from tests.bench.clips_rules import translate

    program = translate(subject.compiled)
    engine = ClipsEngine(program)
    return Engine("CLIPS", engine.consult, lambda facts: outcome(program, engine.consult(facts)))


def naive(subject: Subject) -> Engine:
    """The naive evaluation of the tests."""
    rules, vocabulary = subject.compiled.rules, subject.compiled.vocabulary

    def outcome(facts: Facts) -> Outcome:
        result = consult_naively(rules, vocabulary, facts)
        return result.certain, result.firings

    return Engine("naive", lambda facts: consult_naively(rules, vocabulary, facts), outcome)


def check(subject: Subject, engines: Iterable[Engine], consultations: Iterable[Facts] | None = None) -> float:
    """See that all engines make the same of the facts; firings a consultation. Raises DisagreementError.

    CLIPS is given the facts alone that some rule looks at, so facts are compared as far as they were concluded.
    """
    firings = 0
    several = list(subject.consultations if consultations is None else consultations)
    first, *others = engines
    for facts in several:
        concluded, fired = _concluded(first.outcome(facts), facts)
        firings += len(fired)
        for other in others:
            if _concluded(other.outcome(facts), facts) != (concluded, fired):
                raise DisagreementError(f"{first.name} and {other.name} disagree on {subject.name}")
    return firings / len(several)


def _concluded(outcome: Outcome, given: Facts) -> Outcome:
    certain, firings = outcome
    return certain - set(given), firings
