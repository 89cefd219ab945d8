"""Write flasklint/read/systemd/directives.py from the systemd that is installed here.

    python tools/generate_systemd_table.py > flasklint/read/systemd/directives.py

Keys, sections and types come from `systemd --dump-configuration-items`. What an enumeration accepts
is found by experiment: every word in systemd's own libraries is offered to `systemd-analyze verify`,
and those it does not complain of are its values. The messages are those that it prints. Only the
supplement of keys of later versions (NEWER) is written by hand, from systemd's NEWS.
"""

import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

SYSTEMD = "/lib/systemd/systemd"
LIBRARIES = "/usr/lib/*/systemd/libsystemd-*.so"
GARBAGE = "flasklint?"
KINDS = {"Unit": "service", "Service": "service", "Socket": "socket", "Timer": "timer", "Path": "path"}
ENUMERATIONS = {
    "Service": "Type Restart ExitType KillMode NotifyAccess OOMPolicy ProtectSystem ProtectHome ProtectProc "
    "ProcSubset KeyringMode UtmpMode RuntimeDirectoryPreserve TimeoutStartFailureMode TimeoutStopFailureMode "
    "DevicePolicy StandardInput StandardOutput StandardError SyslogFacility SyslogLevel",
    "Unit": "CollectMode OnFailureJobMode OnSuccessJobMode FailureAction SuccessAction StartLimitAction",
    "Socket": "BindIPv6Only SocketProtocol",
}
CHECKED = ("BOOLEAN", "MODE", "SECONDS", "UNSIGNED", "INTEGER", "SIGNAL")
_EXEC = "Service Socket Mount Swap"
_CGROUP = f"{_EXEC} Slice Scope"
NEWER = {
    "253": {"Service": "OpenFile ReloadSignal", _CGROUP: "MemoryZSwapMax"},
    "254": {
        "Service": "RestartSteps RestartMaxDelaySec RestartMode FileDescriptorStorePreserve",
        _EXEC: "ImportCredential RootEphemeral RootImagePolicy MountImagePolicy ExtensionImagePolicy",
        _CGROUP: "DelegateSubgroup MemoryPressureWatch MemoryPressureThresholdSec",
    },
    "255": {
        "Unit": "SurviveFinalKillSignal",
        _EXEC: "SetLoginEnvironment",
        "Socket": "PollLimitIntervalSec PollLimitBurst",
        _CGROUP: "CoredumpReceive NFTSet",
    },
    "256": {"Unit": "WantsMountsFor", "Socket": "PassFileDescriptorsToExec", _CGROUP: "MemoryZSwapWriteback"},
    "257": {
        _EXEC: "PrivatePIDs BindLogSockets",
        "Timer": "DeferReactivation",
        _CGROUP: "ManagedOOMMemoryPressureDurationSec",
    },
}  # fmt: skip
NEWER_VALUES = {  # 253: notify-reload; 256: PrivateUsers=; 257, 258: the others
    "Type": "notify-reload",
    "PrivateTmp": "disconnected",
    "PrivateUsers": "self identity full managed",
    "ProtectControlGroups": "private strict",
    "ProtectHostname": "private",
}


def output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def configuration_items() -> Iterator[tuple[str, str, str]]:
    """Yield section, key and type of everything this systemd knows."""
    section = ""
    for line in output(SYSTEMD, "--dump-configuration-items").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif "=" in line:
            key, _, kind = line.partition("=")
            yield section, key, kind


def complaints(section: str, lines: Iterable[str]) -> dict[int, str]:
    """Return what systemd says of each line of a section, by the line's number counted from 0."""
    suffix = KINDS[section]
    with tempfile.TemporaryDirectory() as folder:
        unit = Path(folder, f"probe.{suffix}")
        unit.write_text("\n".join([f"[{section}]", *lines]) + "\n", encoding="utf-8")
        said = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False
        ).stderr
    found: dict[int, str] = {}
    for number, message in re.findall(rf"^\S*probe\.{suffix}:(\d+): (.*)$", said, re.M):
        found.setdefault(int(number) - 2, message)
    return found


def vocabulary() -> list[str]:
    """Return every word that could be the value of an enumeration.

    A linker stores "exec" inside "no-exec": the end of any string of systemd's libraries may be a word.
    """
    libraries = [str(path) for path in Path("/").glob(LIBRARIES.lstrip("/"))]
    words: set[str] = set()
    for text in output("strings", "-n", "2", *libraries).splitlines():
        tail = re.search(r"[a-z0-9+-]*$", text)
        end = tail[0][-30:] if tail else ""
        words.update(end[at:] for at in range(len(end) - 1))
    return sorted(word for word in words if word[0].isalpha())


def template(message: str, key: str) -> str:
    return message.replace(GARBAGE, "{value}").replace(key, "{key}")


def enumeration(section: str, key: str, words: list[str]) -> tuple[str, str]:
    """Return the message for a wrong value of an enumeration, and its values."""
    wrong = complaints(section, [f"{key}={word}" for word in [GARBAGE, *words]])
    # A value that is taken with a warning of another kind (KillMode=none is unsafe) is a value.
    values = [word for number, word in enumerate(words, 1) if wrong.get(number) != wrong[0].replace(GARBAGE, word)]
    return template(wrong[0], key), " ".join(values)


def main() -> None:
    version = output(SYSTEMD, "--version").split()[1]
    words = vocabulary()
    enums = {key: enumeration(section, key, words) for section, keys in ENUMERATIONS.items() for key in keys.split()}
    kinds: dict[tuple[str, str], list[str]] = defaultdict(list)
    samples: dict[str, tuple[str, str]] = {}
    for section, key, kind in configuration_items():
        own = key if key in enums and not (key == "Type" and section != "Service") else kind
        kinds[key, own].append(section)
        if section in KINDS and own == kind:
            samples.setdefault(kind, (section, key))
    messages = {
        kind: template(complaints(section, [f"{key}={GARBAGE}"])[0], key)
        for kind, (section, key) in samples.items()
        if kind in CHECKED
    }
    rows: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (key, kind), sections in kinds.items():
        simple = kind if kind in enums or kind in CHECKED or kind == "UNIT [...]" else "OTHER"
        rows[" ".join(sections), simple].append(key)
    write(version, rows, {**enums, **{kind: (text, "") for kind, text in messages.items()}})


def write(version: str, rows: dict[tuple[str, str], list[str]], checks: dict[str, tuple[str, str]]) -> None:
    newer = [(added, sections, keys) for added, by_section in NEWER.items() for sections, keys in by_section.items()]
    keys = [(sections, kind, " ".join(names)) for (sections, kind), names in rows.items()]
    title = f"Directives of systemd {version}. Written by tools/generate_systemd_table.py; do not edit."
    lines = [
        f'"""{title}"""\n',
        "# fmt: off",
        f'VERSION = "{version}"',
        "# Sections, type, keys. The type names an entry of CHECKS, where there is one.",
        *literal("KEYS: tuple[tuple[str, str, str], ...]", "(", keys, ")"),
        "# Keys that later versions added: version, sections, keys.",
        *literal("NEWER: tuple[tuple[str, str, str], ...]", "(", newer, ")"),
        "# Values that later versions added.",
        f"NEWER_VALUES = {quoted(NEWER_VALUES)}",
        "# What systemd says of a wrong value, and the values it takes (none listed: a syntax of its own).",
        *literal("CHECKS: dict[str, tuple[str, str]]", "{", checks.items(), "}"),
    ]
    sys.stdout.write("\n".join(lines) + "\n")


def literal(name: str, opening: str, rows: Iterable[tuple[object, ...]], closing: str) -> Iterator[str]:
    yield f"{name} = {opening}"
    for row in rows:
        yield f"    {quoted(row[0])}: {quoted(row[1])}," if opening == "{" else f"    {quoted(row)},"
    yield closing


def quoted(value: object) -> str:
    """Return the value as a literal with double quotes (none of the texts holds a quote of either kind)."""
    return repr(value).replace("'", '"')


if __name__ == "__main__":
    main()
