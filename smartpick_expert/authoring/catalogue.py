"""The rule base as a catalogue: rules found by what they are about, and which rules take up each claim.

Everything here is data about a loaded workspace; how it is printed is the command line's.
"""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from smartpick_expert.authoring.search import holds
from smartpick_expert.knowledge.claims import Claim, Standing
from smartpick_expert.language.model import CLAIM, EVIDENCE, Kind, Rule, Status
from smartpick_expert.language.values import shorten
from smartpick_expert.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Wanted:
    """What rules are looked for; what is empty is not asked. A claim may be carried or warned against."""

    topic: str = ""
    kind: str = ""
    status: str = ""
    claim: str = ""
    evidence: str = ""
    words: str = ""

    def matches(self, rule: Rule, claims: Mapping[str, Claim]) -> bool:
        """Whether a rule is one of those looked for; by words it is found through the claims it names too."""
        return (
            self.topic in ("", rule.topic)
            and self.kind in ("", rule.kind)
            and self.status in ("", rule.status)
            and (not self.claim or self.claim in (*rule.carries(), *rule.warns_against))
            and (not self.evidence or f"{EVIDENCE}{self.evidence}" in rule.sources)
            and holds(self.words, _texts_of_rule(rule, claims))
        )


def _texts_of_rule(rule: Rule, claims: Mapping[str, Claim]) -> tuple[str, ...]:
    named = [claims[name] for name in (*rule.carries(), *rule.warns_against) if name in claims]
    terms = [term for claim in named for term in claim.found_by]
    return (rule.id, rule.title, rule.because.source, rule.rationale, *rule.sources, *rule.warns_against, *terms)


@dataclass(frozen=True, slots=True)
class Count:
    """How many rules of each kind there are in a topic."""

    topic: str
    perception: int
    measured: int

    @property
    def all(self) -> int:
        """The rules of the topic."""
        return self.perception + self.measured


def counts(rules: Iterable[Rule]) -> tuple[Count, ...]:
    """The rules by topic and kind, topics in order of their names."""
    found = Counter((rule.topic, rule.kind) for rule in rules)
    topics = sorted({topic for topic, _ in found})
    return tuple(Count(topic, found[topic, Kind.PERCEPTION], found[topic, Kind.MEASURED]) for topic in topics)


class Uptake(StrEnum):
    """What became of a claim: a rule carries it, rules only warn against it, none does on purpose, or it is a hole."""

    CARRIED = "carried"
    WARNED_AGAINST = "warned_against"
    NO_RULE = "no_rule"
    HOLE = "hole"


@dataclass(frozen=True, slots=True)
class Coverage:
    """A claim with the rules, none of them retired, that carry it and those that warn against it."""

    claim: Claim
    carried_by: tuple[Rule, ...]
    warned_against_by: tuple[Rule, ...]

    @property
    def uptake(self) -> Uptake:
        """What became of the claim."""
        if self.carried_by:
            return Uptake.CARRIED
        if self.warned_against_by:
            return Uptake.WARNED_AGAINST
        return Uptake.NO_RULE if self.claim.no_rule else Uptake.HOLE


@dataclass(frozen=True, slots=True)
class WantedClaims:
    """What claims are looked for; what is empty is not asked. Words are looked for in a claim and in what its rules say."""

    words: str = ""
    section: str = ""
    standing: str = ""

    def matches(self, row: Coverage) -> bool:
        """Whether a claim is one of those looked for."""
        claim = row.claim
        own = (claim.id, claim.section, claim.says, claim.note, claim.no_rule, *claim.found_by)
        rules = (*row.carried_by, *row.warned_against_by)
        said = [text for rule in rules for text in (rule.title, rule.because.source)]
        return (
            holds(self.section, (claim.section,))
            and self.standing in ("", claim.standing)
            and holds(self.words, (*own, *said))
        )


ALL_CLAIMS = WantedClaims()


def coverage(workspace: Workspace, wanted: WantedClaims = ALL_CLAIMS) -> tuple[Coverage, ...]:
    """Each claim looked for with its rules, in the order of the files."""
    live = [rule for rule in workspace.ruleset.rules if rule.status is not Status.RETIRED]
    rows = [
        Coverage(
            claim,
            tuple(rule for rule in live if claim.id in rule.carries()),
            tuple(rule for rule in live if claim.id in rule.warns_against),
        )
        for claim in sorted(
            workspace.knowledge.claims.values(), key=lambda claim: (claim.location.path, claim.location.line)
        )
    ]
    return tuple(row for row in rows if wanted.matches(row))


def by_standing(rows: Iterable[Coverage]) -> dict[Standing, int]:
    """How many claims there are of each standing, the best first."""
    found = Counter(row.claim.standing for row in rows)
    return {standing: found[standing] for standing in Standing}


def by_uptake(rows: Iterable[Coverage]) -> dict[Uptake, int]:
    """How many claims came to what."""
    found = Counter(row.uptake for row in rows)
    return {uptake: found[uptake] for uptake in Uptake}


def meant(name: str, workspace: Workspace) -> str:
    """What to say to somebody who took a name for the id of a rule: what it names instead, or the ids most like it."""
    rules, knowledge = workspace.ruleset.rules, workspace.knowledge
    plain = name.removeprefix(CLAIM).removeprefix(EVIDENCE)
    if name in {rule.topic for rule in rules}:
        return f"'{name}' is a topic. Its rules: smartpick rules list --topic {name}"
    if plain in knowledge.claims and not name.startswith(EVIDENCE):
        return f"'{name}' is a claim. Rules that carry it or warn against it: smartpick rules list --claim {plain}"
    if plain in knowledge.evidence and not name.startswith(CLAIM):
        return f"'{name}' is evidence. Rules that cite it: smartpick rules list --evidence {plain}"
    ids = [rule.id for rule in rules]
    near = [rule_id for rule_id in ids if rule_id.partition(".")[2] == name] or get_close_matches(name, ids)
    hint = f"The nearest: {', '.join(near)}." if near else "All of them: smartpick rules list"
    words = shlex.quote(" ".join(re.split(r"[\s._-]+", shorten(name))).strip())
    search = f"smartpick rules list --search {words}"
    claims = f"smartpick rules list --claims --search {words}"
    return f"There is no rule '{shorten(name)}'. {hint}\nWhat speaks of it: {search}\nClaims that do: {claims}"
