"""How words read: the grade of a text, the syllables it is counted by, and words that a text never uses."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartpick_expert.authoring.wording import Avoided, Hedges, Wording, wording_of
from smartpick_expert.language.reading_grade import reading_grade, syllables

SPELT = """
a:1 about:2 accepted:3 action:2 advise:2 advisor:3 afterwards:3 already:3 although:2 applicant:3 application:4 apply:2
article:3 asks:1 author:2 balance:2 between:2 boxes:2 bridge:1 called:1 candidate:3 careful:2 careless:2 certain:2
certificate:4 certified:3 changes:2 choice:1 citizen:3 claim:1 clear:1 client:2 clinical:3 committee:3 communication:5
comparative:4 complete:2 consulate:3 continue:3 cooperation:5 country:2 create:2 deadline:2 detailed:2 director:3
documents:3 double:2 easier:3 education:4 embassy:3 evidence:3 examination:5 excellent:3 experience:4 faculty:3
failed:1 family:3 filter:2 foreign:2 graduate:3 graduation:4 guarantee:3 have:1 hospital:3 house:1 idea:3
immigration:4 important:3 inpatient:3 institution:4 interviews:3 invited:3 judged:1 knowledge:2 language:2 lawyer:2
least:1 letters:2 likely:2 lion:2 little:2 made:1 matched:1 measured:2 medical:3 medicine:3 museum:3 names:1 needed:2
noticed:2 observership:4 official:3 opinion:3 patients:2 perception:3 period:3 permanent:3 places:2 possible:3
practice:2 preliminary:5 probably:3 program:2 published:2 questions:2 ranked:1 ratio:3 reader:2 reading:2 received:2
recommendation:5 reliable:4 remember:3 required:2 research:2 residency:4 residents:3 rotation:3 rules:1 said:1
school:1 scores:1 serious:3 signal:2 simple:2 sitting:2 situation:4 source:1 sponsor:2 statement:2 strong:1
structured:2 student:2 supervisor:4 surgery:3 table:2 think:1 times:1 title:2 training:2 travel:2 trusted:2 typical:3
uncle:2 understand:3 unique:2 united:3 university:5 unknown:2 used:1 usually:4 value:2 variety:4 violent:3 visas:2
wanted:2 weeks:1 weighed:1 what:1 whistle:2 worked:1 writer:2 written:2
"""
HEARD = [(word, int(number)) for word, number in (pair.split(":") for pair in SPELT.split())]


@pytest.mark.parametrize(("word", "number"), HEARD)
def test_a_word_has_the_syllables_that_are_heard(word: str, number: int):
    assert syllables(word) == number


@pytest.mark.parametrize(("word", "number"), [("NRMP", 1), ("250", 1), ("13.4", 1), ("program's", 2), ("I", 1)])
def test_numbers_and_names_in_capitals_are_short_words(word: str, number: int):
    assert syllables(word) == number


def test_short_sentences_read_more_easily_than_one_long_one():
    long = "You need a visa, and in a study of two years ago what a program said differed from the list, so ask them."
    short = "You need a visa. In a study of two years ago what a program said differed from the list. So ask them."
    assert reading_grade(short) < reading_grade(long)


def test_the_grade_is_that_of_the_formula():
    """Two sentences, eight words, nine syllables: 0.39 * 4 + 11.8 * 9 / 8 - 15.59, which is below the first year of school."""
    assert reading_grade("The cat sat there. A cat is happy.") == 0.0
    assert reading_grade("International institutions characteristically deliberate.") == pytest.approx(
        0.39 * 4 + 11.8 * 20 / 4 - 15.59
    )


def test_a_point_in_a_number_ends_no_sentence():
    assert reading_grade("Of all the applications 13.4 in a hundred were invited to come.") == pytest.approx(
        reading_grade("Of all the applications 134 in a hundred were invited to come.")
    )


@given(st.text(max_size=200))
def test_every_text_has_a_grade_that_is_no_less_than_nothing(text: str):
    assert reading_grade(text) >= 0


WORDS = Wording(
    avoided=(
        Avoided("promise", ("will match", "guarantee*"), "Say what was counted.", ("no", "nobody")),
        Avoided("blame", ("you failed to",), "Say what is so."),
    )
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("With this you will\n match.", ["will\n match"]),
        ("It Guarantees a place.", ["Guarantees"]),
        ("It is no guarantee.", []),
        ("Nobody can say that you will match.", ["will match"]),
        ("Nobody will match by this.", []),
        ("That is no rule. You will match.", ["will match"]),
        ("Willow matches the will matched to it.", []),
        ("You failed to ask.", []),
    ],
)
def test_a_word_is_found_whole_unless_the_sentence_denies_it(text: str, found: list[str]):
    assert [word for word, _ in WORDS.found_in(text, "promise")] == found


def test_a_workspace_without_the_folder_asks_nothing_of_its_words(tmp_path: Path):
    assert wording_of(tmp_path) == (Wording(), ())


def test_what_is_wrong_with_a_wording_file_is_told_with_its_place(tmp_path: Path):
    (tmp_path / "knowledge" / "wording").mkdir(parents=True)
    text = "grades: {because: high, poem: 3}\nwords:\n  - {kind: insult, words: [], instead: Nothing.}\n  - [promise]\n"
    text += "hedges:\n  - {kind: figure, one_of: [], instead: Say so.}\n  - {kind: measured, ever: [is said]}\n"
    (tmp_path / "knowledge" / "wording" / "all.yaml").write_text(text, "utf-8")
    found = [(f.code, f.location.line, f.location.column) for f in wording_of(tmp_path)[1]]
    assert sorted(found, key=lambda one: one[1:]) == [
        ("value.number", 1, 19),
        ("form.unknown-key", 1, 25),
        ("form.choice", 3, 12),
        ("form.empty-list", 3, 27),
        ("form.mapping", 4, 5),
        ("form.choice", 6, 12),
        ("form.empty-list", 6, 28),
        ("form.missing-key", 7, 5),
        ("form.unknown-key", 7, 22),
    ]


def test_a_reason_is_hedged_by_one_word_anywhere_in_it():
    hedges = Hedges("perception", ("are said", "we assume*", "article*"), (), "")
    texts = (
        "Committees may put it aside.",
        "It is put aside. By the article's account that is common.",
        "Committees ARE\nSAID to put it aside.",
        "It is put aside, we assumed.",
        "What they are saidless.",
    )
    assert [hedges.has_one(text) for text in texts] == [False, True, True, True, False]
