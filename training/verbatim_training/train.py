"""`train` and `distil`: fine-tunes a reader on prepared windows; resumes where it was stopped, with the same result."""

import json
import shlex
import signal
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from .batches import Batch, make_batch, plan_epoch
from .checkpoint import Progress, load_state, save_state
from .losses import consistency_loss, distillation_loss, shared_loss, span_loss
from .model import Reader
from .prepare import Prepared, describe_prepared, load_prepared
from .squad import TrainingError
from .weights import load_model, write_model


@dataclass(frozen=True)
class TrainingSettings:
    """What the result depends on: a run is resumed only with the settings that it was begun with."""

    data: str  # folder that `prepare` wrote
    init: str  # model folder to start from
    epochs: float = 3
    learning_rate: float = 5e-5
    warmup: float = 0.06  # share of the steps
    weight_decay: float = 0.01
    layer_decay: float = 1.0  # learning rate of a layer, as a factor of the one above it
    freeze_embeddings: bool = False
    dropout: float = 0.1
    batch_tokens: int = 6144
    max_gradient_norm: float = 1.0
    seed: int = 1
    average_from: float = 1.0  # share of the run after which weights are averaged; 1: never
    shared_loss: float = 0.0  # weight of the loss normalised over a question's passages
    consistency_loss: float = 0.0  # weight of R-Drop; every batch is read twice
    teachers: tuple[str, ...] = ()
    teacher_weight: float = 0.0  # of the distillation loss; the gold spans have the rest
    temperature: float = 2.0


AVERAGE_EVERY = 20  # steps between snapshots of the averaged weights


class Run:
    """A training run in `out`. `state/` there is what it resumes from, `model.safetensors` its result."""

    def __init__(self, settings: TrainingSettings, out: Path, checkpoint_seconds: float, device: str):
        self._settings = settings
        self._out = out
        self._device = torch.device(device)
        self._checkpoint_seconds = checkpoint_seconds
        self._data = load_prepared(Path(settings.data))
        self._model = load_model(Path(settings.init), settings.dropout, settings.seed).to(self._device)
        self._teachers = [load_model(Path(teacher)).to(self._device).eval() for teacher in settings.teachers]
        self._averaged = {name: p.detach().clone() for name, p in self._model.named_parameters()}
        self._optimizer, self._rates = _optimizer(self._model, settings)
        self._steps = _count_steps(self._data, settings)
        self._progress = Progress()
        self._stopped = False

    def run(self) -> None:
        """Trains to the end, or until SIGINT or SIGTERM; either way the state is saved.

        Raises TrainingError if the loss is not a number.
        """
        self._resume()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        began = saved = printed = time.monotonic()
        begun_tokens, begun_step = self._progress.tokens, self._progress.step
        self._model.train()
        for step, windows in self._remaining():
            self._step(step, make_batch(self._data, windows))
            now = time.monotonic()
            if now - printed >= 15 or step + 1 == self._steps:
                printed = now
                rate = (self._progress.tokens - begun_tokens) / (now - began)
                left = (now - began) / (step + 1 - begun_step) * (self._steps - step - 1)
                print(
                    f"step {step + 1}/{self._steps}  loss {self._progress.loss:.4f}  {rate:,.0f} tokens/s  {_clock(left)} left",
                    flush=True,
                )
            if now - saved >= self._checkpoint_seconds:
                saved = now
                self._save()
            if self._stopped:
                break
        self._save()
        if self._progress.step < self._steps:
            print(f"stopped after step {self._progress.step} of {self._steps}; the same command goes on from there")
            raise SystemExit(130)
        self._write_result()

    def _stop(self, *_) -> None:
        self._stopped = True

    def _remaining(self):
        step = epoch = 0
        while step < self._steps:
            plan = plan_epoch(
                self._data, epoch, self._settings.seed, self._settings.batch_tokens, self._settings.shared_loss > 0
            )
            for windows in plan:
                if step >= self._steps:
                    return
                if step >= self._progress.step:
                    yield step, windows
                step += 1
            epoch += 1

    def _step(self, step: int, batch: Batch) -> None:
        settings, progress = self._settings, self._progress
        batch = Batch(*(tensor.to(self._device) for tensor in vars(batch).values()))
        self._model.dropout.seed(settings.seed * 1_000_003 + step)
        loss = self._loss(batch)
        if not torch.isfinite(loss):
            raise TrainingError(f"the loss is {loss.item()} at step {step + 1}; lower --learning-rate")
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._model.parameters(), settings.max_gradient_norm)
        factor = _schedule(step, self._steps, settings.warmup)
        for group, rate in zip(self._optimizer.param_groups, self._rates):
            group["lr"] = rate * factor
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        progress.step = step + 1
        progress.tokens += batch.tokens
        value = loss.item()
        progress.loss = value if step == 0 else 0.98 * progress.loss + 0.02 * value
        if step + 1 >= settings.average_from * self._steps and (step + 1) % AVERAGE_EVERY == 0:
            progress.averaged += 1
            for name, parameter in self._model.named_parameters():
                self._averaged[name].lerp_(parameter.detach(), 1 / progress.averaged)

    def _loss(self, batch: Batch) -> torch.Tensor:
        settings = self._settings
        logits = self._model(batch.input_ids, batch.segment_ids)
        loss = span_loss(logits, batch)
        if settings.shared_loss > 0:
            loss = loss + settings.shared_loss * shared_loss(logits, batch)
        if settings.consistency_loss > 0:
            again = self._model(batch.input_ids, batch.segment_ids)
            loss = (loss + span_loss(again, batch)) / 2 + settings.consistency_loss * consistency_loss(logits, again)
        if self._teachers:
            with torch.no_grad():
                votes = [teacher(batch.input_ids, batch.segment_ids) for teacher in self._teachers]
                mean = tuple(torch.stack(parts).mean(0) for parts in zip(*votes))
            taught = distillation_loss(logits, mean, settings.temperature)
            loss = (1 - settings.teacher_weight) * loss + settings.teacher_weight * taught
        return loss

    def _tensors(self) -> dict[str, torch.Tensor]:
        tensors = {f"average/{name}": tensor for name, tensor in self._averaged.items()}
        for name, parameter in self._model.named_parameters():
            tensors[f"weight/{name}"] = parameter
            for moment, value in self._optimizer.state.get(parameter, {}).items():
                tensors[f"{moment}/{name}"] = value
        return tensors

    def _save(self) -> None:
        save_state(self._out, _saved_settings(self._settings), self._progress, self._tensors())

    def _resume(self) -> None:
        state = load_state(self._out, _saved_settings(self._settings))
        if state is None:
            return
        self._progress, tensors = state
        with torch.no_grad():
            for name, parameter in self._model.named_parameters():
                parameter.copy_(tensors[f"weight/{name}"])
                self._averaged[name].copy_(tensors[f"average/{name}"])
                moments = {m: tensors[f"{m}/{name}"] for m in ("step", "exp_avg", "exp_avg_sq") if f"{m}/{name}" in tensors}
                if moments:
                    self._optimizer.state[parameter] = moments
        print(f"goes on after step {self._progress.step} of {self._steps}")

    def _write_result(self) -> None:
        self._write_model(self._out)
        if self._progress.averaged > 0:
            with torch.no_grad():
                for name, parameter in self._model.named_parameters():
                    parameter.copy_(self._averaged[name])
            self._write_model(self._out / "averaged")

    def _write_model(self, folder: Path) -> None:
        write_model(folder, self._model, Path(self._settings.init))
        training = {
            "command": shlex.join(["python", "-m", "verbatim_training", *sys.argv[1:]]),
            "steps": self._progress.step,
            "tokens": self._progress.tokens,
            "settings": _saved_settings(self._settings),
            "sources": describe_prepared(Path(self._settings.data))["sources"],
        }
        (folder / "training.json").write_text(json.dumps(training, indent=1) + "\n", encoding="utf-8")


def _optimizer(model: Reader, settings: TrainingSettings) -> tuple[torch.optim.Optimizer, list[float]]:
    """AdamW with decay on matrices alone, and the peak learning rate of each of its groups."""
    top = model.config.num_hidden_layers
    groups, rates = [], []
    for name, parameter in model.named_parameters():
        embedding = name.split(".")[0] in ("words", "positions", "segments", "embedding_norm")
        if embedding and settings.freeze_embeddings:
            parameter.requires_grad_(False)
            continue
        depth = top if name.startswith("head") else int(name.split(".")[1]) if name.startswith("layers") else -1
        groups.append({"params": [parameter], "weight_decay": settings.weight_decay if parameter.dim() > 1 else 0.0})
        rates.append(settings.learning_rate * settings.layer_decay ** (top - depth))
    return torch.optim.AdamW(groups, lr=settings.learning_rate, fused=True), rates


def _count_steps(data: Prepared, settings: TrainingSettings) -> int:
    """Steps of all epochs; epochs differ by a few, since fractions of copies are drawn."""
    whole = int(settings.epochs)
    sizes = [
        len(plan_epoch(data, epoch, settings.seed, settings.batch_tokens, settings.shared_loss > 0))
        for epoch in range(whole + (1 if settings.epochs > whole else 0))
    ]
    steps = sum(sizes[:whole]) + (round(sizes[-1] * (settings.epochs - whole)) if settings.epochs > whole else 0)
    if steps == 0:
        raise TrainingError(f"--epochs: {settings.epochs} gives no step")
    return steps


def _schedule(step: int, steps: int, warmup: float) -> float:
    """Linear from 0 to 1 over the warm-up, then linear to 0 at the end."""
    rising = max(1.0, warmup * steps)
    return min((step + 1) / rising, max(0.0, (steps - step) / max(1.0, steps - rising)))


def _saved_settings(settings: TrainingSettings) -> dict:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(settings).items()}


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"
