"""The state of a training run on disk: weights, optimizer moments, averaged weights, and how far it is."""

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from .squad import TrainingError


@dataclass
class Progress:
    step: int = 0
    tokens: int = 0
    averaged: int = 0  # how many snapshots the averaged weights hold
    loss: float = 0.0  # running mean


def save_state(folder: Path, settings: dict, progress: Progress, tensors: dict[str, torch.Tensor]) -> None:
    """Replaces the saved state at once: a kill at any moment leaves the old one or the new one."""
    new, old = folder / "state.new", folder / "state.old"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    save_file({name: tensor.detach().contiguous() for name, tensor in tensors.items()}, new / "tensors.safetensors")
    (new / "state.json").write_text(json.dumps({"settings": settings, "progress": asdict(progress)}, indent=1) + "\n")
    shutil.rmtree(old, ignore_errors=True)
    if (folder / "state").exists():
        os.rename(folder / "state", old)
    os.rename(new, folder / "state")
    shutil.rmtree(old, ignore_errors=True)


def load_state(folder: Path, settings: dict) -> tuple[Progress, dict[str, torch.Tensor]] | None:
    """The saved state, or None if there is none.

    Raises TrainingError naming the first setting that differs from the saved run's.
    """
    # A kill between the two renames leaves only the old state.
    state = next((folder / name for name in ("state", "state.old") if (folder / name).is_dir()), None)
    if state is None:
        return None
    try:
        saved = json.loads((state / "state.json").read_text())
        tensors = load_file(state / "tensors.safetensors")
        progress = Progress(**saved["progress"])
    except Exception as error:
        raise TrainingError(f"{state}: a damaged training state: {error}; remove it to begin again") from error
    for name, value in settings.items():
        if saved["settings"].get(name) != value:
            raise TrainingError(
                f"{state}: was made with {name} {saved['settings'].get(name)!r}, got {value!r}; give the same or another --out"
            )
    return progress, tensors
