"""Reads questions with a network and finds each one's best span and null score, by run_qa's rule."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from .model import Reader
from .squad import Question
from .windows import Window, WindowBuilder

N_BEST = 20
MAX_ANSWER_LENGTH = 30

# Windows of like length in, start and end logits of each window out.
Network = Callable[[Sequence[Window]], list[tuple[np.ndarray, np.ndarray]]]


@dataclass(frozen=True)
class Reading:
    text: str
    start: int  # code points in the context
    end: int
    span_score: float
    null_score: float

    @property
    def score_difference(self) -> float:
        """null score − best span score: no answer iff above the threshold."""
        return self.null_score - self.span_score


def read_all(
    network: Network,
    tokenizer: Tokenizer,
    questions: Sequence[Question],
    *,
    max_length: int = 384,
    stride: int = 128,
    batch_tokens: int = 6144,
    progress: bool = True,
) -> list[Reading]:
    """One reading a question, in the questions' order."""
    builder = WindowBuilder(tokenizer, max_length, stride)
    windows = [(i, window) for i, question in enumerate(questions) for window in builder.windows(question)]
    best: list[tuple[float, int, int] | None] = [None] * len(questions)
    null = [float("inf")] * len(questions)
    began = printed = time.monotonic()
    done = 0
    for chunk in _chunks(windows, batch_tokens):
        for (i, window), (start, end) in zip(chunk, network([window for _, window in chunk])):
            null[i] = min(null[i], float(start[0]) + float(end[0]))
            candidate = best_span(window, start, end)
            if candidate is not None and (best[i] is None or candidate[0] > best[i][0]):
                best[i] = candidate
        done += len(chunk)
        now = time.monotonic()
        if progress and (now - printed > 15 or done == len(windows)):
            printed = now
            left = (now - began) / done * (len(windows) - done)
            print(f"\rread {done} of {len(windows)} windows, {left:.0f} s left ", end="", file=sys.stderr, flush=True)
    if progress:
        print(file=sys.stderr)
    return [_reading(question, best[i], null[i]) for i, question in enumerate(questions)]


def _reading(question: Question, best: tuple[float, int, int] | None, null: float) -> Reading:
    score, start, end = best if best is not None else (float("-inf"), 0, 0)
    return Reading(question.context[start:end], start, end, score, null)


def best_span(window: Window, start: np.ndarray, end: np.ndarray) -> tuple[float, int, int] | None:
    """(span score, start, end in code points) of the best pair of the 20 best starts and the 20 best ends."""
    first, last = window.context_start, window.context_start + len(window.offsets)
    starts = np.argsort(start, kind="stable")[: -N_BEST - 1 : -1]
    ends = np.argsort(end, kind="stable")[: -N_BEST - 1 : -1]
    best = None
    for i in starts[(starts >= first) & (starts < last)]:
        reach = ends[(ends >= i) & (ends < min(last, i + MAX_ANSWER_LENGTH))]
        if len(reach) == 0:
            continue
        j = reach[np.argmax(end[reach])]
        score = float(start[i]) + float(end[j])
        if best is None or score > best[0]:
            best = (score, window.offsets[i - first][0], window.offsets[j - first][1])
    return best


def _chunks(windows: list[tuple[int, Window]], batch_tokens: int) -> Iterator[list[tuple[int, Window]]]:
    chunk: list[tuple[int, Window]] = []
    for item in sorted(windows, key=lambda pair: len(pair[1].input_ids)):
        if chunk and (len(chunk) + 1) * len(item[1].input_ids) > batch_tokens:
            yield chunk
            chunk = []
        chunk.append(item)
    if chunk:
        yield chunk


def torch_network(model: Reader) -> Network:
    """Reads with PyTorch in the model's compute type, windows of a call in one batch."""
    model.eval()

    def read(windows: Sequence[Window]) -> list[tuple[np.ndarray, np.ndarray]]:
        length = max(len(window.input_ids) for window in windows)
        ids, segments = (torch.zeros(len(windows), length, dtype=torch.int64) for _ in range(2))
        for row, window in enumerate(windows):
            ids[row, : len(window.input_ids)] = torch.tensor(window.input_ids)
            segments[row, window.segment_start : len(window.input_ids)] = 1
        with torch.inference_mode():
            start, end = (logits.float().numpy() for logits in model(ids, segments))
        return [(start[i, : len(w.input_ids)], end[i, : len(w.input_ids)]) for i, w in enumerate(windows)]

    return read


def window_inputs(window: Window) -> dict[str, np.ndarray]:
    """What an ONNX network is given for one window, each of shape (1, length)."""
    ids = np.array([window.input_ids], dtype=np.int64)
    segments = np.zeros_like(ids)
    segments[0, window.segment_start :] = 1
    return {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": segments}


def onnx_network(path: Path) -> Network:
    """Reads with ONNX Runtime, one window a run, as the product does: int8 activations depend on batch mates."""
    import onnxruntime

    session = onnxruntime.InferenceSession(
        str(path), providers=["CPUExecutionProvider"], disabled_optimizers=["SkipLayerNormFusion"]
    )

    def read(windows: Sequence[Window]) -> list[tuple[np.ndarray, np.ndarray]]:
        logits = []
        for window in windows:
            start, end = session.run(["start_logits", "end_logits"], window_inputs(window))
            logits.append((start[0], end[0]))
        return logits

    return read
