"""What training minimises. Logits are (windows, length) in fp32, padding at a large negative number."""

import torch
import torch.nn.functional as F

from .batches import Batch

Logits = tuple[torch.Tensor, torch.Tensor]  # start, end


def span_loss(logits: Logits, batch: Batch) -> torch.Tensor:
    """Mean cross entropy of the start and the end; [CLS] stands for "no answer" (Devlin et al. 2019)."""
    return (F.cross_entropy(logits[0], batch.start) + F.cross_entropy(logits[1], batch.end)) / 2


def shared_loss(logits: Logits, batch: Batch) -> torch.Tensor:
    """Cross entropy of the gold span among the context tokens of all windows of its question.

    The shared normalisation of Clark & Gardner (2018), section 3.3, without the null position: it makes span scores of
    passages of one question comparable. Questions without a gold window in the batch do not count.
    """
    gold = batch.start > 0
    if not bool(gold.any()):
        return logits[0].sum() * 0
    groups = int(batch.group.max()) + 1
    total = logits[0].new_zeros(())
    for scores, position in ((logits[0], batch.start), (logits[1], batch.end)):
        per_window = scores.masked_fill(~batch.context_mask, -30000.0).logsumexp(1)
        highest = per_window.new_full((groups,), -30000.0).scatter_reduce(0, batch.group, per_window.detach(), "amax")
        summed = per_window.new_zeros(groups).index_add(0, batch.group, (per_window - highest[batch.group]).exp())
        normaliser = highest + summed.log()
        picked = scores.gather(1, position[:, None])[:, 0]
        total = total + (normaliser[batch.group] - picked)[gold].mean()
    return total / 2


def distillation_loss(student: Logits, teacher: Logits, temperature: float) -> torch.Tensor:
    """KL divergence of the student's positions from the teacher's, times temperature² (Hinton et al. 2015)."""
    total = student[0].new_zeros(())
    for ours, theirs in zip(student, teacher):
        total = total + F.kl_div(
            F.log_softmax(ours / temperature, 1), F.log_softmax(theirs / temperature, 1), reduction="batchmean", log_target=True
        )
    return total * temperature**2 / 2


def consistency_loss(first: Logits, second: Logits) -> torch.Tensor:
    """Symmetric KL divergence of two passes with different dropout masks (R-Drop, Liang et al. 2021)."""
    return (distillation_loss(first, second, 1) + distillation_loss(second, first, 1)) / 2
