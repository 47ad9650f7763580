"""`prepare`: SQuAD-format files in, checked and windowed training data out."""

import hashlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .recipe import Recipe
from .squad import Question, TrainingError, load
from .windows import WindowBuilder, load_tokenizer

FORMAT = 1
# Windows without the answer kept of one answerable question: a paper has dozens, and they teach the same.
MAX_EMPTY_WINDOWS = 1


@dataclass(frozen=True)
class Prepared:
    """Training windows, laid flat. Window i has the ids `ids[bounds[i]:bounds[i + 1]]`."""

    ids: np.ndarray  # uint16 or int32, all windows one after another
    bounds: np.ndarray  # int64, windows + 1
    segment_start: np.ndarray  # int16
    context_start: np.ndarray  # int16
    start: np.ndarray  # int16; 0 if the window holds no answer
    end: np.ndarray  # int16, inclusive
    copies: np.ndarray  # float32, how often the window is seen in an epoch
    group: np.ndarray  # int32, equal for windows of the same question text

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def lengths(self) -> np.ndarray:
        return np.diff(self.bounds)


def fraction_of(*parts) -> float:
    """A number in [0, 1) that depends on the parts alone: draws that do not move when a file is added."""
    digest = hashlib.blake2b("\x1f".join(map(str, parts)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def prepare(recipe: Recipe, tokenizer_path: Path, out: Path, max_length: int, stride: int) -> None:
    """Writes `windows.npz` and `prepared.json` into `out`; prints what was taken and what was left out."""
    builder = WindowBuilder(load_tokenizer(tokenizer_path), max_length, stride)
    columns: dict[str, list] = {name: [] for name in ("segment_start", "context_start", "start", "end", "copies", "group")}
    ids: list[np.ndarray] = []
    groups: dict[str, int] = {}
    summary = []
    for source in recipe.sources:
        loaded = load(source.file, exclude_titles=recipe.held_out_titles)
        for problem in loaded.problems[:10]:
            print(f"{source.file.name}: left out: {problem}", file=sys.stderr)
        if len(loaded.problems) > 10:
            print(f"{source.file.name}: and {len(loaded.problems) - 10} more", file=sys.stderr)
        before = len(ids)
        for question in loaded.questions:
            copies = source.answerable if question.answerable else source.unanswerable
            if copies == 0:
                continue
            empty = 0
            for window in builder.windows(question, _preamble(question, source.preamble_share)):
                if question.answerable and window.start == 0:
                    empty += 1
                    if empty > MAX_EMPTY_WINDOWS:
                        continue
                ids.append(np.array(window.input_ids, dtype=np.int32))
                for name in ("segment_start", "context_start", "start", "end"):
                    columns[name].append(getattr(window, name))
                columns["copies"].append(copies)
                columns["group"].append(groups.setdefault(question.text, len(groups)))
        summary.append(
            {
                "file": source.file.name,
                "licence": source.licence,
                "questions": len(loaded.questions),
                "leftOut": len(loaded.problems),
                "windows": len(ids) - before,
                "answerable": source.answerable,
                "unanswerable": source.unanswerable,
            }
        )
        print(
            f"{source.file.name}: {len(loaded.questions)} questions, {len(ids) - before} windows, {len(loaded.problems)} left out"
        )
    if not ids:
        raise TrainingError("nothing to train on: every question was left out")
    out.mkdir(parents=True, exist_ok=True)
    bounds = np.concatenate([[0], np.cumsum([len(window) for window in ids])]).astype(np.int64)
    types = {"copies": np.float32, "group": np.int32}
    arrays = {name: np.array(values, dtype=types.get(name, np.int16)) for name, values in columns.items()}
    np.savez(out / "windows.npz", ids=np.concatenate(ids), bounds=bounds, **arrays)
    seen = float((np.diff(bounds) * arrays["copies"]).sum())
    description = {
        "format": FORMAT,
        "maxLength": max_length,
        "stride": stride,
        "tokensPerEpoch": round(seen),
        "sources": summary,
    }
    (out / "prepared.json").write_text(json.dumps(description, indent=1) + "\n", encoding="utf-8")
    print(f"{len(ids)} windows, {seen / 1e6:.1f}M tokens an epoch -> {out}")


def _preamble(question: Question, share: float) -> str:
    return question.title.replace("_", " ") if fraction_of("preamble", question.id) < share else ""


def describe_prepared(path: Path) -> dict:
    """What `prepare` took from each source."""
    try:
        return json.loads((path / "prepared.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TrainingError(f"{path}: not a folder that `prepare` wrote: {error}") from error


def load_prepared(path: Path) -> Prepared:
    """Raises TrainingError if the folder is not what `prepare` writes."""
    description = describe_prepared(path)
    if description.get("format") != FORMAT:
        raise TrainingError(f"{path}: has format {description.get('format')}, this version reads {FORMAT}; run `prepare` again")
    try:
        arrays = np.load(path / "windows.npz", allow_pickle=False)
        return Prepared(**{name: arrays[name] for name in Prepared.__dataclass_fields__})
    except (OSError, ValueError, KeyError) as error:
        raise TrainingError(f"{path}: not a folder that `prepare` wrote: {error}") from error
