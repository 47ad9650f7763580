"""Questions as people type them: other case, typing errors."""

from dataclasses import replace
from random import Random

from .prepare import fraction_of
from .squad import Question

_NEIGHBOURS = {"a": "sq", "e": "wr", "i": "uo", "n": "bm", "o": "ip", "r": "et", "s": "ad", "t": "ry"}


def upper_case(question: Question) -> Question:
    return replace(question, text=question.text.upper())


def lower_case(question: Question) -> Question:
    return replace(question, text=question.text.lower())


def typing_error(question: Question) -> Question:
    """One word of at least four letters gets one error: two letters swapped, one left out, doubled or hit beside."""
    words = question.text.split(" ")
    long = [i for i, word in enumerate(words) if len(word) >= 4 and word.isalpha()]
    if not long:
        return question
    random = Random(fraction_of("typing error", question.id))
    i = random.choice(long)
    word, at = words[i], random.randrange(1, len(words[i]) - 1)
    words[i] = random.choice(
        [
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + random.choice(_NEIGHBOURS.get(word[at].lower(), word[at])) + word[at + 1 :],
        ]
    )
    return replace(question, text=" ".join(words))


PERTURBATIONS = {"upper-case": upper_case, "lower-case": lower_case, "typing-error": typing_error}

QUESTION_WORDS = ("what", "who", "when", "where", "which", "why", "how many", "how much", "how")


def question_word(question: Question) -> str:
    """The first question word that occurs, or "other"."""
    text = f" {question.text.lower()} "
    found = [(text.index(f" {word} "), -len(word), word) for word in QUESTION_WORDS if f" {word} " in text]
    return min(found)[2] if found else "other"
