"""The question-answering pipeline of transformers, default settings but for abstention: transformers_pipeline.py MODEL_FOLDER.

Passages are scored apart; of the answers to all of them the one with the highest score is taken.
"""

import os
import sys

import torch
from transformers import pipeline

from serve import serve

if os.environ["BENCH_THREADS"] == "one":
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
# The file may hold halves.
reader = pipeline("question-answering", model=sys.argv[1], device="cpu", dtype=torch.float32)


def answer(question, passages):
    found = reader(
        question=[question] * len(passages), context=passages, handle_impossible_answer=True
    )
    found = [found] if isinstance(found, dict) else found
    return max(found, key=lambda one: one["score"])["answer"]


serve(answer, ["transformers", "torch"])
