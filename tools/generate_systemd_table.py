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
    "Service": "Type Restart ExitType KillMode NotifyAccess OOMPolicy ProtectSystem ProtectHome ProtectProc ProcSubset KeyringMode "
    "UtmpMode RuntimeDirectoryPreserve TimeoutStartFailureMode TimeoutStopFailureMode DevicePolicy StandardInput StandardOutput "
    "StandardError SyslogFacility SyslogLevel",
    "Unit": "CollectMode OnFailureJobMode OnSuccessJobMode FailureAction SuccessAction StartLimitAction",
    "Socket": "BindIPv6Only SocketProtocol",
}
CHECKED = ("BOOLEAN", "MODE", "SECONDS", "UNSIGNED", "INTEGER", "SIGNAL")
NEWER = {
    "253": {"Service": "OpenFile ReloadSignal", "Service Socket Mount Swap Slice Scope": "MemoryZSwapMax"},
    "254": {
        "Service": "RestartSteps RestartMaxDelaySec RestartMode FileDescriptorStorePreserve",
        "Service Socket Mount Swap": "ImportCredential RootEphemeral RootImagePolicy MountImagePolicy ExtensionImagePolicy",
        "Service Socket Mount Swap Slice Scope": "DelegateSubgroup MemoryPressureWatch MemoryPressureThresholdSec",
    },
    "255": {
        "Unit": "SurviveFinalKillSignal",
        "Service Socket Mount Swap": "SetLoginEnvironment",
        "Socket": "PollLimitIntervalSec PollLimitBurst",
        "Service Socket Mount Swap Slice Scope": "CoredumpReceive NFTSet",
    },
    "256": {"Unit": "WantsMountsFor", "Socket": "PassFileDescriptorsToExec", "Service Socket Mount Swap Slice Scope": "MemoryZSwapWriteback"},
    "257": {
        "Service Socket Mount Swap": "PrivatePIDs BindLogSockets",
        "Timer": "DeferReactivation",
        "Service Socket Mount Swap Slice Scope": "ManagedOOMMemoryPressureDurationSec",
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


def wrapped(words: Iterable[str], indent: str) -> str:
    """Return a string literal of several lines."""
    lines, line = [], ""
    for word in words:
        if len(line) + len(word) > 90:
            lines.append(line)
            line = ""
        line += word + " "
    lines.append(line.rstrip())
    return "\n".join(f'{indent}"{line}"' for line in lines)


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
    out = sys.stdout.write
    out(f'"""Directives of systemd {version}. Written by tools/generate_systemd_table.py; do not edit."""\n\n')
    out(f'VERSION = "{version}"\n\n')
    out("# Sections, type, keys. The type names an entry of CHECKS, where there is one.\n")
    out("KEYS: tuple[tuple[str, str, str], ...] = (\n")
    for (sections, kind), keys in rows.items():
        out(f'    (\n        "{sections}",\n        "{kind}",\n{wrapped(keys, " " * 8)},\n    ),\n')
    out(")\n\n# Keys that later versions added: version, sections, keys.\n")
    out("NEWER: tuple[tuple[str, str, str], ...] = (\n")
    for added, keys_of in NEWER.items():
        for sections, keys in keys_of.items():
            out(f'    (\n        "{added}",\n        "{sections}",\n{wrapped(keys.split(), " " * 8)},\n    ),\n')
    out(")\n\n# Values that later versions added.\nNEWER_VALUES: dict[str, str] = {\n")
    for key, values in NEWER_VALUES.items():
        out(f'    "{key}": "{values}",\n')
    out("}\n\n# What systemd says of a wrong value, and the values it takes (none listed: a syntax of its own).\n")
    out("CHECKS: dict[str, tuple[str, str]] = {\n")
    for kind, (message, values) in checks.items():
        out(f'    "{kind}": (\n        "{message}",\n{wrapped(values.split(), " " * 8)},\n    ),\n')
    out("}\n")


if __name__ == "__main__":
    main()
