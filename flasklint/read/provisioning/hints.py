"""Which files may say how the host is set up, and what each of them says."""

import re
from collections.abc import Iterator
from functools import cache
from posixpath import normpath

from ...facts.provisioning import ANY, Provisioning
from ...source import Source
from ...tree import MAX_BYTES, Tree
from ...value import Known
from .words import commands, folder_of, memberships, opened, told

_SUFFIXES = (".sh", ".bash", ".yml", ".yaml", ".j2", ".md", ".rst", ".txt", ".adoc", ".tf", "fabfile.py",
             "deploy.py", ".conf", ".cfg", ".ini", ".service", ".toml", ".html", ".pp", ".nix", ".tpl")  # fmt: skip
_TRACES = (b"usermod", b"useradd", b"adduser", b"addgroup", b"gpasswd", b"groups:", b"chmod", b"chown", b"chgrp",
           b"setfacl", b"acl:", b"mode:", b"tmpfiles", b"/run/", b".socket", b".service", b"HOME_MODE", b"DIR_MODE",
           b"nginx.conf", b"user ", b"buntu", b"ebian", b"edora", b"RHEL", b"rhel", b"box")  # fmt: skip
_OLD = ("trusty", "xenial", "bionic", "focal", "14.04", "16.04", "18.04", "20.04", "jessie", "stretch", "buster",
        "bullseye")  # fmt: skip
_NEW = ("jammy", "noble", "22.04", "24.04", "26.04", "fedora", "Fedora", "rocky", "almalinux", "AlmaLinux", "rhel",
        "RHEL", "amazonlinux", "amzn", "ec2-user")  # fmt: skip
_OF_TMPFILES = tuple(f"\n{kind} {folder}/" for kind in "dD" for folder in ("/run", "/var/run"))  # tmpfiles.d(5)
_LIMIT = 400  # files
_MOST_TEXT = 2_000_000  # characters
_NEAR = 12  # lines around `groups:` in which a playbook names the user


class _Notes:
    """What has been found so far."""

    def __init__(self) -> None:
        self.members: set[tuple[str, str]] = set()
        self.opened: set[str] = set()
        self.accounts: set[str] = set()
        self.at_boot: set[str] = set()
        self.once: list[Known[str]] = []
        self.units: set[str] = set()
        self.open_homes = False
        self.closed_homes = False


def read(tree: Tree) -> Provisioning:
    """Return what the files of a tree say; an incomplete answer where they are too many or too large."""
    notes, size, seen = _Notes(), 0, 0
    for path in tree.paths:
        base = path.rpartition("/")[2]
        if "." in base and not base.endswith(_SUFFIXES):
            continue
        data = tree.head(path, MAX_BYTES + 1)
        if b"\0" in data or not any(trace in data for trace in _TRACES):
            continue
        seen, size = seen + 1, size + len(data)
        if seen > _LIMIT or size > _MOST_TEXT or len(data) > MAX_BYTES:
            return Provisioning(complete=False)
        source = Source(tree.shown(path), data.decode(errors="replace"))
        _note(source, path, notes)
    return Provisioning(
        members=frozenset(notes.members),
        opened=frozenset(notes.opened),
        accounts=frozenset(notes.accounts),
        at_boot=frozenset(notes.at_boot),
        once=tuple(notes.once),
        open_homes=notes.open_homes,
        closed_homes=notes.closed_homes,
        unit_names=frozenset(notes.units),
    )


def _note(source: Source, path: str, notes: _Notes) -> None:
    text = source.text
    is_unit = path.endswith((".service", ".socket"))
    for name, words, start in commands(text):
        notes.members.update(memberships(name, words))
        notes.opened.update(opened(name, words))
        if name in ("mkdir", "install") and not is_unit:
            notes.once += _below_run(source, words, start)
    if path.endswith((".yml", ".yaml")):
        _playbook(text, notes)
    if "tmpfiles" in path or "tmpfiles" in text or any(line in f"\n{text}" for line in _OF_TMPFILES):
        notes.at_boot.update(_run_folders(text))
    if "HOME_MODE" in text or "DIR_MODE" in text:
        notes.opened.add(ANY)
    notes.open_homes = notes.open_homes or any(word in text for word in _OLD)
    notes.closed_homes = notes.closed_homes or any(word in text for word in _NEW)
    notes.accounts.update(told(found[1]) for found in _nginx_user().finditer(text))
    notes.accounts.update(_by_sed(text) if "nginx.conf" in text and "sed " in text else ())
    if not is_unit:
        notes.units.update(found[0] for found in _unit_name().finditer(text))


def _below_run(source: Source, words: list[str], start: int) -> Iterator[Known[str]]:
    line = source.line_span(source.position(start)[0])
    for word in words:
        if word.startswith(("/run/", "/var/run/")):
            yield Known(normpath(word).removeprefix("/var"), line)


def _run_folders(text: str) -> Iterator[str]:
    """Every folder below /run that a text about tmpfiles.d names, with those above it."""
    for found in _run_path().finditer(text):
        path = found[0].removeprefix("/var").rstrip("/")
        if "$" in path or "{" in path or "%" in path:
            yield ANY
        while path not in ("", "/run"):
            yield path
            path = path.rpartition("/")[0]


def _by_sed(text: str) -> Iterator[str]:
    """Whom a `sed` of nginx.conf makes the workers run as: `s/user www-data/user shop/`."""
    for line in text.split("\n"):
        before, user, behind = line.rpartition("user ")
        if user and "sed " in before and "nginx.conf" in behind and behind.strip():
            yield told(behind.split()[0].partition("/")[0].strip(";'\""))


def _playbook(text: str, notes: _Notes) -> None:
    """Ansible's `user:` with `groups:`, and the paths of a file that also speaks of modes."""
    lines = text.split("\n")
    users: list[str] | None = None
    for number, line in enumerate(lines):
        key, _, value = line.strip().removeprefix("- ").partition(":")
        if key == "groups":
            users = users if users is not None else [_user_named(each) for each in lines]
            near = {user for user in users[max(0, number - _NEAR) : number + _NEAR] if user}
            groups = _listed(value, lines[number + 1 : number + 1 + _NEAR])
            notes.members.update((told(user), told(group)) for user in near for group in groups)
        elif key in ("path", "dest", "name") and ("mode:" in text or "acl:" in text):
            folder = folder_of(value.strip().strip("\"'"))
            notes.opened.update([folder] if folder else [])


def _user_named(line: str) -> str:
    """The value of `name:` or `user:` on a line of YAML, "" for another line."""
    key, _, value = line[:200].strip().removeprefix("- ").partition(":")
    return value.strip().strip("\"'") if key in ("name", "user") else ""


def _listed(value: str, below: list[str]) -> list[str]:
    """The names behind `groups:`: on its line, or as the items below it."""
    inline = [word for part in value.split("#")[0].split(",") if (word := part.strip(" \t\r[]\"'"))]
    if inline:
        return inline
    items = []
    for line in below:
        if not line.strip().startswith("- "):
            break
        items.append(line.strip()[2:].strip(" \t\r\"'"))
    return items


@cache
def _run_path() -> re.Pattern[str]:
    return re.compile(r"(?:/var)?/run/[\w./{}$%@-]{1,200}")


@cache
def _nginx_user() -> re.Pattern[str]:
    """`user shop;` of nginx."""
    return re.compile(r"\buser[ \t]{1,20}([\w${}-]{1,40});")


@cache
def _unit_name() -> re.Pattern[str]:
    return re.compile(r"(?<![\w@.-])[\w@.-]{1,80}\.(?:service|socket)\b")
