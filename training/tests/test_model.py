import math

import pytest
import torch
from safetensors.torch import load_file, save_file

from verbatim_training.model import DropoutPool, Reader
from verbatim_training.squad import TrainingError
from verbatim_training.weights import average, grow, load_model


def inputs():
    ids = torch.randint(5, 100, (3, 20), generator=torch.Generator().manual_seed(1))
    ids[1, 14:] = 0
    segments = torch.zeros_like(ids)
    segments[:, 6:] = 1
    return ids, segments * (ids != 0)


def test_logits_are_those_of_hugging_face(model):
    transformers = pytest.importorskip("transformers")
    theirs = transformers.AutoModelForQuestionAnswering.from_pretrained(model, attn_implementation="eager").eval()
    ours = load_model(model).eval()
    ours.compute_type = torch.float32
    ids, segments = inputs()
    with torch.inference_mode():
        expected = theirs(input_ids=ids, attention_mask=(ids != 0).long(), token_type_ids=segments)
        start, end = ours(ids, segments)
    real = ids != 0
    assert torch.allclose(start[real], expected.start_logits[real], atol=1e-5)
    assert torch.allclose(end[real], expected.end_logits[real], atol=1e-5)


def test_padding_changes_nothing(model):
    reader = load_model(model).eval()
    reader.compute_type = torch.float32
    ids, segments = inputs()
    with torch.inference_mode():
        alone = reader(ids[1:2, :14], segments[1:2, :14])
        padded = reader(ids, segments)
    assert torch.allclose(alone[0][0], padded[0][1, :14], atol=1e-5)


def test_saved_weights_are_loaded_again(model, tmp_path):
    reader = load_model(model)
    reader.save_weights(tmp_path / "model.safetensors")
    assert {n: t.tolist() for n, t in load_file(tmp_path / "model.safetensors").items()} == {
        n: t.tolist() for n, t in load_file(model / "model.safetensors").items()
    }


def test_a_missing_layer_is_an_error_and_a_missing_head_is_not(model, tmp_path):
    (tmp_path / "config.json").write_bytes((model / "config.json").read_bytes())
    weights = load_file(model / "model.safetensors")
    save_file({n: t for n, t in weights.items() if not n.startswith("qa_outputs")}, tmp_path / "model.safetensors")
    assert isinstance(load_model(tmp_path, seed=3), Reader)
    save_file({n: t for n, t in weights.items() if "layer.1." not in n}, tmp_path / "model.safetensors")
    with pytest.raises(TrainingError, match="missing: layers.1"):
        load_model(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"cut")
    with pytest.raises(TrainingError, match="safetensors"):
        load_model(tmp_path)


def test_dropout_masks_follow_from_the_seed():
    pool = DropoutPool(0.25, 1 << 16)
    x = torch.ones(100, 100)
    pool.seed(5)
    first, second = pool(x), pool(x)
    pool.seed(5)
    assert torch.equal(first, pool(x)) and not torch.equal(first, second)
    assert math.isclose((first == 0).float().mean().item(), 0.25, abs_tol=0.02)
    assert math.isclose(first.mean().item(), 1, abs_tol=0.03)


def test_the_average_of_two_models_is_their_mean(model, tmp_path):
    other = load_model(model)
    with torch.no_grad():
        for parameter in other.parameters():
            parameter.add_(1)
    other.save_weights(tmp_path / "other/model.safetensors")
    (tmp_path / "other/config.json").write_bytes((model / "config.json").read_bytes())
    average([model, tmp_path / "other"], tmp_path / "mean")
    assert torch.allclose(load_model(tmp_path / "mean").words.weight, load_model(model).words.weight + 0.5)


def test_a_grown_model_repeats_layers_in_order(model, tmp_path):
    grow(model, 3, tmp_path / "deep")
    old, deep = load_model(model), load_model(tmp_path / "deep")
    assert [torch.equal(layer.up.weight, old.layers[i].up.weight) for layer, i in zip(deep.layers, (0, 0, 1))] == [True] * 3
    with pytest.raises(TrainingError, match="more than the 2"):
        grow(model, 2, tmp_path / "same")
