"""Rule files written from nothing: mostly valid, so that they reach the consultation; now and then something is wrong.

Everything is drawn from a vocabulary, whichever it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from random import Random
from typing import Final

from smartpick_expert.language.checks.protected import GUARDED, VISA_ONLY
from smartpick_expert.language.loader import KnownNames
from smartpick_expert.language.operators import OPERATORS, Takes
from smartpick_expert.language.values import Slot, decimal_text
from smartpick_expert.language.vocabulary import FactType, Field, FieldType, Supplier, Vocabulary
from tests.fuzz.draw import Draw
from tests.fuzz.trees import Pairs, Raw, Tree

_WORDLIKE: Final = (FieldType.TEXT, FieldType.CHOICE)


@dataclass
class _Scope:
    """Names in reach, each with its type (none for a tally) and the fields that may be asked of it; and those used."""

    owners: dict[str, str] = field(default_factory=dict)
    fields: dict[str, dict[str, Field]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def child(self) -> _Scope:
        return _Scope(dict(self.owners), dict(self.fields), self.used)


class RuleWriter:
    """Writes rule files that speak a vocabulary and cite known names. `seen` are values that facts hold, by type and field."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        names: KnownNames,
        chance: Random,
        seen: Mapping[tuple[str, str], tuple[Slot, ...]],
    ) -> None:
        self.seen = seen
        self.vocabulary = vocabulary
        self.names = names
        self.chance = chance
        self.draw = Draw(chance)
        types = list(vocabulary.types.values())
        self.concluded = [t for t in types if t.supplied_by is Supplier.RULES and t.fields]
        readable = [t for t in types if not any(_is_guarded(t, one, "") for one in t.fields.values())]
        self.looked_at = [t for t in types if t.fields and (t in readable or self.draw.often(1))] or types
        there = {name for name, _ in seen}
        self.looked_at = [t for t in self.looked_at if t.name in there or self.draw.often(10)] or self.looked_at
        self.ones = [t for t in types if t.one and t.fields]
        self.topic = chance.choice(("made", "made", "visa", "letters"))
        self.strict: set[str] = set()

    def file(self) -> Tree:
        """A rule file with a few rules."""
        # What these rules conclude is seldom negated or tallied by them, since that may be a circle.
        self.mine = self.chance.sample(self.concluded, min(len(self.concluded), 2)) if self.concluded else []
        rules = [self._rule(number) for number in range(self.chance.choice((1, 1, 2, 3)))]
        return Pairs([["topic", self.topic], ["about", "Made up."], ["rules", rules]])

    def _rule(self, number: int) -> Tree:
        chance, draw = self.chance, self.draw
        scope = _Scope()
        for one in self.ones:
            scope.owners[one.name], scope.fields[one.name] = one.name, dict(one.fields)
        bound = [self._bind(self._name(place), scope) for place in range(chance.choice((0, 1, 1, 1, 1, 2, 2, 3)))]
        tallies = [self._tally(scope, f"t{place}") for place in range(chance.choice((0, 0, 0, 1, 2)))]
        when: list[Tree] = [Pairs([[t.name, Pairs([["as", name], *self._tests(t, scope, name)])]]) for name, t in bound]
        when += tallies
        when += [self._loose(scope, 0) for _ in range(chance.choice((0, 0, 1, 1, 2, 3)) or (0 if when else 1))]
        chance.shuffle(when)
        then = [self._conclusion(scope) for _ in range(chance.choice((1, 1, 1, 2)))] if self.mine else []
        because = [
            "Since",
            *chance.sample(
                ["{{ parameter." + n + " }}" for n in sorted(self.names.parameters)],
                1 if self.names.parameters and draw.often(10) else 0,
            ),
        ]
        names = [name for name, _ in bound] + [t[0][1][-1][1] for t in tallies if t[0][1][-1][0] == "as"]
        because += [
            "{{ " + f"{name}.{chance.choice(list(scope.fields[name]))}" + " }}"
            for name in names
            if name not in scope.used or draw.often(20)
        ]
        kind = chance.choice(("perception", "measured"))
        prefix = "claim:" if kind == "perception" else "evidence:"
        cited = sorted(source for source in self.names.sources if source.startswith(prefix)) or [f"{prefix}x"]
        rule = Pairs([
            ["id", f"{self.topic}.rule-{number}"], ["title", "A made-up rule"], ["kind", kind],
            ["status", chance.choice(("stable",) * 6 + ("draft", "retired"))], ["sources", [chance.choice(cited)]], ["owner", "editorial"],
            ["review_by", "2027-06-01"], ["when", when], ["then", then], ["because", " ".join(because)], ["rationale", "Made up."],
        ])  # fmt: skip
        stages = self.vocabulary.types.get("applicant")
        if stages and "stage" in stages.fields and draw.often(8):
            rule.append(["stages", list(stages.fields["stage"].values)[:2]])
        if draw.often(5):
            rule.append(["valid", Pairs([["from", "2026-01-01"], ["to", "2027-01-01"]][: chance.choice((1, 2))])])
        return rule

    def _bind(self, name: str, scope: _Scope) -> tuple[str, FactType]:
        chosen = self.chance.choice([t for t in self.looked_at if not t.one] or self.looked_at)
        scope.owners[name], scope.fields[name] = chosen.name, dict(chosen.fields)
        return name, chosen

    def _name(self, place: int) -> str:
        return (
            self.chance.choice(("parameter", "applicant", "today", "thing", "value", "as", "é", "a b", ""))
            if self.draw.slip()
            else f"n{place}"
        )

    def _pattern(self, scope: _Scope, *, strict: bool) -> list[Tree]:
        types = self.looked_at
        if strict and not self.draw.often(4):
            types = [t for t in types if t not in self.mine] or types
        chosen = self.chance.choice(types)
        return [chosen.name, Pairs(self._tests(chosen, scope, ""))]

    def _tests(self, owner: FactType, scope: _Scope, name: str) -> list[Tree]:
        fields = [f for f in owner.fields.values() if self.draw.often(2) or not _is_guarded(owner, f, self.topic)]
        chosen = self.chance.sample(fields, min(len(fields), self.chance.choice((0, 0, 1, 1, 1, 1, 2, 3))))
        return [[one.name, self._test(owner, one, scope, name)] for one in chosen]

    def _test(self, owner: FactType, one: Field, scope: _Scope, name: str) -> Tree:
        if not one.many and self.draw.often(35):
            return self._operand(owner, one, scope, name)
        pairs = [self._operator(owner, one, scope, name) for _ in range(self.chance.choice((1, 1, 1, 2)))]
        return Pairs({key: [key, value] for key, value in pairs}.values())

    def _operator(
        self, owner: FactType | None, one: Field, scope: _Scope, name: str, *, limit: bool = False
    ) -> list[Tree]:
        fine = [
            operator
            for operator in OPERATORS.values()
            if self.draw.slip()
            or (operator.takes is Takes.PRESENCE and not limit)
            or (operator.takes is Takes.LIST_FIELD and one.many)
            or (operator.takes is Takes.ORDER and one.has_order)
            or (operator.takes in (Takes.SAME, Takes.ONE_OF_LIST) and not one.many)
        ]
        operator = self.chance.choice(fine)
        if operator.takes is Takes.PRESENCE:
            return [operator.name, Raw("true")]
        if operator.takes is Takes.ONE_OF_LIST:
            listed = self._references(owner, one, scope, name, many=True)
            if listed and self.draw.often(50):
                return [operator.name, self._used(self.chance.choice(listed), scope)]
            return [operator.name, [self.draw.value(one, escaped=True) for _ in range(self.chance.choice((1, 2, 3)))]]
        if operator.name == "between":
            ends = [self._operand(owner, one, scope, name) for _ in range(2)]
            if all(isinstance(end, Raw) for end in ends):
                ends.sort(key=lambda end: (len(str(end)), str(end)))
            return [operator.name, ends]
        return [operator.name, self._operand(owner, one, scope, name)]

    def _operand(self, owner: FactType | None, one: Field, scope: _Scope, name: str) -> Tree:
        found = self._references(owner, one, scope, name, many=False)
        refers = found and self.draw.often(45)
        chosen = self._used(self.chance.choice(found), scope) if refers else self._constant(owner, one)
        if one.type is FieldType.NUMBER and not one.many and self.draw.often(12):
            return Pairs([["plus", [chosen, Raw(self.chance.choice(("1", "-10", "0.5", "0", "-9007199254740992")))]]])
        return chosen

    def _constant(self, owner: FactType | None, one: Field) -> Tree:
        known = self.seen.get((owner.name if owner else "", one.name), ())
        if not known or self.draw.often(25):
            return self.draw.value(one, escaped=True)
        value = self.chance.choice(known)
        if isinstance(value, bool):
            return Raw("true" if value else "false")
        if isinstance(value, str):
            return f"${value}" if value.startswith("$") else value
        return Raw(
            decimal_text(value)
            if isinstance(value, Decimal)
            else value.isoformat()
            if isinstance(value, date)
            else str(value)
        )

    def _used(self, reference: str, scope: _Scope) -> str:
        scope.used.add(reference[1:].split(".", maxsplit=1)[0])
        return reference

    def _references(self, owner: FactType | None, one: Field, scope: _Scope, name: str, *, many: bool) -> list[str]:
        """What the field may be compared with: fields of names in reach, and parameters."""
        wanted = _sort(one, owner.name if owner else "", self.vocabulary)
        found = [
            f"${other}.{theirs.name}"
            for other, fields in scope.fields.items()
            for theirs in fields.values()
            if theirs.many == many
            and not (other == name and theirs.name == one.name)
            and _sort(theirs, scope.owners.get(other, ""), self.vocabulary) == wanted
            and (not one.unit or not theirs.unit or one.unit == theirs.unit)
            and not (
                other in scope.owners and _is_guarded(self.vocabulary.types[scope.owners[other]], theirs, self.topic)
            )
        ]
        chosen = self.chance.sample(found, min(len(found), 3))
        texts = (*_WORDLIKE, FieldType.LABEL)
        chosen += [
            f"$parameter.{name}"
            for name, known in self.names.parameters.items()
            if known.many == many
            and (known.type is one.type or (known.type in texts and one.type in texts))
            and (not known.unit or not one.unit or known.unit == one.unit)
        ][:2]
        return [*chosen, "$a.b"] if self.draw.slip() else chosen

    def _loose(self, scope: _Scope, depth: int) -> Tree:
        """A condition without a name at the top: a pattern, not, any, or a tally."""
        what = self.chance.choice(("pattern", "pattern", "not", "not", "any", "tally"))
        if what == "not":
            return Pairs([["not", Pairs([self._pattern(scope, strict=True)])]])
        if what == "any" and depth < 3:
            return Pairs([["any", [self._branch(scope, depth + 1) for _ in range(self.chance.choice((2, 2, 3)))]]])
        if what == "tally":
            return self._tally(scope, "")
        return Pairs([self._pattern(scope, strict=depth > 0)])

    def _branch(self, scope: _Scope, depth: int) -> Tree:
        if self.draw.often(50):
            return self._loose(scope, depth)
        inner = scope.child()
        parts: list[Tree] = []
        if self.draw.often(40):
            name, chosen = self._bind(f"b{depth}{self.chance.randrange(1000)}", inner)
            parts.append(Pairs([[chosen.name, Pairs([["as", name], *self._tests(chosen, inner, name)])]]))
            again = self.chance.choice(list(inner.fields[name]))
            one = inner.fields[name][again]
            parts.append(
                Pairs([[chosen.name, Pairs([[again, Pairs([["in" if one.many else "is", f"${name}.{again}"]])]])]])
            )
        parts += [self._loose(inner, depth) for _ in range(self.chance.choice((1, 1, 2)))]
        return Pairs([["all", parts]])

    def _tally(self, scope: _Scope, name: str) -> Tree:
        kind = self.chance.choice(("count", "count", "highest", "lowest", "total"))
        pattern = self._pattern(scope, strict=True)
        owner = self.vocabulary.types[pattern[0]]
        numbers = [f for f in owner.fields.values() if f.type is FieldType.NUMBER and not f.many]
        pairs: list[list[Tree]] = [pattern]
        measured = Field("count", FieldType.NUMBER, "how many", minimum=0, maximum=4)
        if not numbers or kind == "count":
            kind = "count"
            if self.draw.often(30):
                pairs.append(["of", self.chance.choice(list(owner.fields))])
        else:
            one = self.chance.choice(numbers)
            pairs.append(["of", one.name])
            measured = Field(one.name, FieldType.NUMBER, one.meaning, unit=one.unit)
        if self.draw.often(75) or not name:
            pairs.append(self._operator(None, measured, scope, "", limit=True))
        if name:
            pairs.append(["as", name])
            scope.fields[name] = {"value": Field("value", FieldType.NUMBER, "", unit=measured.unit)}
        return Pairs([[kind, Pairs(pairs)]])

    def _conclusion(self, scope: _Scope) -> Tree:
        owner = self.chance.choice(self.mine if not self.draw.often(3) else self.concluded)
        pairs: list[list[Tree]] = []
        for one in owner.fields.values():
            if self.draw.often(15):
                continue
            found = [
                r for r in self._references(owner, one, scope, "", many=one.many) if not r.startswith("$parameter")
            ]
            if found and self.draw.often(70):
                pairs.append([one.name, self._used(self.chance.choice(found), scope)])
            elif not one.many:
                pairs.append([one.name, self.draw.value(one, escaped=True)])
        return Pairs([[owner.name, Pairs(pairs)]])


def _sort(one: Field, owner: str, vocabulary: Vocabulary) -> str:
    """The type of a field as far as comparing goes."""
    if owner and owner in vocabulary.types and vocabulary.types[owner].label == one.name:
        return f"label of {owner}"
    if one.type is FieldType.LABEL:
        return f"label of {one.of or owner}"
    return "text" if one.type in _WORDLIKE else str(one.type)


def _is_guarded(owner: FactType, one: Field, topic: str) -> bool:
    """Whether a rule of the topic had better not look at the field."""
    parts = {*owner.name.split("_"), *one.name.split("_")}
    return (
        bool((GUARDED | VISA_ONLY) & parts)
        or (one.protected is not None and topic not in one.protected)
        or owner.from_protected
    )
