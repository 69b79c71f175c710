"""The diagrams there are: around one rule, of one topic rule by rule, and of all topics.

Rules stand in columns by their strata, which are the order in which they are decided; facts stand between.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from smartpick_expert.authoring.graph.diagram import Diagram, Edge, Node, Sort
from smartpick_expert.authoring.rule_page import feeds
from smartpick_expert.engine.strata import feeding, stratify
from smartpick_expert.explain.condition_text import words_of
from smartpick_expert.language.model import Kind, Pattern, Rule, Status, inner_patterns
from smartpick_expert.language.vocabulary import FactType, Supplier
from smartpick_expert.workspace import Workspace

# More rules than this beside one another are shown by their topics.
_MOST = 12


def live_rules(workspace: Workspace) -> tuple[Rule, ...]:
    """The rules that are drawn: all that are not retired."""
    return tuple(rule for rule in workspace.ruleset.rules if rule.status is not Status.RETIRED)


def around(rule: Rule, workspace: Workspace) -> Diagram:
    """One rule: the facts it reads and who supplies them, what it concludes and who reads that."""
    others = [other for other in live_rules(workspace) if other.id != rule.id]
    reads, settled = _reads(rule)
    nodes = [_rule_node(rule, 2, is_main=True)]
    nodes += [_fact_node(workspace.vocabulary.types[name], 1) for name in reads]
    # A type that is read and concluded stands on both sides.
    concluded = tuple(dict.fromkeys(one.fact_type for one in rule.then))
    nodes += [_fact_node(workspace.vocabulary.types[name], 3, "out:") for name in concluded]
    edges = [Edge(f"fact:{name}", _key(rule), name in settled) for name in reads]
    edges += [Edge(_key(rule), f"out:{name}") for name in concluded]
    suppliers = [other for other in others if feeds(other, rule)]
    for node, rules in _gathered(suppliers, 0, "from"):
        nodes.append(node)
        types = dict.fromkeys(one.fact_type for other in rules for one in other.then if one.fact_type in reads)
        edges += [Edge(node.key, f"fact:{name}") for name in types]
    users = [other for other in others if feeds(rule, other)]
    for node, rules in _gathered(users, 4, "to"):
        nodes.append(node)
        read = [_reads(other) for other in rules]
        edges += [
            Edge(f"out:{name}", node.key, all(name in strict for types, strict in read if name in types))
            for name in concluded
            if any(name in types for types, _ in read)
        ]
    about = f"What rule {rule.id} reads and who supplies it, what it concludes and who reads that."
    return Diagram(f"Rule {rule.id}", about, tuple(nodes), tuple(edges))


def of_topic(topic: str, workspace: Workspace) -> Diagram:
    """The rules of a topic by strata, the facts that come into it, and those that it concludes.

    A type of fact stands behind each group of rules that concludes it, so that arrows lead on from there.
    """
    everything = live_rules(workspace)
    rules = [rule for rule in everything if rule.topic == topic]
    levels = _levels(rules)
    types = workspace.vocabulary.types
    made: dict[tuple[str, int], list[Rule]] = defaultdict(list)
    for rule in rules:
        for name in dict.fromkeys(one.fact_type for one in rule.then):
            made[name, levels[rule.id]].append(rule)
    nodes = [_rule_node(rule, 2 * levels[rule.id] + 1) for rule in rules]
    edges = [Edge(_key(rule), f"{level}:{name}") for (name, level), makers in made.items() for rule in makers]
    entering: set[str] = set()
    for rule in rules:
        reads, settled = _reads(rule)
        for name in reads:
            # What feeds a rule of the same step is a circle of rules, and is drawn going back.
            sources = [
                f"{level}:{name}"
                for (of, level), makers in made.items()
                if of == name and any(feeds(one, rule) for one in makers)
            ]
            if not sources:
                entering.add(name)
            edges += [Edge(source, _key(rule), name in settled) for source in sources or [f"in:{name}"]]
    nodes += [_fact_node(types[name], 0, "in:", _topics("from", everything, topic, name)) for name in sorted(entering)]
    nodes += [
        _fact_node(types[name], 2 * level + 2, f"{level}:", _readers(everything, topic, name)) for name, level in made
    ]
    about = f"The {len(rules)} rules of topic {topic}, in the order in which they are decided, with the facts that come in and go out."
    return Diagram(f"Topic {topic}", about, tuple(nodes), tuple(edges))


def of_all(workspace: Workspace) -> Diagram:
    """The topics: which has rules that conclude what rules of another read. The weight of an arrow is the number of such pairs."""
    rules = live_rules(workspace)
    pairs: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for index, readers in feeding(rules).items():
        for reader, settled in readers.items():
            if rules[index].topic != rules[reader].topic:
                pairs[rules[index].topic, rules[reader].topic].append(settled)
    members = {
        topic: [rule for rule in rules if rule.topic == topic] for topic in sorted({rule.topic for rule in rules})
    }
    columns = _topic_columns(pairs, list(members))
    nodes = [Node(f"topic:{topic}", topic, _size(of), Sort.TOPIC, columns[topic]) for topic, of in members.items()]
    edges = [
        Edge(f"topic:{start}", f"topic:{end}", all(settled), len(settled))
        for (start, end), settled in sorted(pairs.items())
    ]
    size = f"All {len(members)} topics with {len(rules)} rules"
    words = f"{size}; the thicker an arrow, the more often a rule of the one supplies a rule of the other."
    return Diagram("All topics", words, tuple(nodes), tuple(edges))


def _topic_columns(pairs: Mapping[tuple[str, str], list[bool]], topics: list[str]) -> dict[str, int]:
    """Topics in columns such that little goes back: each as far to the right as what leads to it asks."""
    left = list(topics)
    order: list[str] = []
    while left:

        def balance(topic: str) -> tuple[int, str]:
            out = sum(len(found) for (start, end), found in pairs.items() if start == topic and end in left)
            into = sum(len(found) for (start, end), found in pairs.items() if end == topic and start in left)
            return into - out, topic

        order.append(min(left, key=balance))
        left.remove(order[-1])
    columns: dict[str, int] = {}
    for topic in order:
        columns[topic] = max(
            (columns[start] + 1 for start, end in pairs if end == topic and start in columns), default=0
        )
    return columns


def _levels(rules: list[Rule]) -> dict[str, int]:
    """How many steps within the topic lead to each rule; rules that feed one another in a circle stand side by side."""
    level = {rule.id: 0 for rule in rules}
    ordered = [rule for stratum in stratify(tuple(rules)) for rule in stratum]
    before = {
        rule.id: [other.id for other in ordered if other.id != rule.id and feeds(other, rule)] for rule in ordered
    }
    for _ in rules:
        raised = {
            name: max((level[one] + 1 for one in of if name not in before[one]), default=0)
            for name, of in before.items()
        }
        if raised == level or max(raised.values(), default=0) >= len(rules):
            break
        level = raised
    return level


def _reads(rule: Rule) -> tuple[tuple[str, ...], frozenset[str]]:
    """The types that a rule reads, and those of them that it reads only in a not, an any or a tally."""
    plain = {condition.fact_type for condition in rule.when if isinstance(condition, Pattern)}
    types = dict.fromkeys(pattern.fact_type for condition in rule.when for pattern in inner_patterns(condition))
    return tuple(types), frozenset(types) - plain


def _gathered(rules: list[Rule], column: int, side: str) -> Iterator[tuple[Node, list[Rule]]]:
    """A node for each rule, or for each topic where there are many."""
    if len(rules) <= _MOST:
        for rule in rules:
            yield _rule_node(rule, column, side), [rule]
        return
    for topic in sorted({rule.topic for rule in rules}):
        members = [rule for rule in rules if rule.topic == topic]
        if len(members) == 1:
            yield _rule_node(members[0], column, side), members
        else:
            yield (
                Node(f"{side}:topic:{topic}", topic, f"{len(members)} rules of this topic", Sort.TOPIC, column),
                members,
            )


def _rule_node(rule: Rule, column: int, side: str = "", *, is_main: bool = False) -> Node:
    sort = Sort.PERCEPTION if rule.kind is Kind.PERCEPTION else Sort.MEASURED
    draft = f" ({rule.status})" if rule.status is not Status.STABLE else ""
    return Node(f"{side}{_key(rule)}", rule.id, f"{rule.title}{draft}", sort, column, is_main)


def _key(rule: Rule) -> str:
    return f"rule:{rule.id}"


def _fact_node(fact_type: FactType, column: int, side: str = "fact:", about: str = "") -> Node:
    concluded = fact_type.supplied_by is Supplier.RULES
    words = about or fact_type.meaning
    return Node(
        f"{side}{fact_type.name}", words_of(fact_type.name), words, Sort.CONCLUDED if concluded else Sort.GIVEN, column
    )


def _topics(word: str, rules: Iterable[Rule], topic: str, name: str) -> str:
    """Which other topics conclude a type; empty for what is given."""
    found = sorted(
        {rule.topic for rule in rules if rule.topic != topic and any(one.fact_type == name for one in rule.then)}
    )
    return f"{word} {_few(found)}" if found else ""


def _readers(rules: Iterable[Rule], topic: str, name: str) -> str:
    found = sorted({rule.topic for rule in rules if rule.topic != topic and name in _reads(rule)[0]})
    return f"read by {_few(found)}" if found else ""


def _few(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more topics" if len(names) > 3 else "")  # noqa: PLR2004 - a line


def _size(rules: list[Rule]) -> str:
    """How many rules of a topic say what is thought, and how many what was measured."""
    perception = sum(1 for rule in rules if rule.kind is Kind.PERCEPTION)
    parts = [f"{perception} on perception"] * (perception > 0) + [f"{len(rules) - perception} measured"] * (
        perception < len(rules)
    )
    return f"{len(rules)} rule{'s' if len(rules) != 1 else ''}: {', '.join(parts)}"
