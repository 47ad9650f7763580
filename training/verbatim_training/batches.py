"""Batches of an epoch: which windows are seen, and together with which; everything follows from the seed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from .prepare import Prepared


@dataclass(frozen=True)
class Batch:
    input_ids: torch.Tensor  # (windows, length) int64, 0 is padding
    segment_ids: torch.Tensor  # (windows, length) int64
    context_mask: torch.Tensor  # (windows, length) bool: tokens an answer can be made of
    start: torch.Tensor  # (windows,) int64
    end: torch.Tensor  # (windows,) int64
    group: torch.Tensor  # (windows,) int64, 0 … groups - 1

    @property
    def tokens(self) -> int:
        return self.input_ids.numel()


def plan_epoch(data: Prepared, epoch: int, seed: int, batch_tokens: int, by_group: bool) -> list[np.ndarray]:
    """Window numbers of each batch, in the order in which they are trained on.

    A window with 1.3 copies is seen once, and a second time in three of ten epochs. Windows of like length share a
    batch, so that little is padding; with `by_group`, windows of one question stay together.
    """
    random = np.random.default_rng([seed, epoch])
    whole = np.floor(data.copies).astype(np.int64)
    copies = whole + (random.random(len(data)) < data.copies - whole)
    chosen = np.repeat(np.arange(len(data)), copies)
    lengths = data.lengths()
    # A little noise in the sorting key lets batches differ from epoch to epoch.
    noise = random.random(len(chosen)) * 8
    if by_group:
        key = data.group[chosen]
        order = np.argsort(key, kind="stable")
        units = np.split(chosen[order], np.flatnonzero(np.diff(key[order])) + 1)
        units.sort(key=lambda unit: int(lengths[unit].max()) * 65536 + int(data.group[unit[0]]) % 65536)
    else:
        units = [chosen[i : i + 1] for i in np.argsort(lengths[chosen] + noise, kind="stable")]
    batches: list[list[int]] = [[]]
    longest = 0
    for unit in units:
        longest = max(longest, int(lengths[unit].max()))
        if batches[-1] and (len(batches[-1]) + len(unit)) * longest > batch_tokens:
            batches.append([])
            longest = int(lengths[unit].max())
        batches[-1].extend(unit.tolist())
    return [np.array(batches[i]) for i in random.permutation(len(batches))]


def make_batch(data: Prepared, windows: Sequence[int]) -> Batch:
    length = max(int(data.bounds[w + 1] - data.bounds[w]) for w in windows)
    ids = np.zeros((len(windows), length), dtype=np.int64)
    segments, mask = np.zeros_like(ids), np.zeros(ids.shape, dtype=bool)
    for row, w in enumerate(windows):
        count = int(data.bounds[w + 1] - data.bounds[w])
        ids[row, :count] = data.ids[data.bounds[w] : data.bounds[w + 1]]
        segments[row, data.segment_start[w] : count] = 1
        mask[row, data.context_start[w] : count - 1] = True
    _, group = np.unique(data.group[windows], return_inverse=True)
    tensors = (
        ids,
        segments,
        mask,
        data.start[windows].astype(np.int64),
        data.end[windows].astype(np.int64),
        group.astype(np.int64),
    )
    return Batch(*(torch.from_numpy(array) for array in tensors))
