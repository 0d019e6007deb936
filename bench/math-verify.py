"""Compares pairs of answers with math-verify: one JSON object a line in, one JSON array out."""

import json
import sys
import time

from math_verify import parse, verify


def compare(a, b):
    start = time.perf_counter_ns()
    error = None
    said = False
    try:
        said = bool(verify(parse(f"${a}$"), parse(f"${b}$")))
    except Exception as caught:
        error = type(caught).__name__
    return {"said": said, "micros": (time.perf_counter_ns() - start) / 1_000, "error": error}


pairs = [json.loads(line) for line in sys.stdin]
# The grammar and its tables are loaded by the first comparison, which is not timed.
compare("1", "1")
json.dump([compare(pair["a"], pair["b"]) for pair in pairs], sys.stdout)
