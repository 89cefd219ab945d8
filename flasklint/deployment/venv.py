"""Virtual environments as paths tell them: of a program, of `PATH`, of `VIRTUAL_ENV`."""

from collections.abc import Iterable, Iterator, Sequence
from posixpath import join, normpath

from ..facts import Environment
from ..value import Known, Value, has_hole

SYSTEM_BINS = frozenset({"/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/local/sbin"})
_VERSION_MANAGERS = frozenset({".pyenv", ".rbenv", ".nodenv", ".jenv", ".goenv", ".phpenv", ".plenv", ".tfenv"})


def is_environment(folder: str) -> bool:
    """Tell whether a folder's name is that of a virtual environment: venv, .venv, env, shopenv, app01_env."""
    name = folder.rpartition("/")[2].lower()
    return "env" in name and name not in _VERSION_MANAGERS


def of_program(path: str) -> str:
    """Return the folder whose `bin` holds an absolute program, "" for a program of the system."""
    if not path.startswith(("/", "{{")):
        return ""
    bin_folder = normpath(path).rpartition("/")[0]
    folder, _, last = bin_folder.rpartition("/")
    return folder if last == "bin" and bin_folder not in SYSTEM_BINS else ""


def entries(path: Known[str]) -> Iterator[Known[str]]:
    """The folders that a `PATH` lists, each with its place."""
    at, written = 0, path.at.text
    for entry in path.value.split(":"):
        found = written.find(entry, at) if entry else -1
        if found >= 0:
            at = found + len(entry)
        if entry:
            yield Known(entry, path.at.part(found, found + len(entry)) if found >= 0 else path.at)


def named_in(environment: Environment) -> Iterator[Known[str]]:
    """The virtual environments that `VIRTUAL_ENV` and `PATH` name, as folders."""
    told = environment.known("VIRTUAL_ENV")
    if told:
        yield Known(normpath(told.value), told.at)
    path = environment.known("PATH")
    for entry in entries(path) if path else ():
        folder = of_program(f"{entry.value}/x")
        if folder and is_environment(folder):
            yield Known(folder, entry.at)


def activated(words: Sequence[str], directory: str) -> str:
    """Return the absolute path of the program in `source venv/bin/activate && program`, "" where it cannot be
    told. A relative environment lies in `directory`, without what is meant as a comment there."""
    if len(words) < 4 or words[0] not in ("source", ".") or words[2] != "&&" or not words[1].endswith("/bin/activate"):
        return ""
    folder = directory.partition(" #")[0].rstrip()
    path = normpath(join(folder, words[1].removesuffix("activate") + words[3]))
    return path if path.startswith("/") and not has_hole(path) else ""


def site_packages_by_hand(environment: Environment, search: Iterable[Value[str]]) -> bool:
    """Tell whether packages of another environment are put on Python's path: PYTHONPATH, or `search`."""
    named = [environment.known("PYTHONPATH"), *search]
    return any(isinstance(path, Known) and "site-packages" in path.value for path in named)
