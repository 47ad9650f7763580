"""Tiny tokenizers for the fixtures, each set up as the published models of its kind set theirs up.

The same texts give the same file: whatever the library's trainers leave to the order of a hash map is settled here.
"""

import math
from collections import Counter

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

WORD_PIECE_VOCABULARY = 1000
BYTE_LEVEL_VOCABULARY = 1000
UNIGRAM_WORDS = 200

BERT_SPECIAL_TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
ROBERTA_SPECIAL_TOKENS = ["<s>", "<pad>", "</s>", "<unk>"]
DEBERTA_SPECIAL_TOKENS = ["[PAD]", "[CLS]", "[SEP]", "[UNK]"]


def train_word_piece(texts, lowercase):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(
        clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=lowercase
    )
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    # The trainer numbers continuing characters in hash order and breaks ties by number, unless it is told them.
    continuing = sorted({f"##{char}" for word in _words(tokenizer, texts) for char in word[1:]})
    learner = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    learner.normalizer, learner.pre_tokenizer = tokenizer.normalizer, tokenizer.pre_tokenizer
    learner.train_from_iterator(
        texts,
        trainers.WordPieceTrainer(
            vocab_size=WORD_PIECE_VOCABULARY, special_tokens=BERT_SPECIAL_TOKENS + continuing, show_progress=False
        ),
    )
    tokenizer.model = models.WordPiece(
        vocab=learner.get_vocab(), unk_token="[UNK]", max_input_chars_per_word=100
    )
    tokenizer.add_special_tokens(BERT_SPECIAL_TOKENS)
    tokenizer.post_processor = _bert_template(tokenizer)
    tokenizer.decoder = decoders.WordPiece()
    return tokenizer


def train_byte_level(texts):
    tokenizer = Tokenizer(models.BPE(continuing_subword_prefix="", end_of_word_suffix=""))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, trim_offsets=True)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(
        texts,
        trainers.BpeTrainer(
            vocab_size=BYTE_LEVEL_VOCABULARY - 1,
            initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
            special_tokens=ROBERTA_SPECIAL_TOKENS,
            continuing_subword_prefix="",
            end_of_word_suffix="",
            show_progress=False,
        ),
    )
    # Last in the vocabulary, as in RoBERTa's.
    tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True)])
    tokenizer.post_processor = processors.RobertaProcessing(
        ("</s>", tokenizer.token_to_id("</s>")),
        ("<s>", tokenizer.token_to_id("<s>")),
        trim_offsets=True,
        add_prefix_space=False,
    )
    return tokenizer


def make_xlm_roberta(texts):
    tokenizer = _unigram(texts, ROBERTA_SPECIAL_TOKENS, AddedToken("<mask>", lstrip=True))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[(token, tokenizer.token_to_id(token)) for token in ("<s>", "</s>")],
    )
    return tokenizer


def make_deberta_v3(texts):
    tokenizer = _unigram(texts, DEBERTA_SPECIAL_TOKENS, AddedToken("[MASK]"))
    tokenizer.post_processor = _bert_template(tokenizer)
    return tokenizer


def _unigram(texts, special_tokens, mask):
    """Frequent words and all characters, scored by their share: the library's trainer gives other pieces each time."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]
    )
    words = Counter(_words(tokenizer, texts))
    characters = Counter(char for word in words.elements() for char in word)
    pieces = characters + Counter(dict(_most_common(words, UNIGRAM_WORDS)))
    total = pieces.total()
    scored = [(piece, round(math.log(count / total), 4)) for piece, count in _most_common(pieces)]
    tokenizer.model = models.Unigram(
        vocab=[(token, 0.0) for token in special_tokens] + scored, unk_id=len(special_tokens) - 1
    )
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.add_special_tokens([*special_tokens, mask])
    return tokenizer


def _most_common(counts, limit=None):
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:limit]


def _words(tokenizer, texts):
    for text in texts:
        for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(tokenizer.normalizer.normalize_str(text)):
            yield word


def _bert_template(tokenizer):
    return processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0",
        pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1",
        special_tokens=[(token, tokenizer.token_to_id(token)) for token in ("[CLS]", "[SEP]")],
    )
