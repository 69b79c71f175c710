"""The shipped rules and knowledge: each rule is tried, explained and founded, and none says what it must not."""

from __future__ import annotations

import re
from itertools import chain

import pytest

from smartpick_expert.authoring.cases import Case, case_files, read_cases, run_case
from smartpick_expert.authoring.review import review
from smartpick_expert.engine.compiled import parameters_read
from smartpick_expert.engine.session import make_matcher
from smartpick_expert.knowledge.estimates import Estimate
from smartpick_expert.language.model import Audience, Constant, Kind, Rule, inner_patterns
from smartpick_expert.lists.problem import PARAMETERS_READ as OF_LISTS
from smartpick_expert.workspace import read_workspace
from tests.profiles import AS_OF, WORKSPACE

RULES = WORKSPACE.ruleset.rules
STAGES = tuple(WORKSPACE.vocabulary.types["applicant"].fields["stage"].values)
PLAIN = make_matcher("plain")
CASES = {path: read_cases(path, WORKSPACE) for path in case_files(WORKSPACE.root / "rules")}
# Nothing that we ship names a real school or program.
REAL_NAMES = re.compile(
    r"\b(?:SGU|AUA|AUC|MUA|UMHS|St\.? George'?s|Ross|Saba|Harvard|Yale|Stanford|Hopkins|Mayo|Cleveland Clinic|Kaiser)\b"
)
# Nobody is promised a thing, and nobody is blamed.
PROMISES = re.compile(
    r"\b(?:you will (?:match|be invited|get|succeed|fail)|will match|guarantee|certain to|sure to|cannot fail|no chance|hopeless|"
    r"impossible for you|you failed to|your (?:own )?fault|you should have|unfortunately|inferior)",
    re.IGNORECASE,
)

# What asks a reader to do something: a sentence, or the end of one, that begins with such a word.
ASKS = "ask|check|choose|look|pay|put|rehearse|say|send|settle|take|use|wait|work|write"
REQUESTS = re.compile(rf"(?:^|[.:;] )(?:{ASKS.title()})\b(?! with own)|\bso (?:first )?(?:{ASKS})\b")
# Rules that ask for something and conclude no action themselves; beside each the action that others advise for it.
BESIDE = {
    "chances.list-beyond-the-fee": "rank_in_true_order",
    "chances.signals-of-one-kind": "plan_signals",
    "chances.signals-of-two-kinds": "plan_signals",
    "exams.state-boards-may-be-stricter": "list_by_published_limits",
    "visa.h1b-change-of-status": "ask_immigration_lawyer",
    "visa.h1b-change-of-status-unsettled": "ask_immigration_lawyer",
    "visa.h1b-share-in-internal-medicine": "confirm_visa_policy",
    "communication.judged-by-understanding": "speaking_practice",
    "exams.pathway-lapsed": "renew_pathway",
    "screening.graduation-some-years-ago": "list_by_published_limits",
    "requirements.visa-not-taken": "confirm_visa_policy",
    "visa.h1b-accepted": "confirm_visa_policy",
    "visa.h1b-fee": "ask_immigration_lawyer",
    "visa.h1b-fee-unsettled": "ask_immigration_lawyer",
    "visa.h1b-needs-step3": "pass_step3",
    "visa.j1-accepted": "confirm_visa_policy",
}


def said(rule: Rule) -> str:
    return "".join(part if isinstance(part, str) else "…" for part in rule.because.parts)


def advised_by(rule: Rule) -> set[str]:
    """The actions that a rule advises."""
    operands = [dict(c.values).get("name") for c in rule.then if c.fact_type == "action"]
    return {str(operand.value) for operand in operands if isinstance(operand, Constant)}


def stages_of(rule: Rule) -> set[str]:
    """The stages at which a rule speaks."""
    return set(rule.stages) or set(STAGES)


def cases() -> list[Case]:
    return list(chain.from_iterable(CASES.values()))


def test_a_check_of_the_rules_finds_nothing():
    assert read_workspace(WORKSPACE.root)[1] == ()


def test_a_review_of_the_base_finds_nothing():
    assert review(WORKSPACE, AS_OF) == ((), ())


@pytest.mark.parametrize("key", ["fires", "does_not_fire"])
def test_every_rule_has_a_case_of_its_own_of_each_kind(key: str):
    tried = {name for case in cases() if not case.whole for name in getattr(case.expected, key)}
    assert {rule.id for rule in RULES} - tried == set()


def test_no_two_cases_of_a_file_share_a_name():
    names = {path.name: [case.name for case in found] for path, found in CASES.items()}
    assert {path: found for path, found in names.items() if len(set(found)) < len(found)} == {}


@pytest.mark.parametrize("engine", ["plain", "durable"])
def test_every_case_holds(engine: str):
    if engine == "durable":
        pytest.importorskip("durable_rules_engine", reason="durable-rules is not installed", exc_type=ImportError)
    matcher = make_matcher(engine)
    outcomes = [run_case(case, WORKSPACE, matcher) for case in cases()]
    matcher.close()
    assert {str(o.case.location): o.failures for o in outcomes if o.failures} == {}


def test_every_rule_says_why_it_is_there_and_what_it_rests_on():
    assert [rule.id for rule in RULES if not (rule.rationale.strip() and rule.sources and rule.owner)] == []


def test_what_committees_think_cites_a_claim_and_what_was_measured_cites_evidence():
    needed = {Kind.PERCEPTION: "claim:", Kind.MEASURED: "evidence:"}
    assert [r.id for r in RULES if not any(s.startswith(needed[r.kind]) for s in r.sources)] == []


def test_no_two_rules_differ_only_in_a_number():
    shapes: dict[str, list[str]] = {}
    for rule in RULES:
        # Places and the words a person reads are no part of what a rule decides.
        decides = re.sub(
            r"\b\d+(?:\.\d+)?\b",
            "#",
            re.sub(
                r"location=Location\([^)]*\)",
                "",
                f"{rule.when} {rule.then} {rule.stages} {rule.valid_from} {rule.valid_to}",
            ),
        )
        shapes.setdefault(decides, []).append(rule.id)
    assert [ids for ids in shapes.values() if len(ids) > 1] == []


def test_every_claim_is_found_by_a_few_words_of_the_article():
    terms = {claim.id: claim.found_by for claim in WORKSPACE.knowledge.claims.values()}
    assert {name: found for name, found in terms.items() if not 3 <= len(set(found)) == len(found) <= 8} == {}


def test_no_two_entries_of_the_evidence_give_the_same_figures():
    """Three numbers alike are no chance: the same fact would stand twice, and only one of the two be kept up to date."""
    same: dict[frozenset[str], list[str]] = {}
    for entry in WORKSPACE.knowledge.evidence.values():
        same.setdefault(frozenset(re.findall(r"\d[\d.,]*\d|\d", entry.finding)), []).append(entry.id)
    assert [ids for figures, ids in same.items() if len(figures) > 2 and len(ids) > 1] == []


def test_accent_leads_to_rules_on_being_understood_and_no_rule_carries_it():
    found = [
        claim.id for claim in WORKSPACE.knowledge.claims.values() if "accent" in f"{claim.id} {claim.says}".lower()
    ]
    assert found == ["communication-accent-risk"]
    assert [rule.id for rule in RULES if f"claim:{found[0]}" in rule.sources] == []
    assert {rule.topic for rule in RULES if found[0] in rule.warns_against} == {"communication"}


def test_ten_remarks_are_reported_from_the_room_five_that_lift_and_five_that_sink():
    sides = [dict(conclusion.values)["side"] for rule in RULES if rule.topic == "phrases" for conclusion in rule.then]
    assert sorted(str(side.value) for side in sides if isinstance(side, Constant)) == ["against"] * 5 + ["for"] * 5


def test_every_action_is_advised_by_some_rule():
    assert set(WORKSPACE.knowledge.actions) == set().union(*(advised_by(rule) for rule in RULES))


def test_no_rule_advises_an_action_where_it_can_no_longer_be_done():
    actions = WORKSPACE.knowledge.actions
    too_late = {
        (rule.id, name): stages_of(rule) - set(actions[name].stages) for rule in RULES for name in advised_by(rule)
    }
    assert {key: stages for key, stages in too_late.items() if stages} == {}


def test_what_asks_a_reader_to_do_something_names_an_action():
    asking = {
        r.id for r in RULES if Audience.APPLICANT in r.audience and r.topic != "intake" and REQUESTS.search(said(r))
    }
    assert asking - {rule.id for rule in RULES if advised_by(rule)} == set(BESIDE)


def test_what_is_asked_for_beside_the_actions_is_an_action_too():
    assert {rule: action for rule, action in BESIDE.items() if action not in WORKSPACE.knowledge.actions} == {}


def test_every_action_says_what_it_changes_needs_takes_and_costs():
    assert {a.name: a.lacks for a in WORKSPACE.knowledge.actions.values() if a.lacks} == {}


def test_what_is_said_of_an_actions_figures_promises_and_blames_nothing():
    texts = {
        a.name: " ".join([a.changes_nothing, *(need.that for need in a.needs)])
        for a in WORKSPACE.knowledge.actions.values()
    }
    assert {name: PROMISES.findall(text) for name, text in texts.items() if PROMISES.search(text)} == {}


def test_a_figure_without_evidence_is_an_assumption_with_an_owner_and_a_range():
    figures = [f for a in WORKSPACE.knowledge.actions.values() for f in (a.takes, a.costs) if isinstance(f, Estimate)]
    ours = [f for f in figures if not f.source.startswith("evidence:")]
    assert [f for f in ours if f.basis != "assumption" or not f.owner or f.low == f.high] == []


def test_a_parameter_that_no_rule_reads_rests_on_a_source():
    """A number of our own is there for a rule or for a list; what others published may also be for costs, or to be looked up."""
    read = {*chain.from_iterable(parameters_read(rule) for rule in RULES), *OF_LISTS}
    founded = {p.name for p in WORKSPACE.knowledge.parameters.values() if p.source.startswith(("evidence:", "claim:"))}
    assert set(WORKSPACE.knowledge.parameters) - read - founded == set()


def test_nothing_shipped_names_a_real_school_or_program():
    files = [path for folder in ("rules", "knowledge") for path in sorted((WORKSPACE.root / folder).rglob("*.yaml"))]
    found = {path.name: REAL_NAMES.findall(path.read_text("utf-8")) for path in files}
    assert {name: names for name, names in found.items() if names} == {}


def test_no_rule_promises_or_blames():
    found = {rule.id: PROMISES.findall(f"{rule.title} {said(rule)}") for rule in RULES}
    assert {name: words for name, words in found.items() if words} == {}


def test_no_action_promises_or_blames():
    actions = WORKSPACE.knowledge.actions.values()
    found = {a.name: PROMISES.findall(f"{a.title} {a.do} {a.done_when}") for a in actions}
    assert {name: words for name, words in found.items() if words} == {}


def test_no_rule_tests_what_is_protected():
    words = WORKSPACE.vocabulary.protected_words
    tested = {
        rule.id: {pattern.fact_type, *(test.field for test in pattern.tests)}
        for rule in RULES
        for condition in rule.when
        for pattern in inner_patterns(condition)
    }
    assert {name: fields & words for name, fields in tested.items() if fields & words} == {}


def test_only_the_visa_topic_looks_at_citizenship():
    looking = {
        rule.topic
        for rule in RULES
        for condition in rule.when
        for pattern in inner_patterns(condition)
        if pattern.fact_type == "citizenship"
    }
    assert looking <= {"visa"}


def test_no_finding_is_quoted_from_our_own_notes():
    """A reader can look at a public copy, or is told that we have not seen the original; nobody can look at our notes."""
    told = {name: f"{one.finding} {one.citation} {one.address}" for name, one in WORKSPACE.knowledge.evidence.items()}
    assert [
        name for name, text in told.items() if re.search(r"\b(?:our|the|domain) notes\b", text, re.IGNORECASE)
    ] == []


def test_a_copy_is_named_after_its_publisher_and_where_none_is_public_that_is_said():
    evidence = WORKSPACE.knowledge.evidence
    assert (evidence["exams-matched-means-2024"].citation, evidence["letters-keywords-2018"].citation) == (
        "NRMP, Charting Outcomes 2024, 2024, as quoted by github.com/shalinder88/uscehub; check the official report",
        "Journal of Graduate Medical Education, 2018; not seen by us in the original",
    )
