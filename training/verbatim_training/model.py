"""The reader's network: BERT with a question-answering head, written in few large operations.

Weights are kept in fp32; matrix products run in the compute type (bf16 on a CPU that has it, or on a GPU), layer
norms and softmax accumulate in fp32 inside PyTorch. On two CPU cores this is about twice as fast as the stock
implementation: queries, keys and values are one product, attention is two batched products, and dropout takes its masks
from a pool drawn once.
"""

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import nn

from .squad import TrainingError


@dataclass(frozen=True)
class ReaderConfig:
    vocab_size: int = 30522
    hidden_size: int = 384
    num_hidden_layers: int = 6
    num_attention_heads: int = 12
    intermediate_size: int = 1536
    max_position_embeddings: int = 512
    type_vocab_size: int = 2
    layer_norm_eps: float = 1e-12

    @staticmethod
    def from_file(path: Path) -> "ReaderConfig":
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw.get("model_type") != "bert" or raw.get("hidden_act", "gelu") != "gelu":
            raise TrainingError(f"{path}: expected a BERT network with gelu, got {raw.get('model_type')}")
        return ReaderConfig(**{name: raw[name] for name in ReaderConfig.__dataclass_fields__ if name in raw})

    def to_hugging_face(self) -> dict:
        return {
            "architectures": ["BertForQuestionAnswering"],
            "attention_probs_dropout_prob": 0.1,
            "hidden_act": "gelu",
            "hidden_dropout_prob": 0.1,
            "initializer_range": 0.02,
            "model_type": "bert",
            "pad_token_id": 0,
            "position_embedding_type": "absolute",
            **asdict(self),
        }


class DropoutPool:
    """Dropout masks cut out of one pool of Bernoulli draws: drawing afresh costs as much as a matrix product.

    `seed(n)` fixes every mask that follows, so that a resumed run drops what the unbroken run would have dropped.
    """

    def __init__(self, probability: float, size: int = 1 << 24):
        self.probability = probability
        self._size = size
        self._pool: torch.Tensor | None = None
        self._generator = torch.Generator()

    def seed(self, seed: int) -> None:
        self._generator.manual_seed(seed)

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        if self.probability == 0:
            return x
        if self._pool is None:
            generator = torch.Generator().manual_seed(0)
            kept = torch.rand(self._size, generator=generator) >= self.probability
            self._pool = (kept / (1 - self.probability)).to(x.dtype).to(x.device)
        if x.numel() >= self._size:
            raise TrainingError(f"dropout: a batch of {x.numel()} activations is larger than the pool; lower --batch-tokens")
        start = int(torch.randint(self._size - x.numel(), (1,), generator=self._generator))
        return x * self._pool[start : start + x.numel()].view_as(x)


class Layer(nn.Module):
    def __init__(self, config: ReaderConfig):
        super().__init__()
        hidden = config.hidden_size
        self.heads = config.num_attention_heads
        self.eps = config.layer_norm_eps
        self.qkv = nn.Linear(hidden, 3 * hidden)
        self.attention_out = nn.Linear(hidden, hidden)
        self.attention_norm = nn.LayerNorm(hidden, eps=config.layer_norm_eps)
        self.up = nn.Linear(hidden, config.intermediate_size)
        self.down = nn.Linear(config.intermediate_size, hidden)
        self.output_norm = nn.LayerNorm(hidden, eps=config.layer_norm_eps)

    def forward(self, x: torch.Tensor, bias: torch.Tensor, batch: int, dropout: DropoutPool) -> torch.Tensor:
        # x: (batch * length, hidden); bias: (batch, 1, 1, length), 0 or a large negative number.
        length, hidden = x.shape[0] // batch, x.shape[1]
        size = hidden // self.heads
        qkv = linear(x, self.qkv).view(batch, length, 3, self.heads, size).permute(2, 0, 3, 1, 4)
        q, k, v = (part.reshape(batch * self.heads, length, size) for part in (qkv[0] / math.sqrt(size), qkv[1], qkv[2]))
        scores = torch.bmm(q, k.transpose(1, 2)).view(batch, self.heads, length, length) + bias
        mixed = torch.bmm(scores.softmax(-1).view(batch * self.heads, length, length), v)
        mixed = mixed.view(batch, self.heads, length, size).transpose(1, 2).reshape(batch * length, hidden)
        x = norm(x + dropout(linear(mixed, self.attention_out)), self.attention_norm)
        return norm(x + dropout(linear(F.gelu(linear(x, self.up)), self.down)), self.output_norm)


def linear(x: torch.Tensor, layer: nn.Linear) -> torch.Tensor:
    return F.linear(x, layer.weight.to(x.dtype), layer.bias.to(x.dtype))


def norm(x: torch.Tensor, layer: nn.LayerNorm) -> torch.Tensor:
    return F.layer_norm(x, layer.normalized_shape, layer.weight.to(x.dtype), layer.bias.to(x.dtype), layer.eps)


class Reader(nn.Module):
    """Token ids and segment ids in; start and end logits out, both (batch, length) in fp32, padding at -inf-like."""

    def __init__(self, config: ReaderConfig, dropout: float = 0.1):
        super().__init__()
        self.config = config
        self.words = nn.Embedding(config.vocab_size, config.hidden_size)
        self.positions = nn.Embedding(config.max_position_embeddings, config.hidden_size)
        self.segments = nn.Embedding(config.type_vocab_size, config.hidden_size)
        self.embedding_norm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.num_hidden_layers))
        self.head = nn.Linear(config.hidden_size, 2)
        self.dropout = DropoutPool(dropout)
        self.compute_type = torch.bfloat16

    def forward(self, input_ids: torch.Tensor, segment_ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        # Both inputs: (batch, length); id 0 is padding.
        batch, length = input_ids.shape
        dropout = self.dropout if self.training else _identity
        x = self.words(input_ids) + self.positions.weight[:length] + self.segments(segment_ids)
        x = F.layer_norm(x, x.shape[-1:], self.embedding_norm.weight, self.embedding_norm.bias, self.embedding_norm.eps)
        x = dropout(x.to(self.compute_type)).view(batch * length, -1)
        padding = input_ids == 0
        bias = (padding.to(self.compute_type) * -30000.0)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, bias, batch, dropout)
        logits = F.linear(x.float(), self.head.weight, self.head.bias).view(batch, length, 2)
        logits = logits.masked_fill(padding[:, :, None], -30000.0)
        return logits[..., 0], logits[..., 1]

    def load_weights(self, path: Path) -> list[str]:
        """Loads Hugging Face weights (with or without the `bert.` prefix); returns the parts that were not there.

        Only the head may be missing: a base model has none, and it starts from its random values.
        Raises TrainingError if any other part is missing or has another shape.
        """
        try:
            given = {name.removeprefix("bert."): tensor.float() for name, tensor in load_file(path).items()}
        except Exception as error:
            raise TrainingError(f"{path}: cannot be read as safetensors: {error}") from error
        state, missing = {}, []
        for ours, theirs in self._names().items():
            parts = [given.get(name) for name in theirs]
            if any(part is None for part in parts):
                missing.append(ours)
                continue
            state[ours] = torch.cat(parts)
        lacking = [name for name in missing if not name.startswith("head.")]
        if lacking:
            raise TrainingError(f"{path}: these weights are missing: {', '.join(lacking[:5])}")
        try:
            self.load_state_dict(state, strict=False)
        except RuntimeError as error:
            raise TrainingError(f"{path}: {error}") from error
        return missing

    def save_weights(self, path: Path, dtype: torch.dtype = torch.float32) -> None:
        """Writes the weights under Hugging Face's names as safetensors."""
        state, out = self.state_dict(), {}
        for ours, theirs in self._names().items():
            for name, part in zip(theirs, state[ours].chunk(len(theirs))):
                out[name if name.startswith("qa_outputs") else f"bert.{name}"] = part.to(dtype).contiguous()
        path.parent.mkdir(parents=True, exist_ok=True)
        save_file(out, path, metadata={"format": "pt"})

    def _names(self) -> dict[str, list[str]]:
        """Our parameter → Hugging Face's, more than one where we keep several as one matrix."""
        names = {
            "words.weight": ["embeddings.word_embeddings.weight"],
            "positions.weight": ["embeddings.position_embeddings.weight"],
            "segments.weight": ["embeddings.token_type_embeddings.weight"],
        }
        for kind in ("weight", "bias"):
            names[f"embedding_norm.{kind}"] = [f"embeddings.LayerNorm.{kind}"]
            names[f"head.{kind}"] = [f"qa_outputs.{kind}"]
            for i in range(self.config.num_hidden_layers):
                theirs = f"encoder.layer.{i}"
                names[f"layers.{i}.qkv.{kind}"] = [f"{theirs}.attention.self.{n}.{kind}" for n in ("query", "key", "value")]
                names[f"layers.{i}.attention_out.{kind}"] = [f"{theirs}.attention.output.dense.{kind}"]
                names[f"layers.{i}.attention_norm.{kind}"] = [f"{theirs}.attention.output.LayerNorm.{kind}"]
                names[f"layers.{i}.up.{kind}"] = [f"{theirs}.intermediate.dense.{kind}"]
                names[f"layers.{i}.down.{kind}"] = [f"{theirs}.output.dense.{kind}"]
                names[f"layers.{i}.output_norm.{kind}"] = [f"{theirs}.output.LayerNorm.{kind}"]
        return names


def _identity(x: torch.Tensor) -> torch.Tensor:
    return x
