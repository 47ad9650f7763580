"""A recipe: which files a reader is trained on, how often each question is seen in an epoch, and what is held out."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from .squad import TrainingError, read_json


@dataclass(frozen=True)
class Source:
    file: Path
    answerable: float  # copies of an answerable question in an epoch; a fraction takes a share of them
    unanswerable: float
    preamble_share: float  # share of questions read with the article's title before the paragraph
    licence: str  # of the data, for the model card


@dataclass(frozen=True)
class Recipe:
    sources: tuple[Source, ...]
    held_out_titles: frozenset[str]


_SOURCE_KEYS = {"file", "answerable", "unanswerable", "preamble_share", "licence"}


def load_recipe(path: Path, data: Path) -> Recipe:
    """Reads a recipe in TOML; file names in it are relative to `data`.

    Raises TrainingError naming the recipe and the key that is wrong.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TrainingError(f"{path}: cannot be read as TOML: {error}") from error
    unknown = set(raw) - {"held_out_titles", "source"}
    if unknown:
        raise TrainingError(f"{path}: unknown key {sorted(unknown)[0]!r}")
    sources = tuple(_source(path, data, entry) for entry in raw.get("source", []))
    if not sources:
        raise TrainingError(f"{path}: names no [[source]]")
    titles = raw.get("held_out_titles")
    return Recipe(sources, frozenset(read_json(data / titles)) if titles else frozenset())


def _source(path: Path, data: Path, entry: dict) -> Source:
    unknown = set(entry) - _SOURCE_KEYS
    if unknown:
        raise TrainingError(f"{path}: a source has the unknown key {sorted(unknown)[0]!r}")
    if "file" not in entry:
        raise TrainingError(f"{path}: a source names no file")
    source = Source(
        data / entry["file"],
        float(entry.get("answerable", 1)),
        float(entry.get("unanswerable", 1)),
        float(entry.get("preamble_share", 0)),
        entry.get("licence", "not stated"),
    )
    if min(source.answerable, source.unanswerable) < 0 or not 0 <= source.preamble_share <= 1:
        raise TrainingError(f"{path}: {entry['file']}: copies must be 0 or more, preamble_share 0 to 1")
    if not source.file.is_file():
        raise TrainingError(f"{source.file}: no such file (named in {path})")
    return source
