"""The use case: a profile in, a written advice out. What the commands and the authoring tools all call.

The rules run on everything the profile holds, which is the advisor's advice (JSON). Where some of it is kept for the
advisor they run once more without, and that run alone makes what the applicant is given (HTML, Markdown, summary).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from smartpick_expert.audit.box import box_in, has_box
from smartpick_expert.audit.reading import NAME
from smartpick_expert.audit.record import Record
from smartpick_expert.audit.recording import Part, make_record
from smartpick_expert.audit.versions import published
from smartpick_expert.consulting import consult_file
from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.engine.consultation import Consultation, consult_profile
from smartpick_expert.engine.session import Matcher
from smartpick_expert.explain.wording import value_text
from smartpick_expert.intake.kept import holds_what_is_kept, without_what_is_kept
from smartpick_expert.intake.notes import leaving_notes_out, with_notes
from smartpick_expert.knowledge.phrases import speaking
from smartpick_expert.language.model import Audience
from smartpick_expert.lists.wishes import wished
from smartpick_expert.programs.carried import carried
from smartpick_expert.report.advice_json import advice_document
from smartpick_expert.report.answers import Box
from smartpick_expert.report.documents import TEXTS, Document
from smartpick_expert.report.drawings.frontier import frontier_of
from smartpick_expert.report.drawings.programs import programs_of
from smartpick_expert.report.entered import Entered
from smartpick_expert.report.fell_away import fallen_away
from smartpick_expert.report.formats.laid_out import OF_LINES, SOURCE_OF, Made, made_from
from smartpick_expert.report.house import House, read_house
from smartpick_expert.report.json_text import json_bytes
from smartpick_expert.report.layout import OPEN, Budget, Layout, read_layout
from smartpick_expert.report.letter import letter_view
from smartpick_expert.report.memo import memo_view
from smartpick_expert.report.overrides import State
from smartpick_expert.report.published import Published
from smartpick_expert.report.redact import cut_days, redact
from smartpick_expert.report.render import render, template_of
from smartpick_expert.report.view import BUCKET, make_view
from smartpick_expert.report.view_model import OverrideView, View
from smartpick_expert.report.whole import tables
from smartpick_expert.report.why_nots import WhyNotRun, why_nots_of
from smartpick_expert.running import Run
from smartpick_expert.version import VERSION
from smartpick_expert.workspace import Workspace, load_workspace

RECORD = NAME
# Only a page can be asked.
_WITH_BOX = "html"


@dataclass(frozen=True)
class Advice:
    """One advice: the consultation behind it, its views, and the workspace that made it. `advisor` is who gives it, where named."""

    workspace: Workspace
    layout: Layout
    run: Run
    told: Run
    redacted: bool = False
    entered: Entered | None = None
    published: Published | None = None
    advisor: str = ""

    @property
    def consultation(self) -> Consultation:
        """The consultation on everything the profile holds, as it is shown."""
        return self.run.shown

    @cached_property
    def house(self) -> House:
        """The house style that the documents are made in; in a redacted advice nothing of it says whose it is."""
        found = read_house(self.workspace.root)
        return found.unnamed if self.redacted else found

    @cached_property
    def view(self) -> View:
        """Everything, for the advisor."""
        return self._view(self.run, Audience.ADVISOR)

    @cached_property
    def given(self) -> View:
        """What the applicant is given: made without what is kept for the advisor."""
        return self._view(self.told, Audience.APPLICANT)

    @property
    def kept_bucket(self) -> str:
        """The bucket by everything the profile holds, where the applicant is given another one; else empty."""
        found, given = (run.shown.derivation.of(BUCKET) for run in (self.run, self.told))
        names = self.workspace.vocabulary.types[BUCKET].fields["name"]
        return "" if found == given else value_text(found[0].get("name"), names) if found else OPEN

    @property
    def overrides_without_effect(self) -> tuple[OverrideView, ...]:
        """The overrides that change nothing in this advice. No document for the applicant names them."""
        if not self.consultation.profile.overrides:
            return ()
        return tuple(one for one in self.view.overrides if one.state != State.STANDS)

    def document(self, form: str, document: Document = Document.REPORT) -> str:
        """A document in a format of `FORMATS`, or the report's `summary` for a terminal; of one that is laid out, what it is made from.

        JSON holds the whole advice. Raises Problems for a document that the workspace's templates do not make.
        """
        with speaking(self.workspace.phrases):
            text = self._written(form, document)
            return cut_days(text) if self.redacted else text

    def _written(self, form: str, document: Document) -> str:
        if form == "json":
            return json_bytes(self._data()).decode()
        if form in OF_LINES:
            return tables(form, self.given, self.told.shown, self.workspace, redacted=self.redacted)
        return self._rendered(SOURCE_OF.get(form, form), document)

    def _data(self) -> dict[str, object]:
        return advice_document(self.consultation, self.view, self.given, self.workspace.vocabulary)

    def _rendered(self, form: str, document: Document) -> str:
        reports = self.workspace.reports
        if document is Document.MEMO:
            memo = memo_view(self.view, self.given, self._budget(document, form))
            box = self._own_box if form == _WITH_BOX else None
            return render(self.view, form, reports, document, memo=memo, box=box)
        if document is Document.LETTER:
            letter = letter_view(self.given, self._budget(document, form))
            return render(self.given, form, reports, document, letter=letter)
        return render(self.given, form, reports, box=self._given_box if form == _WITH_BOX else None)

    @cached_property
    def _own_box(self) -> Box | None:
        """What answers in the advisor's page. It takes longer than all else of a page, so it is made once."""
        return self._box(self._own_why_nots, told=False)

    @cached_property
    def _given_box(self) -> Box | None:
        """What answers in the applicant's page, made once as well."""
        return self._box(self._given_why_nots, told=True)

    def _box(self, asked: WhyNotRun | None, *, told: bool) -> Box | None:
        return box_in(asked, self.workspace, told=told) if asked is not None else None

    @cached_property
    def _given_why_nots(self) -> WhyNotRun | None:
        """Why all that did not happen in the applicant's run did not; None where pages do not say.

        It hangs on nothing that is kept from them, as their whole page.
        """
        if not has_box(self.workspace, redacted=self.redacted):
            return None
        return why_nots_of(self.told.shown, self.workspace)

    @cached_property
    def _own_why_nots(self) -> WhyNotRun | None:
        """The same in the advisor's run."""
        given = self._given_why_nots
        return given if self.told is self.run or given is None else why_nots_of(self.run.shown, self.workspace, given)

    def made(self, form: str, document: Document = Document.REPORT) -> Made:
        """A document in a format of `FORMATS`, as it is written. Raises Problems where a library that it takes is missing."""
        if form == "json" and not self.redacted:
            # With catalogues it is large, and a text of it would be held beside it.
            with speaking(self.workspace.phrases):
                return Made(json_bytes(self._data()))
        return made_from(self.document(form, document), form, self.workspace.reports)

    def makes(self, document: Document) -> bool:
        """Whether the workspace's templates make a document: those of an earlier version make none but the report."""
        templates = (self.workspace.reports / template_of(document, form) for form in TEXTS)
        return document is Document.REPORT or (
            document.value in self.layout.budgets and all(template.is_file() for template in templates)
        )

    def _budget(self, document: Document, form: str) -> Budget:
        if not self.makes(document):
            message = f"This workspace has no templates for the {document.value}, or no budget for it in layout.yaml."
            place = Location(f"reports/{template_of(document, form)}")
            hint = "'smartpick init --upgrade' lays them beside yours; without them, ask for --document report."
            raise Problems([Diagnostic("report.document", message, hint, place)])
        return self.layout.budgets[document.value]

    def record(self, documents: Mapping[str, Made | str]) -> Record:
        """The audit record of the advice. `documents` are what was made of it, by file name."""
        with speaking(self.workspace.phrases):
            return make_record(
                Part(self.run.shown, self.view),
                Part(self.told.shown, self.given) if self.told is not self.run else None,
                self.workspace,
                self.run.engine_name,
                documents,
                with_drafts=self.run.with_drafts,
                redacted=self.redacted,
                entered=self.entered,
                published=self.published,
                signed_by="" if self.redacted else self.advisor,
            )

    def _view(self, run: Run, audience: Audience) -> View:
        with speaking(self.workspace.phrases):
            return self._worded(run, audience)

    def _worded(self, run: Run, audience: Audience) -> View:
        view = make_view(
            run.shown,
            run.original,
            run.asked,
            self.workspace,
            self.layout,
            VERSION,
            audience,
            run.steps,
            run.bearings,
            redacted=self.redacted,
        )
        funnels = tuple(programs_of(one.screen) for one in run.programs)
        drawings = replace(view.drawings, programs=funnels, frontier=frontier_of(run.program_list))
        return replace(
            view,
            entered=self.entered,
            published=self.published,
            programs=run.programs,
            program_list=run.program_list,
            house=self.house,
            drawings=drawings,
            advisor="" if self.redacted else self.advisor or self.house.advisor,
            fell_away=fallen_away(run.original, run.workspace, run.engine, audience, with_drafts=run.with_drafts),
        )


def advise(
    profile: Path | str,
    workspace: Workspace | Path | None = None,
    as_of: date | None = None,
    engine: Matcher | str = "",
    *,
    redacted: bool = False,
    with_drafts: bool = False,
) -> Advice:
    """Advise on a profile file as of a day (by default today).

    Raises Problems with everything that is wrong with the profile at once: its form, its values, and sections that
    contradict one another.
    """
    loaded = workspace if isinstance(workspace, Workspace) else load_workspace(workspace)
    loaded = leaving_notes_out(loaded) if redacted else loaded
    day = as_of or date.today()  # noqa: DTZ011 - the day where the advisor is
    consultation = consult_file(Path(profile), loaded, day, engine, with_drafts=with_drafts)
    return advise_on(consultation, loaded, engine, redacted=redacted, with_drafts=with_drafts)


def advise_on(
    consultation: Consultation,
    loaded: Workspace,
    engine: Matcher | str = "",
    *,
    redacted: bool = False,
    with_drafts: bool = False,
    entered: Entered | None = None,
    advisor: str = "",
) -> Advice:
    """The advice that a consultation comes to. `entered` is where it will stand in a ledger, if in any; `advisor` who gives it.

    Catalogues among the workspace's files are held against it, and a list is made of them as wished for there. A redacted advice is
    made to be shown around, and has no part in the office's notes. Raises Problems where a catalogue cannot be read.
    """
    day = consultation.as_of
    if redacted and leaving_notes_out(loaded) is not loaded:
        loaded = leaving_notes_out(loaded)
        profile = with_notes(consultation.profile, loaded)
        consultation = consult_profile(profile, loaded, day, engine, with_drafts=with_drafts)
    layout = read_layout(loaded.reports, loaded.vocabulary.types[BUCKET].fields["name"].values)

    catalogues = () if redacted else carried(loaded)
    wishes = None if redacted else wished(loaded.files)

    def run_of(one: Consultation) -> Run:
        shown = redact(one, loaded.vocabulary) if redacted else one
        return Run(one, shown, loaded, engine, with_drafts, catalogues, wishes)

    run = run_of(consultation)
    made_by = published(loaded)
    if not holds_what_is_kept(consultation.profile, loaded.vocabulary):
        return Advice(loaded, layout, run, run, redacted, entered, made_by, advisor)
    open_profile = without_what_is_kept(consultation.profile, loaded.vocabulary)
    told = consult_profile(open_profile, loaded, day, engine, with_drafts=with_drafts)
    return Advice(loaded, layout, run, run_of(told), redacted, entered, made_by, advisor)
