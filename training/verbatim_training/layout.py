"""Files of a model's folder, as the Hugging Face Hub lays them out."""

from pathlib import Path

WEIGHT_FILES = {"fp32": "onnx/model.onnx", "fp16": "onnx/model_fp16.onnx", "q8": "onnx/model_quantized.onnx"}
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json")
# How readings become a decision: what `verbatim tune` wrote for this model.
PROFILE_FILE = "profile.json"


def copy_files(source: Path, out: Path, names: tuple[str, ...]) -> None:
    """Copies those of the files that are there; nothing if both folders are the same."""
    for name in names:
        if (source / name).is_file() and source != out:
            (out / name).write_bytes((source / name).read_bytes())
