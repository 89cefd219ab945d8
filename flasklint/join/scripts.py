"""Python files that a command starts: which file of the tree one is, and what it serves."""

from ..facts import Command, ServerFacts
from ..filenames import steps
from ..source import Source, Span
from ..tree import Tree
from ..value import Unknown, Value, has_hole
from .paths import Mapped, Mapper

_MOST = 8  # files of one name that are compared


class Scripts:
    """Reads the scripts of one tree."""

    def __init__(self, tree: Tree, mapper: Mapper) -> None:
        self._tree = tree
        self._mapper = mapper

    def server(self, command: Command, start: Mapped, near: str) -> ServerFacts | Unknown | None:
        """What `python file.py`, or a Python file that is executed itself, starts.

        `near` is the folder of the file that says so.
        """
        paths = self._paths(command, start, near)
        sources = [source for path in paths if (source := self._tree.read(path)) is not None]
        if not sources:
            return Unknown("not a file of the input")
        from ..read import script

        found = [script.read(source, command, self._tree) for source in sources]
        return found[0] if len(found) == 1 else _agreed(found, command)

    def unserved(self, command: Command, start: Mapped, near: str) -> Span | None:
        """Where the script makes a Flask object that nothing serves."""
        paths = self._paths(command, start, near)
        source: Source | None = self._tree.read(paths[0]) if len(paths) == 1 else None
        if source is None or command.program != "python":
            return None
        from ..read.unserved import unserved

        return unserved(source, paths[0], self._tree)

    def _paths(self, command: Command, start: Mapped, near: str) -> list[str]:
        """The file of the tree; several where it was guessed among files of that name."""
        words = [word for word in command.words if word.text.endswith(".py")]
        if command.program != "python" and not command.program.endswith(".py"):
            return []
        if not words or not words[0].fixed:
            return []
        name, folder = words[0].text, start.folder
        path = self._mapper.file(name, command.directory, folder)
        if path is None and folder is not None and not name.startswith("/"):
            found = self._mapper.folder(command.directory, folder, name)
            path = self._mapper.file(name, command.directory, found.folder) if found.certain else None
        if path is None:
            return []
        return [path] if start.certain else self._alike(path, _inside(name, command.directory), near)

    def _alike(self, path: str, inside: str, near: str) -> list[str]:
        """The file that was guessed, and the others as near that it might be as well."""
        folder, _, name = path.rpartition("/")
        found = [other for other in self._tree.named(name) if f"/{other}".endswith(f"/{inside}")]
        far = steps(folder, near)
        others = [other for other in found if steps(other.rpartition("/")[0], near) <= far]
        return list(dict.fromkeys((path, *others)))[: _MOST + 1]


def _inside(name: str, directory: Value[str]) -> str:
    """The path of a script below its working directory."""
    base = "" if isinstance(directory, Unknown) or has_hole(directory.value) else directory.value.rstrip("/")
    inside = name.removeprefix(f"{base}/") if base else name.rpartition("/")[2]
    return inside.removeprefix("./").lstrip("/")


def _agreed(found: list[ServerFacts | Unknown | None], command: Command) -> ServerFacts | Unknown:
    """What holds of every file that the script might be: perhaps the kind of server, not its settings."""
    kinds = {one.kind if isinstance(one, ServerFacts) else "" for one in found}
    first = found[0]
    unknown = Unknown("several files of the input have that name", command.at)
    if len(kinds) > 1 or not isinstance(first, ServerFacts) or len(found) > _MOST or "socketio" in first.settings:
        return unknown
    binds = tuple(bind._replace(address=unknown, at=None) for bind in first.binds)
    return first._replace(at=command.at, binds=binds, spec=unknown, settings={}, files=(), in_code=False)
