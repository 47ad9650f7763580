"""Writes test/fixtures/models and test/fixtures/tokenizers: tiny models of every kind, and what Python makes of them.

Each model folder is laid out as on the Hugging Face Hub. golden.json beside the weights holds the windows, offsets and
logits of the Python implementation, and the answer that run_qa's rule finds in them. Offsets are in code points.

    python training/make_fixtures.py [--only NAME] [--retrain-tokenizers]
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

import fixture_models
import fixture_tokenizers
from fixture_texts import ALPHABET_TEXTS, GOLDEN_PAIRS, HARD_STRINGS

ROOT = Path(__file__).resolve().parent.parent
MODELS = ROOT / "test/fixtures/models"
TOKENIZERS = ROOT / "test/fixtures/tokenizers"
DEFAULT_TOKENIZER = ROOT / "models/default/tokenizer.json"

MAX_SEQUENCE_LENGTH = 64
STRIDE = 16
MAX_ANSWER_LENGTH = 30
FP32_TOLERANCE = 1e-5

# Two best spans closer than this could change places on another processor.
LEAST_LEAD = 1e-4

# Name: tokenizer, its class in transformers, and whether the network tells segments apart.
ARCHITECTURES = {
    "bert-uncased": ("uncased", "BertTokenizer", True),
    "bert-cased": ("cased", "BertTokenizer", True),
    "minilm": ("uncased", "BertTokenizer", True),
    "mobilebert": ("uncased", "MobileBertTokenizer", True),
    "roberta": ("byte-level", "RobertaTokenizer", False),
    "distilbert": ("uncased", "DistilBertTokenizer", False),
    "electra": ("uncased", "ElectraTokenizer", True),
}
# Name: tokenizer, its class, the network's class. Kinds to be turned down by name, for which no weights are needed.
UNSUPPORTED = {
    "xlm-roberta": ("xlm-roberta", "XLMRobertaTokenizer", "XLMRobertaForQuestionAnswering"),
    "deberta-v3": ("deberta-v3", "DebertaV2Tokenizer", "DebertaV2ForQuestionAnswering"),
}
BERT_ROLES = {
    "cls_token": "[CLS]",
    "sep_token": "[SEP]",
    "pad_token": "[PAD]",
    "unk_token": "[UNK]",
    "mask_token": "[MASK]",
}
ROBERTA_ROLES = {
    "bos_token": "<s>",
    "eos_token": "</s>",
    "cls_token": "<s>",
    "sep_token": "</s>",
    "pad_token": "<pad>",
    "unk_token": "<unk>",
    "mask_token": "<mask>",
}
HARD_STRING_TOKENIZERS = ["bert-uncased", "bert-cased", "roberta"]


def main():
    names = [*ARCHITECTURES, *UNSUPPORTED]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=names, metavar="NAME", help=f"one folder of: {', '.join(names)}")
    parser.add_argument(
        "--retrain-tokenizers", action="store_true", help="train on the corpora as they are now, for all folders"
    )
    args = parser.parse_args()
    if args.only and args.retrain_tokenizers:
        parser.error("--retrain-tokenizers writes every folder, as folders share tokenizers; leave --only out")

    torch.set_num_threads(1)
    write_tokenizers(args.retrain_tokenizers)
    print(f"{'name':14}{'KB':>6}{'fp32':>11}{'fp16':>11}{'q8':>11}  (largest difference from PyTorch)")
    for name in names if args.only is None else [args.only]:
        if name in ARCHITECTURES:
            differences = write_model(name)
        else:
            write_unsupported(name)
            differences = {}
        size = sum(file.stat().st_size for file in (MODELS / name).rglob("*") if file.is_file())
        print(f"{name:14}{size / 1024:6.0f}" + "".join(f"{value:11.1e}" for value in differences.values()))
    write_hard_strings()


def write_tokenizers(retrain):
    """Trains what is missing. What is there stays, or every edit of the corpora would change all goldens."""
    trained = {}
    for name, (kind, *_) in (ARCHITECTURES | UNSUPPORTED).items():
        file = MODELS / name / "tokenizer.json"
        if file.exists() and not retrain:
            trained.setdefault(kind, file.read_text(encoding="utf-8"))
    for name, (kind, *_) in (ARCHITECTURES | UNSUPPORTED).items():
        if kind not in trained:
            trained[kind] = train(kind).to_str() + "\n"
        file = MODELS / name / "tokenizer.json"
        if retrain or not file.exists():
            write(file, trained[kind])


def train(kind):
    files = sorted((ROOT / "corpora").rglob("*.md"), key=lambda file: file.as_posix())
    texts = [file.read_text(encoding="utf-8") for file in files] + ALPHABET_TEXTS
    return {
        "uncased": lambda: fixture_tokenizers.train_word_piece(texts, lowercase=True),
        "cased": lambda: fixture_tokenizers.train_word_piece(texts, lowercase=False),
        "byte-level": lambda: fixture_tokenizers.train_byte_level(texts),
        "xlm-roberta": lambda: fixture_tokenizers.make_xlm_roberta(texts),
        "deberta-v3": lambda: fixture_tokenizers.make_deberta_v3(texts),
    }[kind]()


def write_model(name):
    """Returns the largest difference between PyTorch's logits and each weight file's."""
    kind, tokenizer_class, has_segments = ARCHITECTURES[name]
    folder = MODELS / name
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    input_names = ["input_ids", "attention_mask", *(["token_type_ids"] if has_segments else [])]
    model = fixture_models.build(fixture_models.config_of(name, tokenizer.get_vocab_size()))
    write_configs(folder, model.config, kind, tokenizer_class, type(model).__name__)
    fixture_models.export(model, input_names, folder)

    pairs, read = [], []
    for question, context in GOLDEN_PAIRS:
        windows = encode_windows(tokenizer, question, context)
        logits = [fixture_models.torch_logits(model, inputs_of([window], input_names)) for window in windows]
        logits = [(start[0], end[0]) for start, end in logits]
        pairs.append(golden_pair(question, context, windows, logits, has_segments))
        read += zip(windows, logits, strict=True)
    assert sum(len(pair["windows"]) >= 3 for pair in pairs) >= 4, f"{name}: too few long contexts"
    write_golden(folder / "golden.json", pairs)

    differences = {}
    for dtype, file in fixture_models.WEIGHT_FILES.items():
        network = fixture_models.OnnxNetwork(folder / file)
        differences[dtype] = max(
            difference([row[0] for row in network.logits(inputs_of([window], input_names))], expected)
            for window, expected in read
        )
        if dtype == "fp32":
            batch = network.logits(inputs_of([window for window, _ in read], input_names))
            rows = zip(*batch, read, strict=True)
            padded = max(difference((start, end), expected) for start, end, (_, expected) in rows)
            assert max(padded, differences[dtype]) <= FP32_TOLERANCE, (
                f"{name}: fp32 is off by {differences[dtype]:.1e}, padded in a batch by {padded:.1e}"
            )
    return differences


def write_unsupported(name):
    kind, tokenizer_class, architecture = UNSUPPORTED[name]
    tokenizer = Tokenizer.from_file(str(MODELS / name / "tokenizer.json"))
    config = fixture_models.config_of(name, tokenizer.get_vocab_size())
    write_configs(MODELS / name, config, kind, tokenizer_class, architecture)


def write_configs(folder, config, kind, tokenizer_class, architecture):
    config.architectures = [architecture]
    config.dtype = "float32"
    write(folder / "config.json", config.to_json_string())
    settings = {"tokenizer_class": tokenizer_class, "model_max_length": fixture_models.MAX_POSITIONS}
    if kind in ("uncased", "cased"):
        settings |= {"do_lower_case": kind == "uncased", "strip_accents": None, "tokenize_chinese_chars": True}
    if kind == "byte-level":
        settings |= {"add_prefix_space": False, "trim_offsets": True}
    settings |= ROBERTA_ROLES if kind in ("byte-level", "xlm-roberta") else BERT_ROLES
    write(folder / "tokenizer_config.json", json.dumps(settings, indent=2) + "\n")


@dataclass(frozen=True)
class Window:
    """`[CLS] question [SEP] slice of the context [SEP]`, one entry a token."""

    ids: list[int]
    type_ids: list[int]
    # Code-point range in the context; None for a token outside it.
    offsets: list[list[int] | None]


def encode_windows(tokenizer, question, context):
    """As few windows as cover the context, neighbours sharing STRIDE tokens.

    These are the windows of truncation="only_second" with overflowing tokens in `tokenizers` 0.22.2 and 0.23.3, but cut
    here: 0.23.2 stops reading the context once one window is full, and most of the overflow is missing.
    """
    encoding = tokenizer.encode(question, context)
    inside = [position for position, sequence in enumerate(encoding.sequence_ids) if sequence == 1]
    first, last = inside[0], inside[-1] + 1
    capacity = MAX_SEQUENCE_LENGTH - (len(encoding.ids) - len(inside))
    windows = []
    for start in range(first, last, capacity - STRIDE):
        stop = min(start + capacity, last)
        windows.append(
            Window(
                ids=encoding.ids[:first] + encoding.ids[start:stop] + encoding.ids[last:],
                type_ids=encoding.type_ids[:first] + encoding.type_ids[start:stop] + encoding.type_ids[last:],
                offsets=[None] * first
                + [list(offset) for offset in encoding.offsets[start:stop]]
                + [None] * (len(encoding.ids) - last),
            )
        )
        if stop == last:
            break
    return windows


def inputs_of(windows, input_names):
    """Rows padded with zeros to one length: the mask has to hide whatever token stands there."""
    length = max(len(window.ids) for window in windows)
    rows = {
        "input_ids": lambda window: window.ids,
        "attention_mask": lambda window: [1] * len(window.ids),
        "token_type_ids": lambda window: window.type_ids,
    }
    return {
        name: [rows[name](window) + [0] * (length - len(window.ids)) for window in windows] for name in input_names
    }


def difference(logits, expected):
    """Largest absolute difference, padding aside."""
    return max(float(np.abs(got[: len(want)] - want).max()) for got, want in zip(logits, expected, strict=True))


def golden_pair(question, context, windows, logits, has_segments):
    records, spans, null_score = [], [], float("inf")
    for window, (start, end) in zip(windows, logits, strict=True):
        records.append(
            {
                "inputIds": window.ids,
                "tokenTypeIds": window.type_ids if has_segments else None,
                "offsets": window.offsets,
                "startLogits": rounded(start),
                "endLogits": rounded(end),
            }
        )
        null_score = min(null_score, float(start[0]) + float(end[0]))
        spans += spans_of(window.offsets, start, end)
    # run_qa: the highest score of any window; equal scores go to the earlier, then to the shorter span.
    spans.sort(key=lambda span: (-span[0], span[1], span[2] - span[1]))
    score, begin, finish = spans[0]
    lead = next((score - other for other, *place in spans if place != [begin, finish]), float("inf"))
    assert lead > LEAST_LEAD, f"two spans of {question!r} are as good as each other: change SEED"
    best = {"text": context[begin:finish], "start": begin, "end": finish, "score": round(score, 6)}
    return {
        "question": question,
        "context": context,
        "windows": records,
        "best": best,
        "nullScore": round(null_score, 6),
    }


def spans_of(offsets, start, end):
    """Yields (score, start, end) of every span of at most MAX_ANSWER_LENGTH context tokens."""
    for i, first in enumerate(offsets):
        for j in range(i, min(i + MAX_ANSWER_LENGTH, len(offsets))):
            if first is not None and offsets[j] is not None:
                yield float(start[i]) + float(end[j]), first[0], offsets[j][1]


def rounded(logits):
    return [round(float(value), 6) + 0.0 for value in logits]


def write_golden(file, pairs):
    """One line a window, so that a change shows where it is."""
    lines = []
    for pair in pairs:
        windows = ",\n".join(f"   {compact(window)}" for window in pair["windows"])
        rest = compact({"best": pair["best"], "nullScore": pair["nullScore"]})
        head = compact({"question": pair["question"], "context": pair["context"]})
        lines.append(f'  {head[:-1]},"windows":[\n{windows}\n  ],{rest[1:]}')
    tail = compact(
        {"maxSequenceLength": MAX_SEQUENCE_LENGTH, "stride": STRIDE, "maxAnswerLength": MAX_ANSWER_LENGTH}
    )
    write(file, '{"pairs":[\n' + ",\n".join(lines) + f"\n],{tail[1:]}\n")


def write_hard_strings():
    assert len(HARD_STRINGS) >= 320
    write_lines(TOKENIZERS / "hard-strings.json", HARD_STRINGS)
    files = {name: MODELS / name / "tokenizer.json" for name in HARD_STRING_TOKENIZERS}
    for name, file in (files | {"default": DEFAULT_TOKENIZER}).items():
        tokenizer = Tokenizer.from_file(str(file))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        encodings = [tokenizer.encode(text, add_special_tokens=False) for text in HARD_STRINGS]
        write_lines(TOKENIZERS / f"{name}.json", [{"ids": e.ids, "offsets": e.offsets} for e in encodings])


def write_lines(file, items):
    write(file, "[\n" + ",\n".join(compact(item) for item in items) + "\n]\n")


def compact(value):
    """ASCII only: raw control and direction characters would not survive every editor."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def write(file, text):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
