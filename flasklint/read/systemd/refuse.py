"""Why systemd refuses a whole unit: load state `bad-setting`, nothing runs.

Source: systemd 252, `service_verify()` in src/core/service.c and `socket_verify()` in src/core/socket.c.
"""

from collections.abc import Iterator, Sequence

from ...facts import Entry, Problem, Unit
from .holes import has_hole
from .lines import Parsed
from .listen import is_refused
from .specifiers import expand

_ONLY = "which is only allowed for"
_RESTART = "Service has Restart= set to either always or on-success"


def refusals(unit: Unit, files: Sequence[Parsed], problems: Sequence[Problem]) -> list[Problem]:
    """Return why systemd refuses the unit as a whole, besides single lines that it refuses."""
    found = [*_listens(unit)] if unit.kind == "socket" or unit.has_section("Socket") else []
    branches = any("{%" in parsed.source.text or "<%" in parsed.source.text for parsed in files)
    if unit.kind != "service" or unit.partial or branches:
        return found
    kind = unit.last("Service", "Type")
    oneshot = kind is not None and kind.value == "oneshot"
    if kind is None or not has_hole(kind.value):
        found += _commands(unit, oneshot, files, problems)
    restart = unit.last("Service", "Restart") if oneshot else None
    if kind and restart and restart.value in ("always", "on-success"):
        message = f"{_RESTART}, which isn't allowed for Type=oneshot services. Refusing."
        found.append(Problem("systemd", "refused-oneshot-restart", message, restart.at, ((kind.at, "Type=oneshot"),)))
    return found


def _commands(unit: Unit, oneshot: bool, files: Sequence[Parsed], problems: Sequence[Problem]) -> Iterator[Problem]:
    starts = unit.exec_start
    if len(starts) > 1 and not oneshot:
        message = f"Service has more than one ExecStart= setting, {_ONLY} Type=oneshot services. Refusing."
        first, second = starts[0].at, starts[1].at
        apart = first.source is not second.source  # a drop-in that means to replace the command
        repair = "reset the list with an empty ExecStart= before the second one" if apart else ""
        yield Problem("systemd", "refused-two-exec-start", message, second, ((first, "the first one"),), repair)
    if starts:
        return
    stops = any(command.key == "ExecStop" for command in unit.commands)
    remains = unit.last("Service", "RemainAfterExit")
    if (unit.last("Unit", "SuccessAction") and not stops) or (stops and remains):
        return
    explained = any(problem.kind in _EXPLAIN_ABSENCE or problem.refuses for problem in problems)
    if not explained and any(section.name == "Service" for parsed in files for section in parsed.sections):
        message = "Service has no ExecStart=, ExecStop=, or SuccessAction=. Refusing."
        if stops:
            message = f"Service has no ExecStart= setting, {_ONLY} RemainAfterExit=yes services. Refusing."
        yield Problem("systemd", "refused-no-exec-start", message, unit.at)


_EXPLAIN_ABSENCE = frozenset({
    "unknown-section", "unknown-key", "outside-section", "missing-equals", "dangling-continuation",
    "bad-exec", "bad-exec-not-absolute", "drop-in-cut",
})  # fmt: skip


def _listens(unit: Unit) -> Iterator[Problem]:
    """Addresses of a socket unit that systemd cannot parse: the line is ignored, alone it is a refusal."""
    written = unit.all("Socket", "ListenStream")
    bad = [entry for entry in written if is_refused(_expanded(unit, entry))]
    listens = [entry for entry in unit.entries if entry.section == "Socket" and entry.key.startswith("Listen")]
    left = [entry for entry in listens if entry not in bad and entry.value]
    none_left = unit.kind == "socket" and not unit.partial and unit.has_section("Socket") and not left
    for entry in bad:
        message = f"Failed to parse address value in '{_expanded(unit, entry)}', ignoring: Invalid argument"
        if none_left and entry is bad[-1]:
            yield Problem("systemd", "refused-no-listen", f"{message}, and no Listen setting is left", entry.at)
        else:
            yield Problem("systemd", "bad-address", message, entry.at)
    if none_left and not bad:
        message = "Unit has no Listen setting (ListenStream=, ListenDatagram=, ListenFIFO=, ...). Refusing."
        yield Problem("systemd", "refused-no-listen", message, unit.at)


def _expanded(unit: Unit, entry: Entry) -> str:
    return expand(unit.name, entry.value, unit.scope)
