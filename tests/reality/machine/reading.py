"""From what the driver wrote down to an outcome."""

import re
from collections.abc import Iterator
from typing import Any

from .. import symptoms
from ..ask import Answer
from ..verdict import Outcome, Seen, Verdict
from ..world import Site, World
from .plan import Plan

_OWN = {  # exit statuses of systemd itself, systemd.exec(5)
    "200": Verdict.CHDIR,
    "203": Verdict.EXEC,
    "216": Verdict.USER,
    "217": Verdict.USER,
    "226": Verdict.NAMESPACE,
}
_EXITED = re.compile(r"(?:Main|Control) process exited, code=(\w+), status=(\d+)/(\S+)")
_MESSAGES = (  # of systemd about a unit
    (r"start operation timed out", Verdict.TIMEOUT),
    (r"Failed to load environment files", Verdict.UNIT_REFUSED),
    (
        r"bad-setting|bad unit file setting|not found\.|Failed to listen on sockets|Failed to create listening socket",
        Verdict.UNIT_REFUSED,
    ),
    (r"Service has no ExecStart|[Rr]efusing\.|Dependency failed", Verdict.UNIT_REFUSED),
)
_SILENT = ("systemd-", "nginx.service", "reality.", "sysinit.target", "network-online.target")


def outcome(plan: Plan, report: dict[str, Any]) -> Outcome:
    """What was seen, in words of the programs."""
    journal = [text for unit, text in report["journal"] if unit == "nginx.service"]
    report["errors"] = "\n".join((*journal, report["errors"]))
    seen = [Seen(Verdict.NGINX_REFUSES, report["nginx"])] if report["nginx"] else []
    for unit in report["units"]:
        seen += _of_unit(unit, report, plan)
    for site in plan.world.sites:
        seen += _of_site(site, report, plan.world)
    return Outcome(tuple(dict.fromkeys(seen)), _log(report))


def _of_unit(unit: dict[str, str], report: dict[str, Any], plan: Plan) -> Iterator[Seen]:
    """Whether a unit runs, and why it does not."""
    name = unit["Id"]
    lines = [text for about, text in report["journal"] if about == name]
    said = [text for words, status, text in report["commands"] if status and name in words]
    if unit["LoadState"] != "loaded":
        yield Seen(Verdict.UNIT_REFUSED, _words(name, [unit["LoadState"], *said, *lines]), name)
    elif _stopped(name, plan):
        return
    elif reload := next((one for one in plan.actions if one.split()[0].startswith("reload") and name in one), ""):
        if unit["ActiveState"] != "active" or unit["NRestarts"] != "0":
            yield Seen(Verdict.STOPPED, _words(f"{name} after {reload}", lines), name)
    elif _fails(unit) or said:
        yield _why(unit, lines, said)
    elif name in report["hanging"]:
        output = "\n".join(lines)
        yield symptoms.of_bind(name, output) or Seen(Verdict.NO_ANSWER, _words(f"{name} answers nobody", lines), name)
    elif failed := symptoms.of_bind(name, "\n".join(lines)):
        yield failed


def _stopped(name: str, plan: Plan) -> bool:
    """Whether the last that was done to a unit is that it was stopped."""
    acts = [one.split() for one in plan.actions if name in one.split()]
    return bool(acts) and acts[-1][0] == "stop"


def _fails(unit: dict[str, str]) -> bool:
    down = unit["ActiveState"] == "failed" or unit["SubState"] == "auto-restart" or unit.get("NRestarts", "0") != "0"
    if unit["Id"].endswith(".socket"):
        return unit["ActiveState"] != "active"
    return down or (unit["ActiveState"] != "active" and unit.get("ExecMainCode", "0") != "0")


def _why(unit: dict[str, str], lines: list[str], said: list[str]) -> Seen:
    name = unit["Id"]
    text = "\n".join([*lines, *said])
    for pattern, verdict in _MESSAGES:
        if found := re.search(pattern, text):
            return Seen(verdict, _words(name, [symptoms.line(text, found.start()), unit["Result"]]), name)
    exited = _EXITED.search(text)
    if exited is None or exited[1] != "exited":
        return Seen(Verdict.CRASH, _words(name, [unit["Result"], *lines[-5:], *said]), name)
    if exited[2] in _OWN or 200 <= int(exited[2]) <= 243:
        reason = f"status={exited[2]}/{exited[3]}"
        return Seen(_OWN.get(exited[2], Verdict.SETUP), _words(name, [reason, *lines[-5:]]), name)
    first = next((index for index, text in enumerate(lines) if _EXITED.search(text)), len(lines))
    return symptoms.of_exit(name, int(exited[2]), "\n".join(lines[:first]))


def _of_site(site: Site, report: dict[str, Any], world: World) -> Iterator[Seen]:
    for host, page, status, headers, body in report["pages"]:
        if host != site.host:
            continue
        answer = Answer(status, headers, body.encode("latin-1"))
        if page in (*site.secrets, *site.closed):
            yield from symptoms.of_secret(site, page, answer, world)
        elif status == 502:
            yield symptoms.of_gateway(site, report["errors"])
        elif status == 0:
            yield Seen(Verdict.NO_ANSWER, f"{host}{page} is not answered")
        elif page == site.static:
            yield from symptoms.of_static(site, answer, world.style)
        else:
            yield from symptoms.of_request(site, page, answer)


def _words(name: str, texts: list[str]) -> str:
    return f"{name}: " + " | ".join(text.strip() for text in dict.fromkeys(texts) if text.strip())


def _log(report: dict[str, Any]) -> str:
    """All that was said, for the eye."""
    units = [" ".join(f"{key}={value}" for key, value in unit.items()) for unit in report["units"]]
    commands = [f"systemctl {words}: {status} {text}" for words, status, text in report["commands"] if status]
    journal = [f"{unit}: {text}" for unit, text in report["journal"] if unit and not unit.startswith(_SILENT)]
    return "\n".join([*journal, report["errors"], report["nginx"], *commands, *units])
