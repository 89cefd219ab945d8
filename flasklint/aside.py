"""Work done aside, in a fork of this process, on machines with more than one processor.

Only worth its price (some milliseconds) where there is much to do. A result comes back pickled: files
go by their paths, so that both sides speak of the same `Source`s.
"""

import os
import sys
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from .source import Source
from .tree import Tree

T = TypeVar("T")
MANY = 50  # files or deployments, from which on a second processor pays


class Aside(Generic[T]):
    """Work that has begun. `result` waits for it.

    Where no fork can be made, or it dies, the work is done here, when somebody asks for the result.
    """

    def __init__(self, work: Callable[[], T], tree: Tree) -> None:
        self._work = work
        self._tree = tree
        self._pid, self._pipe = _fork(lambda: _pickled(work(), tree)) if _is_possible() else (0, -1)

    def result(self) -> T:
        if not self._pid:
            return self._work()
        try:
            with open(self._pipe, "rb") as pipe:
                told = pipe.read()
        finally:
            _, status = os.waitpid(self._pid, 0)
            self._pid = 0
        if status:
            return self._work()
        found: T = _unpickled(told, self._tree)
        return found


def _is_possible() -> bool:
    """Whether a fork is safe and of use: a second processor, no threads, nobody who traces or measures."""
    threads = sys.modules.get("threading")
    alone = threads is None or threads.active_count() == 1
    return hasattr(os, "fork") and alone and sys.gettrace() is None and _processors() > 1


def _processors() -> int:
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return count or 1


def _fork(work: Callable[[], bytes]) -> tuple[int, int]:
    """Start work in a child, which writes its result into the pipe and ends, with 1 where it failed."""
    read, write = os.pipe()
    try:
        pid = os.fork()
    except OSError:
        os.close(read)
        os.close(write)
        return 0, -1
    if pid:
        os.close(write)
        return pid, read
    status = 1
    try:
        with open(write, "wb") as pipe:
            pipe.write(work())
        status = 0
    finally:
        os._exit(status)  # whatever happened: no handler and no buffer of the parent may run twice


def _pickled(what: object, tree: Tree) -> bytes:
    from io import BytesIO
    from pickle import Pickler

    def reduce(one: Source) -> Any:
        path = tree.path_of(one)
        return (_OfTree, (path,)) if tree.read(path) is one else one.__reduce_ex__(5)

    buffer = BytesIO()
    pickler = Pickler(buffer, 5)
    pickler.dispatch_table = {Source: reduce}  # a `persistent_id` would be asked about every single object
    pickler.dump(what)
    return buffer.getvalue()


def _unpickled(told: bytes, tree: Tree) -> Any:
    from io import BytesIO
    from pickle import Unpickler

    class ByPath(Unpickler):
        def find_class(self, module: str, name: str) -> Any:
            found = super().find_class(module, name)
            return tree.read if found is _OfTree else found

    return ByPath(BytesIO(told)).load()


class _OfTree:
    """Stands for what the other side's tree reads at a path."""
