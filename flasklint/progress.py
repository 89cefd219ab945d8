"""A line on the terminal while a run takes long: what is being done, and for how many seconds already.

An interval timer of the system drives it: no thread, so that work may go aside in forks (which do not inherit
the timer), and nothing to pay in a run that is over before it rings.
"""

import os
import signal
import sys
from time import monotonic
from types import FrameType

FIRST, NEXT = 2.0, 0.5  # seconds
STAGES = {
    ("flasklint.discover", "discover"): "looking for files",
    ("flasklint.run", "_tree"): "looking for files",
    ("flasklint.run", "read"): "reading",
    ("flasklint.join", "join"): "joining",
    ("flasklint.check", "check_fleet"): "checking",
}


class Progress:
    """Shows the line on a terminal (a file descriptor) as long as the block lasts, and takes it away again."""

    def __init__(self, terminal: int, first: float = FIRST) -> None:
        self._terminal = terminal
        self._first = first
        self._started = monotonic()
        self._before: object = None
        self._shown = False

    def __enter__(self) -> "Progress":
        if not hasattr(signal, "setitimer") or signal.getsignal(signal.SIGALRM) is not signal.SIG_DFL:
            return self
        try:
            self._before = signal.signal(signal.SIGALRM, self._show)
        except ValueError:  # not the main thread
            return self
        signal.setitimer(signal.ITIMER_REAL, self._first, NEXT)
        return self

    def __exit__(self, *_: object) -> None:
        if self._before is None:
            return
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        if self._shown:
            self._write("\r\x1b[K")

    def _show(self, _: int, frame: FrameType | None) -> None:
        self._shown = True
        self._write(f"\r\x1b[Kflasklint: {_stage(frame)}, {monotonic() - self._started:.0f} s")

    def _write(self, text: str) -> None:
        try:
            os.write(self._terminal, text.encode())
        except OSError:  # it went away
            signal.setitimer(signal.ITIMER_REAL, 0)


def _stage(frame: FrameType | None) -> str:
    """Say what the program is at, by the functions that are being called."""
    while frame:
        known = STAGES.get((frame.f_globals.get("__name__", ""), frame.f_code.co_name))
        if known:
            return known
        frame = frame.f_back
    return "at work"


def wanted() -> bool:
    """Whether there is a terminal that can take a line back."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
