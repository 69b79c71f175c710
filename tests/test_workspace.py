"""A workspace that lacks what the program itself names is refused when it is read, not when an advice is written."""

from __future__ import annotations

from pathlib import Path

from smartpick_expert.workspace import read_workspace


def test_a_vocabulary_without_what_every_advice_names_is_refused(tmp_path: Path):
    (tmp_path / "rules").mkdir()
    folder = tmp_path / "knowledge" / "vocabulary"
    folder.mkdir(parents=True)
    (folder / "made.yaml").write_text(
        "types:\n  bucket: {meaning: A, supplied_by: rules, fields: {size: {type: number, meaning: A}}}\n", "utf-8"
    )
    _, found = read_workspace(tmp_path)
    assert [(str(problem.location), problem.code, problem.message) for problem in found] == [
        (
            "knowledge/vocabulary",
            "vocabulary.missing",
            f"Every advice names '{name}', with {fields}; the vocabulary lacks it.",
        )
        for name, fields in (
            ("action", "name, when"),
            ("applicant", "label, stage"),
            ("reason", "side, strength, kind"),
        )
    ] + [
        (
            "knowledge/vocabulary/made.yaml:2:3",
            "vocabulary.missing",
            "Every advice names 'bucket', with name; the vocabulary lacks it.",
        )
    ]
