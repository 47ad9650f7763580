import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from verbatim_training.squad import TrainingError
from verbatim_training.train import Run, TrainingSettings

TRAINING = Path(__file__).resolve().parent.parent


def command(name, prepared, model, out, *more):
    return [
        sys.executable, "-m", "verbatim_training", name, "--data", str(prepared), "--init", str(model), "--out", str(out),
        "--epochs", "150", "--learning-rate", "2e-3", "--batch-tokens", "200", "--average-from", "0.5", "--threads", "1",
        "--checkpoint-minutes", "0.001", *more,
    ]  # fmt: skip


def run(*arguments):
    return subprocess.run(arguments, cwd=TRAINING, capture_output=True, text=True)


def same(one: Path, other: Path) -> bool:
    a, b = load_file(one), load_file(other)
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


@pytest.fixture(scope="module")
def whole(prepared, model, tmp_path_factory):
    out = tmp_path_factory.mktemp("run")
    result = run(*command("train", prepared, model, out))
    assert result.returncode == 0, result.stderr
    return out, result.stdout


def test_training_learns_the_questions_and_says_how_fast(whole):
    out, printed = whole
    assert "tokens/s" in printed and "left" in printed
    loss = float(printed.strip().splitlines()[-1].split("loss ")[1].split()[0])
    assert loss < 1.0, printed
    training = json.loads((out / "training.json").read_text())
    assert training["command"].startswith("python -m verbatim_training train") and training["sources"][0]["questions"] == 11
    assert not same(out / "model.safetensors", out / "averaged/model.safetensors")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_was_ended_goes_on_to_the_same_result(whole, prepared, model, tmp_path, number):
    started = subprocess.Popen(command("train", prepared, model, tmp_path), cwd=TRAINING, stdout=subprocess.PIPE, text=True)
    while not (tmp_path / "state/state.json").exists() and started.poll() is None:
        time.sleep(0.01)
    time.sleep(0.5)
    os.kill(started.pid, number)
    assert started.wait() == (-signal.SIGKILL if number == signal.SIGKILL else 130)
    assert not (tmp_path / "model.safetensors").exists()
    again = run(*command("train", prepared, model, tmp_path))
    assert again.returncode == 0, again.stderr
    assert "goes on after step" in again.stdout
    assert same(tmp_path / "model.safetensors", whole[0] / "model.safetensors")
    assert same(tmp_path / "averaged/model.safetensors", whole[0] / "averaged/model.safetensors")


def test_a_run_is_not_resumed_with_other_settings(whole, prepared, model):
    result = run(*command("train", prepared, model, whole[0], "--seed", "2"))
    assert result.returncode == 1
    assert "was made with seed 1, got 2" in result.stderr


def test_every_loss_and_setting_trains(prepared, model, tmp_path):
    result = run(
        *command("distil", prepared, model, tmp_path, "--teachers", str(model), str(model), "--teacher-weight", "0.5"),
        "--shared-loss", "0.5", "--consistency-loss", "1", "--layer-decay", "0.9", "--freeze-embeddings", "--epochs", "2",
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    before, after = load_file(model / "model.safetensors"), load_file(tmp_path / "model.safetensors")
    assert torch.equal(before["bert.embeddings.word_embeddings.weight"], after["bert.embeddings.word_embeddings.weight"])
    assert not torch.equal(before["qa_outputs.weight"], after["qa_outputs.weight"])


def test_what_is_not_there_is_named(prepared, model, tmp_path):
    with pytest.raises(TrainingError, match="has no config.json"):
        Run(TrainingSettings(data=str(prepared), init=str(tmp_path)), tmp_path / "out", 60, "cpu")
    with pytest.raises(TrainingError, match="gives no step"):
        Run(TrainingSettings(data=str(prepared), init=str(model), epochs=0), tmp_path / "out", 60, "cpu")
