"""What is on the user's desk, and what was last seen there; a change leads to another look, a moment later."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from .look import Job, Options, Seen, job, look
from .places import Document, path_of, real_path

T = TypeVar("T")
DELAY = 0.04  # seconds without a change before the next look: typing comes in bursts
LONGEST = 2.0  # seconds that it waits in a large folder, where a look takes as long


class Desk:
    """Folders and open documents. `show` is called in the event loop with all that was seen, when it is current."""

    def __init__(self, options: Options, show: Callable[[Seen], None]) -> None:
        self.documents: dict[str, Document] = {}
        self.folders: dict[str, str] = {}  # by URI
        self.seen = Seen(Job((), (), {}))
        self._options = options
        self._show = show
        self._pool = ThreadPoolExecutor(1, "look")
        self._task: asyncio.Task[None] | None = None
        self._changes = 0
        self._due = 0.0
        self._pause = DELAY
        self._took = 0.0

    def add_folder(self, uri: str) -> None:
        if (path := path_of(uri)) and os.path.isdir(path):
            self.folders[uri] = path
            self.changed()

    def remove_folder(self, uri: str) -> None:
        self.folders.pop(uri, None)
        self.changed()

    def put(self, uri: str, version: int, text: str) -> None:
        """Take a document as it is now. Those that are no files of this machine are left alone."""
        if path := real_path(uri):
            self.documents[path] = Document(uri, version, text.removeprefix("\ufeff"))
            self.changed()

    def close(self, uri: str) -> None:
        """Forget a document: what counts is on the disk again."""
        self.documents.pop(real_path(uri), None)
        self.changed()

    def changed(self) -> None:
        """Look again when nothing else changes for a moment."""
        self._changes += 1
        loop = asyncio.get_running_loop()
        self._due = loop.time() + self._pause
        if self._task is None or self._task.done():
            self._task = loop.create_task(self._looking())

    async def current(self) -> Seen:
        """Return what is seen of the desk as it is now."""
        while self._task and not self._task.done():
            await asyncio.shield(self._task)
        return self.seen

    async def aside(self, work: Callable[[], T]) -> T:
        """Do work where looks are made, one at a time, so that messages are still answered."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    async def _looking(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            while (rest := self._due - loop.time()) > 0:
                await asyncio.sleep(rest)
            changes, wanted = self._changes, job(self.folders, self.documents)
            begun = loop.time()
            seen = await loop.run_in_executor(self._pool, look, wanted, self._options)
            took, before = loop.time() - begun, self._took
            self._took = took
            self._pause = min(max(DELAY, min(took, before)), LONGEST)  # the first look loads modules: it does not count
            if changes == self._changes:
                self.seen = seen
                self._show(seen)
                return
