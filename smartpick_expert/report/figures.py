"""The figures an advice reads: of which season each is, how it is known, and where an earlier season stands in."""

from __future__ import annotations

from smartpick_expert.engine.compiled import parameters_read
from smartpick_expert.engine.consultation import Consultation
from smartpick_expert.knowledge.parameters import Figure, Setting
from smartpick_expert.knowledge.registries import Knowledge
from smartpick_expert.language.values import UNKNOWN
from smartpick_expert.report.costs_model import FigureView, SeasonView

_ASSUMPTION = "assumption"


class FigureReader:
    """Reads figures for one advice and remembers which, those the rules read at the applicant's stage among them."""

    def __init__(self, consultation: Consultation, knowledge: Knowledge) -> None:
        self.figures = consultation.figures
        self.knowledge = knowledge
        applicant = next((fact for fact in consultation.intake.facts if fact.type == "applicant"), None)
        stage = applicant.get("stage") if applicant is not None else UNKNOWN
        self.named = applicant.get("season") if applicant is not None else UNKNOWN
        speaking = [r for r in consultation.derivation.rules.values() if not r.stages or stage in r.stages]
        self.read = dict.fromkeys(name for rule in speaking for name in parameters_read(rule))

    def value(self, name: str) -> Setting:
        """The value of a parameter; UNKNOWN where the workspace has none of that name."""
        self.read[name] = None
        return self._figure(name).value

    def view(self, name: str) -> FigureView:
        """A figure with what it rests on, in words."""
        figure = self._figure(name)
        kind, _, cited = figure.source.partition(":")
        evidence = self.knowledge.evidence.get(cited) if kind == "evidence" else None
        parameter = self.knowledge.parameters.get(name)
        return FigureView(
            name=name,
            meaning=parameter.meaning if parameter is not None else "",
            is_known=figure.value is not UNKNOWN,
            season=figure.season,
            stands_in=figure.stands_in,
            basis=figure.basis,
            standing=evidence.known_by.value if evidence is not None else _ASSUMPTION,
            source=figure.source if evidence is not None else "",
            reference=evidence.citation if evidence is not None else figure.source,
        )

    def season(self) -> SeasonView:
        """The season, and what stands in for it among all that was read so far."""
        by_season = [name for name in self.read if self._figure(name).asked is not None]
        stand_ins = [self.view(name) for name in by_season if self._figure(name).stands_in]
        named = self.named if isinstance(self.named, int) else None
        return SeasonView(self.figures.season, named, bool(by_season), tuple(stand_ins))

    def _figure(self, name: str) -> Figure:
        return self.figures.by_name.get(name) or Figure(name, UNKNOWN, _ASSUMPTION, "")
