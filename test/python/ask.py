"""Asks a server as an inference endpoint, by huggingface_hub. Prints the answers, each with the slice of the context that it names."""

import json
import sys

from huggingface_hub import InferenceClient

url, question, context = sys.argv[1:]
client = InferenceClient(model=url)


def shown(answer):
    return {"answer": answer.answer, "slice": context[answer.start : answer.end], "score": answer.score}


one = client.question_answering(question=question, context=context)
several = client.question_answering(question=question, context=context, top_k=3)
print(json.dumps({"one": shown(one), "several": [shown(answer) for answer in several]}))
