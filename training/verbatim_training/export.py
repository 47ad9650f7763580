"""`export`: the network as ONNX in fp32, fp16 and int8, laid out as the Hugging Face Hub has it."""

import io
import math
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
import torch.nn.functional as F
from onnxruntime.transformers.float16 import convert_float_to_float16

from .layout import PROFILE_FILE, TOKENIZER_FILES, WEIGHT_FILES, copy_files
from .model import Layer, Reader
from .quantize import quantize_activations_at_run_time
from .reading import window_inputs
from .squad import TrainingError
from .weights import load_model
from .windows import Window

# The last with which every runtime that is in use reads LayerNormalization.
OPSET = 17
INPUTS = ("input_ids", "attention_mask", "token_type_ids")
# Logits of fp32 ONNX may differ from PyTorch's by this much.
TOLERANCE = 1e-3


# What the initializers of one layer are called in ONNX; matrices are (in, out), as MatMul takes them.
LAYER_PARTS = ("query", "key", "value", "attention_out", "up", "down")


class _ExportedLayer(torch.nn.Module):
    def __init__(self, layer: Layer):
        super().__init__()
        self.heads = layer.heads
        size = layer.qkv.in_features // layer.heads
        parts = {
            **dict(zip(LAYER_PARTS, zip(layer.qkv.weight.chunk(3), layer.qkv.bias.chunk(3)))),
            **{name: (getattr(layer, name).weight, getattr(layer, name).bias) for name in LAYER_PARTS[3:]},
        }
        for name, (weight, bias) in parts.items():
            # The scale of attention goes into the query's weights.
            factor = 1 / math.sqrt(size) if name == "query" else 1.0
            self.register_parameter(f"{name}_weight", torch.nn.Parameter((weight.detach() * factor).T.contiguous()))
            self.register_parameter(f"{name}_bias", torch.nn.Parameter(bias.detach() * factor))
        self.attention_norm = layer.attention_norm
        self.output_norm = layer.output_norm

    def forward(self, x, bias):
        # (batch, heads, length, size) each
        query, key, value = (self._product(x, name).unflatten(-1, (self.heads, -1)).transpose(1, 2) for name in LAYER_PARTS[:3])
        mixed = (query @ key.transpose(-1, -2) + bias).softmax(-1) @ value
        x = self.attention_norm(x + self._product(mixed.transpose(1, 2).flatten(2), "attention_out"))
        return self.output_norm(x + self._product(F.gelu(self._product(x, "up")), "down"))

    def _product(self, x, name):
        return x @ getattr(self, f"{name}_weight") + getattr(self, f"{name}_bias")


class _Exported(torch.nn.Module):
    """The reader as the Hub's models are called: ids, mask and segments in, start and end logits out, all in fp32."""

    def __init__(self, reader: Reader):
        super().__init__()
        self.words, self.positions, self.segments = reader.words, reader.positions, reader.segments
        self.embedding_norm = reader.embedding_norm
        self.layers = torch.nn.ModuleList(_ExportedLayer(layer) for layer in reader.layers)
        self.head_weight = torch.nn.Parameter(reader.head.weight.detach().T.contiguous())
        self.head_bias = torch.nn.Parameter(reader.head.bias.detach())

    def forward(self, input_ids, attention_mask, token_type_ids):
        x = self.words(input_ids) + self.segments(token_type_ids) + self.positions.weight[: input_ids.shape[1]]
        x = self.embedding_norm(x)
        bias = (1.0 - attention_mask.float())[:, None, None, :] * -30000.0
        for layer in self.layers:
            x = layer(x, bias)
        return (x @ self.head_weight + self.head_bias).unbind(-1)


def export(model: Path, out: Path, dtypes: Sequence[str], samples: Sequence[Window] = ()) -> None:
    """Writes `onnx/…` of each dtype, the configuration and the tokenizer into `out`.

    Raises TrainingError if the fp32 network's logits are not PyTorch's.
    """
    reader = load_model(model)
    reader.compute_type = torch.float32
    (out / "onnx").mkdir(parents=True, exist_ok=True)
    copy_files(model, out, ("config.json", *TOKENIZER_FILES, PROFILE_FILE, "training.json"))
    network = trace(_Exported(reader), INPUTS)
    fp32 = out / WEIGHT_FILES["fp32"]
    onnx.save(network, fp32)
    difference = max((_difference(fp32, reader, window) for window in samples), default=0.0)
    if difference > TOLERANCE:
        raise TrainingError(f"{fp32}: logits differ from PyTorch's by {difference:.2g}")
    if "fp16" in dtypes:
        half = convert_float_to_float16(onnx.load(fp32), keep_io_types=True)
        del half.graph.value_info[:]
        onnx.save(half, out / WEIGHT_FILES["fp16"])
    if "q8" in dtypes:
        quantize_activations_at_run_time(fp32, out / WEIGHT_FILES["q8"])
    if "fp32" not in dtypes:
        fp32.unlink()
    for dtype in dtypes:
        path = out / WEIGHT_FILES[dtype]
        print(f"{dtype}: {path.stat().st_size / 1e6:.1f} MB -> {path}")


def trace(network: torch.nn.Module, input_names: Sequence[str]) -> onnx.ModelProto:
    """A network that takes the named inputs by position and gives start and end logits, as ONNX."""
    # Two rows and padding: an example without either would let the exporter drop the mask as a constant.
    ids = torch.arange(10, 34).reshape(2, 12)
    mask = torch.ones_like(ids)
    mask[1, 8:] = 0
    segments = torch.zeros_like(ids)
    segments[:, 5:] = 1
    example = {"input_ids": ids, "attention_mask": mask, "token_type_ids": segments}
    axes = {0: "batch_size", 1: "sequence_length"}
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        # The exporter announces its successor, which needs a package more and writes the same network.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            # In eval mode itself: the exporter puts the mode it finds back, and dropout would be on from then on.
            network.eval(),
            tuple(example[name] for name in input_names),
            buffer,
            dynamo=False,
            opset_version=OPSET,
            input_names=list(input_names),
            output_names=["start_logits", "end_logits"],
            dynamic_axes={name: axes for name in [*input_names, "start_logits", "end_logits"]},
        )
    return onnx.load_model_from_string(buffer.getvalue())


def _difference(path: Path, reader: Reader, window: Window) -> float:
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    inputs = window_inputs(window)
    ours = session.run(["start_logits", "end_logits"], inputs)
    with torch.inference_mode():
        theirs = reader.eval()(torch.from_numpy(inputs["input_ids"]), torch.from_numpy(inputs["token_type_ids"]))
    return max(float(np.abs(a - b.numpy()).max()) for a, b in zip(ours, theirs))
