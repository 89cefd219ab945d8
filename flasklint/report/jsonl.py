"""One JSON object a line: what a finding is in the JSON report, and at last the summary.

A reader can begin before the end, and a line that is no JSON is no part of it.
"""

from ..result import Result
from ..settings import Settings
from ._dump import dump
from .json import SCHEMA, document


def render(result: Result, settings: Settings, *, color: bool, width: int) -> str:
    """Return lines with the key `kind`: `finding`, or `summary` in the last one."""
    whole = document(result, settings)
    lines = [{"kind": "finding", **finding} for finding in whole["findings"]]
    last = {"kind": "summary", "schema": SCHEMA, "version": whole["version"], **whole["summary"]}
    return "".join(f"{dump(line)}\n" for line in (*lines, last))
