"""Profiles, vocabularies and all other knowledge written from nothing: mostly valid, now and then with something wrong."""

from __future__ import annotations

from random import Random
from typing import Any, Final

from smartpick_expert.language.vocabulary import FactType, Field, FieldType, Supplier, Vocabulary
from tests.fuzz.draw import DAYS, Draw
from tests.fuzz.mutations import NASTY
from tests.fuzz.trees import Pairs, Raw, Tree

# --- profiles -----------------------------------------------------------------------------------------------------------


def profile(vocabulary: Vocabulary, chance: Random, slips: int = 2) -> Tree:
    """A profile of any vocabulary: most sections, each with a few entries."""
    draw = Draw(chance, slips)
    sections = Pairs()
    for kind in vocabulary.supplied_by(Supplier.PROFILE):
        needed = kind.one and any(one.required for one in kind.fields.values())
        if not needed and draw.often(20):
            continue
        if kind.one:
            sections.append([kind.name, entry(kind, 0, draw)])
        else:
            sections.append([kind.name, [entry(kind, place, draw) for place in range(chance.choice((0, 1, 2, 2, 3)))]])
    return sections or Pairs([["applicant", Pairs()]])


def entry(kind: FactType, place: int, draw: Draw) -> Tree:
    """An entry of a section."""
    found = Pairs()
    for one in kind.given_fields:
        if one.name == kind.label and not one.of:
            words = list(one.values) or [f"{kind.name}-{n}" for n in range(1, 4)]
            found.append([one.name, words[place % len(words)]])
        elif one.required or not draw.often(25):
            found.append([one.name, draw.value(one) if one.required and not one.many else draw.item(one)])
    if draw.often(5) and "verified" not in kind.fields:
        found.append(["verified", Pairs([["by", "somebody"], ["on", "2026-05-05"]])])
    return found


# --- knowledge ------------------------------------------------------------------------------------------------------------


def vocabulary_file(chance: Random) -> Tree:
    """A vocabulary of its own, with what every consultation of ours would name and whatever else chance has."""
    draw = Draw(chance, 4)
    names = chance.sample(
        ("thing", "letter", "a1", "visit", "exam", "is_it", "today", "program", "value", "verified", "sum"),
        chance.randrange(1, 5),
    )
    types = Pairs()
    for name in (*chance.sample(("applicant", "bucket"), chance.choice((0, 1, 2))), *names):
        types.append([chance.choice(NASTY) if draw.slip() else name, _type(name, names, draw)])
    return Pairs([["about", "Made up."], ["types", types]])


def _type(name: str, names: list[str], draw: Draw) -> Tree:
    chance = draw.chance
    fields = Pairs()
    for one in chance.sample(
        ("id", "name", "kind", "size", "weight", "on", "words", "stage", "label", "open", "verified", "field", "value"),
        chance.randrange(1, 6),
    ):
        fields.append([one, _field(one, [pair[0] for pair in fields if isinstance(pair[0], str)], names, draw)])
    supplier = chance.choice(("profile", "profile", "rules", "rules", "knowledge", "consultation"))
    pairs = Pairs([["meaning", "Made up."], ["supplied_by", supplier], ["fields", fields]])
    for key, value in (
        ("one", "true"),
        ("label", chance.choice(fields)[0]),
        ("one_per", [chance.choice(fields)[0]][: chance.randrange(2)]),
        ("for_advisor", "true"),
        ("from_protected", "true"),
        ("stages", ["early"]),
        ("protected", chance.choice(("true", ["visa"]))),
    ):
        if draw.often(15):
            pairs.append([key, value])
    if draw.often(15):
        pairs += [["assume", []], ["assumption", "There are none."]]
    return pairs


def _field(name: str, before: list[str], names: list[str], draw: Draw) -> Tree:
    chance = draw.chance
    kind = chance.choice([str(t) for t in FieldType]) if not draw.slip() else chance.choice(NASTY)
    pairs = Pairs([["type", kind], ["meaning", f"What {name} means"]])
    if kind == "choice":
        words = chance.sample(("early", "late", "low", "none", "true", "010", "x"), 3)
        pairs.append(["values", Pairs([word, chance.choice((word, "some words", ""))] for word in words)])
    if kind == "label" and draw.often(60):
        pairs.append(["of", chance.choice(names)])
    options = [
        *((name, "true") for name in ("many", "required", "private", "may_be_none", "for_advisor")),
        ("unit", chance.choice(("weeks", "year", "points"))),
        ("protected", chance.choice(("true", "false", ["made"]))),
        ("shelf_life", chance.choice(("12", "1", "24", "0")) if draw.often(20) else "12"),
    ]
    if kind == "number":
        options += [
            ("whole", "true"),
            ("min", "0"),
            ("max", chance.choice(("10", "0", "9007199254740992", "-1"))),
            ("step", chance.choice(("1", "0", "0.5", "-1"))),
        ]
        if len(before) > 1:
            options.append(("computed", Pairs([["difference", chance.sample(before, 2)]])))
    pairs += [[key, Raw(value) if isinstance(value, str) else value] for key, value in options if draw.often(12)]
    return pairs


def knowledge_file(sort: str, vocabulary: Vocabulary, chance: Random) -> Tree:
    """A file of parameters, claims, evidence, actions, programs or a layout."""
    entries = [_KNOWLEDGE[sort](vocabulary, Draw(chance), number) for number in range(chance.choice((0, 1, 1, 2, 4)))]
    key = "sections" if sort == "layout" else sort
    return Pairs([["about", "Made up."], [key, entries]])


def _parameter(_: Vocabulary, draw: Draw, number: int) -> Tree:
    chance = draw.chance
    kind = chance.choice(("number", "text", "date", "boolean", "steps"))
    many = draw.often(25)

    def value() -> Any:
        if kind == "steps":
            return _steps(draw)
        one = Field("value", FieldType(kind), "")
        return [draw.value(one) for _ in range(chance.randrange(3))] if many else draw.value(one)

    values = [
        Pairs([*dates, ["value", Raw("") if draw.often(5) else value()]])
        for dates in (_by_season(draw) if draw.often(40) else _by_days(draw))
    ]
    name = chance.choice((f"made.p{number}", "letters.track_record", "screening.attempts"))
    pairs = Pairs(
        [
            ["name", name],
            ["meaning", "Made up."],
            ["type", kind],
            ["basis", chance.choice(("assumption", "evidence", "official", "opinion"))],
        ]
    )
    pairs += [["source", chance.choice(("Ours.", "claim:x", "evidence:y"))], ["owner", "editorial"], ["values", values]]
    return Pairs([*pairs, *([["many", "true"]] if many else []), *([["unit", "residents"]] if draw.often(20) else [])])


def _by_days(draw: Draw) -> list[list[Any]]:
    """Days that one value after the other holds for, sometimes with a hole or an overlap between them."""
    years = sorted(draw.chance.sample((1, 2020, 2025, 2026, 2027), draw.chance.choice((1, 1, 2))))
    dates = [[["from", f"{year:04}-01-01"]] for year in years]
    for one, following in zip(dates, years[1:], strict=False):
        last = following - (0 if draw.often(10) else 1) - draw.often(20)
        one.append(["to", f"{max(last, 1):04}-12-31"])
    if draw.often(10):
        dates[-1].append(["to", f"{years[-1]:04}-12-31"])
    return dates


def _by_season(draw: Draw) -> list[list[Any]]:
    """Seasons in any order, sometimes with one left out or given twice, and now and then dated by days as well."""
    seasons = list(range(2024, 2024 + draw.chance.randint(1, 4)))
    if draw.often(20):
        seasons[-1] += draw.chance.choice((-1, 1))
    draw.chance.shuffle(seasons)
    return [[["season", str(season)], *([["from", "2026-01-01"]] if draw.often(5) else [])] for season in seasons]


def _steps(draw: Draw) -> list[Pairs]:
    """A table of steps, mostly in order."""
    ends = draw.chance.sample((10, 20, 30, 300), draw.chance.randint(0, 3))
    steps = [
        Pairs([["up_to", str(end)], [draw.chance.choice(("each", "flat")), str(draw.chance.randint(0, 99))]])
        for end in ends
    ]
    if not draw.often(20):
        steps.sort(key=lambda step: int(step[0][1]))
    return [*steps, Pairs([["each", draw.chance.choice(("0", "11", "30.5"))]])]


def _text(draw: Draw) -> str:
    return (
        draw.chance.choice(NASTY)
        if draw.often(5)
        else draw.chance.choice(("Some words.", "Words: with a colon", "É ≤ 3", "- a", "x" * 300))
    )


def _claim(_: Vocabulary, draw: Draw, number: int) -> Tree:
    standing = draw.chance.choice(("supported", "partly_supported", "unsupported", "contradicted"))
    pairs = Pairs([["id", f"claim-{number}"], ["section", _text(draw)], ["says", _text(draw)], ["standing", standing]])
    return Pairs(
        [
            *pairs,
            *([["evidence_for", ["x"]]] if draw.often(20) else []),
            *([["note", _text(draw)]] if draw.often(20) else []),
        ]
    )


def _evidence(_: Vocabulary, draw: Draw, number: int) -> Tree:
    chance = draw.chance
    known_by = chance.choice(("seen", "secondary", "computed", "assumption"))
    pairs = Pairs(
        [["id", f"evidence-{number}"], ["finding", _text(draw)], ["publisher", _text(draw)], ["known_by", known_by]]
    )
    pairs += [["confidence", chance.choice(("high", "medium", "low"))], ["as_of", chance.choice(DAYS)]]
    return Pairs(
        [
            *pairs,
            *([["quoted_by", _text(draw)]] if known_by == "secondary" else []),
            *([["year", "2024"]] if draw.often(50) else []),
        ]
    )


def _action(vocabulary: Vocabulary, draw: Draw, number: int) -> Tree:
    stages = vocabulary.types["applicant"].fields["stage"].values
    pairs = Pairs(
        [["name", f"action_{number}"], ["title", _text(draw)], ["do", _text(draw)], ["done_when", _text(draw)]]
    )
    return Pairs([*pairs, ["stages", draw.chance.sample(tuple(stages), 2)]])


def _program(vocabulary: Vocabulary, draw: Draw, number: int) -> Tree:
    pairs = Pairs([["assumption", _text(draw)], ["id", f"made-{number}"], ["name", _text(draw)]])
    fields = [one for one in vocabulary.types["program"].fields.values() if one.name not in ("id", "name")]
    return Pairs([*pairs, *([one.name, draw.item(one)] for one in fields if not draw.often(20))])


def _section(_: Vocabulary, draw: Draw, number: int) -> Tree:
    return Pairs(
        [
            ["key", f"section-{number}"],
            ["title", _text(draw)],
            ["about", _text(draw)],
            ["topics", draw.chance.sample(("letters", "school", "visa", "nowhere"), 2)],
        ]
    )


_KNOWLEDGE: Final = {
    "parameters": _parameter,
    "claims": _claim,
    "evidence": _evidence,
    "actions": _action,
    "programs": _program,
    "layout": _section,
}


def cases_file(vocabulary: Vocabulary, rule_ids: tuple[str, ...], chance: Random) -> Tree:
    """A file of cases for single rules."""
    draw = Draw(chance)
    cases = []
    for number in range(chance.choice((1, 2, 3))):
        kinds = chance.sample(list(vocabulary.types.values()), chance.randrange(1, 4))
        facts = Pairs(
            [
                [kind.name, entry(kind, 0, draw) if kind.one else [entry(kind, p, draw) for p in range(2)]]
                for kind in kinds
            ]
        )
        case = Pairs(
            [
                ["name", f"Case {number}"],
                ["facts", facts],
                [chance.choice(("fires", "does_not_fire")), chance.choice(rule_ids)],
            ]
        )
        if draw.often(20):
            case.append(["times", chance.choice(("0", "1", "02", "-1", "x", "1.5"))])
        if draw.often(20):
            case.append(["open", [chance.choice(list(vocabulary.types))]])
        cases.append(case)
    return Pairs([["about", "Made up."], ["cases", cases]])
