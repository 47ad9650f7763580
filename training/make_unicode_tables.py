"""Writes src/reader/tokenizer/unicode-tables.ts: how the `tokenizers` library classifies every code point.

The library's tables are of one Unicode version and a JavaScript engine's of another; a model was trained with the
library's. So the classes are read off the library itself, once, and committed as ranges.

    python training/make_unicode_tables.py > src/reader/tokenizer/unicode-tables.ts
"""

from tokenizers import normalizers, pre_tokenizers

CODE_POINTS = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]


def ranges(members):
    """Inclusive [first, last] pairs."""
    result = []
    for code in members:
        if result and result[-1][1] == code - 1:
            result[-1][1] = code
        else:
            result.append([code, code])
    return result


def packed(members):
    """Base-36 numbers: the gap to the range's first code point, then the range's length less one."""
    numbers, position = [], 0
    for first, last in ranges(members):
        numbers += [first - position, last - first]
        position = last
    return " ".join(base36(n) for n in numbers)


def base36(number):
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    text = digits[number % 36]
    while number >= 36:
        number //= 36
        text = digits[number % 36] + text
    return text


def main():
    clean = normalizers.BertNormalizer(
        clean_text=True, handle_chinese_chars=False, strip_accents=False, lowercase=False
    )
    chinese = normalizers.BertNormalizer(
        clean_text=False, handle_chinese_chars=True, strip_accents=False, lowercase=False
    )
    # Not StripAccents, which drops spacing and enclosing marks too.
    strip = normalizers.BertNormalizer(
        clean_text=False, handle_chinese_chars=False, strip_accents=True, lowercase=False
    )
    split = pre_tokenizers.BertPreTokenizer()
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)

    def pieces(char):
        return [piece for piece, _ in split.pre_tokenize_str("a" + char + "b")]

    def joins(before, char):
        """Whether byte-level BPE's pattern leaves the character in one piece with the one before it."""
        return len(byte_level.pre_tokenize_str(before + char)) == 1

    chars = [(code, chr(code)) for code in CODE_POINTS]
    tables = {
        "CONTROL": [c for c, s in chars if clean.normalize_str("a" + s + "b") == "ab"],
        "WHITE_SPACE": [c for c, s in chars if pieces(s) == ["a", "b"]],
        "PUNCTUATION": [c for c, s in chars if pieces(s) == ["a", s, "b"]],
        "NONSPACING_MARK": [c for c, s in chars if strip.normalize_str("a" + s) == "a"],
        "LETTER": [c for c, s in chars if joins("a", s)],
        "NUMBER": [c for c, s in chars if joins("1", s)],
        "OTHER": [c for c, s in chars if joins("!", s)],
        "CHINESE": [c for c, s in chars if chinese.normalize_str(s) == f" {s} "],
    }
    print("// Written by training/make_unicode_tables.py; do not edit. Base-36 numbers: the gap to a range's first code")
    print("// point from the last one of the range before, then the range's length less one.")
    for name, members in tables.items():
        print(f"\nexport const {name} =\n  '{packed(members)}';")


main()
