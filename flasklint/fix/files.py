"""What the files held when they were read, what they hold after the repairs so far, and which belong together."""

import os
from collections.abc import Iterable, Mapping

from ..finding import Edit, Finding, PythonEdit
from ..result import Change
from ..source import Source, decode
from .choose import Repair, apply, is_whole
from .write import CHANGED, Refused, encoded, read_again


class Files:
    """Contents by absolute path, in memory. Where `held` has a file, the disk is not asked for it."""

    def __init__(self, held: Mapping[str, bytes]) -> None:
        self.new: dict[str, bytes] = dict(held)
        self._old: dict[str, bytes] = dict(held)
        self._groups: list[set[str]] = []

    def prepare(self, finding: Finding) -> Repair:
        """Turn the fix of a finding into edits of text. Raises Refused where one of them cannot be made."""
        edits = tuple(plain(edit) for edit in finding.fix.edits) if finding.fix else ()
        for edit in edits:
            encoded(edit.text, self._held(edit.at.source))
        repair = Repair(finding, edits)
        if not is_whole(repair):
            raise Refused("its edits are in each other's way")
        return repair

    def after(self, repairs: Iterable[Repair]) -> dict[str, bytes]:
        """Return the changed files as they will be after further repairs."""
        texts = apply(repairs)
        return self.new | {target: encoded(text, self._now(target)) for target, text in texts.items()}

    def keep(self, repairs: Iterable[Repair]) -> None:
        """Make repairs."""
        repairs = list(repairs)
        self.new = self.after(repairs)
        for repair in repairs:
            group = set(repair.targets)
            joined = [other for other in self._groups if other & group]
            self._groups = [other for other in self._groups if not other & group] + [group.union(*joined)]

    def changes(self) -> list[Change]:
        """What there is to write, by path."""
        return sorted((change for group in self.groups() for change in group), key=lambda change: change.path)

    def groups(self) -> list[list[Change]]:
        """What there is to write, the files of one fix together."""
        return [[self._change(target) for target in sorted(group) if self._now(target) != self._old[target]]
                for group in self._groups]  # fmt: skip

    def _change(self, target: str) -> Change:
        return Change(target, os.path.relpath(target).replace(os.sep, "/"), self._old[target], self.new[target])

    def _now(self, target: str) -> bytes:
        return self.new.get(target, self._old[target])

    def _held(self, source: Source) -> bytes:
        """Return what stands behind the text of a source, asking the disk once."""
        if source.target not in self._old:
            self._old[source.target] = read_again(source)
        data = self._now(source.target)
        if decode(data)[0] != source.text:
            raise Refused(CHANGED)
        return data


def plain(edit: Edit | PythonEdit) -> Edit:
    """Return an edit of text. Raises Refused where Python cannot be changed as it says."""
    if isinstance(edit, Edit):
        return edit
    from .python import worked_out

    return worked_out(edit)
