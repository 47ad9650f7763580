"""The protocol that every measured program speaks: see this bench's README."""

import json
import re
import resource
import sys
import time
from importlib.metadata import version
from pathlib import Path


def serve(answer, packages):
    """Answers the questions on stdin with `answer(question, passages)`, then reports memory and the packages' versions."""
    for line in sys.stdin:
        item = json.loads(line)
        began = time.perf_counter()
        text = answer(item["question"], item["passages"])
        ms = 1000 * (time.perf_counter() - began)
        print(json.dumps({"id": item["id"], "answer": text, "ms": ms}), flush=True)
    versions = {package: version(package) for package in packages}
    print(json.dumps({"peakRssBytes": _peak_rss_bytes(), "versions": versions}), flush=True)


def _peak_rss_bytes():
    if sys.platform == "linux":
        # Unlike ru_maxrss, which begins with what the starting process held when it forked.
        match = re.search(r"^VmHWM:\s+(\d+) kB$", Path("/proc/self/status").read_text(), re.MULTILINE)
        if match:
            return int(match[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
