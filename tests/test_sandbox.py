"""Templates place words and do nothing else: whatever one tries, it ends soon, with its file, its line and the reason."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from smartpick_expert.diagnostics import Problems
from smartpick_expert.report import bounds
from smartpick_expert.report.render import environment, filled
from smartpick_expert.report.sandbox import Bounded
from smartpick_expert.report.view_model import GivenField

GIVEN = GivenField("name", "What it means", "value")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch):
    """Bounds that are soon reached."""
    monkeypatch.setattr(bounds, "MAX_STEPS", 20_000)
    monkeypatch.setattr(bounds, "MAX_CHARACTERS", 1_000_000)


def fault(folder: Path, text: str, **others: str) -> str:
    """What is said of a template: place and message. Others are included as NAME.j2."""
    for name, other in others.items():
        (folder / f"{name}.j2").write_text(other, encoding="utf-8")
    (folder / "bad.j2").write_text(f"First line.\n{text}\n", encoding="utf-8")
    with pytest.raises(Problems) as caught:
        filled(
            "bad.j2",
            "md",
            folder,
            given=GIVEN,
            held={"a": 1},
            items=("one", "two"),
            many="x" * 60,
            day=date(2026, 9, 10),
        )
    assert [one.code for one in caught.value.diagnostics] == ["report.template"]
    found = caught.value.diagnostics[0]
    return f"{found.location}: {found.message}"


# Does something sixty times over with ns.x.
SIXTY = "{{% set ns = namespace(x={}) %}}{{% for a in range(60) %}}{}{{% endfor %}}"

ENDLESS = {
    "a loop in a loop": "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
    "a loop over what it adds to": (
        "{% set l = [1] %}{% for a in l %}{% for b in range(999) %}{% set _ = l.append(b) %}{% endfor %}{% endfor %}"
    ),
    "a macro that calls itself": "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
    "a macro that calls itself twice": "{% macro a(n) %}{% if n %}{{ a(n - 1) }}{{ a(n - 1) }}{% endif %}{% endmacro %}{{ a(60) }}",
    "itself, included": '{% include "bad.j2" %}',
    "itself, included twice": '{% if many %}{% set many = many[1:] %}{% include "bad.j2" %}{% include "bad.j2" %}{% endif %}',
    "a loop into its own depths": "{% for a in [[]] recursive %}{{ loop([[a]]) }}{% endfor %}",
    "words that double": SIXTY.format("'ab'", "{% set ns.x = ns.x ~ ns.x %}"),
    "lists that double": SIXTY.format("[1]", "{% set ns.x = ns.x + ns.x %}"),
    "blocks that double": SIXTY.format("'ab'", "{% set y %}{{ ns.x }}{{ ns.x }}{% endset %}{% set ns.x = y %}"),
    "a long repetition": "{{ 'a' * 9999999999 }}",
    "a list repeated": "{{ [1] * 9999999999 }}",
    "a large power": "{{ 9 ** 99999999999 }}",
    "a large power of a large power": "{{ 9 ** (9 ** 9) }}",
    "numbers that square": SIXTY.format("9", "{% set ns.x = ns.x * ns.x %}"),
    "a wide pattern": "{{ '%9999999999d' % 1 }}",
    "a wide format": "{{ '%9999999999d' | format(1) }}",
    "a format with a width that is given": "{{ '{:{}}'.format(1, 9999999999) }}",
    "a wide method": "{{ '{:9999999999}'.format(1) }}",
    "a wide day": "{{ day.strftime('%9999999999d') }}",
    "a deep indent": "{{ 'a' | indent(9999999999, true) }}",
    "a replacement that grows": SIXTY.format("'aa'", "{% set ns.x = ns.x | replace('a', ns.x) %}"),
    "a method that grows": SIXTY.format("'aa'", "{% set ns.x = ns.x.replace('a', ns.x) %}"),
    "words joined by words": SIXTY.format("'aa'", "{% set ns.x = ns.x.join([ns.x, ns.x, ns.x]) %}"),
    "the same words mapped": "{% set x = 'ab' * 9999 %}{{ range(99999) | map('replace', 'a', x) | list | length }}",
    "rounding to many places": "{{ 1.5 | round(99999999, 'floor') }}",
    "many parts": "{{ 'ab' | slice(9999999999) | list | length }}",
    "a long text of its own": "{% for a in range(9999) %}" + "words " * 200 + "{% endfor %}",
}


@pytest.mark.parametrize("name", ENDLESS)
@pytest.mark.usefixtures("few")
def test_a_template_that_does_not_end_is_ended_with_its_line(tmp_path: Path, name: str):
    said = fault(tmp_path, ENDLESS[name])
    assert said.startswith("reports/bad.j2:2:1: A template cannot be filled in: "), said
    assert any(
        words in said
        for words in ("does not come to an end", "has no end", "asks for", "pads a value", "reckons", "rounds")
    ), said


REACHING = {
    "a class": "{{ ''.__class__ }}",
    "the classes of everything": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "a function's globals": "{{ given.__init__.__globals__ }}",
    "the frame of a macro": "{% macro a() %}{% endmacro %}{{ a._func.__code__ }}",
    "through a filter": "{{ given | attr('__class__') }}",
    "through a format": "{{ '{0.__class__}'.format(given) }}",
    "the environment": "{{ self._TemplateReference__context }}",
    "what is given, changed": "{{ held.update({'a': 2}) }}",
    "what is given, emptied": "{{ held.clear() }}",
    "a name that is not there": "{{ no_such_name.of_ours }}",
    "a field that is not there": "{{ given.no_such_field }}",
    "a number's own methods": "{{ (1).to_bytes(9) }}",
    "chance": "{{ items | random }}",
    "a file, included": '{% include "/etc/hostname" %}',
    "a file above, included": '{% include "../secret.txt" %}',
    "a file, imported": '{% import "/etc/hostname" as it %}',
    "nothing, divided": "{{ 1 / 0 }}",
    "a kind that does not fit": "{{ 'a' + 1 }}",
}


@pytest.mark.parametrize("name", REACHING)
def test_a_template_reaches_for_nothing_but_words(tmp_path: Path, name: str):
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    folder = tmp_path / "reports"
    folder.mkdir()
    said = fault(folder, REACHING[name])
    assert said.startswith("reports/bad.j2:2:1: A template cannot be"), said
    assert "secret" not in said.replace("../secret.txt", "")


def test_a_fault_in_what_is_included_has_the_place_of_what_is_included(tmp_path: Path):
    said = fault(tmp_path, '{% include "part.j2" %}', part="one\ntwo\n{{ given.nothing }}\n")
    assert said == ("reports/part.j2:3:1: A template cannot be filled in: there is no 'nothing' in a GivenField.")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{% for a in %}", "Expected an expression, got 'end of statement block'."),
        ("{{ given.name }", "unexpected '}'."),
        ("{% no_such_tag %}", "Encountered unknown tag 'no_such_tag'."),
        ("{{ given | no_such_filter }}", "No filter named 'no_such_filter'."),
    ],
)
def test_what_is_no_template_has_its_line(tmp_path: Path, text: str, message: str):
    assert fault(tmp_path, text) == f"reports/bad.j2:2:1: A template cannot be read: {message}"


def test_a_template_in_another_encoding_is_told_and_no_traceback(tmp_path: Path):
    (tmp_path / "old.j2").write_bytes(b"Gr\xfc\xdfe")
    with pytest.raises(Problems) as raised:
        environment(tmp_path, "html").get_template("old.j2")
    assert [f"{one.location}: {one.message}" for one in raised.value.diagnostics] == [
        "reports/old.j2: A template cannot be read: it is not in UTF-8."
    ]


def test_a_template_that_is_missing_is_named(tmp_path: Path):
    with pytest.raises(Problems) as caught:
        environment(tmp_path, "md").get_template("gone.j2")
    assert [one.message for one in caught.value.diagnostics] == ["There is no template 'gone.j2'."]


def test_what_templates_usually_do_works_as_in_jinja():
    made = Bounded(autoescape=True, extensions=[])
    text = (
        "{% for a in items %}{{ loop.index }}/{{ loop.length }}{{ a ~ '<' }}{{ ', ' if not loop.last }}{% else %}none{% endfor %}"
        "{% for a in nothing %}{% else %} none{% endfor %} {{ items | map('upper') | join('&') }} {{ '%.1f' | format(2) }}"
        " {{ 'a' * 3 }}{{ 2 ** 8 }}{{ [1] + [2] }}{{ '%s' % 'b' }} {{ ('x' | safe) ~ '&' }}"
    )
    assert made.from_string(text).render(items=["a", "b"], nothing=()) == (
        "1/2a&lt;, 2/2b&lt; none A&amp;B 2.0 aaa256[1, 2]b x&amp;"
    )
