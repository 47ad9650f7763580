"""`swap`: adversarial unanswerable questions made from answerable ones by changing one detail.

Rajpurkar et al. (2018, table 3) name the ways in which people made SQuAD 2.0's unanswerable questions: entity swap,
antonym, negation, mutual exclusion. Here a name, a number, a word or the polarity of the question is exchanged, so that
the paragraph still holds something that looks like an answer.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from random import Random

from .prepare import fraction_of
from .squad import Question

_WORD = r"(?:[A-Z]\.)+|[A-Z][\w'’-]+"
_NAME = re.compile(rf"(?<![\w'’-])(?:{_WORD})(?:\s+(?:(?:of|de|von|van|del|la)\s+)?(?:{_WORD}))*")
_NUMBER = re.compile(r"\b\d[\d,]*(?:\.\d+)?\b")
_NOT_NAMES = frozenset(
    "a an and are as at but by did do does during for from had has have he her his how if in is it its many much name "
    "on or she that the their there they this to under was were what when where which while who whom whose why with".split()
)

# Each word may become the other; both readings are common in questions.
_ANTONYMS = """
first last|largest smallest|biggest smallest|larger smaller|bigger smaller|highest lowest|higher lower|oldest youngest
older younger|earliest latest|earlier later|before after|more less|most least|increase decrease
increased decreased|increases decreases|increasing decreasing|north south|northern southern|east west|eastern western
northeast southwest|northwest southeast|early late|begin end|began ended|begins ends|beginning end|start finish
started finished|open close|opened closed|won lost|win lose|winner loser|winning losing|rise fall|rose fell|rising falling
above below|inside outside|internal external|inner outer|upper lower|top bottom|left right|front back|maximum minimum
male female|men women|man woman|boys girls|father mother|son daughter|brother sister|husband wife|king queen
rich poor|strong weak|stronger weaker|strongest weakest|long short|longer shorter|longest shortest|fast slow
faster slower|fastest slowest|hot cold|hotter colder|warm cool|wet dry|heavy light|heavier lighter|thick thin|wide narrow
deep shallow|near far|nearest farthest|closest farthest|same different|similar different|common rare|public private
legal illegal|allowed forbidden|accepted rejected|accept reject|agree disagree|agreed disagreed|support oppose
supported opposed|supporters opponents|attack defend|attacked defended|positive negative|good bad|better worse|best worst
success failure|successful unsuccessful|possible impossible|easy difficult|easier harder|simple complex|modern ancient
new old|newer older|newest oldest|urban rural|domestic foreign|national international|local global|civilian military
import export|imported exported|imports exports|buy sell|bought sold|sell buy|gain lose|gained lost|built destroyed
build destroy|created destroyed|create destroy|founded dissolved|join leave|joined left|arrive depart|arrived departed
appointed dismissed|hired fired|added removed|add remove|include exclude|included excluded|includes excludes
majority minority|major minor|senior junior|superior inferior|prior subsequent|previous next|former current|past future
winter summer|spring autumn|day night|morning evening|sunrise sunset|parents children|adults children|adult child
teacher student|teachers students|employer employee|buyer seller|cause prevent|caused prevented|causes prevents
permit prohibit|permitted prohibited|enable disable|active inactive|alive dead|born killed|living dead|always never
often rarely|usually rarely|approved rejected|victory defeat|advantage disadvantage|advantages disadvantages|benefit harm
expand shrink|expanded shrank|raise lower|raised lowered|improve worsen|improved worsened|encourage discourage
encouraged discouraged|friend enemy|friends enemies|ally enemy|allies enemies|liberal conservative|left-wing right-wing
natural artificial|primary secondary|direct indirect|formal informal|solid liquid|acid base|light dark|black white
"""


def _antonyms() -> dict[str, str]:
    table: dict[str, str] = {}
    for pair in re.split(r"[|\n]", _ANTONYMS.strip()):
        one, other = pair.split()
        table.setdefault(one, other)
        table.setdefault(other, one)
    return table


_ANTONYM_OF = _antonyms()
_AUXILIARY = re.compile(r"\b(did|does|do|is|are|was|were|has|have|had|can|could|would|will|should)\b")


def make_swaps(questions: Sequence[Question], seed: int) -> list[Question]:
    """At most one unanswerable variant of each answerable question, in the questions' order.

    The way is drawn among those that apply, by the question's id. A variant that another question of the paragraph
    already asks is left out.
    """
    names, asked = _names_by_article(questions), defaultdict(set)
    for question in questions:
        asked[question.context].add(question.text.lower())
    variants = []
    for question in questions:
        if not question.answerable:
            continue
        random = Random(fraction_of("swap", seed, question.id))
        made = [(way, text) for way, text in _ways(question, names[question.title], random) if text is not None]
        if not made:
            continue
        way, text = made[random.randrange(len(made))]
        if text.lower() not in asked[question.context]:
            variants.append(replace(question, id=f"{question.id}-{way}", text=text, answers=()))
    return variants


def _names_by_article(questions: Iterable[Question]) -> dict[str, Counter]:
    names: dict[str, Counter] = defaultdict(Counter)
    seen = set()
    for question in questions:
        if question.context not in seen:
            seen.add(question.context)
            names[question.title].update(_names(question.context))
    return names


def _names(text: str) -> list[str]:
    found = []
    for match in _NAME.finditer(text):
        words = re.sub(r"['’]s?$", "", match.group()).split()
        # A capital at the beginning of a sentence says nothing about a single word.
        if len(words) == 1 and re.search(r"(?:^|[.!?:;\"”“(]\s*)$", text[: match.start()]):
            continue
        while words and words[0].lower() in _NOT_NAMES:
            words.pop(0)
        name = " ".join(words)
        if len(name) > 2 and words[-1].lower() not in _NOT_NAMES:
            found.append(name)
    return found


def _ways(question: Question, article_names: Counter, random: Random) -> list[tuple[str, str | None]]:
    return [
        ("name", _swap_name(question, article_names, random)),
        ("number", _swap_number(question, random)),
        ("antonym", _swap_antonym(question)),
        # Negation is the rarest way in the human questions, and the easiest to tell by its form.
        ("negation", _negate(question) if random.random() < 0.15 else None),
    ]


def _swap_name(question: Question, article_names: Counter, random: Random) -> str | None:
    context, answer = question.context, question.answers[0].text
    mentioned = [name for name in _names(question.text) if name in context]
    if not mentioned:
        return None
    name = mentioned[random.randrange(len(mentioned))]
    # Half of the time a name of another paragraph, half of the time one that stands in this one.
    inside = random.random() < 0.5
    others = sorted(
        other
        for other in article_names
        if (other in context) == inside
        and other not in question.text
        and other not in answer
        and answer not in other
        and name not in other
        and other not in name
        and abs(len(other.split()) - len(name.split())) <= 1
    )
    return question.text.replace(name, others[random.randrange(len(others))], 1) if others else None


def _swap_number(question: Question, random: Random) -> str | None:
    answer = question.answers[0].text
    numbers = _NUMBER.findall(question.text)
    if not numbers:
        return None
    number = numbers[random.randrange(len(numbers))]
    others = sorted(
        {n for n in _NUMBER.findall(question.context) if len(n) == len(number)} - {number} - set(_NUMBER.findall(answer))
    )
    if others and random.random() < 0.6:
        other = others[random.randrange(len(others))]
    else:
        digits = number.replace(",", "").split(".")[0]
        other = str(max(1, int(digits) + random.choice([-1, 1]) * random.randint(1, max(2, min(40, int(digits) // 4)))))
    return None if other in question.context and not others else question.text.replace(number, other, 1)


def _swap_antonym(question: Question) -> str | None:
    for match in re.finditer(r"[A-Za-z-]+", question.text):
        other = _ANTONYM_OF.get(match.group().lower())
        # The first word asks; the opposite must not stand in the paragraph, where it might be answered.
        if (
            other
            and match.start() > 0
            and match.group().islower()
            and not re.search(rf"\b{re.escape(other)}\b", question.context, re.IGNORECASE)
        ):
            return question.text[: match.start()] + other + question.text[match.end() :]
    return None


def _negate(question: Question) -> str | None:
    match = _AUXILIARY.search(question.text)
    if match is None or re.search(r"\bnot\b|n['’]t\b|\bnever\b", question.text):
        return None
    word = match.group()
    contracted = {"can": "can't", "will": "won't"}.get(word, f"{word}n't")
    return question.text[: match.start()] + contracted + question.text[match.end() :]
