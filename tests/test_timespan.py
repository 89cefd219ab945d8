"""Time spans are as long as systemd takes them to be."""

import math

import pytest

from flasklint.deployment.timespan import seconds


@pytest.mark.parametrize(
    ("text", "length"),
    [("5", 5), ("90s", 90), ("1min 30s", 90), ("1min30s", 90), ("2 min", 120), ("1.5h", 5400), ("500ms", 0.5),
     ("0", 0), ("infinity", math.inf), ("1d", 86400)],
)  # fmt: skip
def test_length(text: str, length: float) -> None:
    assert seconds(text) == pytest.approx(length)


@pytest.mark.parametrize("text", ["", "soon", "5 parsecs", "-1", "{{ stop }}", "5s " * 50, "1" * 12])
def test_no_time_span(text: str) -> None:
    assert seconds(text) is None
