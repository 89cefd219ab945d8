"""Which drop-ins belong to which unit (systemd.unit(5); systemd 252, src/shared/dropin.c)."""

from collections.abc import Iterable, Mapping, Sequence
from posixpath import dirname

from ...facts import Problem, Unit
from ...filenames import steps
from ...record import Record
from ...source import Source
from ...tree import Tree
from .lines import Parsed, parse
from .names import DropIn, drop_in, drop_in_owners, unit_name
from .unit import assemble


class _Main(Record):
    name: str
    path: str
    parsed: Parsed


class _Extra(Record):
    says: DropIn
    path: str
    parsed: Parsed


def units(sources: Sequence[Source], tree: Tree) -> tuple[Unit, ...]:
    """Put main files and drop-ins together; a problem of a shared drop-in is told once."""
    mains: list[_Main] = []
    extras: list[_Extra] = []
    for source in sources:
        path = tree.path_of(source)
        says = drop_in(path)
        if says is None:
            mains.append(_Main(unit_name(path), path, _parse(source)))
        else:
            extras.append(_Extra(says, path, parse(source)))
    by_place = _by_place(mains, extras)
    taken: set[str] = set()
    found = []
    for main in mains:
        own = _applied(main, by_place)
        taken.update(extra.path for extra in own)
        found.append(assemble(main.name, main.path, [main.parsed, *(extra.parsed for extra in own)], tree))
    found += _partial([extra for extra in extras if extra.path not in taken], tree)
    return _told_once(found)


def _parse(source: Source) -> Parsed:
    """Parse a main file, which systemd refuses where it is UTF-16; a drop-in it would only leave out."""
    parsed = parse(source)
    if not source.utf16 or parsed.template:
        return parsed
    message = f"String is not UTF-8 clean: {source.path} is UTF-16"
    refused = Problem("systemd", "refused-encoding", message, source.whole(), repair="save the file as UTF-8")
    return parsed._replace(problems=(refused, *parsed.problems))


def _by_place(mains: Iterable[_Main], extras: Iterable[_Extra]) -> dict[tuple[str, str], list[_Extra]]:
    """Group drop-ins by owner and by the places that they count for: their folder, and of the units that bear
    the owner's own name the paths of those that lie nearest."""
    named: dict[str, list[_Main]] = {}
    for main in mains:
        named.setdefault(main.name, []).append(main)
    grouped: dict[tuple[str, str], list[_Extra]] = {}
    for extra in extras:
        grouped.setdefault((extra.says.owner, extra.says.folder), []).append(extra)
    for (owner, folder), group in list(grouped.items()):
        away = [(steps(dirname(main.path), folder), main.path) for main in named.get(owner, ())]
        nearest = min(away, default=(0, ""))[0]
        for path in (path for distance, path in away if distance == nearest):
            grouped.setdefault((owner, path), []).extend(group)
    return grouped


def _applied(main: _Main, by_place: Mapping[tuple[str, str], Sequence[_Extra]]) -> list[_Extra]:
    """Return the drop-ins of a unit in the order of application: by file name, bytewise."""
    if not by_place:
        return []
    chosen: dict[str, _Extra] = {}
    for owner in drop_in_owners(main.name):  # the most specific folder wins among files of one name
        # what covers many units does so in its own folder only
        place = main.path if owner == main.name else dirname(main.path)
        for extra in by_place.get((owner, place), ()):
            chosen.setdefault(extra.says.name, extra)
    return [chosen[name] for name in sorted(chosen, key=str.encode)]


def _partial(extras: Sequence[_Extra], tree: Tree) -> list[Unit]:
    groups: dict[tuple[str, str], list[_Extra]] = {}
    for extra in extras:
        if "." in extra.says.owner:
            groups.setdefault((extra.says.folder, extra.says.owner), []).append(extra)
    return [
        assemble(owner, group[0].path, [extra.parsed for extra in sorted(group, key=_name)], tree, partial=True)
        for (_, owner), group in groups.items()
    ]


def _name(extra: _Extra) -> bytes:
    return extra.says.name.encode()


def _told_once(found: Sequence[Unit]) -> tuple[Unit, ...]:
    told: set[tuple[str, str, int, str]] = set()
    result = []
    for unit in found:
        if not unit.problems:
            result.append(unit)
            continue
        fresh: list[Problem] = []
        for problem in unit.problems:
            key = (problem.kind, problem.at.path, problem.at.start, problem.message)
            if key not in told:
                told.add(key)
                fresh.append(problem)
        result.append(unit._replace(problems=tuple(fresh)))
    return tuple(result)
