"""Pairs of applicants who differ in nothing that may count: another name, another country, other words on who somebody is.

A pair is a profile and the same with one change. NRMP type and work authorization are held fixed, since they are what law
and programs go by. What may then differ is the profile as the advice repeats it, and what dated restrictions of entry
say: firings of the rules of topic visa that look at citizenship (`ENTRY_RULES`), what they conclude, and firings that rest on
that (`without_entry_rules`). All else has to be equal: every statement, bucket, question, action and their order.

The year of graduation is not an age, though the two go together: years since graduation is a limit that programs state,
so it stays as it is, and words on age in free text are what is changed. `python -m tests.fairness` counts the pairs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from random import Random
from typing import Final

from smartpick_expert.engine.consultation import Consultation, consult_profile
from smartpick_expert.engine.derivation import Derivation, Firing
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.model import Audience
from smartpick_expert.planning.steps import Step
from smartpick_expert.report.layout import read_layout
from smartpick_expert.report.otherwise_model import UnknownView
from smartpick_expert.report.view import BUCKET, make_view
from smartpick_expert.report.view_model import View
from tests.advised import PERSONAS, persona_data
from tests.profiles import AS_OF, WORKSPACE, Data, complete_profile, each, partial_profile, profile_of

COUNTRIES: Final = tuple(WORKSPACE.vocabulary.types["citizenship"].fields["country"].values)
# In no list of restrictions and held by no rule to mean anything.
NEUTRAL: Final = "PT"
# Whose countries are all tried. Abroad with a J-1 to be sought: the lists of restrictions speak to the first and last of them.
IN_FULL: Final = ("graduate_needing_visa", "green_card_holder", "h1b_only")
# How many countries and how many words of each kind are tried on the others, and on how many made-up profiles.
SAMPLE: Final = 8
OF_EACH: Final = 2
MADE_UP: Final = 16

NAMES: Final = (
    "Adaeze Okonkwo", "Aleksandra Wiśniewska", "Ali Hosseini", "Chen Wei", "Emily Johnson", "Fatima al-Zahra Haddad", "João da Silva",
    "Lakshmi Venkataraman", "Moshe Goldberg", "Nguyễn Thị Hoa", "Olena Kovalenko", "Jamal Washington",
)  # fmt: skip
REMARKS: Final = (
    "Heavy accent, but good content.", "Speaks with a thick foreign accent.", "No accent at all.", "Sounds like a native speaker.",
    "Hard to place the accent.", "Lovely British accent.", "Sounded very foreign on the telephone.",
)  # fmt: skip
# By what they are about, so that a pair says what was changed.
WORDS: Final = {
    "ethnicity": (
        "A Black applicant.",
        "An Arab applicant.",
        "A South Asian applicant.",
        "A white applicant.",
        "Of Roma descent.",
    ),
    "sex": (
        "A woman, expecting her second child.",
        "A man.",
        "A transgender woman.",
        "A married mother of three.",
        "A single man.",
    ),
    "religion": (
        "A practising Muslim who fasts.",
        "An Orthodox Jew.",
        "A devout Christian.",
        "A Hindu.",
        "An atheist.",
    ),
    "age": ("52 years old.", "Born in 1969.", "Only 24 years old.", "Old for a resident.", "Young and energetic."),
}
# Where a profile has words of its own. Other texts name programs and states, which rules compare.
FREE_TEXTS: Final = (
    ("applicant", "label"), ("interview_remark", "text"), ("letter", "writer"), ("letter", "institution"), ("experience", "site"),
    ("research", "mentor"), ("school", "name"), ("rotation_offer", "site"), ("school_relation", "because"),
    ("program_note", "because"), ("writer_note", "because"), ("writer_note", "writer"),
)  # fmt: skip
# A note on a writer is on whoever a letter names, so that both are given another name, and each their own.
COMPARED: Final = "writer"
# Letter, memo and report call an entry by who wrote a letter and where work was done. Here each goes by its label, which is
# not changed, so that all that is said beside these names has to be the same.
UNNAMED: Final = replace(
    WORKSPACE,
    knowledge=replace(WORKSPACE.knowledge, phrasing=replace(WORKSPACE.knowledge.phrasing, names={})),
)
_LAYOUT = read_layout(WORKSPACE.reports, WORKSPACE.vocabulary.types[BUCKET].fields["name"].values)
# The lawful paths of visas on which a citizenship may be looked at: dated restrictions, by name, and what follows from them.
ENTRY_RULES: Final = frozenset({"visa.entry-suspended", "visa.j1-entry-suspended", "visa.uscis-hold"})
FOLLOWING: Final = frozenset({"visa.lawyer-where-entry-is-suspended", "visa.match-may-be-waived"})
_STEPS: Final = {name: Step(action, ()) for name, action in WORKSPACE.knowledge.actions.items()}


@dataclass(frozen=True)
class Pair:
    """What is changed, and the profile before and after. `by_view` compares what is said, and not only what is concluded."""

    what: str
    to: str
    plain: Data
    changed: Data
    by_view: bool = True


def pairs_of(data: Data, *, in_full: bool, chance: Random) -> Iterator[Pair]:
    """The pairs of one profile: of every country or of a sample, of names, of remarks and of words in free text."""
    plain = of_country(data, NEUTRAL)
    countries = [code for code in COUNTRIES if code != NEUTRAL]
    for number, code in enumerate(countries if in_full else chance.sample(countries, SAMPLE)):
        yield Pair("country", code, plain, of_country(data, code), by_view=number % SAMPLE == 0)
    for what, words in (("name", NAMES), ("remark", REMARKS), *WORDS.items()):
        for text in words if in_full else chance.sample(words, OF_EACH):
            changed = {
                "name": with_texts(data, text, (("applicant", "label"),)),
                "remark": with_remark(data, text),
            }.get(what) or with_texts(data, text, FREE_TEXTS)
            before = with_remark(data, "Pleasant.") if what == "remark" else data
            yield Pair(what, text, before, changed)


def persona_pairs(persona: str) -> list[Pair]:
    """The pairs of a persona."""
    chance = Random(persona)
    return list(pairs_of(persona_data(persona), in_full=persona in IN_FULL, chance=chance))


def made_up_pairs(seed: int) -> list[Pair]:
    """The pairs of a made-up profile, complete or not."""
    chance = Random(seed)
    data = chance.choice([complete_profile, partial_profile])(chance)
    return list(pairs_of(data, in_full=False, chance=chance))


def of_country(data: Data, code: str) -> Data:
    """The same applicant as a citizen of one country alone."""
    return data | {"citizenship": [{"country": code}]}


def with_remark(data: Data, text: str) -> Data:
    """The same applicant with one remark passed on, of the same substance in every pair."""
    kept = [entry for entry in data.get("interview_remark", []) if entry.get("id") != "passed-on"]
    return data | {"interview_remark": [*kept, {"id": "passed-on", "kind": "clear", "text": text}]}


def with_texts(data: Data, text: str, fields: tuple[tuple[str, str], ...]) -> Data:
    """The same applicant with these words in every free text that there is."""
    changed = dict(data)
    for section, field in fields:
        if section in changed:
            changed[section] = each(changed[section], lambda entry, field=field: _with_text(entry, field, text))
    if ("letter", "writer") in fields:
        changed = {
            section: each(entries, lambda entry: entry | {"verified": {"by": text}})
            for section, entries in changed.items()
        }
    return changed


def _with_text(entry: Data, field: str, text: str) -> Data:
    if field not in entry:
        return entry
    return entry | {field: f"{text} {entry[field]}" if field == COMPARED else text}


# --- what is compared ----------------------------------------------------------------------------------------------------


class Told:
    """What one applicant is told, and what is concluded about them, without the profile itself."""

    def __init__(self, data: Data, as_of: date = AS_OF) -> None:
        consultation = consult_profile(profile_of(data), UNNAMED, as_of, "plain")
        self.consultation, self.entry = without_entry_rules(consultation)

    @cached_property
    def concluded(self) -> tuple[object, ...]:
        """All facts but the citizenship, and all firings with what they rest on: where these are equal, so are the views."""
        derivation = self.consultation.derivation
        certain, possible = (
            tuple(fact for fact in facts if fact.type != "citizenship")
            for facts in (derivation.certain, derivation.possible)
        )
        return certain, possible, derivation.firings, derivation.possible_firings

    @cached_property
    def view(self) -> View:
        """Everything there is to say, to whomever, save the profile as it is repeated. Documents are made of this alone.

        Which questions would settle an open bucket and what each action would change follow from the conclusions and take
        many runs, so they are left to the pairs of documents.
        """
        one = self.consultation
        view = make_view(one, one, (), UNNAMED, _LAYOUT, "0", Audience.ADVISOR, _STEPS, redacted=False)
        return replace(view, label="", given=(), unknowns=_but_for_entry_rules(view.unknowns))


def told_alike(one: Told, other: Told, *, by_view: bool) -> bool:
    """Whether two applicants are told the same. Texts that changed stand in the facts, so that these pairs go by the view."""
    return one.view == other.view if by_view else one.concluded == other.concluded


def without_entry_rules(consultation: Consultation) -> tuple[Consultation, frozenset[str]]:
    """A consultation without what dated restrictions of entry came to or could come to, and the rules that spoke of it."""
    derivation = consultation.derivation
    left = [*derivation.firings, *derivation.possible_firings]
    gone: set[Firing] = set()
    more = {firing for firing in left if firing.rule_id in ENTRY_RULES}
    # What is only possible does not say what it rests on, so there those that follow go by name.
    more |= {firing for firing in derivation.possible_firings if firing.rule_id in FOLLOWING}
    lost: set[Fact] = set()
    while more:
        gone |= more
        left = [firing for firing in left if firing not in gone]
        stated = {fact for firing in left for fact in firing.conclusions}
        lost = {fact for firing in gone for fact in firing.conclusions} - stated
        more = {firing for firing in left if lost & set(firing.premises)}
    kept = Derivation(
        derivation.compiled,
        tuple(fact for fact in derivation.certain if fact not in lost),
        tuple(fact for fact in derivation.possible if fact not in lost),
        tuple(firing for firing in derivation.firings if firing not in gone),
        tuple(firing for firing in derivation.possible_firings if firing not in gone),
    )
    spoke = frozenset(firing.rule_id for firing in derivation.firings if firing in gone)
    return replace(consultation, derivation=kept), spoke


def _but_for_entry_rules(unknowns: tuple[UnknownView, ...]) -> tuple[UnknownView, ...]:
    """What is not known, without those restrictions among what waits for it; how much waits decides the order."""
    titles = {rule.title for rule in WORKSPACE.ruleset.rules if rule.id in ENTRY_RULES | FOLLOWING}
    cut = [replace(one, waiting=tuple(title for title in one.waiting if title not in titles)) for one in unknowns]
    return tuple(sorted((one for one in cut if one.waiting), key=lambda one: (one.path, one.subject)))


def counted() -> dict[str, dict[str, int]]:
    """How many pairs there are, by profile and by what is changed in them."""
    found: dict[str, dict[str, int]] = {}
    every = [(persona, persona_pairs(persona)) for persona in PERSONAS]
    every += [(f"made-up profiles ({MADE_UP})", [pair for seed in range(MADE_UP) for pair in made_up_pairs(seed)])]
    for name, pairs in every:
        for pair in pairs:
            found.setdefault(name, {})[pair.what] = found.setdefault(name, {}).get(pair.what, 0) + 1
    return found


def table() -> str:
    """The count as lines of text, with the sum below."""
    found = counted()
    columns = ("country", "name", "remark", *WORDS)
    lines = [f"{'':36}" + "".join(f"{column:>11}" for column in columns) + f"{'together':>11}"]
    sums = {column: sum(numbers.get(column, 0) for numbers in found.values()) for column in columns}
    for name, numbers in (*found.items(), ("all pairs", sums)):
        cells = [numbers.get(column, 0) for column in columns]
        lines.append(f"{name:36}" + "".join(f"{cell:>11,}" for cell in (*cells, sum(cells))))
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())  # noqa: T201 - a table for whoever asks
