"""Writes test/fixtures/tokenizers/digests.json: SHA-256 of what the `tokenizers` library makes of very many texts.

The texts are every code point in a small context, and random strings from a generator that the test repeats. Each
text gives one line: ids, a bar, then the offsets in code points.

    python training/make_tokenizer_digests.py
"""

import hashlib
import json
from pathlib import Path

from tokenizers import Tokenizer

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "test/fixtures"
OUT = FIXTURES / "tokenizers/digests.json"

TOKENIZERS = {
    "default": ROOT / "models/default/tokenizer.json",
    "bert-cased": FIXTURES / "models/bert-cased/tokenizer.json",
    "roberta": FIXTURES / "models/roberta/tokenizer.json",
}
# Each "character" of a random string; the index into this list comes from the generator.
ALPHABET = (
    list("ab '\"!.,-1 2\n\r\t\u00a0\u0085\u3000éÉßİ😀漢字カΣς\u200d\u00ad\ufeff\u0e33ﬁ_$%")
    + ["e\u0301", "'s", "'ll", " the", "<mask>", "</s>", "[SEP]", "[CLS] ", "𠀀", "1,000.00"]
)
RANDOM_STRINGS = 20_000


def code_point_texts():
    for code in range(0x110000):
        if not 0xD800 <= code <= 0xDFFF:
            char = chr(code)
            yield f"a{char}b1{char} {char}{char}!"


def random_texts():
    """A linear congruential generator (the constants of Numerical Recipes), so that the test can repeat it."""
    state = 1

    def draw(limit):
        nonlocal state
        state = (1664525 * state + 1013904223) % 2**32
        return (state >> 8) % limit

    for _ in range(RANDOM_STRINGS):
        yield "".join(ALPHABET[draw(len(ALPHABET))] for _ in range(1 + draw(25)))


def digest(tokenizer, texts):
    sha = hashlib.sha256()
    for text in texts:
        encoding = tokenizer.encode(text, add_special_tokens=False)
        offsets = " ".join(f"{start}-{end}" for start, end in encoding.offsets)
        sha.update(f"{' '.join(map(str, encoding.ids))}|{offsets}\n".encode())
    return sha.hexdigest()


def main():
    digests = {}
    for name, file in TOKENIZERS.items():
        tokenizer = Tokenizer.from_file(str(file))
        digests[name] = {
            "codePoints": digest(tokenizer, code_point_texts()),
            "random": digest(tokenizer, random_texts()),
        }
    content = {"alphabet": ALPHABET, "randomStrings": RANDOM_STRINGS, "digests": digests}
    OUT.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


main()
