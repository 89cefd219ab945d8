"""A rule that every name of the sample stands for

Why it `hurts`, in two lines
of <prose>.

A second paragraph.

Fix: write `it` otherwise.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.finding import Finding, Severity
from flasklint.rule import rule

BAD = "-- a.conf --\nlisten 80;  # finding: words\n"
GOOD = "-- a.conf --\nlisten 443;\n"


@rule("sample", severity=Severity.ERROR, group="upstream", since="0.1", links=["https://nginx.org/en/docs/"])
def check(deployment: Deployment) -> Iterator[Finding]:
    yield from ()
