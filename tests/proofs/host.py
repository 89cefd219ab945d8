"""The host that a proof's deployment is put on: what its header says, and what its units name."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping

from ..reality.machine.plan import Mode, Plan
from ..reality.venv import EVERYTHING
from ..reality.world import Site, World
from .format import MalformedError, Proof

_DIRECTORY = re.compile(r"(?m)^WorkingDirectory=[-\"']?(/[^\s\"'#]*)")
_VENV = re.compile(r"(?<![\w.])(/(?:[\w.@%-]+/)*\.?venv)/bin/")
_SERVER_NAME = re.compile(r"(?m)^\s*server_name\s+([\w.-]+)")
_STYLE = "static/site.css"


def plan(proof: Proof, files: Mapping[str, str]) -> Plan:
    """The deployment with these files, and what the operator does. Raises MalformedError."""
    lines = proof.lines
    users = [line.split() for line in lines["user"] if line != "none"]
    return Plan(
        world(proof, files),
        tuple(_mode(proof, line) for line in lines["mode"]),
        tuple((user, tuple(groups)) for user, *groups in users),
        "none" not in lines["user"],
        tuple(lines["start"]),
        tuple(action for line in lines["ask"] for action in _actions(line)),
    )


def _mode(proof: Proof, line: str) -> Mode:
    """`/home/shop 0750 shop:shop`: the permissions, the owner or both."""
    path, *rest = line.split()
    mode = next((word for word in rest if re.fullmatch(r"[0-7]{3,4}", word)), "")
    owner = next((word for word in rest if ":" in word), "")
    if not path.startswith("/") or len(rest) != bool(mode) + bool(owner) or not rest:
        raise MalformedError(f"{proof.name}: mode: {line!r} is not '/path 0750 user:group'")
    return Mode(path, mode, owner)


def _actions(line: str) -> list[str]:
    """Commands of one line; every run has an empty /run to begin with."""
    return [action.strip() for action in line.split(",") if action.strip() not in ("", "reboot-run")]


def world(proof: Proof, files: Mapping[str, str]) -> World:
    """The deployment with these files on its host. Raises MalformedError."""
    inside = {path: text for path, text in files.items() if not path.startswith("/")}
    found = World(proof.name, inside, {}, {}, (), _supplied(files))
    places = _places(proof, found.units)
    nginx = "\n".join(found.nginx.values())
    names = [proof.host] if proof.host else _SERVER_NAME.findall(nginx)
    site = Site(
        names[0] if names else "shop.test",
        f"/{_STYLE}" if _STYLE in files and "/static" in nginx else "",
        place=next(iter(places), "/srv"),
        requests=tuple(proof.lines["request"]) or ("/",),
        answer=tuple(proof.lines["answer"]),
        closed=tuple(proof.lines["secret"]),
    )
    return found._replace(places=places, venvs=_venvs(proof, files, places), sites=(site,))


def _supplied(files: Mapping[str, str]) -> dict[str, str]:
    return {path: text for path, text in files.items() if path.startswith("/")}


def _places(proof: Proof, units: Mapping[str, str]) -> dict[str, str]:
    lines = [line for line in proof.lines["place"] if line != "none"]
    found: dict[str, str] = {}
    if lines == proof.lines["place"]:
        services = [text for name, text in sorted(units.items()) if name.endswith(".service")]
        found = {posixpath.normpath(place): "" for text in services for place in _DIRECTORY.findall(text)}
    pairs = [line.partition("=")[::2] for line in lines]
    return {**(found or {"/srv/shop": ""}), **{place.strip(): _folder(folder.strip()) for place, folder in pairs}}


def _folder(folder: str) -> str:
    return "" if folder == "." else folder.strip("/")


def _venvs(proof: Proof, files: Mapping[str, str], places: Iterable[str]) -> dict[str, str | tuple[str, ...]]:
    """Virtual environments, each with a requirements file or the distributions that it holds."""
    lines = [line for line in proof.lines["venv"] if line != "none"]
    found: dict[str, str | tuple[str, ...]] = {}
    if lines == proof.lines["venv"]:
        texts = (text for path, text in files.items() if path.endswith((".service", ".sh", ".conf")) or "." not in path)
        named = (folder for text in texts for folder in _VENV.findall(text))
        found = {folder: tuple(sorted(EVERYTHING)) for folder in (*(f"{place}/venv" for place in places), *named)}
    for line in lines:
        folder, _, words = line.partition(" ")
        found[folder] = _content(proof, words.strip())
    return found


def _content(proof: Proof, words: str) -> str | tuple[str, ...]:
    if words.startswith("from "):
        return words.removeprefix("from ").strip()
    content = {name: name for name in EVERYTHING}
    for change in _changes(words):
        name = re.split(r"==", change.removeprefix("without "))[0]
        if change.startswith("without ") and name in content:
            del content[name]
        elif "==" in change:
            content[name] = change
        else:
            raise MalformedError(f"{proof.name}: venv: {change!r} is neither 'without NAME' nor 'NAME==VERSION'")
    if proof.engine == "plain" and any("==" in one for one in content.values()):
        raise MalformedError(f"{proof.name}: venv: another release needs 'engine: systemd'")
    return tuple(sorted(content.values()))


def _changes(words: str) -> Iterator[str]:
    yield from (change.strip() for change in words.split(",") if change.strip())
