"""Folders of the repository: which bear a name, which lie near."""

from collections.abc import Iterable, Iterator
from functools import cached_property

from ..tree import Tree


class Folders:
    """Folders of a tree, to be found by their last name or by what lies above them."""

    def __init__(self, tree: Tree, folders: Iterable[str]) -> None:
        self._folders = list(folders)
        self._called: dict[str, list[str]] = {}
        root_name = tree.root.rpartition("/")[2]
        for folder in self._folders:
            self._called.setdefault(folder.rpartition("/")[2] or root_name, []).append(folder)

    def __len__(self) -> int:
        return len(self._folders)

    @cached_property
    def _below(self) -> dict[str, list[str]]:
        """Those below each folder that has any, itself among them."""
        found: dict[str, list[str]] = {}
        for folder in self._folders:
            for above in _upward(folder):
                found.setdefault(above, []).append(folder)
        return found

    def called(self, name: str) -> list[str]:
        """Those whose last name it is; the root is called as the folder on this machine."""
        return self._called.get(name, [])

    def near(self, folder: str) -> list[str]:
        """Those below the deepest folder above `folder` that has any."""
        return next((self._below[above] for above in _upward(folder) if above in self._below), [])

    def worth_ranking(self, path: str | None, near: str) -> list[str]:
        """Those of the target folder's name, else those that lie near."""
        return self.called((path or "").rstrip("/").rpartition("/")[2]) or self.near(near)


def _upward(folder: str) -> Iterator[str]:
    """The folder and those above it, up to the root ("")."""
    yield folder
    while folder:
        folder = folder.rpartition("/")[0]
        yield folder
