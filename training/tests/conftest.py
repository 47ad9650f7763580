"""A reader of two narrow layers with random weights, and a few questions on two paragraphs."""

from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

from verbatim_training.model import Reader, ReaderConfig
from verbatim_training.squad import Answer, Question, dump
from verbatim_training.weights import write_model

VOCABULARY = 300

PARAGRAPHS = {
    "Rivers": [
        "The Aller rises near Helmstedt and joins the Weser at Verden. It is 263 kilometres long.",
        "The Weser begins at Münden, where the Fulda and the Werra meet. Barges carry gravel to Bremen.",
    ],
    "Bridges": [
        "The Old Bridge was built in 1788 of red sandstone. It replaced a wooden bridge that ice had destroyed.",
        "A chain bridge hangs from iron chains. The largest one spans 130 metres and was opened in 1834.",
    ],
}

ASKED = [
    ("Rivers", 0, "Where does the Aller rise?", "near Helmstedt"),
    ("Rivers", 0, "How long is the Aller?", "263 kilometres"),
    ("Rivers", 0, "Where does the Aller enter the sea?", None),
    ("Rivers", 1, "Where does the Weser begin?", "Münden"),
    ("Rivers", 1, "Which rivers meet at Münden?", "the Fulda and the Werra"),
    ("Rivers", 1, "What do barges carry to Münden?", None),
    ("Bridges", 0, "When was the Old Bridge built?", "1788"),
    ("Bridges", 0, "What had destroyed the wooden bridge?", "ice"),
    ("Bridges", 0, "Who built the Old Bridge?", None),
    ("Bridges", 1, "When was the largest one opened?", "1834"),
    ("Bridges", 1, "How far does the smallest one span?", None),
]


def questions() -> list[Question]:
    made = []
    for number, (title, paragraph, text, answer) in enumerate(ASKED):
        context = PARAGRAPHS[title][paragraph]
        answers = () if answer is None else (Answer(answer, context.index(answer)),)
        made.append(Question(f"q{number}", text, title, context, answers))
    return made


@pytest.fixture(scope="session")
def model(tmp_path_factory) -> Path:
    """A model folder: config.json, model.safetensors, tokenizer.json."""
    folder = tmp_path_factory.mktemp("model")
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    trainer = trainers.WordPieceTrainer(vocab_size=VOCABULARY, special_tokens=special)
    texts = [p for paragraphs in PARAGRAPHS.values() for p in paragraphs]
    tokenizer.train_from_iterator([*texts, *(text for _, _, text, _ in ASKED)], trainer)
    tokenizer.save(str(folder / "tokenizer.json"))
    torch.manual_seed(7)
    config = ReaderConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=256,
    )
    reader = Reader(config)
    with torch.no_grad():
        for name, parameter in reader.named_parameters():
            parameter.normal_(1 if "norm.weight" in name else 0, 0.1)
    write_model(folder, reader, folder)
    (folder / "tokenizer_config.json").write_text('{"tokenizer_class": "BertTokenizer"}')
    return folder


@pytest.fixture(scope="session")
def squad_file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("data") / "train.json"
    dump(path, questions())
    return path


@pytest.fixture(scope="session")
def prepared(tmp_path_factory, model, squad_file) -> Path:
    from verbatim_training.prepare import prepare
    from verbatim_training.recipe import load_recipe

    folder = tmp_path_factory.mktemp("prepared")
    recipe = folder / "recipe.toml"
    recipe.write_text(f'[[source]]\nfile = "{squad_file.name}"\nanswerable = 1.5\nunanswerable = 2\n')
    prepare(load_recipe(recipe, squad_file.parent), model, folder / "out", 160, 32)
    return folder / "out"
