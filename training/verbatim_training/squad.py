"""SQuAD 2.0 JSON: reading, checking, writing. Offsets count Unicode code points, as in SQuAD."""

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path


class TrainingError(Exception):
    """Something the user can mend; its message names the file, the option or the question."""


@dataclass(frozen=True)
class Answer:
    text: str
    start: int  # code points in the context

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True)
class Question:
    id: str
    text: str
    title: str
    context: str
    answers: tuple[Answer, ...]  # empty: unanswerable

    @property
    def answerable(self) -> bool:
        return len(self.answers) > 0


@dataclass
class Loaded:
    questions: list[Question] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)  # one line each, naming the question's id


def read_json(path: Path):
    """JSON from a plain or gzipped file.

    Raises TrainingError if the file cannot be read or is no JSON.
    """
    try:
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rt", encoding="utf-8") as file:
            return json.load(file)
    except (OSError, EOFError, UnicodeDecodeError, ValueError) as error:
        raise TrainingError(f"{path}: cannot be read as JSON: {error}") from error


def write_json(path: Path, value) -> None:
    """Writes JSON, gzipped if the name ends in .gz; the same value gives the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(value, ensure_ascii=False, indent=None if path.suffix == ".gz" else 1) + "\n"
    data = text.encode("utf-8")
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)


def load(path: Path, exclude_titles: Iterable[str] = (), only_titles: Iterable[str] | None = None) -> Loaded:
    """Questions of a SQuAD file in the file's order; a question that is damaged is reported and left out.

    Raises TrainingError if the file is not SQuAD-format at all.
    """
    excluded = set(exclude_titles)
    only = None if only_titles is None else set(only_titles)
    loaded, seen = Loaded(), set()
    raw = read_json(path)
    articles = raw.get("data") if isinstance(raw, dict) else None
    if not isinstance(articles, list):
        raise TrainingError(f'{path}: expected SQuAD JSON with a list under "data"')
    for article_number, article in enumerate(articles):
        title = article.get("title", f"article {article_number + 1}")
        if title in excluded or (only is not None and title not in only):
            continue
        for paragraph in article.get("paragraphs", []):
            for qa in paragraph.get("qas", []):
                problem, question = _question(qa, title, paragraph.get("context"))
                if question is not None and question.id in seen:
                    problem, question = f"{question.id}: this id occurs twice", None
                if question is None:
                    loaded.problems.append(problem)
                    continue
                seen.add(question.id)
                loaded.questions.append(question)
    return loaded


def _question(qa: dict, title: str, context) -> tuple[str, Question | None]:
    identifier = qa.get("id")
    if not isinstance(identifier, str) or identifier == "":
        return f'a question of "{title}" has no id', None
    if not isinstance(context, str) or context.strip() == "":
        return f"{identifier}: its paragraph has no context", None
    text = qa.get("question")
    if not isinstance(text, str) or text.strip() == "":
        return f"{identifier}: the question is empty", None
    impossible = qa.get("is_impossible", False)
    given = [] if impossible else qa.get("answers", [])
    answers, wrong = [], None
    for answer in given:
        found = Answer(answer["text"], answer["answer_start"])
        if found.text == "" or context[found.start : found.end] != found.text:
            wrong = f'{identifier}: "{found.text}" does not stand at offset {found.start}'
        elif found not in answers:
            answers.append(found)
    if not impossible and not answers:
        return wrong or f"{identifier}: answerable, but no answer is given", None
    return "", Question(identifier, text.strip(), title, context, tuple(answers))


def dump(path: Path, questions: Iterable[Question]) -> None:
    """Writes questions as SQuAD 2.0 JSON, neighbours of one paragraph together."""
    write_json(path, {"version": "v2.0", "data": list(_articles(questions))})


def _articles(questions: Iterable[Question]) -> Iterator[dict]:
    articles: dict[str, dict[str, list[dict]]] = {}
    for question in questions:
        articles.setdefault(question.title, {}).setdefault(question.context, []).append(
            {
                "id": question.id,
                "question": question.text,
                "is_impossible": not question.answerable,
                "answers": [{"text": a.text, "answer_start": a.start} for a in question.answers],
            }
        )
    for title, paragraphs in articles.items():
        yield {"title": title, "paragraphs": [{"context": c, "qas": qas} for c, qas in paragraphs.items()]}
