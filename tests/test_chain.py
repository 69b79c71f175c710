"""What `check_chain` finds: for each kind of tampering its own finding and nothing else, and for an untouched chain none."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartpick_expert.audit.chain import START, Content, Entered, Fault, Link, check_chain, commitment_of, link_after

LENGTH = 6


@dataclass(frozen=True)
class Kept:
    """A chain as a ledger keeps it, to be changed by a test."""

    links: tuple[Link, ...]
    contents: tuple[tuple[int, Content], ...]
    erased: tuple[str, ...] = ()

    def faults(self, head: str = "") -> list[tuple[Fault, int]]:
        """What is found, as kind and number."""
        return [(one.fault, one.number) for one in check_chain(self.links, self.contents, self.erased, head)]

    @property
    def head(self) -> str:
        return self.links[-1].hash

    def with_link(self, number: int, **changes: object) -> Kept:
        return replace(self, links=tuple(replace(x, **changes) if x.number == number else x for x in self.links))

    def with_content(self, number: int, content: Content) -> Kept:
        return replace(self, contents=tuple((n, content if n == number else c) for n, c in self.contents))

    def without(self, *numbers: int) -> Kept:
        return replace(self.only_links_without(*numbers), contents=self.only_contents_without(*numbers).contents)

    def only_links_without(self, *numbers: int) -> Kept:
        return replace(self, links=tuple(link for link in self.links if link.number not in numbers))

    def only_contents_without(self, *numbers: int) -> Kept:
        return replace(self, contents=tuple(one for one in self.contents if one[0] not in numbers))

    def content(self, number: int) -> Content:
        return dict(self.contents)[number]


def content_of(number: int, words: str = "advice") -> Content:
    parts = (b"{}", b"[]", f"{words} {number}".encode())
    return Content(hashlib.sha256(str(number).encode()).digest(), parts)


def kept(numbers: Iterable[int] = range(1, LENGTH + 1), words: str = "advice") -> Kept:
    """A chain of advices in this order."""
    links: list[Link] = []
    contents = []
    for place, number in enumerate(numbers, start=1):
        content = content_of(number, words)
        previous = links[-1].hash if links else START
        at = f"2026-09-10T10:00:{number:02}+00:00"
        links.append(link_after(previous, place, f"id-{number}", Entered.ADVICE, at, commitment_of(content)))
        contents.append((place, content))
    return Kept(tuple(links), tuple(contents))


UNTOUCHED = kept()


def swapped(chain: Kept, one: int, other: int) -> Kept:
    """Two entries, each moved to the other's number with all that is its own."""
    number = {one: other, other: one}
    links = sorted((replace(x, number=number.get(x.number, x.number)) for x in chain.links), key=lambda x: x.number)
    contents = sorted((number.get(n, n), c) for n, c in chain.contents)
    return replace(chain, links=tuple(links), contents=tuple(contents))


@pytest.mark.parametrize("length", [0, 1, 2, LENGTH])
def test_of_an_untouched_chain_nothing_is_found(length: int):
    chain = kept(range(1, length + 1))
    assert [chain.faults(head) for head in ("", START, *(link.hash for link in chain.links))] == [[]] * (length + 2)


@pytest.mark.parametrize("number", range(1, LENGTH + 1))
@pytest.mark.parametrize("part", ["id", "what", "at", "commitment", "previous", "hash"])
def test_an_edited_link_is_edited_and_nothing_else(part: str, number: int):
    assert UNTOUCHED.with_link(number, **{part: "f" * 64}).faults() == [(Fault.EDITED, number)]


@pytest.mark.parametrize("part", [0, 1, 2], ids=["summary", "fired", "data"])
def test_an_edited_part_of_a_content_is_found(part: int):
    content = UNTOUCHED.content(3)
    parts = tuple(words + b"!" if place == part else words for place, words in enumerate(content.parts))
    assert UNTOUCHED.with_content(3, replace(content, parts=parts)).faults() == [(Fault.CONTENT, 3)]


def test_an_edited_salt_is_found():
    assert UNTOUCHED.with_content(3, replace(UNTOUCHED.content(3), salt=b"other")).faults() == [(Fault.CONTENT, 3)]


def test_bytes_moved_from_one_part_of_a_content_to_the_next_are_found():
    content = UNTOUCHED.content(3)
    moved = replace(content, parts=(b"{", b"}[]", content.parts[2]))
    assert UNTOUCHED.with_content(3, moved).faults() == [(Fault.CONTENT, 3)]


@pytest.mark.parametrize(
    ("taken", "found"),
    [
        ((1,), [2]),
        ((3,), [4]),
        ((3, 4), [5]),
        ((2, 4), [3, 5]),
        ((1, 2, 3, 4, 5), [6]),
    ],
)
def test_what_is_taken_out_within_is_missing_before_the_next(taken: tuple[int, ...], found: list[int]):
    assert UNTOUCHED.without(*taken).faults() == [(Fault.MISSING, number) for number in found]


def test_a_finding_says_how_many_were_taken_out():
    messages = [one.message for one in check_chain(UNTOUCHED.without(2, 4, 5).links, (), ["id-1", "id-3", "id-6"])]
    assert messages == ["Before entry 3, one was taken out.", "Before entry 6, 2 were taken out."]


def test_a_link_taken_out_leaves_its_content_without_one():
    assert UNTOUCHED.only_links_without(3).faults() == [(Fault.CONTENT, 3), (Fault.MISSING, 4)]


def test_a_last_link_taken_out_leaves_its_content_without_one():
    assert UNTOUCHED.only_links_without(5, LENGTH).faults() == [(Fault.CONTENT, 5), (Fault.CONTENT, LENGTH)]


@pytest.mark.parametrize(("one", "other"), [(1, 2), (2, 3), (1, LENGTH), (3, 5), (LENGTH - 1, LENGTH)])
def test_of_two_entries_that_changed_places_both_are_reordered(one: int, other: int):
    assert swapped(UNTOUCHED, one, other).faults() == [(Fault.REORDERED, one), (Fault.REORDERED, other)]


def test_entries_in_the_opposite_order_are_all_reordered():
    chain = swapped(swapped(swapped(UNTOUCHED, 1, 6), 2, 5), 3, 4)
    assert chain.faults() == [(Fault.REORDERED, number) for number in range(1, LENGTH + 1)]


def test_a_reordering_after_a_deletion_is_told_from_it():
    assert swapped(UNTOUCHED.without(2), 4, 5).faults() == [
        (Fault.MISSING, 3),
        (Fault.REORDERED, 4),
        (Fault.REORDERED, 5),
    ]


def test_two_contents_that_changed_places_are_both_found():
    chain = UNTOUCHED.with_content(2, UNTOUCHED.content(4)).with_content(4, UNTOUCHED.content(2))
    assert chain.faults() == [(Fault.CONTENT, 2), (Fault.CONTENT, 4)]


@pytest.mark.parametrize("number", [1, 3, LENGTH])
def test_a_content_that_is_gone_without_an_erasure_is_found(number: int):
    assert UNTOUCHED.only_contents_without(number).faults() == [(Fault.GONE, number)]


def test_a_content_that_an_erasure_names_may_be_gone():
    assert replace(UNTOUCHED.only_contents_without(3), erased=("id-3",)).faults() == []


def test_an_erased_content_that_is_there_again_is_found():
    assert replace(UNTOUCHED, erased=("id-3",)).faults() == [(Fault.CONTENT, 3)]


@pytest.mark.parametrize("cut", [1, 3, LENGTH])
def test_a_tail_that_was_cut_off_is_noticed_with_a_head_alone(cut: int):
    chain = UNTOUCHED.without(*range(LENGTH + 1 - cut, LENGTH + 1))
    assert chain.faults() == []
    assert chain.faults(UNTOUCHED.head) == [(Fault.HEAD, 0)]


def test_a_chain_computed_anew_is_noticed_with_a_head_alone():
    other = kept(words="other advice")
    assert other.faults() == []
    assert other.faults(UNTOUCHED.head) == [(Fault.HEAD, 0)]


def test_a_tail_computed_anew_is_noticed_with_a_head_of_it_alone():
    other = kept([1, 2, 3, 5, 4, 6])
    assert [other.faults(link.hash) for link in UNTOUCHED.links] == [[]] * 3 + [[(Fault.HEAD, 0)]] * 3


def test_a_link_edited_with_its_own_hash_no_longer_leads_to_the_next():
    link = UNTOUCHED.links[2]
    again = link_after(link.previous, 3, link.id, link.what, "2020-01-01T00:00:00+00:00", link.commitment)
    assert replace(UNTOUCHED, links=(*UNTOUCHED.links[:2], again, *UNTOUCHED.links[3:])).faults() == [(Fault.BROKEN, 4)]


@pytest.mark.parametrize("number", [-1, 0, LENGTH + 2])
def test_a_link_that_was_slipped_in_is_found(number: int):
    content = content_of(9)
    previous = START if number < 1 else UNTOUCHED.head
    link = link_after(previous, number, "id-9", Entered.ADVICE, "2026-09-10", commitment_of(content))
    links = tuple(sorted((*UNTOUCHED.links, link), key=lambda one: one.number))
    contents = tuple(sorted((*UNTOUCHED.contents, (number, content))))
    found = replace(UNTOUCHED, links=links, contents=contents).faults()
    assert found == [(Fault.BROKEN if number < 1 else Fault.MISSING, number)]


def test_a_head_of_an_entry_that_was_taken_out_within_is_told_once():
    assert UNTOUCHED.without(3).faults(UNTOUCHED.links[2].hash) == [(Fault.MISSING, 4)]


@given(
    numbers=st.permutations(range(1, LENGTH + 1)),
    length=st.integers(0, LENGTH),
)
def test_no_other_order_and_no_other_choice_of_entries_holds_to_the_head(numbers: list[int], length: int):
    """Moved or taken out: unless it is a beginning of the chain, something is found; against the head, always."""
    chosen = numbers[:length]
    links = tuple(replace(UNTOUCHED.links[old - 1], number=place) for place, old in enumerate(chosen, start=1))
    contents = tuple((place, UNTOUCHED.content(old)) for place, old in enumerate(chosen, start=1))
    chain = Kept(links, contents)
    assert (chain.faults() == []) == (chosen == list(range(1, length + 1)))
    assert (chain.faults(UNTOUCHED.head) == []) == (chosen == list(range(1, LENGTH + 1)))


@given(
    place=st.integers(0, LENGTH - 1),
    part=st.sampled_from(["id", "at", "commitment", "previous", "hash"]),
    data=st.data(),
)
def test_any_one_letter_of_a_link_that_is_changed_is_found(place: int, part: str, data: st.DataObject):
    link = UNTOUCHED.links[place]
    text = getattr(link, part)
    at = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.characters(exclude_characters=text[at], exclude_categories=["Cs"]))
    changed = UNTOUCHED.with_link(place + 1, **{part: text[:at] + letter + text[at + 1 :]})
    assert changed.faults() == [(Fault.EDITED, place + 1)]


@given(number=st.integers(1, LENGTH), part=st.integers(-1, 2), data=st.data())
def test_any_one_byte_of_a_content_that_is_changed_is_found(number: int, part: int, data: st.DataObject):
    content = UNTOUCHED.content(number)
    words = bytearray(content.salt if part < 0 else content.parts[part])
    words[data.draw(st.integers(0, len(words) - 1))] ^= data.draw(st.integers(1, 255))
    parts = list(content.parts)
    parts[part] = bytes(words)
    changed = replace(content, salt=bytes(words)) if part < 0 else replace(content, parts=tuple(parts))
    assert UNTOUCHED.with_content(number, changed).faults() == [(Fault.CONTENT, number)]


def renumbered(chain: Kept, by: int, start: int = 1) -> Kept:
    """The chain with everything from an entry on moved to other numbers, and nothing computed anew."""
    links = tuple(replace(x, number=x.number + by) if x.number >= start else x for x in chain.links)
    return replace(chain, links=links, contents=tuple((n + by if n >= start else n, c) for n, c in chain.contents))


@pytest.mark.parametrize(("taken", "moved"), [((1,), 1), ((1, 2), 2), ((3,), 1), ((3, 4), 2)])
def test_what_was_taken_out_is_missing_once_though_what_came_after_was_renumbered(taken: tuple[int, ...], moved: int):
    chain = renumbered(UNTOUCHED.without(*taken), -moved, taken[-1] + 1)
    assert chain.faults() == [(Fault.MISSING, taken[0])]


def test_a_finding_says_what_number_an_entry_had_before_it_was_renumbered():
    chain = renumbered(UNTOUCHED.without(1), -1)
    (found,) = check_chain(chain.links, chain.contents, ())
    words = "Before entry 1, one was taken out, and what came after was given other numbers: this one was number 2."
    assert found.message == words


def test_a_second_one_taken_out_after_the_others_were_renumbered_is_told_of_too():
    once = renumbered(UNTOUCHED.without(1), -1)
    assert renumbered(once.without(3), -1, 4).faults() == [(Fault.MISSING, 1), (Fault.MISSING, 3)]


def test_an_edit_in_a_renumbered_chain_is_told_from_it():
    chain = renumbered(UNTOUCHED.without(1), -1).with_link(3, at="2020-01-01")
    assert chain.faults() == [(Fault.MISSING, 1), (Fault.EDITED, 3)]
