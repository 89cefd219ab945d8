"""Small deployments for tests: written as text, laid out in a folder, linted."""

from collections.abc import Iterable, Mapping
from contextlib import chdir
from pathlib import Path

from flasklint.fix import fix
from flasklint.result import Result
from flasklint.run import lint
from flasklint.settings import Settings


def lay_out(files: Mapping[str, str], folder: Path) -> Path:
    """Write the files below the folder. A text that is `-> target` makes a symbolic link."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text.startswith("-> "):
            path.symlink_to(text[3:].strip())
        else:
            path.write_text(text, encoding="utf-8", newline="")
    return folder


def lint_files(files: Mapping[str, str], folder: Path, *, select: Iterable[str] = ()) -> Result:
    """Lint a deployment given as texts; paths of the findings are relative to the folder."""
    lay_out(files, folder)
    with chdir(folder):
        return lint(["."], Settings(select=tuple(select)))


def fix_files(
    files: Mapping[str, str], folder: Path, *, select: Iterable[str] = (), unsafe: bool = False
) -> tuple[Result, dict[str, str]]:
    """Repair a deployment given as texts; return what remains and the texts it then has."""
    lay_out(files, folder)
    with chdir(folder):
        result = fix(["."], Settings(select=tuple(select), fixes="make", unsafe_fixes=unsafe))
    return result, {name: text(folder / name) for name in files}


def text(path: Path) -> str:
    """Return what a file holds, with its own line ends."""
    return path.read_bytes().decode()
