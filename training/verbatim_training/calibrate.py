"""`calibrate`: fits the threshold, and a confidence, on labelled questions that training has not seen."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .metrics import score
from .reading import Reading
from .squad import Question, TrainingError


@dataclass(frozen=True)
class FittedThreshold:
    value: float
    f1: float  # percent, at the value, classes weighted to the share
    unanswerable_share: float


@dataclass(frozen=True)
class PlattScaling:
    """confidence = 1 / (1 + exp(−(slope · margin + intercept)))"""

    slope: float
    intercept: float


def class_weights(questions: Sequence[Question], unanswerable_share: float) -> np.ndarray:
    """A weight for each question, 1 in sum: the unanswerable ones have the share.

    Raises TrainingError if one of the two kinds is missing.
    """
    answerable = np.array([question.answerable for question in questions], dtype=bool)
    if answerable.all() or not answerable.any():
        raise TrainingError("fitting needs answerable and unanswerable questions; one of the two kinds is missing")
    return np.where(answerable, (1 - unanswerable_share) / answerable.sum(), unanswerable_share / (~answerable).sum())


def fit_threshold(
    questions: Sequence[Question], readings: Sequence[Reading], unanswerable_share: float = 0.5
) -> FittedThreshold:
    """The threshold with the best F1 when `unanswerable_share` of all questions cannot be answered.

    The value lies midway between the two score differences that it parts; of equal optima the lowest, which abstains
    more.
    """
    weight = class_weights(questions, unanswerable_share)
    answerable = np.array([question.answerable for question in questions])
    difference = np.array([reading.score_difference for reading in readings])
    f1 = np.array([score(question, reading.text)[1] for question, reading in zip(questions, readings)])
    order = np.argsort(difference, kind="stable")
    # Answering the first k questions in this order: their F1, and 1 for each unanswerable one that is left.
    gain = np.where(answerable, f1, -1.0) * weight
    curve = np.concatenate([[0.0], np.cumsum(gain[order])]) + weight[~answerable].sum()
    ordered = difference[order]
    # A threshold cannot part equal differences.
    possible = np.concatenate([[True], ordered[1:] > ordered[:-1], [True]])
    k = int(np.argmax(np.where(possible, curve, -np.inf)))
    low = ordered[k - 1] if k > 0 else ordered[0] - 1
    high = ordered[k] if k < len(order) else ordered[-1] + 1
    return FittedThreshold(float((low + high) / 2), float(100 * curve[k]), unanswerable_share)


def fit_platt(questions: Sequence[Question], readings: Sequence[Reading], unanswerable_share: float = 0.5) -> PlattScaling:
    """Platt scaling of the margin by maximum likelihood, with the smoothed targets of Platt (1999).

    A reading is correct iff it is an exact match of an answerable question.
    """
    weight = class_weights(questions, unanswerable_share) * len(questions)
    margin = np.array([-reading.score_difference for reading in readings])
    correct = np.array([q.answerable and score(q, r.text)[0] == 1 for q, r in zip(questions, readings)])
    positives, negatives = correct.sum(), (~correct).sum()
    target = np.where(correct, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    features = np.stack([margin, np.ones_like(margin)])
    parameters = np.zeros(2)
    for _ in range(100):
        p = 1 / (1 + np.exp(-np.clip(parameters @ features, -60, 60)))
        gradient = features @ (weight * (p - target))
        hessian = (features * (weight * p * (1 - p))) @ features.T + 1e-12 * np.eye(2)
        step = np.linalg.solve(hessian, gradient)
        parameters -= step
        if np.abs(step).sum() < 1e-12:
            break
    if not all(math.isfinite(value) for value in parameters):
        raise TrainingError("no confidence can be fitted: the readings hold a score that is not a number")
    return PlattScaling(float(parameters[0]), float(parameters[1]))


def predictions(readings: Sequence[Reading], threshold: float) -> list[str]:
    """The text of each reading, "" where its score difference is above the threshold."""
    return ["" if reading.score_difference > threshold else reading.text for reading in readings]
