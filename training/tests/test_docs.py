"""Runs the commands of docs/train-on-your-own-data.md as they stand there, in a copy of what they read."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs/train-on-your-own-data.md").read_text(encoding="utf-8")


def blocks(info: str) -> list[str]:
    return re.findall(rf"^```{re.escape(info)}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.slow
def test_the_page_trains_a_reader_that_answers(tmp_path):
    if not (ROOT / "dist/cli/main.js").is_file():
        pytest.skip("the command line is not built: npm run build")
    shutil.copytree(ROOT / "corpora", tmp_path / "corpora")
    shutil.copytree(ROOT / "models", tmp_path / "models")
    (tmp_path / "recipe.toml").write_text(blocks("toml file=recipe.toml")[0], encoding="utf-8")
    tools = tmp_path / "bin"
    tools.mkdir()
    for name, line in (
        ("python", f'exec "{sys.executable}" "$@"'),
        ("npx", f'shift; exec node "{ROOT}/dist/cli/main.js" "$@"'),
    ):
        (tools / name).write_text(f"#!/bin/sh\n{line}\n")
        (tools / name).chmod(0o755)
    environment = os.environ | {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT / "training")}
    outputs = []
    for block in blocks("sh"):
        for line in block.strip().splitlines():
            done = subprocess.run(["sh", "-c", line], cwd=tmp_path, env=environment, capture_output=True, text=True)
            assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
            outputs.append(done.stdout)
    assert len(outputs) == 10
    assert "confidence" in outputs[4] and "corpora/help-centre/" in outputs[4]
    assert (tmp_path / "mine/README.md").is_file()
