"""ONNX Runtime on the int8 weights with run_qa's rule, one window a run: onnxruntime_int8.py MODEL_FOLDER THRESHOLD."""

import os
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from serve import serve

MAX_LENGTH = 384
STRIDE = 128
N_BEST = 20
MAX_ANSWER_LENGTH = 30

folder, threshold = Path(sys.argv[1]), float(sys.argv[2])
tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
tokenizer.no_padding()
tokenizer.enable_truncation(MAX_LENGTH, stride=STRIDE, strategy="only_second")
options = onnxruntime.SessionOptions()
if os.environ["BENCH_THREADS"] == "one":
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
options.log_severity_level = 3
session = onnxruntime.InferenceSession(
    str(folder / "onnx/model_quantized.onnx"), options, providers=["CPUExecutionProvider"]
)
input_names = [tensor.name for tensor in session.get_inputs()]


def best_span(start, end, context):
    """The best pair of the 20 best starts and the 20 best ends in the context, as (score, first token, last token)."""
    starts = np.argsort(start)[: -N_BEST - 1 : -1]
    ends = np.argsort(end)[: -N_BEST - 1 : -1]
    lengths = ends[None, :] - starts[:, None] + 1  # (start, end)
    valid = context[starts][:, None] & context[ends][None, :] & (lengths >= 1) & (lengths <= MAX_ANSWER_LENGTH)
    scores = np.where(valid, start[starts][:, None] + end[ends][None, :], -np.inf)
    i, j = divmod(int(scores.argmax()), len(ends))
    return float(scores[i, j]), starts[i], ends[j]


def read(question, passage):
    """The passage's (null score − best score, text of the best span)."""
    encoding = tokenizer.encode(question, passage)
    null, best, text = np.inf, -np.inf, ""
    for window in [encoding, *encoding.overflowing]:
        inputs = {
            "input_ids": window.ids,
            "attention_mask": window.attention_mask,
            "token_type_ids": window.type_ids,
        }
        start, end = session.run(
            ["start_logits", "end_logits"],
            {name: np.array([inputs[name]], dtype=np.int64) for name in input_names},
        )
        null = min(null, float(start[0, 0] + end[0, 0]))
        context = np.array([sequence == 1 for sequence in window.sequence_ids])
        score, first, last = best_span(start[0], end[0], context)
        if score > best:
            best, text = score, passage[window.offsets[first][0] : window.offsets[last][1]]
    return null - best, text


def answer(question, passages):
    difference, text = min((read(question, passage) for passage in passages), key=lambda one: one[0])
    return "" if difference > threshold else text


serve(answer, ["onnxruntime", "tokenizers"])
