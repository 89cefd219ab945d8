"""Commands of a shell that change groups, modes and folders, found in any text."""

import re
from collections.abc import Iterator
from functools import cache
from posixpath import normpath

from ...facts.provisioning import ANY
from ...value import has_hole, normal

Members = Iterator[tuple[str, str]]

_MODES = frozenset({"chmod", "chown", "chgrp", "setfacl", "install"})
_JOINING = frozenset({"usermod", "useradd", "adduser", "addgroup", "gpasswd", "newusers"})
_WITH_VALUE = frozenset({"-G", "-g", "-d", "-s", "-u", "-c", "-e", "-a", "--groups", "--gid", "--ingroup", "--home",
                         "--shell", "--uid", "--gecos", "--add", "--home-dir", "--comment"})  # fmt: skip
_GROUPS = ("-G", "-g", "-aG", "-Ga", "--groups", "--gid", "--ingroup")


@cache
def _commands() -> re.Pattern[str]:
    names = "|".join(sorted(_MODES | _JOINING | {"mkdir"}))
    return re.compile(rf"(?<![\w./-])(?:/usr)?(?:/s?bin/)?({names})[ \t]+([^\n;&|`]{{1,400}})")


def commands(text: str) -> Iterator[tuple[str, list[str], int]]:
    """Every command of the kinds above: its name, its words, the offset of the first of them."""
    for found in _commands().finditer(text):
        words = [word.strip("\"',[]") for word in normal(found[2]).split()]
        yield found[1], [word for word in words if word], found.start(2)


def memberships(name: str, words: list[str]) -> Members:
    """Return the pairs (user, group) of `usermod -aG group user` and its kin."""
    if name not in _JOINING:
        return
    groups, names, at = list[str](), list[str](), 0
    while at < len(words):
        word, at = words[at], at + 1
        option, equals, value = word.partition("=")
        if not word.startswith("-"):
            names.append(word)
        elif equals:
            groups += value.split(",") if option in _GROUPS else []
        elif (word in _GROUPS or (word[1:2] != "-" and "G" in word)) and at < len(words):
            groups += words[at].split(",")
            at += 1
        elif word in _WITH_VALUE and name not in ("usermod", "gpasswd") and at < len(words):
            at += 1
    if name in ("adduser", "addgroup", "gpasswd") and len(names) == 2:
        groups.append(names.pop())
    for user in names[-1:]:
        yield from ((told(user), told(group)) for group in groups)


def told(name: str) -> str:
    """Return a name, `ANY` for a variable."""
    return ANY if "$" in name or has_hole(name) or "<" in name or "%" in name else name


def opened(name: str, words: list[str]) -> Iterator[str]:
    """Return the paths whose mode or owner a command changes."""
    if name in _MODES:
        yield from (path for word in words if (path := folder_of(word)))


def folder_of(word: str) -> str:
    """Return an absolute path; `ANY` for a variable or a home that cannot be told, "" for anything else."""
    if word.startswith("/"):
        open_end = "$" in word or "{{" in word or "*" in word or "<" in word
        if not open_end:
            return normpath(word)
        return ANY if word.startswith("/home/") and word.count("/") == 2 else ""
    variable = word.startswith(("$", "~", "{{", "<"))
    return ANY if variable and "/" not in word.rstrip("/") else ""
