"""Context windows: `[CLS] question [SEP] preamble, slice of the context [SEP]` as token ids, with the answer's place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from .squad import Question, TrainingError

# Tokens of a preamble at most, as the product's reader has it; of a longer one the end is kept.
MAX_PREAMBLE_LENGTH = 64
MAX_QUESTION_LENGTH = 64


@dataclass(frozen=True)
class Window:
    input_ids: list[int]
    segment_start: int  # position of the first token of segment 1
    context_start: int  # position of the first context token
    offsets: list[tuple[int, int]]  # of the context tokens, code points in the context
    start: int  # gold start position; 0, [CLS], if the answer is not in this window
    end: int  # gold end position, inclusive


def load_tokenizer(path: Path) -> Tokenizer:
    """The tokenizer of a model folder, without the truncation and padding that some files embed."""
    file = path / "tokenizer.json" if path.is_dir() else path
    if not file.is_file():
        raise TrainingError(f"{file}: no such tokenizer")
    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


class WindowBuilder:
    """Lays questions into windows; the tokens of a context are kept while its questions follow each other."""

    def __init__(self, tokenizer: Tokenizer, max_length: int = 384, stride: int = 128):
        self._tokenizer = tokenizer
        self._max_length = max_length
        self._stride = stride
        self._cls = tokenizer.token_to_id("[CLS]")
        self._sep = tokenizer.token_to_id("[SEP]")
        self._context: tuple[str, list[int], list[tuple[int, int]]] = ("", [], [])

    def windows(self, question: Question, preamble: str = "") -> Iterator[Window]:
        if self._context[0] != question.context:
            encoding = self._tokenizer.encode(question.context, add_special_tokens=False)
            self._context = (question.context, encoding.ids, encoding.offsets)
        _, ids, offsets = self._context
        asked = self._tokenizer.encode(question.text, add_special_tokens=False).ids[:MAX_QUESTION_LENGTH]
        before = self._tokenizer.encode(preamble, add_special_tokens=False).ids[-MAX_PREAMBLE_LENGTH:] if preamble else []
        head = [self._cls, *asked, self._sep, *before]
        capacity = self._max_length - len(head) - 1
        if not 0 <= self._stride < capacity:
            raise TrainingError(
                f"--stride: {self._stride} leaves no room in windows of {self._max_length} tokens; "
                f"the question of {question.id} has {len(asked)}"
            )
        gold = _gold_tokens(question, offsets)
        first = 0
        while True:
            part = ids[first : first + capacity]
            start = end = 0
            if gold is not None and first <= gold[0] and gold[1] < first + len(part):
                start, end = (position - first + len(head) for position in gold)
            yield Window(
                input_ids=[*head, *part, self._sep],
                segment_start=len(head) - len(before),
                context_start=len(head),
                offsets=offsets[first : first + capacity],
                start=start,
                end=end,
            )
            if first + capacity >= len(ids):
                return
            first += capacity - self._stride


def _gold_tokens(question: Question, offsets: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """First and last token of the first gold answer, or None if there is none or no token of it is left."""
    if not question.answerable:
        return None
    answer = question.answers[0]
    covered = [i for i, (start, end) in enumerate(offsets) if start < answer.end and end > answer.start]
    return (covered[0], covered[-1]) if covered else None
