"""Haystack's extractive reader, default settings: haystack_reader.py MODEL_FOLDER. All passages of a question in one call."""

import os
import sys

import torch
from haystack import Document
from haystack.utils import ComponentDevice
from haystack_integrations.components.readers.transformers import TransformersExtractiveReader

from serve import serve

if os.environ["BENCH_THREADS"] == "one":
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
reader = TransformersExtractiveReader(
    sys.argv[1],
    device=ComponentDevice.from_str("cpu"),
    # The file may hold halves.
    model_kwargs={"dtype": torch.float32},
)
reader.warm_up()


def answer(question, passages):
    result = reader.run(query=question, documents=[Document(content=passage) for passage in passages])
    return result["answers"][0].data or ""


serve(answer, ["haystack-ai", "transformers-haystack", "transformers", "torch"])
