import gzip
import json

import pytest
from conftest import questions

from verbatim_training.squad import TrainingError, dump, load


def article(**qa):
    return {
        "data": [{"title": "T", "paragraphs": [{"context": "An owl 🦉 sees.", "qas": [{"id": "1", "question": "Who?", **qa}]}]}]
    }


def write(path, value):
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def test_what_was_written_is_read_again(tmp_path):
    dump(tmp_path / "a.json.gz", questions())
    loaded = load(tmp_path / "a.json.gz")
    assert loaded.questions == questions() and loaded.problems == []


def test_offsets_count_code_points(tmp_path):
    path = write(tmp_path / "a.json", article(answers=[{"text": "sees", "answer_start": 9}]))
    assert load(path).questions[0].answers[0].start == 9


@pytest.mark.parametrize(
    ("qa", "problem"),
    [
        ({"answers": [{"text": "owl", "answer_start": 4}]}, '"owl" does not stand at offset 4'),
        ({"answers": []}, "answerable, but no answer is given"),
        ({"question": "  ", "is_impossible": True}, "the question is empty"),
        ({"id": 5, "is_impossible": True}, "has no id"),
    ],
)
def test_a_damaged_question_is_reported_and_left_out(tmp_path, qa, problem):
    loaded = load(write(tmp_path / "a.json", article(**qa)))
    assert loaded.questions == [] and problem in loaded.problems[0]


def test_an_id_that_occurs_twice_is_reported(tmp_path):
    value = article(is_impossible=True)
    value["data"] *= 2
    assert load(write(tmp_path / "a.json", value)).problems == ["1: this id occurs twice"]


def test_a_file_that_is_no_squad_is_an_error(tmp_path):
    with pytest.raises(TrainingError, match='list under "data"'):
        load(write(tmp_path / "a.json", {"rows": []}))
    (tmp_path / "cut.json.gz").write_bytes(gzip.compress(b"{}" * 1000)[:20])
    with pytest.raises(TrainingError, match="cannot be read as JSON"):
        load(tmp_path / "cut.json.gz")
    with pytest.raises(TrainingError, match="missing.json"):
        load(tmp_path / "missing.json")


def test_titles_are_held_out(tmp_path, squad_file):
    assert {q.title for q in load(squad_file, exclude_titles=["Rivers"]).questions} == {"Bridges"}
    assert {q.title for q in load(squad_file, only_titles=["Rivers"]).questions} == {"Rivers"}
