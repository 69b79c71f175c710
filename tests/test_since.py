"""What an applicant is told of what moved since last time: nothing of what is kept, nor of what is told in another word."""

from __future__ import annotations

from smartpick_expert.explain.difference import Change, Difference, Part, Said
from smartpick_expert.language.vocabulary import Supplier
from smartpick_expert.report.entered import Since, SinceLine, SincePart
from smartpick_expert.report.since import since_of
from tests.profiles import WORKSPACE

WAS, IS = Said("one thing"), Said("another")


def told_of(*changes: Change) -> tuple[SincePart, ...]:
    found = Difference(changes, {}, {})
    return since_of("aaaa-2222", "2026-09-10", [(("the profile",), found)], WORKSPACE).parts


def test_what_the_profile_says_now_is_told_with_what_brought_it():
    found = Difference((Change(Part.GIVEN, "exam[step2_ck].score", WAS, IS),), {}, {})
    assert since_of("aaaa-2222", "2026-09-10", [(("the profile",), found)], WORKSPACE) == Since(
        "aaaa-2222",
        "2026-09-10",
        (SincePart(("the profile",), (SinceLine("given", "exam[step2_ck].score", "one thing → another"),)),),
    )


def test_no_field_that_is_kept_or_told_in_another_word_is_told_of():
    kept = [
        Change(Part.GIVEN, f"{kind.name}{'' if kind.one else '[x]'}.{field.name}", WAS, IS)
        for kind in WORKSPACE.vocabulary.supplied_by(Supplier.PROFILE)
        for field in kind.fields.values()
        if kind.for_advisor or field.for_advisor or field.told_as
    ]
    assert (len(kept) > 3, told_of(*kept)) == (True, ())


def test_what_only_rules_for_the_advisor_say_is_not_told():
    advisors = next(rule.id for rule in WORKSPACE.ruleset.rules if len(rule.audience) == 1)
    before = Said("strong", through=(advisors,))
    assert told_of(Change(Part.WEIGHED, "reason[kind=visa side=against]", before, Said())) == ()


def test_what_the_knowledge_and_the_day_give_is_not_told_as_the_profile():
    assert told_of(Change(Part.GIVEN, "today.date", WAS, IS), Change(Part.GIVEN, "program[x].name", WAS, IS)) == ()
