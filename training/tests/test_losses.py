import math

import torch

from verbatim_training.batches import Batch, make_batch, plan_epoch
from verbatim_training.losses import consistency_loss, distillation_loss, shared_loss, span_loss
from verbatim_training.prepare import load_prepared


def batch(start, end, group, mask):
    start = torch.tensor(start)
    return Batch(
        torch.ones(mask.shape, dtype=torch.int64), torch.zeros(mask.shape), mask, start, torch.tensor(end), torch.tensor(group)
    )


def test_the_span_loss_is_the_cross_entropy_of_both_ends():
    mask = torch.ones(1, 2, dtype=torch.bool)
    logits = (torch.tensor([[0.0, math.log(3)]]), torch.tensor([[0.0, 0.0]]))
    # −log(3/4) for the start, −log(1/2) for the end.
    expected = (math.log(4 / 3) + math.log(2)) / 2
    assert math.isclose(span_loss(logits, batch([1], [0], [0], mask)).item(), expected, rel_tol=1e-6)


def test_the_shared_loss_normalises_over_all_windows_of_a_question():
    mask = torch.tensor([[False, True, True], [False, True, False], [False, True, True]])
    start = torch.tensor([[9.0, 1.0, 2.0], [9.0, 3.0, 8.0], [9.0, 5.0, 6.0]])
    end = torch.tensor([[9.0, 0.5, 1.5], [9.0, 2.5, 8.0], [9.0, 4.5, 5.5]])
    # Windows 0 and 1 belong to one question; the third has no gold window and does not count.
    b = batch([2, 0, 0], [2, 0, 0], [0, 0, 1], mask)
    total = sum(math.exp(v) for v in (1.0, 2.0, 3.0))
    ends = sum(math.exp(v) for v in (0.5, 1.5, 2.5))
    expected = ((math.log(total) - 2.0) + (math.log(ends) - 1.5)) / 2
    assert math.isclose(shared_loss((start, end), b).item(), expected, rel_tol=1e-5)
    assert shared_loss((start, end), batch([0, 0, 0], [0, 0, 0], [0, 0, 1], mask)).item() == 0


def test_distillation_is_zero_for_equals_and_positive_otherwise():
    one, other = torch.tensor([[0.0, 1.0, 2.0]]), torch.tensor([[2.0, 1.0, 0.0]])
    assert abs(distillation_loss((one, one), (one, one), 2).item()) < 1e-6
    # KL of softmax(2,1,0) against softmax(0,1,2), twice and halved.
    p = [math.exp(v) for v in (2, 1, 0)]
    p = [v / sum(p) for v in p]
    expected = sum(a * math.log(a / b) for a, b in zip(p, reversed(p)))
    assert math.isclose(distillation_loss((one, one), (other, other), 1).item(), expected, rel_tol=1e-5)
    assert math.isclose(consistency_loss((one, one), (other, other)).item(), expected, rel_tol=1e-5)


def test_an_epoch_sees_every_window_as_often_as_its_copies_say(prepared):
    data = load_prepared(prepared)
    seen = [0] * len(data)
    for epoch in range(40):
        for windows in plan_epoch(data, epoch, 1, 200, by_group=False):
            for window in windows:
                seen[window] += 1
    for count, copies in zip(seen, data.copies):
        assert abs(count / 40 - copies) < 0.3


def test_an_epoch_follows_from_its_seed_and_keeps_to_the_budget(prepared):
    data = load_prepared(prepared)
    plan = [windows.tolist() for windows in plan_epoch(data, 0, 1, 200, by_group=False)]
    assert plan == [windows.tolist() for windows in plan_epoch(data, 0, 1, 200, by_group=False)]
    assert plan != [windows.tolist() for windows in plan_epoch(data, 1, 1, 200, by_group=False)]
    assert all(len(windows) == 1 or make_batch(data, windows).tokens <= 200 for windows in plan)


def test_windows_of_one_question_stay_together(prepared):
    data = load_prepared(prepared)
    batches = plan_epoch(data, 0, 1, 150, by_group=True)
    for group in set(data.group.tolist()):
        assert sum(any(data.group[w] == group for w in windows) for windows in batches) == 1
