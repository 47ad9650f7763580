import math

import numpy as np
import pytest
from conftest import questions

from verbatim_training.calibrate import fit_platt, fit_threshold, predictions
from verbatim_training.metrics import exact_match, normalize_answer, squad_metrics, token_f1
from verbatim_training.perturb import PERTURBATIONS, question_word, typing_error
from verbatim_training.reading import Reading
from verbatim_training.squad import TrainingError


def test_answers_are_normalised_as_the_official_script_does():
    assert normalize_answer(" The  Fulda, and a Werra. ") == "fulda and werra"
    assert exact_match("the 263 kilometres", "263 Kilometres!") == 1


def test_f1_is_that_of_the_common_tokens():
    # 2 common tokens of 3 and 2: 2·2 / 5.
    assert math.isclose(token_f1("near old Helmstedt", "near Helmstedt"), 0.8)
    assert token_f1("", "") == 1 and token_f1("x", "") == 0


def test_metrics_of_the_two_kinds_are_kept_apart():
    asked = questions()[:3]
    figures = squad_metrics(zip(asked, ["near Helmstedt", "kilometres", "the sea"]))
    assert figures["HasAns_exact"] == 50 and figures["NoAns_exact"] == 0
    # F1 of "kilometres" against "263 kilometres" is 2/3.
    assert math.isclose(figures["f1"], 100 * (1 + 2 / 3) / 3)


def readings(seed):
    random = np.random.default_rng(seed)
    made = []
    for question in questions():
        text = question.answers[0].text if question.answerable and random.random() < 0.8 else "Bremen"
        made.append(Reading(text, 0, 1, float(random.normal(2 if question.answerable else 0)), float(random.normal())))
    return made


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_the_threshold_is_the_best_of_all(share):
    asked = questions()
    for seed in range(20):
        read = readings(seed)
        fitted = fit_threshold(asked, read, share)

        def weighted(threshold, read=read):
            figures = squad_metrics(zip(asked, predictions(read, threshold)))
            return (1 - share) * figures["HasAns_f1"] + share * figures["NoAns_f1"]

        candidates = [reading.score_difference for reading in read]
        best = max(weighted(value) for value in [*candidates, min(candidates) - 1])
        assert math.isclose(weighted(fitted.value), best, abs_tol=1e-9)
        assert math.isclose(fitted.f1, best, abs_tol=1e-9)


def test_confidence_rises_with_the_margin_and_is_right_on_average():
    asked = questions() * 30
    read = [reading for seed in range(30) for reading in readings(seed)]
    fitted = fit_platt(asked, read, unanswerable_share=4 / 11)
    p = [1 / (1 + math.exp(fitted.slope * reading.score_difference - fitted.intercept)) for reading in read]
    correct = [q.answerable and r.text == q.answers[0].text for q, r in zip(asked, read)]
    assert fitted.slope > 0
    assert math.isclose(np.mean(p), np.mean(correct), abs_tol=0.01)


def test_fitting_needs_both_kinds():
    answerable = [question for question in questions() if question.answerable]
    with pytest.raises(TrainingError, match="one of the two kinds is missing"):
        fit_threshold(answerable, readings(0)[: len(answerable)])


def test_perturbed_questions_differ_from_the_question_alone():
    for question in questions():
        for perturb in PERTURBATIONS.values():
            changed = perturb(question)
            assert (changed.id, changed.context, changed.answers) == (question.id, question.context, question.answers)
        assert abs(len(typing_error(question).text) - len(question.text)) <= 1
        assert typing_error(question) == typing_error(question)


def test_question_words():
    assert [question_word(question) for question in questions()[:6]] == ["where", "how", "where", "where", "which", "what"]
