"""`golden`: what run_qa's rule makes of the embedded reader's logits, for the TypeScript tests to agree with."""

from pathlib import Path

from tokenizers import Tokenizer

from .layout import WEIGHT_FILES
from .reading import Network, onnx_network, read_all
from .squad import Question, read_json, write_json
from .windows import WindowBuilder, load_tokenizer

# Windows so short that whole documents take dozens.
LONG = {"maxSequenceLength": 128, "stride": 32}


def write_golden(model: Path, questions: Path, out: Path) -> None:
    """Every fifth question with its own paragraph, and four whole documents read in many short windows."""
    tokenizer, network = load_tokenizer(model), onnx_network(model / WEIGHT_FILES["q8"])
    articles = read_json(questions)["data"]
    asked = [
        Question(qa["id"], qa["question"], article["title"], paragraph["context"], ())
        for article in articles
        for paragraph in article["paragraphs"]
        for qa in paragraph["qas"]
    ]
    own = [{"id": question.id, **_run_qa(network, tokenizer, question, 384, 128)} for question in asked[::5]]
    long = []
    for article in articles[:12:3]:
        context = "\n\n".join(paragraph["context"] for paragraph in article["paragraphs"])
        text = next(qa["question"] for paragraph in article["paragraphs"] for qa in paragraph["qas"])
        question = Question("long", text, article["title"], context, ())
        result = _run_qa(network, tokenizer, question, LONG["maxSequenceLength"], LONG["stride"])
        long.append({"question": text, "context": context, **result})
    write_json(out, {"ownParagraph": own, "long": {**LONG, "cases": long}})


def _run_qa(network: Network, tokenizer: Tokenizer, question: Question, max_length: int, stride: int) -> dict:
    (reading,) = read_all(network, tokenizer, [question], max_length=max_length, stride=stride, progress=False)
    return {
        "text": reading.text,
        "start": reading.start,
        "end": reading.end,
        "score": round(reading.span_score, 4),
        "nullScore": round(reading.null_score, 4),
        "windows": sum(1 for _ in WindowBuilder(tokenizer, max_length, stride).windows(question)),
    }
