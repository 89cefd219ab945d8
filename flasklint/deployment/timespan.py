"""Time spans as systemd writes them: `90`, `5s`, `1min 30s`, `infinity` (systemd.time(7))."""

import re

_SECONDS = {
    "usec": 1e-6, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "msec": 1e-3, "ms": 1e-3,
    "seconds": 1, "second": 1, "sec": 1, "s": 1, "minutes": 60, "minute": 60, "min": 60, "m": 60,
    "hours": 3600, "hour": 3600, "hr": 3600, "h": 3600, "days": 86400, "day": 86400, "d": 86400,
    "weeks": 604800, "week": 604800, "w": 604800,
}  # fmt: skip


def seconds(text: str) -> float | None:
    """Return the length of a time span; None where it is none, or too long to matter. A bare number is seconds."""
    if text.strip() == "infinity":
        return float("inf")
    total, rest = 0.0, text.strip()
    while rest and len(text) < 100:
        match = re.match(r"(\d{1,9}(?:\.\d{1,9})?)(?![\d.]) ?([a-zµμ]*) *", rest)
        unit = _SECONDS.get(match[2] or "s") if match else None
        if match is None or unit is None:
            return None
        total, rest = total + float(match[1]) * unit, rest[match.end() :]
    return total if text.strip() and not rest else None
