"""What systemd would start, told by systemd's own parser."""

import re
import shlex
from collections.abc import Mapping
from typing import NamedTuple

from ..read import systemd_oracle
from ..read.systemd_oracle import Understood
from .rewrite import Rewriter
from .verdict import Seen, Verdict
from .world import World


class Start(NamedTuple):
    """A service as it is to be started below the root."""

    name: str
    command: list[str]
    environment: dict[str, str]
    directory: str
    runtime: list[str]  # folders to make below /run
    sockets: list[str]  # addresses that systemd listens on for it: a path or host:port


def understand(world: World, rewriter: Rewriter) -> tuple[list[Start], list[Seen]]:
    """Return the services to start and what systemd refuses."""
    answer = systemd_oracle.ask(world.units)
    refused = [
        Seen(Verdict.UNIT_REFUSED, f"{name}: {unit.state}", name)
        for name, unit in answer.units.items()
        if name in world.units and unit.state != "loaded"
    ]
    starts: list[Start] = []
    for name in sorted(world.units):
        unit = answer.units.get(name)
        if name.endswith(".service") and unit is not None and unit.state == "loaded":
            start = _lacking(name, unit, answer.units) or _start(name, unit, _sockets(unit, answer.units), rewriter)
            if isinstance(start, Start):
                starts.append(start)
            else:
                refused.append(start)
    return starts, refused


def _lacking(name: str, unit: Understood, units: Mapping[str, Understood]) -> Seen | None:
    """Whether a socket unit is required that nobody brings; units of other kinds may be the host's."""
    for line in unit.settings.get("Requires", []):
        wanted = line.partition(" ")[0]
        if wanted.endswith(".socket") and wanted in units and units[wanted].state == "not-found":
            return Seen(Verdict.UNIT_REFUSED, f"{name}: Unit {wanted} not found", name)
    return None


def _sockets(service: Understood, units: Mapping[str, Understood]) -> list[str]:
    """Addresses of the socket units that hand their descriptors to a service."""
    triggers = (line.partition(" ")[0] for line in service.settings.get("TriggeredBy", []))
    sockets = (units[name] for name in triggers if name.endswith(".socket") and name in units)
    return [address for one in sockets if one.state == "loaded" for address in one.settings.get("ListenStream", [])]


def _start(name: str, unit: Understood, sockets: list[str], rewriter: Rewriter) -> Start | Seen:
    environment = _environment(unit, rewriter)
    for path in unit.settings.get("EnvironmentFile", []):
        values = _environment_file(path, rewriter)
        if values is None:
            return Seen(Verdict.UNIT_REFUSED, f"{name}: Failed to load environment files: {path}", name)
        environment.update(values)
    runtime = [folder for line in unit.settings.get("RuntimeDirectory", []) for folder in line.split()]
    return Start(
        name,
        rewriter.command(expand(unit.commands["ExecStart"][0], environment)),
        environment,
        rewriter.path(unit.last("WorkingDirectory") or "/run/.."),
        runtime,
        [rewriter.word(address) for address in sockets],
    )


def _environment(unit: Understood, rewriter: Rewriter) -> dict[str, str]:
    """The manager's variables and those of Environment=. HOME keeps Gunicorn's control socket in here."""
    values = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/root"}
    for line in unit.settings.get("Environment", []):
        name, _, value = line.partition("=")
        values[name] = value
    if runtime := unit.settings.get("RuntimeDirectory"):
        values["RUNTIME_DIRECTORY"] = ":".join(f"/run/{folder}" for folder in " ".join(runtime).split())
    return {name: _value(name, value, rewriter) for name, value in values.items()}


def _value(name: str, value: str, rewriter: Rewriter) -> str:
    if name.endswith("PORT") and value.isdecimal():
        return str(rewriter.ports[int(value)])
    return rewriter.word(value)


def _environment_file(path: str, rewriter: Rewriter) -> dict[str, str] | None:
    """Read NAME=value lines; None where systemd would not start the service for want of the file."""
    optional, path = path.startswith("-"), path.removeprefix("-").split(" ")[0]
    try:
        with open(rewriter.path(path), encoding="utf-8") as file:
            lines = [line.strip().partition("=") for line in file if re.match(r"\s*[A-Za-z_]\w*=", line)]
    except OSError:
        return {} if optional else None
    return {name: _value(name, value.strip("\"'"), rewriter) for name, _, value in lines}


def expand(words: list[str], environment: Mapping[str, str]) -> list[str]:
    """Expand `$` in the arguments of a command as systemd.service(5), COMMAND LINES, says."""
    found = words[:1]
    for word in words[1:]:
        if re.match(r"\$[^${]", word):  # the whole word is the name of a variable
            found += shlex.split(environment.get(word[1:], ""))
        else:
            braces = re.sub(r"\$\$|\$\{(\w+)\}", lambda one: environment.get(one[1], "") if one[1] else "$", word)
            found.append(braces)
    return found
