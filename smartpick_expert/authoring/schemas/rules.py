"""The schemas of rule files and of the cases beside them."""

from __future__ import annotations

from typing import Final

from smartpick_expert.authoring.cases import DEFAULT_DAY
from smartpick_expert.authoring.checks.registry import all_checks
from smartpick_expert.authoring.schemas.conditions import ConditionSchemas
from smartpick_expert.authoring.schemas.definitions import Definitions
from smartpick_expert.authoring.schemas.profiles import facts, notes, profile
from smartpick_expert.authoring.schemas.scalars import (
    Schema,
    day,
    described,
    listed,
    mapping,
    number,
    optional,
    text,
    words,
)
from smartpick_expert.intake.overrides import ACTION, BUCKET, names_of
from smartpick_expert.language.checks.markup import MARKUP
from smartpick_expert.language.loader import REQUIRED, RULE_ID
from smartpick_expert.language.model import CLAIM, EVIDENCE, Audience, Kind, Status
from smartpick_expert.workspace import Workspace

_ID: Final = rf"^{RULE_ID.pattern}$"
# A name with a field between two braces; else no two braces, and none beside a mark that templates know.
_HOLE: Final = (
    r"\{\{\s*([A-Za-z_][A-Za-z0-9_]*\.[A-Za-z_][A-Za-z0-9_\-]*|parameter(\.[A-Za-z_][A-Za-z0-9_\-]*)+)\s*\}\}"
)
_WORDS: Final = rf"^([^{{}}%]|\{{(?![{{%#])|\{{(?=\{{\{{)|\}}(?!\}})|%(?!\}})|{_HOLE})*$"
_KINDS: Final = {
    Kind.PERCEPTION: "What committees are said to think; cites a claim",
    Kind.MEASURED: "What figures or official texts show; cites evidence",
}
_NEEDS: Final = {Kind.PERCEPTION: CLAIM, Kind.MEASURED: EVIDENCE}
_STATUSES: Final = {
    Status.DRAFT: "Fires only where drafts are asked for",
    Status.STABLE: "Fires",
    Status.RETIRED: "Never fires any more",
}
_AUDIENCES: Final = {
    Audience.APPLICANT: "The applicant's documents say it",
    Audience.ADVISOR: "The advisor's copy says it",
}


def rule_file(workspace: Workspace) -> Schema:
    """The schema of a rule file."""
    parts = Definitions()
    properties = {
        "topic": text("The topic of these rules; every id begins with it."),
        "about": text("What the rules of this file are about."),
        "rules": listed(parts.ref("rule", _rule(workspace, parts)), "The rules, one thing a rule."),
    }
    return parts.document("A rule file", "Rules of one topic.", mapping(properties, properties))


def _rule(workspace: Workspace, parts: Definitions) -> Schema:
    conditions = ConditionSchemas(workspace.vocabulary, workspace.knowledge.parameters, parts)
    claims = {name: one.says for name, one in workspace.knowledge.claims.items()}
    sources = {f"{CLAIM}{name}": says for name, says in claims.items()}
    sources |= {f"{EVIDENCE}{name}": one.finding for name, one in workspace.knowledge.evidence.items()}
    claim = parts.ref("claim", words(claims))
    stages = parts.ref("stage", words(stages_of(workspace)))
    on = optional(described(day(), "A day, included"))
    wanted = "Write topic.some-name, in small letters."
    one_id = {"type": "string", "pattern": _ID, "patternErrorMessage": wanted}
    properties = {
        "id": described(one_id, "The rule's name for good: topic.some-name"),
        "title": text("What the rule says, in a line."),
        "kind": described(words(_KINDS), "Whether it says what is thought or what was measured; never mixed in print."),
        "status": described(words(_STATUSES), "Whether it fires."),
        "sources": listed(parts.ref("source", words(sources)), "The claims and evidence that it rests on.", least=1),
        "warns_against": listed(claim, "Claims that its advice is not to act on.", least=1),
        "owner": text("Who answers for it."),
        "review_by": described(day(), "The day by which it is looked at again."),
        "audience": listed(words(_AUDIENCES), "Whom it speaks to; both where it is left out.", least=1),
        "stages": listed(stages, "The stages at which it speaks; all where it is left out.", least=1),
        "silence": listed(
            mapping(
                {"check": described(words(_checks()), "The check."), "reason": text("Why the finding is none here.")},
                ["check", "reason"],
            ),
            "Findings of a review that are none here, each with the reason.",
            least=1,
        ),
        "formerly": listed(one_id, "The ids that it had before: records of old advices name it by them.", least=1),
        "valid": mapping(
            {"from": on, "to": on}, description="The days on which it holds; always where it is left out."
        ),
        "when": listed(conditions.condition(), "What must hold, all of it.", least=1),
        "then": listed(
            conditions.conclusion(), "What it concludes: words and bound fields, nothing computed.", least=1
        ),
        "because": {
            **text("What is said to the reader; {{ name.field }} is filled in, and nothing else."),
            "pattern": _WORDS,
            "not": {"type": "string", "pattern": MARKUP.pattern},
            "patternErrorMessage": "Write {{ name.field }} or plain words; whatever must be decided is decided under 'when'.",
        },
        "rationale": text("Why committees think so, and what would make us retire the rule."),
    }
    return {**mapping(properties, REQUIRED), "allOf": [_cites(kind, begins) for kind, begins in _NEEDS.items()]}


def _checks() -> dict[str, str]:
    """The checks that a rule may silence, with what each finds."""
    return {check.code: check.finds for check in all_checks() if check.may_be_silenced}


def _cites(kind: Kind, begins: str) -> Schema:
    """A rule of a kind cites a source of its kind."""
    cited = {"contains": {"type": "string", "pattern": f"^{begins}"}}
    return {
        "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
        "then": {"properties": {"sources": {"anyOf": [cited, {"maxItems": 0}]}}},
    }


def case_file(workspace: Workspace) -> Schema:
    """The schema of a file of cases."""
    parts = Definitions()
    properties = {
        "about": optional(text("What these cases are about.")),
        "cases": listed(
            parts.ref("case", _case(workspace, parts)), "The cases, each a sentence with what must come of it."
        ),
    }
    return parts.document("A file of cases", "What rules must and must not conclude.", mapping(properties, ["cases"]))


def _case(workspace: Workspace, parts: Definitions) -> Schema:
    vocabulary = workspace.vocabulary
    titles = {rule.id: rule.title for rule in workspace.ruleset.rules}
    # A rule may be so new that no schema knows it.
    rule = parts.ref("rule", {"anyOf": [words(titles), {"type": "string", "pattern": _ID}]})
    rules = {"anyOf": [rule, listed(rule), {"type": "null"}]}
    given = parts.ref("facts", facts(vocabulary, parts))
    whole = parts.ref("profile", profile(vocabulary, parts))
    action = parts.ref("action", words(names_of(ACTION, vocabulary)))
    shared = {
        "name": text("The case, as a sentence."),
        "as_of": optional(described(day(), f"The day on which it is run; {DEFAULT_DAY} where it is left out.")),
        "fires": described(rules, "The rule, or with a profile the rules, that must fire."),
        "does_not_fire": described(rules, "The rule, or with a profile the rules, that must not fire."),
    }
    of_facts = {
        "facts": described(given, "What is so; derived facts may be given too. What is left out there is none of."),
        "open": listed({"enum": list(vocabulary.types)}, "Fact types of which it is not known what there is."),
        "times": optional(described(number(whole=True, minimum=0), "How often the rule must fire.")),
        "concludes": optional(described(given, "Exactly what the rule must conclude.")),
    }
    buckets = {**names_of(BUCKET, vocabulary), "open": "still open"}
    of_profile = {
        "profile": {
            "anyOf": [{"type": "string"}, whole],
            "description": "A whole profile, or the path of one from this file.",
        },
        "bucket": optional(described(words(buckets), "How the file must be sorted.")),
        "actions": listed(action, "Actions that must be advised."),
        "absent_actions": listed(action, "Actions that must not be advised."),
    }
    found = mapping({**shared, **of_facts, **of_profile}, ["name"])
    others = dict.fromkeys(of_facts, False), dict.fromkeys(of_profile, False)
    return {
        **found,
        "if": {"required": ["profile"]},
        "then": {"properties": others[0]},
        "else": {"required": ["facts"], "properties": others[1]},
    }


def stages_of(workspace: Workspace) -> dict[str, str]:
    """The stages with their wording."""
    return dict(workspace.vocabulary.types["applicant"].fields["stage"].values)


def settings_file() -> Schema:
    """The schema of the settings of a workspace."""
    properties = {
        "about": optional(text("What these settings are about.")),
        "keep_months": optional(
            described(
                number(whole=True, minimum=1, maximum=1_199),
                "After so many months an advice is due to be erased from the ledger; never where it is left out.",
            )
        ),
    }
    return Definitions().document("The settings of a workspace", "How a workspace is kept.", mapping(properties))


def profile_file(workspace: Workspace) -> Schema:
    """The schema of a profile."""
    parts = Definitions()
    meaning = "What is known of one applicant. An empty value is not known; [] says that there are none of a kind."
    return parts.document("A profile", meaning, profile(workspace.vocabulary, parts))


def notes_file(workspace: Workspace) -> Schema:
    """The schema of the notes of a workspace."""
    parts = Definitions()
    meaning = "What an office knows of programs in confidence. It counts for every applicant and reaches none of their documents."
    return parts.document("The notes of a workspace", meaning, notes(workspace.vocabulary, parts))


def rules_or_cases() -> Schema:
    """What tells the two kinds of files in rules/ apart: editors match names by patterns that cannot say "all but these"."""
    return Definitions().document(
        "A rule file or its cases",
        "Rules of one topic, or cases for them.",
        {"if": {"required": ["cases"]}, "then": {"$ref": "cases.schema.json"}, "else": {"$ref": "rules.schema.json"}},
    )
