import json

import pytest
from conftest import questions

from verbatim_training.prepare import load_prepared
from verbatim_training.recipe import load_recipe
from verbatim_training.squad import TrainingError
from verbatim_training.windows import WindowBuilder, load_tokenizer


def text_of(question, window):
    start, end = window.start - window.context_start, window.end - window.context_start
    return question.context[window.offsets[start][0] : window.offsets[end][1]]


def test_gold_positions_cover_the_answer(model):
    builder = WindowBuilder(load_tokenizer(model), 160, 32)
    for question in questions():
        (window,) = builder.windows(question)
        if question.answerable:
            assert text_of(question, window) == question.answers[0].text
        else:
            assert (window.start, window.end) == (0, 0)


def test_short_windows_cover_every_token_and_share_the_stride(model):
    tokenizer = load_tokenizer(model)
    question = questions()[0]
    windows = list(WindowBuilder(tokenizer, 40, 8).windows(question, preamble="Rivers"))
    tokens = [window.input_ids[window.context_start : -1] for window in windows]
    joined = tokens[0] + [token for part in tokens[1:] for token in part[8:]]
    assert joined == tokenizer.encode(question.context, add_special_tokens=False).ids
    assert all(a[-8:] == b[:8] for a, b in zip(tokens, tokens[1:]))
    assert all(
        window.context_start - window.segment_start == len(tokenizer.encode("Rivers", add_special_tokens=False).ids)
        for window in windows
    )
    assert any(window.start > 0 for window in windows)


def test_a_stride_without_room_is_an_error(model):
    with pytest.raises(TrainingError, match="--stride: 39"):
        list(WindowBuilder(load_tokenizer(model), 40, 39).windows(questions()[0]))


def test_prepared_windows_count_their_copies(prepared):
    data = load_prepared(prepared)
    assert len(data) == len(questions())
    assert sorted(set(data.copies.tolist())) == [1.5, 2.0]
    assert (data.ids[data.bounds[:-1]] == data.ids[0]).all(), "every window begins with [CLS]"


def test_a_folder_of_another_format_is_an_error(prepared, tmp_path):
    with pytest.raises(TrainingError, match="not a folder that `prepare` wrote"):
        load_prepared(tmp_path)
    description = json.loads((prepared / "prepared.json").read_text())
    (tmp_path / "prepared.json").write_text(json.dumps(description | {"format": 9}))
    with pytest.raises(TrainingError, match="has format 9"):
        load_prepared(tmp_path)


@pytest.mark.parametrize(
    ("recipe", "message"),
    [
        ("[[source]]", "names no file"),
        ('[[source]]\nfile = "absent.json"', "no such file"),
        ('[[source]]\nfile = "train.json"\ncopies = 2', "unknown key 'copies'"),
        ('[[source]]\nfile = "train.json"\nanswerable = -1', "0 or more"),
        ("", "names no"),
        ("[[", "TOML"),
    ],
)
def test_a_wrong_recipe_is_an_error(tmp_path, squad_file, recipe, message):
    (tmp_path / "recipe.toml").write_text(recipe)
    with pytest.raises(TrainingError, match=message):
        load_recipe(tmp_path / "recipe.toml", squad_file.parent)
