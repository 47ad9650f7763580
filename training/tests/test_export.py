import hashlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from conftest import questions

from verbatim_training.card import write_card
from verbatim_training.export import export
from verbatim_training.layout import WEIGHT_FILES
from verbatim_training.manifest import write_manifest
from verbatim_training.quantize import fix_activation_scales
from verbatim_training.reading import onnx_network, read_all, torch_network, window_inputs
from verbatim_training.squad import TrainingError
from verbatim_training.weights import load_model, unpack
from verbatim_training.windows import WindowBuilder, load_tokenizer

TRAINING = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def windows(model):
    builder = WindowBuilder(load_tokenizer(model), 160, 32)
    return [window for question in questions() for window in builder.windows(question)]


@pytest.fixture(scope="module")
def exported(model, windows, tmp_path_factory):
    out = tmp_path_factory.mktemp("exported")
    export(model, out, ["fp32", "fp16", "q8"], windows)
    return out


def test_fp32_reads_as_pytorch_does(model, exported):
    reader = load_model(model)
    reader.compute_type = torch.float32
    tokenizer = load_tokenizer(model)
    ours = read_all(torch_network(reader), tokenizer, questions(), max_length=60, stride=10, progress=False)
    theirs = read_all(
        onnx_network(exported / WEIGHT_FILES["fp32"]), tokenizer, questions(), max_length=60, stride=10, progress=False
    )
    for a, b in zip(ours, theirs):
        assert (a.text, a.start, a.end) == (b.text, b.start, b.end)
        assert abs(a.span_score - b.span_score) < 1e-4 and abs(a.null_score - b.null_score) < 1e-4


@pytest.mark.parametrize(("dtype", "tolerance"), [("fp16", 0.01), ("q8", 0.2)])
def test_smaller_numbers_stay_near_fp32(exported, windows, dtype, tolerance):
    for window, (start, end) in zip(windows, onnx_network(exported / WEIGHT_FILES["fp32"])(windows)):
        ((near_start, near_end),) = onnx_network(exported / WEIGHT_FILES[dtype])([window])
        assert np.abs(near_start - start).max() < tolerance and np.abs(near_end - end).max() < tolerance


def test_fixed_scales_do_not_depend_on_batch_mates(exported, windows, tmp_path):
    fix_activation_scales(exported / WEIGHT_FILES["q8"], windows, tmp_path / "static.onnx")
    session = onnxruntime.InferenceSession(str(tmp_path / "static.onnx"), providers=["CPUExecutionProvider"])
    one, other = (window_inputs(window) for window in windows[:2])
    length = max(one["input_ids"].shape[1], other["input_ids"].shape[1])
    both = {
        name: np.concatenate([np.pad(part[name], ((0, 0), (0, length - part[name].shape[1]))) for part in (one, other)])
        for name in one
    }
    alone, together = session.run(None, one)[0][0], session.run(None, both)[0][0]
    assert np.array_equal(alone, together[: len(alone)])


def test_int8_weights_can_be_trained_on(model, exported, tmp_path):
    unpack(exported, tmp_path)
    before, after = load_model(model).state_dict(), load_model(tmp_path).state_dict()
    for name, tensor in before.items():
        assert torch.allclose(after[name], tensor, atol=float(tensor.abs().max()) / 100), name
    (tmp_path / "model.safetensors").unlink()
    with pytest.raises(TrainingError, match="neither"):
        load_model(tmp_path)


def test_the_manifest_describes_the_files_and_the_card_the_manifest(exported, tmp_path):
    manifest = write_manifest(exported, {"id": "tiny", "licence": "MIT", "source": "random weights"})
    q8 = exported / WEIGHT_FILES["q8"]
    assert manifest["files"][WEIGHT_FILES["q8"]] == {
        "bytes": q8.stat().st_size,
        "sha256": hashlib.sha256(q8.read_bytes()).hexdigest(),
    }
    assert "model.safetensors" not in manifest["files"]
    (tmp_path / "limits.md").write_text("It knows nothing.")
    figures = {"dataset": "two paragraphs", "dtype": "q8", "exact": 1.0, "f1": 2.5, "NoAns_exact": 3.0, "NoAns_f1": 3.0}
    write_card(exported, {"figures": figures}, tmp_path / "limits.md")
    card = (exported / "README.md").read_text()
    assert "# Model card: tiny" in card and "| 2.50 |" in card and "It knows nothing." in card
    assert json.loads((exported / "manifest.json").read_text())["figures"] == figures


def test_commands_say_what_is_wrong(exported, squad_file):
    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "verbatim_training", *map(str, arguments)], cwd=TRAINING, capture_output=True, text=True
        )

    result = run("evaluate", "--model", exported, "--data", "absent.json")
    assert result.returncode == 1 and "absent.json" in result.stderr and "Traceback" not in result.stderr
    (exported / WEIGHT_FILES["fp16"]).unlink()
    result = run("evaluate", "--model", exported, "--data", squad_file, "--dtype", "fp16")
    assert result.returncode == 1 and "--dtype fp16" in result.stderr
    result = run("evaluate", "--model", exported, "--data", squad_file, "--by-question-word", "--perturb", "typing-error")
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["total"] == len(questions())
