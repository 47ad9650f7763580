"""The official SQuAD 2.0 metrics (Rajpurkar et al. 2018), as evaluate-v2.0.py computes them; scores in percent."""

import re
import string
from collections import Counter
from collections.abc import Iterable

from .squad import Question

_PUNCTUATION = set(string.punctuation)


def normalize_answer(text: str) -> str:
    kept = "".join(character for character in text.lower() if character not in _PUNCTUATION)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", kept).split())


def exact_match(gold: str, predicted: str) -> float:
    return float(normalize_answer(gold) == normalize_answer(predicted))


def token_f1(gold: str, predicted: str) -> float:
    ours, theirs = normalize_answer(predicted).split(), normalize_answer(gold).split()
    if not ours or not theirs:
        return float(ours == theirs)
    common = sum((Counter(ours) & Counter(theirs)).values())
    return 2 * common / (len(ours) + len(theirs))


def score(question: Question, predicted: str) -> tuple[float, float]:
    """(exact, F1) of one prediction, each 0 to 1; "" is no answer."""
    gold = [a.text for a in question.answers if normalize_answer(a.text)] or [""]
    return max(exact_match(g, predicted) for g in gold), max(token_f1(g, predicted) for g in gold)


def squad_metrics(pairs: Iterable[tuple[Question, str]]) -> dict[str, float]:
    """The official names; figures of an empty group are left out."""
    scored = [(question.answerable, *score(question, predicted)) for question, predicted in pairs]
    figures: dict[str, float] = {}
    for prefix, group in (
        ("", scored),
        ("HasAns_", [row for row in scored if row[0]]),
        ("NoAns_", [row for row in scored if not row[0]]),
    ):
        if group:
            figures[f"{prefix}exact"] = 100 * sum(row[1] for row in group) / len(group)
            figures[f"{prefix}f1"] = 100 * sum(row[2] for row in group) / len(group)
            figures[f"{prefix}total"] = len(group)
    return figures
