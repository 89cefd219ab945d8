"""Users and groups of the machine: those of this one, and those that the units name."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from .plan import Plan

_FIRST = 2000
_USER = re.compile(r"(?m)^\s*(?:User|SocketUser)\s*=\s*([a-z_][\w-]*)\s*$")
_GROUP = re.compile(r"(?m)^\s*(?:Group|SocketGroup|SupplementaryGroups)\s*=\s*([a-z_][\w-]*)\s*$")


class Accounts:
    """Numbers of users and groups by name, and the two files that hold them."""

    def __init__(self, plan: Plan, homes: dict[str, str]) -> None:
        self._passwd = _lines("/etc/passwd")
        self._group = _lines("/etc/group")
        self.users = {line.split(":")[0]: int(line.split(":")[2]) for line in self._passwd}
        self.groups = {line.split(":")[0]: int(line.split(":")[2]) for line in self._group}
        self._primary = {line.split(":")[0]: int(line.split(":")[3]) for line in self._passwd}
        for name in _named(_USER, plan):
            self._add(name, homes.get(name, "/nonexistent"))
        for name in _named(_GROUP, plan):
            self._add_group(name)
        for user, groups in plan.members:
            for group in groups:
                self._join(user, group)

    @property
    def files(self) -> dict[str, str]:
        return {"/etc/passwd": _text(self._passwd), "/etc/group": _text(self._group)}

    def owner(self, words: str) -> tuple[int, int]:
        """The numbers of "user:group"; -1 for what is left out, the user's own group for "user:"."""
        user, colon, group = words.partition(":")
        uid = int(user) if user.isdecimal() else self.users[user] if user else -1
        if group:
            return uid, int(group) if group.isdecimal() else self.groups[group]
        return uid, self._primary.get(user, -1) if colon else -1

    def _add(self, name: str, home: str) -> None:
        if name in self.users:
            return
        self._add_group(name)
        number = self.groups[name]
        self.users[name], self._primary[name] = number, number
        self._passwd.append(f"{name}:x:{number}:{number}::{home}:/usr/sbin/nologin")

    def _add_group(self, name: str) -> None:
        if name not in self.groups:
            self.groups[name] = max(_FIRST, *(number + 1 for number in self.groups.values() if number < 60000))
            self._group.append(f"{name}:x:{self.groups[name]}:")

    def _join(self, user: str, group: str) -> None:
        for index, line in enumerate(self._group):
            if line.split(":")[0] == group:
                self._group[index] = f"{line}{'' if line.endswith(':') else ','}{user}"
                return
        raise KeyError(group)


def _named(pattern: re.Pattern[str], plan: Plan) -> Iterator[str]:
    """Names in the order in which the units hold them, each once, and those that permissions name."""
    if plan.users:
        texts: Iterable[str] = (text for path, text in sorted(plan.world.files.items()) if "[" in text)
        yield from dict.fromkeys(name for text in texts for name in pattern.findall(text))
    owners = (mode.owner.partition(":") for mode in plan.modes)
    names = (user if pattern is _USER else group for user, _, group in owners)
    yield from dict.fromkeys(name for name in names if name and not name.isdecimal())


def _lines(path: str) -> list[str]:
    return [line for line in Path(path).read_text().splitlines() if line.count(":") >= 3]


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
