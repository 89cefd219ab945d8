"""A real program kept in one child process that answers every case in a fork of its own."""

import json
import subprocess
import sys
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

# `answer(case)` is the oracle's; what it does to the process (directory, environment, modules) dies with the fork.
_LOOP = """

import json, os, sys
for line in sys.stdin:
    case = json.loads(line)
    read, write = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(read)
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        told = b'{"died": true}'
        try:
            told = json.dumps(answer(case)).encode()
        finally:
            with os.fdopen(write, "wb") as pipe:
                pipe.write(told)
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        print(pipe.read().decode(), flush=True)
    os.waitpid(pid, 0)
"""


class Oracle:
    """Runs `program`, Python source that defines `answer(case)`, with `folders` before everything on sys.path."""

    def __init__(self, program: str, folders: Sequence[str] = ()) -> None:
        start = f"import sys; sys.path[:0] = {list(folders)!r}\n"
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-c", start + program + _LOOP],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"},
        )

    def ask(self, case: object) -> Any:
        assert self._child.stdin is not None and self._child.stdout is not None
        self._child.stdin.write(json.dumps(case) + "\n")
        self._child.stdin.flush()
        told = json.loads(self._child.stdout.readline())
        assert "died" not in told, case
        return told

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._child.communicate(timeout=60)
