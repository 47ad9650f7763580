"""Texts that make the fixtures hard: what tokenizers, offsets and windows get wrong first.

Invisible, combining and right-to-left characters are written as escapes, so that the source shows what is there; but
for the marks of Indic letters and the joiners inside emoji.
"""

# Joined to the training texts, so that the tiny vocabularies hold accents, emoji and more than one script.
ALPHABET_TEXTS = [
    "àâäçèéêëîïñôöùûüÿœæß ÀÂÄÇÈÉÊËÎÏÑÔÖÙÛÜŸŒÆẞ",
    "Café e\u0301 u\u0308 n\u0303 İstanbul ıI ﬁ ﬂ",
    "👍 🏆 👩 🚀 👨 👧 ❤ 🇩 🇪 \u200d \ufe0f \u20e3",
    "東京の人口は 北京 中国 人口 首都 한국 서울",
    "\u0627\u0644\u0642\u0627\u0647\u0631\u0629 \u05e9\u05dc\u05d5\u05dd",
    "αβγδεζηθικλμνξοπρστυφχψω ς ΑΒΓΔ абвгдежз",
    "€ £ ¥ ° ½ ¼ ² ³ … – — “ ” ‘ ’ « » • ™ © ®",
]

_SPACES = [
    0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F,
    0x3000,
]
_CONTROLS = [0x00, 0x01, 0x07, 0x08, 0x0E, 0x1B, 0x1C, 0x1D, 0x1E, 0x1F, 0x7F, 0x80, 0x9F]
_FORMATS = [
    0xAD, 0x034F, 0x0600, 0x061C, 0x06DD, 0x070F, 0x0890, 0x115F, 0x17B4, 0x180E, 0x200B, 0x200C, 0x200D, 0x200E,
    0x200F, 0x202A, 0x202C, 0x202E, 0x2060, 0x2061, 0x2066, 0x2069, 0x3164, 0xFE0E, 0xFE0F, 0xFEFF, 0xFFF9, 0xFFFC,
    0xFFFD, 0xFFFE, 0xFFFF, 0x110BD, 0x1D173, 0xE0001, 0xE0061, 0xE0100, 0xE000, 0xF0000, 0x10FFFF,
]

_PLAIN = [
    "", " ", "  ", "\t", "\n", "\r\n", "\u00a0", "\u3000 \u2003", " \t\r\n ", "a", " a", "a ", "  a  ",
    "   leading", "trailing   ", "two  spaces", "three   spaces   here",
    "The quick brown fox jumps over the lazy dog.", "HELLO World", "hello world", "Hello, World!", "camelCaseWord",
    "XMLHttpRequest", "MiXeD cAsE", "ALLCAPS", "well-known", "state-of-the-art", "e.g. this, i.e. that",
    "Mr. Smith's dog", "What?!", "wait...", "…", "a…b", "—", "a—b", "a–b", "a - b", "(parentheses)", "[brackets]",
    "{braces}", "<angle>", "\"quoted\"", "“curly”", "‘single’", "«guillemets»", "„low“", "「角」",
    "*bold* _italic_ `code`", "# heading", "- item", "|a|b|", "don't", "we'll", "I'M", "don't we'll I'M",
    "they're you've she'd it's", "DON'T WE'LL", "don’t we’ll I’M", "rock 'n' roll", "'s 't 're 've 'm 'll 'd",
    "x's's", "'tis", "O'Neill", "dogs' toys", "_", "__", "snake_case_name", "_private", "trailing_", "__init__",
    "a_b c_ _d", "!", "!!!", "!@#$%^&*()", "~`|\\/", ".,;:?", "+-*/=", "^_^", ":-)", "¿Qué?", "¡Hola!", "§ 5 ¶",
]

_NUMBERS = [
    "$1,000.00", "€850", "£3.50", "¥10,000", "1.000,00 €", "1 000", "1\u00a0000", "1\u202f000", "100%", "5‰", "-40",
    "−40 °C", "20°C", "3.14159", "1e-10", "0x1F", "0b1010", "1/2", "½", "1½", "¼ ½ ¾", "⅓⅔", "1⁄2", "x²+y³", "10⁻⁷",
    "H₂O", "C₆H₁₂O₆", "①②③", "Ⅷ", "ⅷ", "2024-02-29", "29/02/2024", "12:30:45.678Z", "2024-01-01T00:00:00+02:00",
    "1990s", "the 21st", "2nd 3rd 4th", "v1.2.3-beta.4", "10GB", "5x", "a1b2c3", "7up", "12345678901234567890",
    "192.168.0.1", "::1", "+49 (0)30 123-456", "ISBN 978-3-16-148410-0", "٠١٢٣", "०१२३", "１２３", "𝟘𝟙𝟚", "1,2,3",
    "1..2", "#1", "No.5", "50/50", "3×4", "4÷2", "±1", "≈2", "∞", "√2", "∑∫∂",
]

_CODE = [
    "https://example.org/a/b?c=d&e=f#g", "http://[::1]:8080/", "www.example.co.uk", "ftp://x", "file:///C:/x",
    "https://例え.jp/ü", "https://example.org/%C3%A9", "first.last+tag@example.org", "a@b", "@user #tag",
    "C:\\Users\\x", "/usr/local/bin", "~/.npmrc", "const x = a[0] ?? {};", "if (a && b || !c) { return; }",
    "foo(bar)->baz::qux", "print(\"hi\\n\")", "SELECT * FROM t WHERE a='b';", "<div class=\"x\">y</div>",
    "&amp; &lt; &#39;", "$HOME ${x} $(y)", "a=b", "--flag=value", "-rf", "x += 1", "a->b", "a=>b", "i++", "\\u0041",
    "\\n", "%s %d", "{{mustache}}", "f'{x}'", "r\"\\d+\"", "0.0.0.0:80", "key: value", "\"json\": [1, null]",
    "C++ C# F#", ".NET", "node.js", "a.b.c", "sha256:e3b0c442", "550e8400-e29b-41d4-a716-446655440000",
    "TODO(x): y", "//", "/* */", "<!-- -->",
]

_LATIN = [
    "café", "cafe\u0301", "CAFÉ", "CAFE\u0301", "naïve", "nai\u0308ve", "Ångström", "A\u030angstro\u0308m",
    "\u212b", "\u2126", "\u212a", "résumé", "re\u0301sume\u0301", "ñ n\u0303", "Zürich", "Straße", "STRASSE",
    "STRAẞE", "ß", "ẞ", "ßẞ", "İ", "İstanbul", "İSTANBUL", "I\u0307", "i\u0307", "ıI", "DİYARBAKIR", "Łódź", "Øre",
    "Æsir", "þorn Ð", "Đà Nẵng", "Việt Nam", "Vie\u0323\u0302t", "ĳ Ĳ", "ŉ", "ǆ ǅ Ǆ", "ſ", "ﬁ", "ﬂuﬀ", "ﬃ ﬄ ﬅ ﬆ",
    "œuvre ŒUVRE", "Č č C\u030c", "ș ş", "ő ű", "ğĞ", "x\u0301", "\u0301", " \u0301", "\u0301a",
    "a\u0301\u0302\u0303", "q\u0307\u0323", "q\u0323\u0307",
    "Z\u0351\u036b\u0343a\u0313\u0321l\u0334g\u0321o\u0322", "a\u0308\u0301", "\u0344", "a\u20dd", "a\u0489",
    "ａｂｃ ＡＢＣ", "ｅ\u0301", "！？", "～", "ʼn", "ʿAyn", "Hawaiʻi",
]

_GREEK_CYRILLIC = [
    "ΟΔΥΣΣΕΥΣ", "ΟΔΥΣΣΕΥΣ ΣΟΦΟΣ", "Σ", "ΑΣ", "ΑΣ.", "ΑΣΑ", "Σ Σ", "ὈΔΥΣΣΕΎΣ", "Ὀδυσσεύς", "ς σ", "Ἑλληνική",
    "ᾳ ᾼ ᾈ", "ΐ", "ι\u0308\u0301", "ΰ", "Ώ", "Москва", "МОСКВА", "ёж", "е\u0308ж", "Йод", "И\u0306од", "Україна її",
    "Ґ ґ", "Ѣ ѣ", "Ꙋ ꙋ", "\u0430\u0483", "Հայաստան", "ԵՒ և", "ქართული", "ᲥᲐᲠᲗᲣᲚᲘ", "Ꭰ ꭰ", "Ⲁ ⲁ", "𐐀𐐨", "Ⰰ ⰰ",
]

_MIDDLE_EAST_INDIA = [
    "\u0645\u0631\u062d\u0628\u0627 \u0628\u0627\u0644\u0639\u0627\u0644\u0645",
    "\u0645\u064f\u062d\u064e\u0645\u0651\u064e\u062f", "\u0622 \u0627\u0653", "\ufedf\ufe8e", "\ufdfa",
    "\u06c1\u06d2\u06d4", "\u061f\u060c\u061b", "abc \u0639\u0631\u0628\u064a 123", "\u0640\u0640",
    "\u0634\u0640\u062f\u0651\u0629", "\u05e9\u05dc\u05d5\u05dd", "\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd",
    "\ufb2a", "\u05d1\u05b0\u05bc\u05e8\u05b5\u05d0\u05e9\u05b4\u05c1\u05d9\u05ea",
    "\u05d9\u05f3 \u05e6\u05d4\u05f4\u05dc", "\u202babc \u05d0\u05d1\u05d2\u202c",
    "\u0723\u0718\u072a\u071d\u071d\u0710", "\u0780\u07a6", "\u07ca\u07cb", "स्वागत", "नमस्ते दुनिया", "क्षत्रिय",
    "हिन्दी।", "\u0915\u093c \u0958", "বাংলা", "ਪੰਜਾਬੀ", "தமிழ்", "తెలుగు", "ಕನ್ನಡ", "മലയാളം", "සිංහල", "ภาษาไทย",
    "น้ำ", "กำ", "ພາສາລາວ", "བོད་སྐད།", "မြန်မာ", "ភាសាខ្មែរ", "አማርኛ።", "ᠮᠣᠩᠭᠣᠯ", "ⵜⴰⵎⴰⵣⵉⵖⵜ", "𑄌𑄋𑄴𑄟𑄳𑄦",
]

_EAST_ASIA = [
    "中国", "北京是中国的首都。", "東京タワー", "日本語とEnglish", "ひらがな", "カタカナ", "ｶﾞｷﾞ", "か\u3099", "が", "ヷ", "ー", "々", "〆", "〇", "㍿",
    "㎏", "㊙", "Ａ－１", "、。「」", "・", "〜", "한국어", "서울특별시", "\u1112\u1161\u11ab", "\u1112\u1161\u11ab\u1100\u116e\u11a8",
    "ㅎㅏㄴ", "ﾡ", "𠮷野家", "𠀀𪜀", "𫝀𫠠", "𬺰", "𮯠", "𰀀", "\U000323af", "\U0002ebf0", "\ufa0e\ufa11", "\uf900", "神\ufe00",
    "葛\U000e0100城", "⼀⼆", "㐀䶵", "\U0002f800", "\u2ff0", "ㄅㄆㄇ", "ꀀꀁ", "𛀀", "中a国b", "中 国", "100円", "第1章", "a中",
    "你好，世界！", "粵語", "繁體字", "㈱", "㋿",
]

_EMOJI = [
    "😀", "😀😀", "a😀b", "👍", "👍🏽", "👩‍🚀", "👨‍👩‍👧‍👦", "👩🏽‍❤️‍💋‍👨🏻", "🏳️‍🌈", "🏴‍☠️",
    "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", "🇩🇪", "🇩🇪🇫🇷", "🇩", "1️⃣", "#️⃣*️⃣", "❤️", "❤",
    "☎︎ ☎️", "™️ ©", "🤷🏾‍♀️", "🧑‍💻 codes", "🦸🏿‍♂️", "🐻‍❄️", "❤️‍🔥", "🫠🫱🏻‍🫲🏿", "👁️‍🗨️", "🏆 gold", "😀.", "(😀)", "🅰️",
    "㊗️", "⬆️", "🔟", "💯%", "🎉🎉🎉", "\u200d", "\ufe0f", "🏽", "♀",
]

_SYMBOLS = [
    "𝐇𝐞𝐥𝐥𝐨", "𝓗𝓮𝓵𝓵𝓸", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢", "𝕏", "𝛼𝛽", "ℵ₀", "ℝ ⊂ ℂ", "∀x∃y", "a≠b", "a=\u0338b", "≤≥", "→ ⇒ ↔", "⟨ψ|", "♠♥♦♣",
    "☑ ✓ ✗", "★☆", "█▓▒░", "┌─┐", "⠓⠑", "♫♪", "₿ ₹ ₽ ₩", "№ 5", "ª º", "¨ ´ ¸", "` ^ ~", "´a", "\u02dc", "\u02c6",
    "µ μ", "Ω Ω", "K K", "…", "‹›", "†‡", "‰", "‽", "⁇", "⸮", "𐄀", "\u00b7", "\u2019\u2019",
]

_SPECIAL_TOKENS = [
    "[SEP]", "[SEP] x", "x [SEP]", "a[CLS]b", "[CLS][SEP]", "[cls] [Sep]", "[ SEP ]", "[PAD] [UNK]", "[MASK]",
    "a [MASK] b", "a[MASK]b", "[[MASK]]", "[SEP", "SEP]", "[unused1]", "[UNK]s", "<s>", "</s>", "<s>a</s>", "<pad>",
    "<unk>x", "<mask>", "x <mask> y", "x<mask>y", "x   <mask>   y", "x\n<mask>\ty", "x\u00a0<mask>", "<MASK>",
    "< mask >", "<mask><mask>", " <mask>", "<mask> ", "<s> ", " </s>", "<|endoftext|>", "[BOS]", "##ing", "a ##b",
    "Ġ", "Ġthe", "▁the", "Ċ",
]

_LINES = [
    "a\r\nb", "a\nb", "a\rb", "a\n\nb", "a\r\n\r\nb", "\r\na", "a\r\n", "a\n\rb",
    "line one\r\n\tindented\r\nline three", "col1\tcol2\tcol3", "a\t\tb", "a \n b", "a  \r\n  b",
    "soft\u00adhyphen", "\u00ad", "a \u00ad b", "no\u00a0break", "zero\u200bwidth", "\ufeffBOM first",
    "BOM\ufefflast", "a\u0085b", "\u0085", "a \u00a0 b", "a\u2028b c", "tag\u200e\u200f\u202a\u202e\u202c",
    "\u2066isolate\u2069", "word\u2060joiner", "nul\x00byte", "\x00", "\x1b[31mred\x1b[0m", "a\x7fb", "bell\x07",
    "\ufffd", "bad \ufffd\ufffd text",
]

_LONG = [
    "a" * 99, "a" * 100, "a" * 101, "a" * 199, "a" * 200, "a" * 201, "ab" * 130, "A" * 101, "é" * 100,
    "e\u0301" * 100, "e\u0301" * 101, "😀" * 101, "x" * 101 + " y", "x" * 201 + "!y", "中" * 101, "ß" * 101, "İ" * 51,
    "supercalifragilisticexpialidocious" * 3, "supercalifragilisticexpialidocious" * 7,
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", "-" * 120, "=" * 101,
    "a" * 50 + "\u00ad" * 60 + "b" * 50, "a" * 50 + "\u0301" * 60, " " * 150 + "x", "word " * 60, "1234567890" * 21,
    "\u0e01" * 101, "ha" * 60 + "?", "https://example.org/" + "path/" * 40, "한" * 101, "\u1112\u1161\u11ab" * 40,
]

HARD_STRINGS = list(
    dict.fromkeys(
        [
            *_PLAIN, *_NUMBERS, *_CODE, *_LATIN, *_GREEK_CYRILLIC, *_MIDDLE_EAST_INDIA, *_EAST_ASIA, *_EMOJI, *_SYMBOLS,
            *_SPECIAL_TOKENS, *_LINES, *_LONG,
            *(f"a{chr(code)}b" for code in _SPACES),
            *(f"{chr(code)}a {chr(code)} b{chr(code)}" for code in _SPACES),
            *(f"a{chr(code)}b" for code in _CONTROLS),
            *(f"a{chr(code)}b" for code in _FORMATS),
        ]
    )
)

# (question, context). The long ones take three windows or more of 64 tokens.
GOLDEN_PAIRS = [
    ("How long is the warranty?", "The warranty lasts two years from the date of delivery."),
    ("What does it cost?", "A repair costs $1,000.00 (with tax), a new sensor €850 at most; shipping is 50% off."),
    ("Where is the office?", "The office moved from İstanbul to Große Straße 5 in Köln, not to KÖLN-MÜLHEIM."),
    ("Who won the 🏆?", "👩‍🚀 Ada won 🏆 gold, the 👨‍👩‍👧‍👦 family cheered 👍🏽, and 🇩🇪 was 2️⃣nd."),
    ("東京の人口は?", "東京の人口は約1400万人。北京是中国的首都,𠮷野家在日本。"),
    (
        "What is the city called?",
        "\u0627\u0644\u0642\u0627\u0647\u0631\u0629 (Cairo) is a city; \u05e9\u05b8\u05dc\u05d5\u05b9\u05dd means "
        "peace.",
    ),
    ("Which token hides a word?", "Write [SEP] or </s> between the parts; [MASK] and  <mask> hide a word."),
    ("  What is it?\t", "  42\u00a0km\r\n"),
    (
        "When does the shop open?",
        "The shop is open every day of the week. From Monday to Friday it opens at 8:30 in the morning and closes at "
        "6 in the evening; on Saturday it opens an hour later. On Sunday only the café is open. Orders that come in "
        "after 4 in the afternoon are sent on the next working day, and parcels can be picked up at the desk for two "
        "weeks. Bring the order number and a card with your name on it.",
    ),
    (
        "Who wrote the letter?",
        "Le poète Éloïse Dupré, née à Besançon, wrote the résumé in 1987. The poe\u0300te E\u0301loi\u0308se "
        "Dupre\u0301 lived near Ångström Straße with Zoë, Łukasz and the naïve Ñandú. ΟΔΥΣΣΕΥΣ came home; Ὀδυσσεύς "
        "spoke to Пётр Йовков. Nai\u0308ve readers ask: wasn't it Dvořák's letter? No — the letter was "
        "E\u0301loi\u0308se’s, and it's kept in Łódź.",
    ),
    (
        "What is step two?",
        "Step one:\r\n\tUnplug the hub.\r\n\r\nStep two:\r\n\tPress\u00a0and\u00a0hold the re\u00adset but\u00adton "
        "for 10\u202fs.\r\n\r\n| Light\t| Meaning |\r\n| red\t| fault |\r\n| \x07green\t| ready |\r\n\r\n\ufeffStep "
        "three:\u0085wait\u200b until the light is green,\u2028then run `hub_reset --all` and open "
        "https://example.org/help?a=1&b=2#top.\r\n",
    ),
    (
        "Which team took part?",
        "The first team 🇫🇷 had 👩🏽‍🔬 and 👨‍💻; the second 🇯🇵 was 東京大学 with 𠮷田さん. In the final 👩‍❤️‍👨 met 🧑🏿‍🚀 at 10:45 "
        "⏰. The third team, \u0645\u0635\u0631, lost 3–2 to Việt Nam and 한국, who both went home with ½ of the prize "
        "(¥10,000) 🎉🎉. The ﬁnal score was ２：１, as 𝐇𝐞𝐥𝐥𝐨 said.",
    ),
]
