"""What changed in which release: of Gunicorn, Waitress, Flask and systemd.

A rule asks one of the rows below whether the release at hand behaves so:

    versions.DUPLICATE_HOST_REFUSED.holds(service.requirements)  # True, False, or None: cannot be told

A release that nobody names is any of those in use: what all of them do holds, what only some do cannot
be told.
"""

from collections.abc import Mapping
from types import MappingProxyType

from .facts import Requirement, Requirements
from .record import Record

# The oldest releases in use: what distributions with support still ship, or people still pin.
OLDEST = {"gunicorn": "20.1", "waitress": "2.0", "flask": "2.0", "werkzeug": "2.0", "systemd": "239", "nginx": "1.18"}

NOTHING_TOLD: Mapping[str, str] = MappingProxyType({})

Key = tuple[int, ...]
Span = tuple[Key, Key]  # releases from the first on, up to but without the second
_NEVER: Key = (10**9,)
_ANY: Span = ((), _NEVER)


class Behaviour(Record):
    """Something that a program does from release `since` on (empty: always did), and did `until` that release
    (empty: still does). `source` says where that is written, or what was tried.
    """

    program: str
    since: str
    until: str
    source: str

    def holds(
        self, asked: Requirements | Requirement | str | None, told: Mapping[str, str] = NOTHING_TOLD
    ) -> bool | None:
        """Tell whether a release behaves so: one that requirements name, or a version such as "1.22.1".

        `told` are releases by program that the user names: they count where requirements pin none. None where
        some of the releases that may be meant do so, and others do not.
        """
        meant = _meant(self.program, asked)
        if self.program in told and not any(one if isinstance(one, str) else one.version for one in meant):
            meant = [told[self.program]]
        answers = {self._answer(*_possible(self.program, one)) for one in meant}
        return answers.pop() if len(answers) == 1 else None

    def _answer(self, low: Key, high: Key) -> bool | None:
        begin, end = _key(self.since), _key(self.until) if self.until else _NEVER
        if begin <= low and high <= end:
            return True
        return None if low < end and begin < high else False


def _meant(program: str, asked: Requirements | Requirement | str | None) -> list[Requirement | str]:
    """What tells the release: the pinned or locked entries where there are any, else all of that name."""
    if not isinstance(asked, Requirements):
        return [asked or ""]
    wanted = [want for want in asked.wanted if want.name == program]
    return [*([want for want in wanted if want.version] or wanted)] or [""]


def _possible(program: str, asked: Requirement | str) -> Span:
    exact = asked if isinstance(asked, str) else asked.version
    if exact:
        return _only(exact)
    low, high = _ANY if isinstance(asked, str) else _range(asked.range)
    oldest = _key(OLDEST[program])
    return (low or (oldest if oldest < high else ()), high)


def _range(specifier: str) -> Span:
    """The releases that `>=20,<23`, `~=22.0`, `==23.*`, `^23.0` or `~23.1` allow; what is not understood allows all."""
    low, high = _ANY
    if "|" in specifier or "@" in specifier:
        return _ANY
    for part in specifier.split(","):
        text = part.strip()
        operator = text[: len(text) - len(text.lstrip("<>=!~^"))]
        begin, end = _limits(operator, text[len(operator) :].strip())
        low, high = max(low, begin), min(high, end)
    return low, high


def _limits(operator: str, version: str) -> Span:
    """The releases that one clause allows. Those of pip, Poetry's `^23.0`, `~23.1` and `23.1`."""
    numbers = _numbers(version)
    if not numbers or operator == "!=":
        return _ANY
    match operator:
        case ">=" | ">":
            return _key(version), _NEVER
        case "<":
            return (), _key(version)
        case "<=":
            return (), _only(version)[1]
        case "~=":
            return _key(version), _next(numbers[:-1] or numbers)
        case "~":
            return _key(version), _next(numbers[:2])
        case "^":
            leading = next((index for index, number in enumerate(numbers) if number), len(numbers) - 1)
            return _key(version), _next(numbers[: leading + 1])
    return (_key(version), _next(numbers)) if version.endswith("*") else _only(version)


def _only(version: str) -> Span:
    key = _key(version)
    return (key, (*key, 0)) if key else _ANY


def _numbers(version: str) -> Key:
    """The leading numbers of a version: (23, 0) of 23.0rc1."""
    numbers = []
    for part in version.split("."):
        digits = part[: len(part) - len(part.lstrip("0123456789"))][:9]
        if digits:
            numbers.append(int(digits))
        if digits != part:
            break
    return tuple(numbers)


def _key(version: str) -> Key:
    """The numbers of a version as one compares them: 23 and 23.0 are one release. () of no version."""
    numbers = _numbers(version)
    return (*numbers, 0, 0, 0, 0)[:4] if numbers else ()


def _next(numbers: Key) -> Key:
    return (*numbers[:-1], numbers[-1] + 1, 0, 0, 0, 0)[:4]


# fmt: off
NOTIFIES = Behaviour("gunicorn", "20.0", "", "changelog 20.0: sd_notify; gunicorn/systemd.py, which 19.9.0 lacks")
DUPLICATE_HOST_REFUSED = Behaviour("gunicorn", "26.1", "", "changelog 26.1; tried: 400 from 26.1.0, not from 26.0.0")

CLEARS_FORWARDED_HEADERS = Behaviour("waitress", "3.0", "", "waitress/adjustments.py: clear_untrusted_proxy_headers")

FLASK_ENV_READ = Behaviour("flask", "", "2.3", "flask/app.py of 2.2.5, none in 2.3.0")

TYPE_EXEC = Behaviour("systemd", "240", "", "NEWS 240")
