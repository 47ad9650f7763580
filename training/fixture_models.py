"""Tiny question-answering networks with random weights, and their export as the Hugging Face Hub lays models out."""

import copy
import logging
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.float16 import convert_float_to_float16
from transformers import (
    AutoModelForQuestionAnswering,
    BertConfig,
    DebertaV2Config,
    DistilBertConfig,
    ElectraConfig,
    MobileBertConfig,
    RobertaConfig,
    XLMRobertaConfig,
)

from verbatim_training.export import trace
from verbatim_training.layout import WEIGHT_FILES

SEED = 20240229
MAX_POSITIONS = 128

# Far above the usual 0.02: attention has to matter, and every token has to get logits of its own.
WEIGHT_STD = 0.2
HEAD_STD = 0.8
# MobileBERT has no layer norm: its last hidden states are several times as large.
MOBILEBERT_HEAD_STD = 0.2


_BERT_SIZES = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 64,
    "max_position_embeddings": MAX_POSITIONS,
}
# <pad> is 1, and positions count from the one after it.
_ROBERTA_SIZES = {
    **_BERT_SIZES,
    "max_position_embeddings": MAX_POSITIONS + 2,
    "type_vocab_size": 1,
    "bos_token_id": 0,
    "pad_token_id": 1,
    "eos_token_id": 2,
}


def config_of(name, vocabulary_size):
    return {
        "bert-uncased": lambda: BertConfig(vocab_size=vocabulary_size, **_BERT_SIZES),
        "bert-cased": lambda: BertConfig(vocab_size=vocabulary_size, **_BERT_SIZES),
        # MiniLM's 12 heads at a tenth of its width.
        "minilm": lambda: BertConfig(
            vocab_size=vocabulary_size,
            **(_BERT_SIZES | {"hidden_size": 36, "num_attention_heads": 12, "intermediate_size": 72}),
        ),
        "mobilebert": lambda: MobileBertConfig(
            vocab_size=vocabulary_size,
            **_BERT_SIZES,
            embedding_size=16,
            intra_bottleneck_size=16,
            num_feedforward_networks=2,
        ),
        "roberta": lambda: RobertaConfig(vocab_size=vocabulary_size, **_ROBERTA_SIZES),
        "distilbert": lambda: DistilBertConfig(
            vocab_size=vocabulary_size,
            dim=32,
            n_layers=2,
            n_heads=4,
            hidden_dim=64,
            max_position_embeddings=MAX_POSITIONS,
        ),
        "electra": lambda: ElectraConfig(vocab_size=vocabulary_size, embedding_size=16, **_BERT_SIZES),
        "xlm-roberta": lambda: XLMRobertaConfig(vocab_size=vocabulary_size, **_ROBERTA_SIZES),
        "deberta-v3": lambda: DebertaV2Config(
            vocab_size=vocabulary_size,
            **_BERT_SIZES,
            type_vocab_size=0,
            relative_attention=True,
            position_buckets=32,
            pos_att_type=["p2c", "c2p"],
            position_biased_input=False,
        ),
    }[name]()


def build(config):
    """The network with every parameter drawn anew, biases too: one lost in the export would not be seen at zero."""
    model = AutoModelForQuestionAnswering.from_config(config, attn_implementation="eager").eval()
    generator = torch.Generator().manual_seed(SEED)
    head_std = MOBILEBERT_HEAD_STD if config.model_type == "mobilebert" else HEAD_STD
    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            std = head_std if name.startswith("qa_outputs.") else WEIGHT_STD
            parameter.normal_(0, std, generator=generator)
            # LayerNorm.weight, or sa_layer_norm.weight in DistilBERT.
            if name.lower().replace("_", "").endswith("layernorm.weight"):
                parameter.add_(1)
        # As in training: MobileBERT shows each token its neighbours' embeddings, which no mask hides.
        for module in model.modules():
            if isinstance(module, torch.nn.Embedding) and module.padding_idx is not None:
                module.weight[module.padding_idx] = 0
    return model


class _Logits(torch.nn.Module):
    """Takes the inputs by position, as the exporter hands them over."""

    def __init__(self, model, input_names):
        super().__init__()
        self.model = model
        self.input_names = input_names

    def forward(self, *inputs):
        output = self.model(**dict(zip(self.input_names, inputs, strict=True)))
        return output.start_logits, output.end_logits


def export(model, input_names, folder):
    """Writes the three weight files."""
    network = trace(_Logits(model, input_names), input_names)
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    onnx.save(network, folder / WEIGHT_FILES["fp32"])
    half = convert_float_to_float16(copy.deepcopy(network), keep_io_types=True)
    _save(half, folder / WEIGHT_FILES["fp16"])
    _quantize(network, folder / WEIGHT_FILES["q8"])


def _quantize(network, file):
    # The quantizer advises preprocessing, which is for static quantization.
    logging.getLogger().setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as temporary:
        source = Path(temporary) / "model.onnx"
        onnx.save(network, source)
        quantize_dynamic(
            source, file, op_types_to_quantize=["MatMul", "Gemm"], per_channel=True, weight_type=QuantType.QInt8
        )
    _save(onnx.load(file), file)


def _save(network, file):
    """Leaves out the inferred shapes, which the runtime infers again: every folder is in the repository."""
    del network.graph.value_info[:]
    onnx.save(network, file)


def torch_logits(model, inputs):
    """(start, end) of a batch, as float32 arrays of shape (batch, sequence)."""
    with torch.no_grad():
        output = model(**{name: torch.tensor(values) for name, values in inputs.items()})
    return output.start_logits.numpy(), output.end_logits.numpy()


class OnnxNetwork:
    def __init__(self, file):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])

    def logits(self, inputs):
        feeds = {name: np.array(values, dtype=np.int64) for name, values in inputs.items()}
        return self._session.run(["start_logits", "end_logits"], feeds)
