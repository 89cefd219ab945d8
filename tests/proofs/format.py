"""How a proof is written.

    seen: 502 permission: (13: Permission denied)   the verdict (see `Verdict`), and words that stand in what was seen
    engine: systemd                   or "plain", the default: processes of one user below a temporary root
    request: /static/site.css         what to ask for, any number; "/" if none is given
    answer: the shop is open          words that a right answer holds, in its headers or its body
    secret: /console                  what nobody may get, any number: 200 is "source readable"
    host: shop.test                   the site to ask; by default the first server_name of nginx's files
    place: /srv/shop = .              folder of the host = folder of the repository; each WorkingDirectory= of the
                                      services is the root of the repository already, if there is no "place: none"
    venv: /srv/shop/venv without gunicorn, gunicorn==22.0.0, from requirements.txt
                                      a venv in each place and each folder */venv or */.venv that a service names
                                      have all of Flask, Gunicorn and Waitress, if there is no "venv: none"
    also: other-rule                  what flasklint may say of the broken one as well

and with `engine: systemd` only:

    mode: /home/shop 0750 shop:shop   of a file or folder, which is made if it is not there; the last step of laying out
    user: www-data shop               put a user into groups; "user: none" makes none of the users the units name
    start: shop@1.service             what is started, in this order; by default all sockets, then all services;
                                      "start: enabled" enables all and starts what the next boot would
    ask: restart shop.service         before the requests, any number: any command of systemctl, or "twice":
                                      only what the second round of requests shows counts
                                      (/run holds nothing to begin with, as after a boot)

    == broken ==
    -- systemd/shop.service --
    [Service] ...
    == repaired ==
    -- systemd/shop.service --
    ...

Files that are not given are those of `base/`; a file without text is taken away. A path that begins with "/" is a file of
the host that the repository does not hold. *repaired* lists what differs from *broken*; the one word `--fix` there
lets flasklint's own repair make it.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from flasklint import rule as rules

from ..reality.verdict import Verdict

FOLDER = Path(__file__).parent
ENGINES = ("plain", "systemd")
_MANY = frozenset({"request", "answer", "secret", "place", "venv", "also", "mode", "user", "start", "ask"})
_ONCE = frozenset({"seen", "engine", "host"})
_SYSTEMD = frozenset({"mode", "user", "start", "ask"})
_SECTIONS = re.compile(r"(?ms)\A(?P<header>.*?)^== broken ==\n(?P<broken>.*?)^== repaired ==\n(?P<repaired>.*)\Z")


class Proof(NamedTuple):
    """One file, read; lines that may be repeated are lists under their key in `lines`. `repaired` is None where
    flasklint's own repair is to make it."""

    name: str
    rule: str
    seen: Verdict
    words: str
    engine: str
    host: str
    lines: Mapping[str, list[str]]
    broken: dict[str, str]
    repaired: dict[str, str] | None


class MalformedError(ValueError):
    """A proof that cannot be read: its name and what is wrong with it."""


def read(path: Path) -> Proof:
    """Read a proof. Raises MalformedError."""
    return parse(name(path), path.read_text(encoding="utf-8"))


def parse(name: str, text: str) -> Proof:
    """Read the text of a proof. Raises MalformedError."""
    sections = _SECTIONS.match(text if text.endswith("\n") else f"{text}\n")
    if sections is None:
        raise MalformedError(f"{name}: no '== broken ==' and '== repaired ==' after the header")
    lines = _header(name, sections["header"])
    seen, _, words = lines["seen"][0].partition(": ") if lines["seen"] else ("", "", "")
    verdict, words = _verdict(name, seen, words)
    broken = apply(_base(), _files(name, sections["broken"]))
    repaired = sections["repaired"]
    return Proof(
        name,
        name.partition("/")[0],
        verdict,
        words,
        _engine(name, lines),
        (lines["host"] or [""])[0],
        lines,
        broken,
        None if repaired.strip() == "--fix" else apply(broken, _files(name, repaired)),
    )


def name(path: Path) -> str:
    """`rule` or `rule/variant`."""
    return str(path.relative_to(FOLDER).with_suffix(""))


def paths() -> list[Path]:
    """All proofs."""
    found = [*FOLDER.glob("*.txt"), *FOLDER.glob("*/*.txt")]
    return sorted(path for path in found if FOLDER / "base" not in path.parents)


def apply(files: Mapping[str, str], changes: Mapping[str, str]) -> dict[str, str]:
    """The files with the changes made; a file without text is taken away."""
    return {path: text for path, text in {**files, **changes}.items() if text.strip() or path not in changes}


def _header(name: str, text: str) -> dict[str, list[str]]:
    lines: dict[str, list[str]] = {key: [] for key in (*_ONCE, *_MANY)}
    for line in text.splitlines():
        key, colon, value = line.partition(":")
        if not line.strip() or line.startswith("#"):
            continue
        if key not in lines or not colon:
            raise MalformedError(f"{name}: {line!r}: no such key; there are {', '.join(sorted(lines))}")
        if key in _ONCE and lines[key]:
            raise MalformedError(f"{name}: two lines {key!r}")
        lines[key].append(value.strip())
    return lines


def _verdict(name: str, seen: str, words: str) -> tuple[Verdict, str]:
    """Verdicts hold colons themselves: the longest that fits is meant."""
    whole = f"{seen}: {words}" if words else seen
    for verdict in sorted(Verdict, key=lambda one: -len(one.value)):
        if whole == verdict.value or whole.startswith(f"{verdict.value}: "):
            return verdict, whole[len(verdict.value) + 2 :].strip()
    raise MalformedError(f"{name}: seen: {whole!r}: not one of {', '.join(one.value for one in Verdict)}")


def _engine(name: str, lines: Mapping[str, Iterable[str]]) -> str:
    engine = next(iter(lines["engine"]), "plain")
    if engine not in ENGINES:
        raise MalformedError(f"{name}: engine {engine!r} is none of {ENGINES}")
    if engine == "plain" and (wrong := [key for key in sorted(_SYSTEMD) if any(lines[key])]):
        raise MalformedError(f"{name}: {wrong[0]!r} needs 'engine: systemd'")
    return engine


def _files(name: str, text: str) -> dict[str, str]:
    if text.strip() and not text.lstrip().startswith("-- "):
        raise MalformedError(f"{name}: text before the first '-- path --'")
    return {path: "" if not body.strip() else body for path, body in rules.example(text).files.items() if path}


def _base() -> dict[str, str]:
    base = FOLDER / "base"
    found = (path for path in sorted(base.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)
    return {str(path.relative_to(base)): path.read_text(encoding="utf-8") for path in found}
