"""`negatives`: the passages that BM25 returns for a question and that do not hold its answer."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .metrics import normalize_answer
from .prepare import fraction_of
from .squad import Question

K1, B = 1.2, 0.75  # as the product's retriever


class Bm25:
    """Exact BM25 (Robertson & Zaragoza 2009) over paragraphs; idf = log(1 + (N − n + 0.5) / (n + 0.5))."""

    def __init__(self, paragraphs: Sequence[str]):
        counts = [Counter(_terms(paragraph)) for paragraph in paragraphs]
        lengths = np.array([max(1, sum(count.values())) for count in counts], dtype=np.float64)
        norms = K1 * (1 - B + B * lengths / lengths.mean())
        postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, count in enumerate(counts):
            for term, frequency in count.items():
                postings[term].append((number, frequency))
        # term → its paragraphs and what it adds to the score of each.
        self._weights: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        for term, found in postings.items():
            numbers, frequencies = np.array(found).T
            idf = math.log(1 + (len(counts) - len(found) + 0.5) / (len(found) + 0.5))
            self._weights[term] = (numbers, idf * frequencies * (K1 + 1) / (frequencies + norms[numbers]))
        self._total = len(counts)

    def top(self, question: str, count: int) -> list[int]:
        """Paragraph numbers, best first; ties by number."""
        scores = np.zeros(self._total)
        for term in set(_terms(question)):
            if term in self._weights:
                numbers, weights = self._weights[term]
                scores[numbers] += weights
        best = np.argsort(-scores, kind="stable")[:count]
        return [int(number) for number in best if scores[number] > 0]


def _terms(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def make_negatives(questions: Sequence[Question], share: float, seed: int, depth: int = 10) -> list[Question]:
    """For a share of the answerable questions, the first paragraph BM25 returns that lacks every gold answer.

    The paragraphs searched are those of all `questions`: what the product's reader is handed when retrieval goes wrong.
    """
    paragraphs = list(dict.fromkeys(question.context for question in questions))
    title = {question.context: question.title for question in questions}
    normalized = [f" {normalize_answer(paragraph)} " for paragraph in paragraphs]
    index = Bm25(paragraphs)
    negatives = []
    for question in questions:
        if not question.answerable or fraction_of("negative", seed, question.id) >= share:
            continue
        gold = [f" {normalize_answer(answer.text)} " for answer in question.answers]
        for number in index.top(question.text, depth):
            if paragraphs[number] != question.context and not any(g in normalized[number] for g in gold):
                context = paragraphs[number]
                negatives.append(replace(question, id=f"{question.id}-bm25", context=context, title=title[context], answers=()))
                break
    return negatives
