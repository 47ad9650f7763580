"""Haystack's extractive reader as a pipeline that Hayhooks serves at POST /reader/run."""

import os

import torch
from hayhooks import BasePipelineWrapper
from haystack import Document, Pipeline
from haystack.utils import ComponentDevice
from haystack_integrations.components.readers.transformers import TransformersExtractiveReader


class PipelineWrapper(BasePipelineWrapper):
    def setup(self) -> None:
        reader = TransformersExtractiveReader(
            os.environ["BENCH_MODEL"],
            device=ComponentDevice.from_str("cpu"),
            # The file may hold halves.
            model_kwargs={"dtype": torch.float32},
        )
        reader.warm_up()
        self.pipeline = Pipeline()
        self.pipeline.add_component("reader", reader)

    def run_api(self, question: str, passages: list[dict[str, str]]) -> list[dict]:
        documents = [Document(content=passage["text"], meta={"title": passage["title"]}) for passage in passages]
        answers = self.pipeline.run({"reader": {"query": question, "documents": documents}})["reader"]["answers"]
        return [{"answer": answer.data, "score": answer.score} for answer in answers]
