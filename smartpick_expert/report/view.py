"""What the documents show: chosen from the consultation and ordered, as values of the view model.

What is chosen here is chosen by what rules concluded: the three reasons are the strongest `reason` facts on the side the
bucket speaks to; in which order the actions come is decided in `advised.py`. No statement is made here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from smartpick_expert.engine.consultation import Consultation
from smartpick_expert.explain.fragile import Bearings
from smartpick_expert.explain.questions import Question
from smartpick_expert.explain.told import is_kept
from smartpick_expert.explain.unknowns import waiting_rules
from smartpick_expert.explain.wording import value_text
from smartpick_expert.language.facts import Fact, fact_id
from smartpick_expert.language.model import Audience, Kind
from smartpick_expert.language.values import UNKNOWN
from smartpick_expert.language.vocabulary import Vocabulary
from smartpick_expert.planning.steps import Step
from smartpick_expert.report.advised import Advised
from smartpick_expert.report.behind import citations_of, firings_of, given_of
from smartpick_expert.report.costs import costs_of
from smartpick_expert.report.disagreements import disagreements_of
from smartpick_expert.report.drawings.drawn import drawings_of
from smartpick_expert.report.drawings.model import Drawings
from smartpick_expert.report.figures import FigureReader
from smartpick_expert.report.layout import OPEN, Layout, SectionLayout
from smartpick_expert.report.otherwise import Otherwise
from smartpick_expert.report.otherwise_model import UnknownView
from smartpick_expert.report.overrides import Overrides
from smartpick_expert.report.statements import Statement, firing_ids, statements_of
from smartpick_expert.report.view_model import Citation, Reason, Section, View
from smartpick_expert.workspace import Workspace

BUCKET, REASON, ACTION, TYPICAL = "bucket", "reason", "action", "typical_program"
HEADLINE = 3
# The topic of the rules that find contradictions in a profile.
CHECKS = "intake"


def make_view(
    consultation: Consultation,
    original: Consultation,
    asked: tuple[Question, ...],
    workspace: Workspace,
    layout: Layout,
    version: str,
    audience: Audience,
    steps: Mapping[str, Step],
    bearings: Bearings | None = None,
    *,
    redacted: bool,
) -> View:
    """The view of a consultation for a reader. `original` is the same one before redaction, `asked` what would settle it.

    `steps` are the advised actions as they were held against it, and `bearings` what they and the sorting hang on; without
    these nothing is said of what would be otherwise.
    """
    builder = _Builder(consultation, original, asked, workspace, audience, steps, bearings, redacted=redacted)
    return builder.build(layout, version)


class _Builder:
    def __init__(
        self,
        consultation: Consultation,
        original: Consultation,
        asked: tuple[Question, ...],
        workspace: Workspace,
        audience: Audience,
        steps: Mapping[str, Step],
        bearings: Bearings | None,
        *,
        redacted: bool,
    ) -> None:
        self.consultation = consultation
        self.original = original
        self.asked = asked
        self.bearings = bearings
        self.audience = audience
        self.workspace = workspace
        self.vocabulary: Vocabulary = workspace.vocabulary
        self.derivation = consultation.derivation
        self.redacted = redacted
        self.statements = tuple(s for s in statements_of(consultation, workspace) if not self._is_kept_section(s))
        self.otherwise = Otherwise(consultation, original, workspace, audience, redacted=redacted)
        self.ids = firing_ids(consultation)
        listed = [fact for fact in consultation.intake.facts if not self.vocabulary.types[fact.type].one]
        self.entries = {fact_id(self.vocabulary, fact): place for place, fact in enumerate(listed)}
        self.places = {statement.id: place for place, statement in enumerate(self.statements)}
        self.by_firing = {number: s for s in self.statements for number in s.origin.firings}
        figures = FigureReader(consultation, workspace.knowledge)
        self.costs = costs_of(consultation, self.vocabulary, figures)
        said = self._for_reader(self.statements)
        by_rules = {fact: self._for_reader(self._stating([fact])) for fact in self.derivation.of(ACTION)}
        self.overrides = Overrides(consultation, original, workspace, said, by_rules)
        self.left = self.overrides.left(said)
        advised = Advised(consultation, workspace, figures, self._day)
        self.actions = advised.ordered(
            [(fact, found) for fact in by_rules if (found := self.overrides.reasons_left(fact))], steps
        )
        self.season = figures.season()

    def build(self, layout: Layout, version: str) -> View:
        bucket = next((str(fact.get("name")) for fact in self.derivation.of(BUCKET)), "")
        reasons = self._reasons()
        applicant = next(iter(self.derivation.of("applicant")), None)
        first = frozenset(one.action.name for one in self.actions[:HEADLINE])
        return View(
            label=value_text(applicant.get("label")) if applicant else "",
            stage=self._word("applicant", "stage", applicant) if applicant else "",
            as_of=self._day(self.consultation.as_of),
            bucket=bucket or OPEN,
            bucket_name=self.vocabulary.types[BUCKET].fields["name"].values.get(bucket, ""),
            possible_buckets=tuple(self._word(BUCKET, "name", fact) for fact in self._buckets_by_rank()),
            possible_ids=tuple(str(fact.get("name")) for fact in self._buckets_by_rank()),
            buckets=tuple(self.vocabulary.types[BUCKET].fields["name"].values.values()),
            headline=self._headline(),
            measured_against=self._stating(self.derivation.of(TYPICAL)),
            reasons=_leading(reasons, layout.brief[bucket or OPEN]),
            first_actions=self.actions[:HEADLINE],
            sections=tuple(self._section(entry) for entry in layout.sections),
            disagreements=disagreements_of(self.left, self.derivation.rules, self.workspace.knowledge),
            actions=self.actions,
            questions=tuple(self.otherwise.question(one) for one in self.asked if one.keeps_bucket_open),
            deciding=self.otherwise.deciding(self.asked, self.bearings, first) if self.bearings else (),
            fragile=self.otherwise.fragile(self.bearings, first) if self.bearings else (),
            untried=self.otherwise.untried(self.bearings) if self.bearings else (),
            unknowns=self._unknowns(),
            assumptions=tuple(s for s in self.statements if s.topic == "assumption"),
            season=self.season,
            costs=self.costs,
            given=tuple(given_of(self.consultation, self.vocabulary, self.otherwise)),
            firings=firings_of(self.derivation, self.ids, self.by_firing, self.vocabulary),
            citations=self._citations(),
            statements=self.statements,
            overrides=self.overrides.views(self._day, self.audience),
            version=version,
            weighed=tuple(reasons),
            phrasing=self.workspace.knowledge.phrasing,
            drawings=self._drawings(reasons),
        )

    def _drawings(self, weighed: list[Reason]) -> Drawings:
        # A reader of its own: what only a drawing reads is no figure that the advice rests on.
        figures = FigureReader(self.consultation, self.workspace.knowledge)
        return drawings_of(
            self.consultation,
            self.vocabulary,
            self.left,
            tuple(weighed),
            self.actions,
            figures,
            self.workspace.reports,
            redacted=self.redacted,
        )

    def _day(self, day: date) -> str:
        return str(day.year) if self.redacted else value_text(day)

    def _word(self, type_name: str, field_name: str, fact: Fact) -> str:
        return value_text(fact.get(field_name), self.vocabulary.types[type_name].fields[field_name])

    def _buckets_by_rank(self) -> list[Fact]:
        known = [fact for fact in self.derivation.possible if fact.type == BUCKET and fact.get("name") is not UNKNOWN]
        return sorted(known, key=lambda fact: self.vocabulary.rank(BUCKET, "name", fact.get("name")))

    def _is_for_reader(self, audience: tuple[Audience, ...]) -> bool:
        """Whether what is for these is for the reader too: an advisor reads everything."""
        return self.audience is Audience.ADVISOR or self.audience in audience

    def _for_reader(self, statements: Iterable[Statement]) -> tuple[Statement, ...]:
        """Those statements that are for the reader."""
        return tuple(statement for statement in statements if self._is_for_reader(statement.audience))

    def _is_kept_section(self, statement: Statement) -> bool:
        """Whether a statement says that nothing is known which is for the advisor: said to an applicant, its absence would tell."""
        assumed = self.vocabulary.types.get(statement.origin.vocabulary)
        return self.audience is not Audience.ADVISOR and assumed is not None and assumed.for_advisor

    def _stating(self, facts: Iterable[Fact]) -> tuple[Statement, ...]:
        """The statements that state these facts, each once."""
        firings = [firing for fact in facts for firing in self.derivation.justifications.get(fact, ())]
        return tuple(dict.fromkeys(self.by_firing[self.ids[firing]] for firing in firings))

    def _headline(self) -> tuple[Statement, ...]:
        """What is said of the sorting itself: the statements that state the bucket, and others of its topic."""
        stating = self._stating(self.derivation.of(BUCKET))
        measured = self._stating(self.derivation.of(TYPICAL))
        others = [s for s in self.left if s.topic == BUCKET and s not in measured]
        return tuple(dict.fromkeys([*stating, *others]))

    def _reasons(self) -> list[Reason]:
        """All reasons for the reader, the weightiest first; of equal weight, what was measured before what is said."""
        found: list[tuple[tuple[int, bool, int, int], Reason]] = []
        for fact in self.derivation.of(REASON):
            statements = self.overrides.left(self._for_reader(self._stating([fact])))
            if statements:
                rank = self._strength(fact)
                kind = self.vocabulary.rank(REASON, "kind", fact.get("kind"))
                side = str(fact.get("side"))
                reason = Reason(
                    side,
                    self._word(REASON, "strength", fact),
                    self._word(REASON, "kind", fact),
                    statements[0],
                )
                found.append(((rank, statements[0].kind != Kind.MEASURED, 0 if side == "against" else 1, kind), reason))
        return [reason for _, reason in sorted(found, key=lambda pair: pair[0])]

    def _strength(self, reason: Fact | None) -> int:
        return self.vocabulary.rank(REASON, "strength", reason.get("strength") if reason is not None else None)

    def _section(self, layout: SectionLayout) -> Section:
        left = sorted((s for s in self.left if s.topic in layout.topics), key=self._weight)
        has_withdrawn = any(s.topic in layout.topics for s in self.overrides.withdrawn)
        return Section(layout.key, layout.title, layout.about, tuple(left), has_withdrawn)

    def _weight(self, statement: Statement) -> tuple[int, int, int]:
        """Statements that give a reason come by its strength; behind them the others, those on one entry side by side."""
        ranks = [
            self.vocabulary.rank(REASON, "strength", f.get("strength"))
            for f in statement.conclusions
            if f.type == REASON
        ]
        return (
            min(ranks, default=len(self.vocabulary.types[REASON].fields["strength"].values)),
            min((self.entries[fact] for fact in statement.origin.facts if fact in self.entries), default=-1),
            self.places[statement.id],
        )

    def _citations(self) -> tuple[Citation, ...]:
        figures = (*self.season.stand_ins, *(self.costs.fees if self.costs is not None else ()))
        rules = self.derivation.rules
        shown = [s for s in self.statements if not is_kept(rules.get(s.origin.rule), self.vocabulary)]
        return citations_of(shown, figures, self.actions, self.workspace.knowledge)

    def _unknowns(self) -> tuple[UnknownView, ...]:
        """What is not known, by how many rules for the reader wait for it. Rules that check the profile do not count."""
        found: list[UnknownView] = []
        for unknown, waiting in waiting_rules(self.original.derivation):
            rules = (self.original.derivation.rules[rule_id] for rule_id in waiting)
            titles = dict.fromkeys(r.title for r in rules if r.topic != CHECKS and self._is_for_reader(r.audience))
            if titles:
                found.append(UnknownView(*self.otherwise.naming(unknown), tuple(titles)))
        return tuple(sorted(found, key=lambda view: -len(view.waiting)))


def _leading(reasons: list[Reason], most: Mapping[str, int]) -> tuple[Reason, ...]:
    """The weightiest reasons of each side, as many as asked for, in their order."""
    shown: Counter[str] = Counter()
    leading = []
    for reason in reasons:
        shown[reason.side] += 1
        if shown[reason.side] <= most[reason.side]:
            leading.append(reason)
    return tuple(leading)
