"""A screening as templates and JSON take it: the funnels, each program with its gates, and what is worth finding out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from smartpick_expert.explain.wording import value_text
from smartpick_expert.intake.kept import holds_what_is_kept
from smartpick_expert.language.values import UNKNOWN
from smartpick_expert.language.vocabulary import FactType
from smartpick_expert.programs.catalogue import stale
from smartpick_expert.programs.gate_words import GateView, GateWords
from smartpick_expert.programs.gates import FILTER, PROGRAM, REQUIREMENT, Gate, Result
from smartpick_expert.programs.screening import Screened, Screening
from smartpick_expert.programs.stated import StatedFigure, meaning_of, stated_figures

OPEN, WAITING, CLOSED = "open", "waiting", "closed"


@dataclass(frozen=True, slots=True)
class Step:
    """One gate of a funnel: how many programs come to it, how many it closes, and at how many it is not known."""

    name: str
    title: str
    arrived: int
    closed: int
    unknown: int

    @property
    def left(self) -> int:
        """How many go on."""
        return self.arrived - self.closed


@dataclass(frozen=True, slots=True)
class ProgramView:
    """One program with all its gates. `status`: open, waiting (something stated is not known), or closed (by `blocking`).

    `short_of` are preferences that are not met. `stop` is the first filter, by the article's account, that the file does not surely
    pass. `stale` are the meanings of fields whose value is too old to be relied on. `figures` are stated and decide nothing.
    """

    id: str
    name: str
    place: str
    specialty: str
    setting: str
    row: int
    status: str
    blocking: GateView | None
    requirements: tuple[GateView, ...]
    filters: tuple[GateView, ...]
    known: tuple[GateView, ...]
    short_of: tuple[GateView, ...]
    waits_for: tuple[GateView, ...]
    stop: GateView | None
    stale: tuple[tuple[str, str], ...]
    figures: tuple[StatedFigure, ...] = ()

    @property
    def unknowns(self) -> int:
        """How many things are not known that it waits for; a result that is to come is one."""
        missing = {path for gate in self.waits_for for path, _ in gate.missing}
        return len(missing) + sum(1 for gate in self.waits_for if not gate.missing)

    @property
    def filtered(self) -> tuple[GateView, ...]:
        """The filters that stop the file, by the article's account."""
        return tuple(gate for gate in self.filters if gate.result == Result.BLOCKED.value)


@dataclass(frozen=True, slots=True)
class Asked:
    """A field that programs leave unknown where nothing stated closes them. At `alone` of them nothing else is unknown."""

    field: str
    meaning: str
    programs: int
    alone: int


@dataclass(frozen=True, slots=True)
class ScreenView:
    """The whole of a screening in words. `noted` tells that something is noted in confidence, which counts here.

    `unsaid` is how many programs are left out because their specialty is not known.
    """

    label: str
    as_of: str
    about: str
    fictional: bool
    programs: tuple[ProgramView, ...]
    requirements: tuple[Step, ...]
    filters: tuple[Step, ...]
    asked: tuple[Asked, ...]
    specialties: tuple[str, ...] = ()
    noted: bool = False
    unsaid: int = 0

    def of(self, status: str) -> tuple[ProgramView, ...]:
        """The programs of a status in the order of the catalogue, of those that wait the ones first that wait for the least."""
        found = (one for one in self.programs if one.status == status)
        return tuple(sorted(found, key=lambda one: one.unknowns) if status == WAITING else found)


def screen_view(screening: Screening, specialties: Sequence[str] = (), figures: Sequence[str] = ()) -> ScreenView:
    """The view of a screening; with specialties, of the programs that state one of them. `figures` are fields shown beside the gates."""
    consultation = screening.consultation
    vocabulary = consultation.derivation.compiled.vocabulary
    wanted = [one for one in screening.programs if not specialties or one.listing.get("specialty") in specialties]
    words = GateWords(consultation.derivation)
    label = next((entry.values.get("label") for entry in consultation.profile.of("applicant")), "")
    field = vocabulary.types[PROGRAM].fields["specialty"]
    return ScreenView(
        label if isinstance(label, str) else "",
        value_text(consultation.as_of),
        screening.catalogue.about,
        screening.catalogue.is_fictional,
        tuple(program_view(one, words, vocabulary.types[PROGRAM], consultation.as_of, figures) for one in wanted),
        _funnel(((one.requirements for one in wanted)), REQUIREMENT, words),
        _funnel(((one.filters for one in wanted)), FILTER, words),
        _asked(wanted, vocabulary.types[PROGRAM]),
        tuple(value_text(one, field) for one in specialties),
        holds_what_is_kept(consultation.profile, vocabulary),
        sum(1 for one in screening.programs if specialties and one.listing.get("specialty") is UNKNOWN),
    )


def program_view(
    one: Screened, words: GateWords, fact_type: FactType, as_of: date, figures: Sequence[str] = ()
) -> ProgramView:
    """One program of a screening as of a day, in words. `figures` are fields shown beside the gates."""

    def views(gates: Iterable[Gate]) -> tuple[GateView, ...]:
        return tuple(words.view(gate, one.fact) for gate in gates)

    def text(name: str) -> str:
        slot = one.listing.get(name)
        return "" if slot is UNKNOWN else value_text(slot, fact_type.fields[name])

    short = (gate for gate in one.requirements if not gate.is_strict and gate.result is Result.BLOCKED)
    old = stale(one.listing, fact_type, as_of)
    return ProgramView(
        one.listing.id,
        text("name"),
        ", ".join(part for part in (text("city"), text("state")) if part),
        text("specialty"),
        text("setting"),
        one.listing.row,
        status_of(one),
        words.view(one.blocking, one.fact) if one.blocking is not None else None,
        views(one.requirements),
        views(one.filters),
        views(one.known),
        views(short),
        views(one.unknown),
        words.view(one.stop, one.fact) if one.stop is not None else None,
        tuple((name, meaning_of(fact_type.fields[name])) for name, _ in old),
        stated_figures(one.listing, fact_type, figures, as_of),
    )


def status_of(one: Screened) -> str:
    """Whether what a program states leaves it open, closes it, or waits for something that is not known."""
    return CLOSED if one.blocking is not None else WAITING if one.unknown else OPEN


def _funnel(programs: Iterable[tuple[Gate, ...]], sequence: str, words: GateWords) -> tuple[Step, ...]:
    """The steps of a sequence, in the vocabulary's order. What is not known closes nothing and is counted."""
    counts: dict[str, list[int]] = {}
    several = list(programs)
    for name in _names(several):
        counts[name] = [0, 0, 0]
    for gates in several:
        strict = {gate.name: gate for gate in gates if gate.is_strict}
        for name, count in counts.items():
            count[0] += 1
            result = strict[name].result if name in strict else Result.PASSED
            count[2] += result is Result.UNKNOWN
            if result is Result.BLOCKED:
                count[1] += 1
                break
    return tuple(Step(name, words.title(sequence, name), *count) for name, count in counts.items())


def _names(several: Iterable[tuple[Gate, ...]]) -> list[str]:
    """Every gate that some program has, as they come after one another; all programs have theirs in one order."""
    found: list[str] = []
    for gates in several:
        place = 0
        for gate in gates:
            if not gate.is_strict:
                continue
            if gate.name in found:
                place = found.index(gate.name) + 1
            else:
                found.insert(place, gate.name)
                place += 1
    return found


def _asked(programs: Iterable[Screened], fact_type: FactType) -> tuple[Asked, ...]:
    counts: dict[str, list[int]] = {}
    for one in programs:
        if one.blocking is not None:
            continue
        fields = dict.fromkeys(
            name
            for gate in one.unknown
            for fact, name in gate.missing
            if fact.type == PROGRAM and name in fact_type.fields
        )
        for name in fields:
            count = counts.setdefault(name, [0, 0])
            count[0] += 1
            count[1] += len(fields) == 1
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1][1], -pair[1][0], pair[0]))
    return tuple(Asked(name, fact_type.fields[name].meaning, *count) for name, count in ranked)
