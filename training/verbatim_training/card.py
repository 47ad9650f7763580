"""`card`: the model card, written from what the manifest and the training run say."""

from pathlib import Path

from .manifest import write_manifest
from .squad import read_json


def write_card(model: Path, details: dict, limits: Path | None) -> None:
    """Writes README.md beside the manifest; `details` are set in the manifest first.

    Every figure comes from the manifest, every sentence on training from `training.json` that `export` put there; the
    limits of a model are for people to state, in a Markdown file.
    """
    manifest = write_manifest(model, details)
    training = read_json(model / "training.json") if (model / "training.json").is_file() else None
    threshold, figures = manifest.get("nullScoreDifferenceThreshold"), manifest.get("figures")
    lines = [f"# Model card: {manifest.get('id', model.name)}", ""]
    lines += [
        f"Extractive SQuAD2 reader. {manifest.get('architecture', '')}. Licence: {manifest.get('licence', 'not stated')}.",
        "",
    ]
    lines += ["| File | Bytes | SHA-256 |", "| --- | --- | --- |"]
    lines += [f"| `{name}` | {file['bytes']:,} | `{file['sha256'][:16]}…` |" for name, file in manifest["files"].items()]
    lines += ["", "## Training", "", f"{manifest.get('source', 'Not stated')}.", ""]
    if training is not None:
        lines += ["Data, with the copies of each answerable and unanswerable question in an epoch:", ""]
        lines += ["| File | Questions | Answerable | Unanswerable | Licence |", "| --- | --- | --- | --- | --- |"]
        for source in training["sources"]:
            lines.append(
                f"| {source['file']} | {source['questions']:,} | {source['answerable']:g} | {source['unanswerable']:g} "
                f"| {source['licence']} |"
            )
        lines += ["", "```sh", training["command"], "```", ""]
    if figures is not None:
        lines += ["## Figures", "", f"Official SQuAD 2.0 metric on {figures['dataset']}, {figures['dtype']}:", ""]
        lines += ["| Threshold | EM | F1 | HasAns EM / F1 | NoAns |", "| --- | --- | --- | --- | --- |"]
        has = f"{figures['HasAns_exact']:.2f} / {figures['HasAns_f1']:.2f}" if "HasAns_f1" in figures else "none"
        no = f"{figures['NoAns_exact']:.2f}" if "NoAns_exact" in figures else "none"
        value = f"{threshold['value']:.3f}" if threshold else "0"
        lines += [f"| {value} | {figures['exact']:.2f} | {figures['f1']:.2f} | {has} | {no} |", ""]
    if threshold is not None:
        lines += [
            f"The threshold was fitted on {threshold['fittedOn']}, for {100 * threshold['unanswerableShare']:.0f}% of all "
            "questions unanswerable. Null score − best span score above it means no answer.",
            "",
        ]
    if limits is not None:
        lines += ["## Limits", "", limits.read_text(encoding="utf-8").strip(), ""]
    (model / "README.md").write_text("\n".join(lines), encoding="utf-8")
