from conftest import questions

from verbatim_training.hard_negatives import Bm25, make_negatives
from verbatim_training.swaps import make_swaps


def test_swapped_questions_are_new_unanswerable_and_deterministic():
    asked = questions()
    swaps = make_swaps(asked, seed=1)
    assert swaps and swaps == make_swaps(asked, seed=1)
    originals = {question.id: question for question in asked}
    for swap in swaps:
        original = originals[swap.id.rsplit("-", 1)[0]]
        assert not swap.answerable and swap.context == original.context
        assert swap.text.lower() not in {question.text.lower() for question in asked}


def test_an_antonym_that_stands_in_the_paragraph_is_not_used():
    asked = [question for question in questions() if question.id == "q9"]
    assert [swap.text for seed in range(5) for swap in make_swaps(asked, seed)] == ["When was the smallest one opened?"] * 5


def test_bm25_ranks_by_the_formula():
    index = Bm25(["red owl", "owl owl bear", "wolf"])
    assert index.top("owl", 3) == [1, 0]
    assert index.top("red owl", 3) == [0, 1]
    assert index.top("fox", 3) == []


def test_negatives_are_other_paragraphs_without_the_answer():
    asked = questions()
    originals = {question.id: question for question in asked}
    negatives = make_negatives(asked, share=1.0, seed=1)
    assert len(negatives) >= 4
    for negative in negatives:
        original = originals[negative.id.removesuffix("-bm25")]
        assert not negative.answerable and negative.context != original.context
        assert original.answers[0].text not in negative.context
    assert make_negatives(asked, share=0.0, seed=1) == []
