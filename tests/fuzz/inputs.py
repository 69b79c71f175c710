"""Input number so-and-so of a seed: always the same file, whoever asks and whatever came before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from tests import profiles
from tests.fuzz import corpus, file_grammar, mutations, rule_grammar, worlds
from tests.fuzz.trees import Tree, from_data, written

KINDS: Final = ("rules", "profiles", "knowledge")
WAYS: Final = ("mutated", "generated")
# Of a hundred inputs, so many are of each kind; and one in so many takes the whole way through a workspace or an advice.
_SHARES: Final = {"rules": 45, "profiles": 33, "knowledge": 22}
DEEP_SHARE: Final = {"rules": 250, "profiles": 200, "knowledge": 60}


@dataclass(frozen=True)
class Input:
    """One file to try. `sort` says what it is to be (rules, profiles, small-rules, parameters ...), `path` where it would stand.

    `deep` sends it the whole way: through a workspace on disk, or through a written advice.
    """

    kind: str
    way: str
    sort: str
    path: str
    data: bytes
    deep: bool = False


def make_input(seed: int, number: int, kinds: Sequence[str] = KINDS) -> Input:
    """Input `number` of a seed, among these kinds."""
    chance = Random(f"{seed}:{number}")
    kind = chance.choices(kinds, [_SHARES[kind] for kind in kinds])[0]
    way = chance.choice(WAYS)
    deep = chance.randrange(DEEP_SHARE[kind]) == 0
    if way == "mutated":
        sort = chance.choice(corpus.KINDS[kind])
        path, data = mutations.mutated(sort, chance)
        return Input(kind, way, sort, path, data, deep)
    sort, path, tree = _GENERATED[kind](chance)
    if chance.random() < 0.25:
        tree = mutations.changed_tree(tree, sort.removeprefix("small-"), chance)
    text = written(tree, chance)
    return Input(kind, way, sort, path, text.encode("utf-8", "surrogatepass"), deep)


def _rules(chance: Random) -> tuple[str, str, Tree]:
    sort = chance.choice(("rules", "small-rules"))
    world = worlds.world(sort)
    return (
        sort,
        "rules/made/made.yaml",
        rule_grammar.RuleWriter(world.vocabulary, world.names, chance, world.seen).file(),
    )


def _profiles(chance: Random) -> tuple[str, str, Tree]:
    sort = chance.choice(("profiles", "profiles", "small-profiles"))
    if sort == "small-profiles" or chance.random() < 0.4:
        tree = file_grammar.profile(worlds.world(sort).vocabulary, chance)
    else:
        make = chance.choice((profiles.partial_profile, profiles.partial_profile, profiles.complete_profile))
        tree = from_data(_shorter(make(chance), chance))
    return sort, "profile.yaml", tree


def _shorter(profile: profiles.Data, chance: Random) -> profiles.Data:
    """Mostly a few sections only, which is quicker; labels may then name what is not there."""
    few = chance.sample(list(profile), min(len(profile), 6)) if chance.random() < 0.7 else list(profile)
    return {name: section for name, section in profile.items() if name in (*few, "applicant", "letter", "experience")}


def _knowledge(chance: Random) -> tuple[str, str, Tree]:
    sort = chance.choice(("vocabulary", "vocabulary", *corpus.KINDS["knowledge"]))
    shipped = worlds.world("rules")
    path = f"{corpus.FOLDERS[sort]}/made.yaml"
    if sort == "vocabulary":
        return "small-vocabulary", path, file_grammar.vocabulary_file(chance)
    if sort == "cases":
        ids = tuple(rule.id for rule in profiles.WORKSPACE.ruleset.rules)
        return sort, "rules/made/made.cases.yaml", file_grammar.cases_file(shipped.vocabulary, ids, chance)
    return (
        sort,
        "reports/layout.yaml" if sort == "layout" else path,
        file_grammar.knowledge_file(sort, shipped.vocabulary, chance),
    )


_GENERATED: Final = {"rules": _rules, "profiles": _profiles, "knowledge": _knowledge}
