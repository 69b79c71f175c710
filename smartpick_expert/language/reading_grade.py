"""How hard a text is to read: its grade by Flesch and Kincaid's formula, the years of school that reading it takes.

The formula counts sentences, words and syllables, and knows nothing of meaning; it tells a long sentence of long words
from a short one of short words. Syllables of English words are estimated from their spelling, with a list of what spelling
gets wrong. Nothing is looked up, so the grade of a text is the same on every machine.
"""

from __future__ import annotations

import re
from typing import Final

_SENTENCE_END: Final = re.compile(r"[.!?]+[)\"'”’]*(?=\s|$)")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[.,]\d+)*")
_VOWELS: Final = re.compile(r"[aeiouy]+")
# Ends of words whose 'e' is not heard: "names", "asked"; but in "table", "boxes" and "wanted" it is.
_SILENT: Final = re.compile(
    r"(?<![^aeiouy]l)e$|(?<=[^aeiouytd])ed$|(?<=[aeiou]y)ed$|(?<![^aeiouy]l)(?<![scxzg])(?<!sh)(?<!ch)(?<![aeiouy])es$|que$"
)
# A silent 'e' inside a word, before an ending.
_INSIDE: Final = re.compile(
    r"(?<=[aeiouy][bcdfgklmnprstvz])e(?=(?:ly|less|ment|ments|ful|fully|ness|work|where|thing|times?|one)$)"
)
# Vowels that stand together and are heard apart.
_APART: Final = re.compile(r"i[ao]|ea(?=te|l\b|lity)|eo|eu|coo|[^qg]u[ao]|[aeiou]ing|iu|ie(?=t|r$|ty|n[ct])|yi")
# And of those, what is one all the same.
_TOGETHER: Final = re.compile(r"[cstg]ia[ln]|[cstgnl]ion|[cstg]iou|peop|geon|eur|[ct]ien")
_NAME: Final = 2
_WORDS: Final = {
    "area": 3, "areas": 3, "business": 2, "create": 2, "evening": 2, "every": 2, "everybody": 4, "everything": 3,
    "idea": 3, "ideas": 3, "lion": 2, "real": 1, "recipe": 3, "science": 2, "somebody": 3, "someone": 2,
    "sometimes": 2, "theatre": 3, "therefore": 2,
}  # fmt: skip


def reading_grade(text: str) -> float:
    """The grade of a text; 0 for one without words. What is not a sentence (a title) is taken for one.

    A name inside a sentence (written with a capital) counts as a short word: nobody can choose a shorter one.
    """
    sentences = [words for part in _SENTENCE_END.split(text) if (words := _WORD.findall(part))]
    if not sentences:
        return 0.0
    number = sum(len(words) for words in sentences)
    heard = sum(
        min(syllables(word), _NAME) if place and word[0].isupper() else syllables(word)
        for words in sentences
        for place, word in enumerate(words)
    )
    return max(0.0, 0.39 * number / len(sentences) + 11.8 * heard / number - 15.59)


def syllables(word: str) -> int:
    """About how many syllables an English word has; a number has one, and so has a word spelt in capitals (NRMP)."""
    lower = word.lower().replace("’", "'")
    if not lower[:1].isalpha() or (len(word) > 1 and word.isupper()):
        return 1
    if lower in _WORDS:
        return _WORDS[lower]
    lower = lower.removesuffix("'s").replace("'", "")
    lower = _SILENT.sub(lambda found: found.group().replace("e", "").replace("qu", "k"), lower)
    lower = _INSIDE.sub("", lower)
    apart = len(_APART.findall(lower)) - len(_TOGETHER.findall(lower))
    return max(1, len(_VOWELS.findall(lower)) + max(0, apart))
