"""Changes of a file at random: to its bytes, its lines, its words, or its tree."""

from __future__ import annotations

import re
from random import Random
from typing import Final

from tests.fuzz import corpus
from tests.fuzz.trees import Pairs, Raw, Tree, copied, places, scalars, tree_of, written

# What no author means to write and some file will hold one day.
NASTY: Final = (
    "", "~", "null", "none", "yes", "no", "NO", "on", "true", "True", "010", "0x1F", "0o17", "1_000", "1e400",
    "-1e400", "1e3", ".inf", "-.inf", ".nan", "NaN", "-0", "0", "-1", "1", "0.1", "0.0000000000000001", "1.10", "+3",
    "3.0", "9007199254740992", "9007199254740993", "-9007199254740993", "999999999999999999999", "9" * 400,
    "9" * 5_000, "0." + "0" * 400 + "1", "1" + "0" * 400 + ".5", "2026-02-30", "0000-00-00", "0001-01-01",
    "9999-12-31", "10000-01-01", "2026-1-1", "2026-09-10T00:00:00Z", "12:30:45", "unknown", "n/a", "?", "-", "a",
    "x" * 1_001, "x" * 5_000, "é", "e\u0301", "\u202e", "\u200b", "北京", "🩺", "\ufeff", "ｆｕｌｌ", "١٢٣", "ß", "İ", "ﬁ",
    "a\u0300\u0301\u0302" * 30, "$", "$$", "$.", "$a", "$a.b", "$a.b.c", "$parameter", "$parameter.", "$parameter.x",
    "$applicant.stage", "$today.date", "$applicant", "{{ a.b }}", "{{", "}}", "{{ }}", "{% if %}",
    "{{ applicant.stage }}", "{{ parameter.x }}", "{{" * 20_000, "{{ a." * 9_000, "<script>", "&amp;", "as", "of",
    "all", "any", "not", "count", "is", "parameter", "8 weeks", "8 months", "claim:", "claim:x", "evidence:x", ":",
    "..", "../..", "C:\\",
)  # fmt: skip
# The same for what is written as it stands, whatever it makes of the file.
RAW: Final = (
    "!!python/object:os.system x", "!!int 3", "!x y", "!<%1b%5b2J> x", "&a x", "*a", "<<: *a", "&a [*a]", '"\\e[2J"',
    '"\\0"', '"\\x07"', '"\\ud800"', '"\\u202e"', '"\\N"', '"\\L"', '"\\q"', '"unclosed', "'unclosed", "[unclosed",
    "{unclosed", "|\n  text\n  more", ">-\n  folded\n\n  text", "|9\n x", "- a", "? a", "a: b: c", "\ta", "# comment",
    "%YAML 3.0", "---", "...", "{a: 1, a: 2}", "{? [a] : b}", "{}", "[]", "[[]]", "[{}]", "{? : }", "{'': ''}", "@x",
    "`x`", "'it''s'", '"a\\\n  b"', "[" * 50 + "]" * 50, "{a: " * 50 + "}" * 50,
)  # fmt: skip
_BYTES: Final = (
    b"\x00", b"\xef\xbb\xbf", b"\xff\xfe", b"\x1b[2J", b"\x85", b"\xc2\x85", b"\xe2\x80\xa8", b"\xe2\x80\xae",
    b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\r", b"\r\n", b"\n", b"\t", b"\x7f", b"\x0c", b"'",
    b'"', b"{", b"}", b"[", b"]", b":", b": ", b"- ", b"#", b" #", b"&", b"*", b"!", b"|", b">", b"%", b"@", b"`",
    b",", b"? ",
)  # fmt: skip
_TOKEN = re.compile(r"[A-Za-z_$][\w.$-]*|[0-9.]+|\S|\n *")


def mutated(sort: str, chance: Random) -> tuple[str, bytes]:
    """A shipped file of a sort, changed: the path it stands for, and its bytes."""
    index = chance.randrange(len(corpus.sources(sort)))
    source = corpus.sources(sort)[index]
    text = _cut(source, chance) if sort not in ("vocabulary", "profiles") and chance.random() < 0.8 else source.text
    if chance.random() < 0.45:
        tree = tree_of(text) if text is not source.text else corpus.trees(sort)[index]
        return source.path, written(changed_tree(tree, sort, chance), chance).encode("utf-8", "surrogatepass")
    change = chance.choice((_changed_bytes, _changed_lines, _changed_tokens, _changed_tokens))
    return source.path, change(text, sort, chance)


def changed_tree(tree: Tree, sort: str, chance: Random) -> Tree:
    """A tree with one or a few changes."""
    tree = copied(tree)
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 6))):
        tree = _change_tree(tree, sort, chance)
    return tree


def _cut(source: corpus.Source, chance: Random) -> str:
    """The file with a few of its entries only: that is quicker, and changes hit what matters sooner."""
    head, *entries = source.entries
    return head + "".join(chance.sample(entries, min(len(entries), chance.choice((1, 1, 2, 3)))))


def _other_text(sort: str, chance: Random) -> str:
    other = sort if chance.random() < 0.6 else chance.choice(tuple(corpus.FOLDERS))
    return chance.choice(corpus.sources(other)).text


# --- bytes ------------------------------------------------------------------------------------------------------------


def _changed_bytes(text: str, sort: str, chance: Random) -> bytes:
    whole = chance.random()
    if whole < 0.04:
        return text.encode(chance.choice(("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "utf-8-sig")))
    data = bytearray(text.replace("\n", "\r\n" if whole < 0.08 else "\r" if whole < 0.12 else "\n").encode())
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice((1, 1, 2, 5, 30, 300)))
        what = chance.randrange(7)
        if what == 0:
            del data[start:end]
        elif what == 1:
            data[start:start] = chance.choice(_BYTES) * chance.choice((1, 1, 1, 2, 50))
        elif what == 2:
            data[start:end] = data[start:end] * chance.choice((2, 3, 20))
        elif what == 3 and start < len(data):
            data[start] = chance.randrange(256)
        elif what == 4 and start < len(data):
            data[start] ^= 1 << chance.randrange(8)
        elif what == 5:
            del data[start:]
        else:
            other = _other_text(sort, chance).encode()
            cut = chance.randrange(len(other))
            data[start:end] = other[cut : cut + chance.choice((3, 30, 300))]
    return bytes(data)


# --- lines and words --------------------------------------------------------------------------------------------------


def _changed_lines(text: str, sort: str, chance: Random) -> bytes:
    lines = text.split("\n")
    for _ in range(chance.choice((1, 1, 2, 3, 6))):
        here, there = chance.randrange(len(lines)), chance.randrange(len(lines))
        what = chance.randrange(7)
        if what == 0:
            lines[here], lines[there] = lines[there], lines[here]
        elif what == 1 and len(lines) > 1:
            del lines[here]
        elif what == 2:
            lines.insert(there, lines[here])
        elif what == 3:
            lines[here] = " " * chance.choice((1, 2, 4, 40)) + lines[here]
        elif what == 4:
            lines[here] = lines[here].removeprefix(" " * chance.choice((1, 2, 4)))
        elif what == 5:
            others = _other_text(sort, chance).split("\n")
            start = chance.randrange(len(others))
            lines[here:here] = others[start : start + chance.choice((1, 2, 8))]
        else:
            lines[here] = lines[here].replace("  ", "\t", 1) if chance.random() < 0.5 else lines[here].partition(":")[0]
    return "\n".join(lines).encode()


def _changed_tokens(text: str, sort: str, chance: Random) -> bytes:
    for _ in range(chance.choice((1, 1, 2, 3, 5))):
        tokens = list(_TOKEN.finditer(text))
        if not tokens:
            break
        token = chance.choice(tokens)
        own, other = chance.choice(tokens).group(), chance.choice(corpus.words(sort))
        new = chance.choice((own, other, other, chance.choice(NASTY), chance.choice(RAW), ""))
        text = text[: token.start()] + new + text[token.end() :]
    return text.encode("utf-8", "surrogatepass")


# --- trees ------------------------------------------------------------------------------------------------------------


def _change_tree(tree: Tree, sort: str, chance: Random) -> Tree:
    spots = places(tree)
    if not spots:
        return tree
    holder, index = chance.choice(spots)
    node = holder[index]
    what = chance.randrange(15)
    if what <= 1:
        holder[index] = chance.choice(NASTY)
    elif what == 2:
        holder[index] = Raw(chance.choice(RAW))
    elif what <= 4:
        holder[index] = chance.choice(corpus.words(sort))
    elif what == 5:
        other, there = chance.choice(spots)
        holder[index] = copied(other[there])
    elif what == 6:
        holder[index] = _shaped(node, chance)
    elif what == 7:
        other_sort = sort if chance.random() < 0.7 else chance.choice(tuple(corpus.FOLDERS))
        other, there = chance.choice(places(chance.choice(corpus.trees(other_sort))))
        holder[index] = copied(other[there])
    elif what == 8:
        holder[index] = _moved_number(node, chance)
    else:
        _change_mapping(tree, sort, chance)
    return tree


def _change_mapping(tree: Tree, sort: str, chance: Random) -> None:
    """Delete, repeat, rename, or add one entry of a mapping or a list."""
    holders = [tree] + [holder[index] for holder, index in places(tree)]
    holder = chance.choice([h for h in holders if isinstance(h, list) and h] or [[""]])
    index = chance.randrange(len(holder))
    what = chance.randrange(6)
    if what == 0:
        del holder[index]
    elif what == 1:
        holder[index:index] = [copied(holder[index])] * chance.choice((1, 1, 2, 60))
    elif what == 2 and isinstance(holder, Pairs):
        holder[index] = [chance.choice([*corpus.words(sort), *NASTY]), holder[index][1]]
    elif what <= 4 and isinstance(holder, Pairs):
        words = tuple(scalars(tree)) if chance.random() < 0.3 else corpus.words(sort)
        holder.insert(index, [chance.choice(words), chance.choice([*words, *NASTY])])
    else:
        chance.shuffle(holder)


def _shaped(node: Tree, chance: Random) -> Tree:
    """The node in another shape: in a list, in a mapping, unwrapped, deep down, or far too often."""
    what = chance.randrange(7)
    if what == 0:
        return [node]
    if what == 1:
        return Pairs([["a", node]])
    if what == 2 and isinstance(node, list) and node:
        return node[0][1] if isinstance(node, Pairs) else node[0]
    if what == 3:
        for _ in range(chance.choice((5, 38, 60))):
            node = [node] if chance.random() < 0.5 else Pairs([["any", node]])
        return node
    if what == 4:
        return [copied(node) for _ in range(chance.choice((3, 60, 600)))]
    return chance.choice(([], Pairs(), "", Raw("")))


def _moved_number(node: Tree, chance: Random) -> Tree:
    if isinstance(node, str) and node.lstrip("-").isdecimal() and len(node) < 18:
        return str(int(node) + chance.choice((-1, 1, -100, 100, 2**53)))
    return node
