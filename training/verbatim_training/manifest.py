"""manifest.json of a model's folder: what the files are, and what was measured with them."""

import hashlib
import json
from pathlib import Path

from .layout import PROFILE_FILE, TOKENIZER_FILES, WEIGHT_FILES
from .squad import TrainingError

FILES = ("config.json", *TOKENIZER_FILES, PROFILE_FILE, *WEIGHT_FILES.values())


def read_manifest(folder: Path) -> dict:
    path = folder / "manifest.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TrainingError(f"{path}: cannot be read: {error}; run `export` first") from error


def write_manifest(folder: Path, changes: dict) -> dict:
    """Sets `changes` in the manifest, and anew the size and SHA-256 of every file that is there."""
    path = folder / "manifest.json"
    manifest = read_manifest(folder) if path.is_file() else {"format": 1}
    manifest.update(changes)
    manifest.pop("files", None)
    manifest["files"] = {name: _described(folder / name) for name in FILES if (folder / name).is_file()}
    new = path.with_suffix(".json.new")
    new.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    new.replace(path)
    return manifest


def _described(path: Path) -> dict:
    data = path.read_bytes()
    return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
