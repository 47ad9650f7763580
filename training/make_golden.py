"""Writes test/fixtures/golden/run-qa.json: what run_qa's rule makes of the embedded reader's logits.

Python's own tokenizer, ONNX Runtime and span search, on questions of the sample corpus with their own paragraphs, and
on whole documents read in many short windows.

    python training/make_golden.py
"""

import json
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

ROOT = Path(__file__).resolve().parent.parent
MODEL = ROOT / "models/default"
QUESTIONS = ROOT / "corpora/help-centre.questions.json"
OUT = ROOT / "test/fixtures/golden/run-qa.json"

N_BEST = 20
MAX_ANSWER_LENGTH = 30

tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
session = onnxruntime.InferenceSession(
    str(MODEL / "onnx/model_quantized.onnx"),
    providers=["CPUExecutionProvider"],
    # As the package runs it: another order of additions rounds int8 activations otherwise.
    disabled_optimizers=["SkipLayerNormFusion"],
)
CLS, SEP = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")


def windows(question, context, max_length, stride):
    """Yields (input ids, position of the first context token, offsets of the context tokens)."""
    question_ids = tokenizer.encode(question, add_special_tokens=False).ids
    encoding = tokenizer.encode(context, add_special_tokens=False)
    capacity = max_length - len(question_ids) - 3
    first = 0
    while True:
        ids = encoding.ids[first : first + capacity]
        yield [CLS, *question_ids, SEP, *ids, SEP], len(question_ids) + 2, encoding.offsets[first : first + capacity]
        if first + capacity >= len(encoding.ids):
            return
        first += capacity - stride


def best_of_window(start, end, first, offsets):
    """Valid pairs of the 20 best starts and the 20 best ends, as (score, start, end) in code points."""
    last = first + len(offsets)
    for i in np.argsort(start)[: -N_BEST - 1 : -1]:
        for j in np.argsort(end)[: -N_BEST - 1 : -1]:
            if first <= i <= j < last and j - i + 1 <= MAX_ANSWER_LENGTH:
                yield float(start[i]) + float(end[j]), offsets[i - first][0], offsets[j - first][1]


def run_qa(question, context, max_length, stride):
    null, best, count = float("inf"), None, 0
    for ids, first, offsets in windows(question, context, max_length, stride):
        input_ids = np.array([ids])
        segment_ids = np.zeros_like(input_ids)
        segment_ids[0, first:] = 1
        start, end = session.run(
            ["start_logits", "end_logits"],
            {"input_ids": input_ids, "attention_mask": np.ones_like(input_ids), "token_type_ids": segment_ids},
        )
        null = min(null, float(start[0, 0]) + float(end[0, 0]))
        for candidate in best_of_window(start[0], end[0], first, offsets):
            if best is None or candidate[0] > best[0]:
                best = candidate
        count += 1
    score, begin, finish = best
    return {
        "text": context[begin:finish],
        "start": begin,
        "end": finish,
        "score": round(score, 4),
        "nullScore": round(null, 4),
        "windows": count,
    }


def main():
    articles = json.loads(QUESTIONS.read_text(encoding="utf-8"))["data"]
    asked = [(p["context"], q) for a in articles for p in a["paragraphs"] for q in p["qas"]]
    own = [{"id": q["id"], **run_qa(q["question"], context, 384, 128)} for context, q in asked[::5]]
    long = []
    for article in articles[:12:3]:
        context = "\n\n".join(p["context"] for p in article["paragraphs"])
        question = next(q["question"] for p in article["paragraphs"] for q in p["qas"])
        long.append({"question": question, "context": context, **run_qa(question, context, 128, 32)})
    golden = {"ownParagraph": own, "long": {"maxSequenceLength": 128, "stride": 32, "cases": long}}
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(golden, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


main()
