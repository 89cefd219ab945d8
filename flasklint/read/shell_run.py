"""Shell text run through in mind: what `cd`, `export` and `source` leave, and which command serves."""

from posixpath import isabs, join, normpath

from ..facts import Child, Environment, Variable, Word
from ..record import Record
from ..source import Source, Span
from ..tree import Tree
from ..value import Default, Known, Unknown, Value
from . import shell
from .shell_calls import is_unquoted, mask, unmask
from .shell_text import Text
from .venv import absolute
from .wrappers import SHELLS, program_name

SERVERS = frozenset({"gunicorn", "waitress-serve", "uvicorn", "hypercorn", "uwsgi"})
# The program that `python -m MODULE` is.
MODULES = {
    "gunicorn": "gunicorn",
    "gunicorn.app.wsgiapp": "gunicorn",
    "waitress": "waitress-serve",
    "flask": "flask",
    "uvicorn": "uvicorn",
    "hypercorn": "hypercorn",
    "uwsgi": "uwsgi",
}
# Commands of a shell that serve nothing.
_QUIET = frozenset({
    ":", "[", "[[", "cat", "chmod", "chown", "echo", "eval", "exit", "ls", "mkdir", "printf", "pwd",
    "return", "rm", "set", "shift", "sleep", "tee", "test", "touch", "trap", "true", "ulimit",
    "umask", "wait",
})  # fmt: skip
# Variables that a shell has though no file sets them.
_INHERITED = frozenset(
    {"HOME", "USER", "LOGNAME", "SHELL", "PATH", "PWD", "OLDPWD", "HOSTNAME", "LANG", "UID", "EUID", "TERM"}
)
_LONGEST_PATH = 4096  # characters: PATH_MAX of Linux


class State(Record):
    """What holds at one point on the way inwards."""

    words: tuple[Word, ...]
    environment: Environment
    directory: Value[str]
    folder: str | None
    venv: Known[str] | None = None  # of an activation
    tool: Word | None = None  # the outermost executable that may lie in a virtual environment
    interpreter: Word | None = None
    through: tuple[str, ...] = ()
    through_shell: bool = False
    script: Source | None = None
    script_path: str = ""
    script_file: str = ""
    local: tuple[Variable, ...] = ()  # shell variables that are not exported
    arguments: tuple[Word, ...] = ()  # of the script that is being read
    unquoted: Span | None = None  # a call in parentheses that no quotes hide from the shell
    child: Child | None = None


def variable(word: Word) -> Variable:
    """Read `NAME=value`."""
    name, _, value = word.text.partition("=")
    shown = word.at.text.find("=") + 1
    at = word.at.part(shown, len(word.at.text)) if shown else word.at
    readable = word.fixed or name == "PATH"  # its other components do not depend on the variable
    known: Value[str] = Known(value, at) if readable else Unknown(f"${name} depends on a variable", at)
    return Variable(name, known, word.at)


def is_shell(source: Source) -> bool:
    first = source.line_text(1)
    name = source.path.removesuffix(".j2")
    return (
        ("sh" in first.rpartition("/")[2].split(" ")[-1]) if first.startswith("#!") else name.endswith((".sh", ".bash"))
    )


def find_script(path: Word, state: State, tree: Tree) -> str | None:
    """Return the file of the tree that a path of the host names: below the folder, else by a unique name."""
    text, directory = normpath(path.text), state.directory
    if state.folder is not None:
        if isabs(text) and not isinstance(directory, Unknown) and directory.value not in ("", "/"):
            prefix = normpath(directory.value) + "/"
            inside = text[len(prefix) :] if text.startswith(prefix) else ""
        else:
            inside = "" if isabs(text) else text
        candidate = normpath(join(state.folder, inside)) if inside else ""
        for name in (candidate, f"{candidate}.j2"):
            if candidate and tree.is_file(name):
                return name
    base = text.rpartition("/")[2]
    named = tree.named(base) + tree.named(f"{base}.j2")
    return named[0] if len(named) == 1 else None


def run(state: State, text: Text, tree: Tree, *, gives_way: bool = False) -> State | None:
    """Run through shell text; return the state at its server command, else at its last command.

    `gives_way`: the shell ends with the last command in its own place, as `bash -c` does and dash does not.
    """
    best: tuple[int, int, State] | None = None
    rivals = 0
    state = state._replace(through_shell=True)
    commands = shell.commands(mask(text))
    for simple in commands:
        state, started = _simple(state, simple)
        if started is None:
            continue
        child = _child(started.words[0], simple, simple is commands[-1] and state.child is None, gives_way)
        started = started._replace(child=child or state.child)
        rank, sure = _rank(started.words), -simple.depth
        if best is None or (rank, sure) >= best[:2]:
            rivals = rivals + 1 if best is not None and best[0] == rank and simple.depth else 0
            best = (rank, min(sure, 0), started)
    if best is None or (rivals and best[1]):
        return None
    return best[2]._replace(local=(), arguments=())


def _child(first: Word, simple: shell.Simple, last: bool, gives_way: bool) -> Child | None:
    """How a shell starts a program, None where it gives way to it (tried with bash 5.2 and dash 0.5.12)."""
    alone = simple.before not in ("&", "|", "|&") and simple.after not in ("|", "|&")
    if first.text == "exec" or (gives_way and last and alone and not simple.depth and not simple.redirected):
        return None
    return Child(first.at, last and alone and not simple.depth and simple.after != "||")


def _rank(words: tuple[Word, ...]) -> int:
    """2 for what surely serves, 1 for what may, 0 for the rest."""
    names = [program_name(word.text) for word in words[:6]]
    if any(name in SERVERS for name in names):
        return 2
    if "flask" in names:
        return 2 if any(word.text == "run" for word in words) else 0
    if any(name == "python" or name.endswith(".py") for name in names):
        return 2 if any(word.text in MODULES for word in words[1:5]) else 1
    return 1 if "/" in words[0].text or names[0] in SHELLS else 0


def _simple(state: State, simple: shell.Simple) -> tuple[State, State | None]:
    """Run one simple command; return the shell's new state and the state of a program that it starts."""
    words = [unmask(word) for raw in simple.words for word in _expand(raw, state)]
    size = next((i for i, word in enumerate(words) if not _is_assignment(word)), len(words))
    assigns = tuple(variable(word) for word in words[:size])
    if simple.depth or simple.after == "||":
        assigns = tuple(v._replace(value=Unknown(f"${v.name} is set under a condition", v.at)) for v in assigns)
    words = words[size:]
    if not words:
        return state._replace(local=state.local + assigns), None
    changed = _builtin(state, words, simple)
    if changed is not None:
        return changed, None
    unquoted = next((raw.at for raw in simple.words if is_unquoted(raw)), None)
    environment = state.environment.with_more(*assigns)
    return state, state._replace(words=tuple(words), environment=environment, unquoted=unquoted)


def _is_assignment(word: Word) -> bool:
    name, equals, _ = word.text.partition("=")
    return bool(equals) and name.isidentifier() and word.at.text[:1] not in "\"'"


def _builtin(state: State, words: list[Word], simple: shell.Simple) -> State | None:
    """Run what changes the shell or surely serves nothing; None for any other command."""
    name, rest = words[0].text, words[1:]
    if name == "cd":
        return change_directory(state, rest[-1]) if rest and simple.after != "||" else state
    if name in ("source", "."):
        return _source(state, rest[0]) if rest else state
    if name in ("export", "declare", "typeset", "readonly"):
        return _export(state, rest, simple)
    if name in ("conda", "workon", "mamba", "pyenv") and rest and rest[0].text != "run":
        return state._replace(through=(*state.through, name))
    return state if name in _QUIET else None


def _export(state: State, words: list[Word], simple: shell.Simple) -> State:
    more = []
    for word in words:
        if word.text.startswith("-"):
            continue
        if "=" in word.text:
            made = variable(word)
            more.append(made._replace(value=Unknown("set under a condition", word.at)) if simple.depth else made)
        else:
            more += [one for one in state.local if one.name == word.text]
    return state._replace(environment=state.environment.with_more(*more))


def change_directory(state: State, word: Word) -> State:
    """Change the directory, and the folder of the tree that stands for it."""
    here = state.directory
    text = word.text
    if not word.fixed or text == "-" or (isinstance(here, Known) and len(here.value) > _LONGEST_PATH):
        return state._replace(directory=Unknown("`cd` to a directory that cannot be told", word.at), folder=None)
    if isabs(text) or text.startswith("{{"):
        target = normpath(text)
        inside = (
            not isinstance(here, Unknown)
            and state.folder is not None
            and (target + "/").startswith(here.value.rstrip("/") + "/")
        )
        kept = (
            normpath(join(state.folder or "", target[len(here.value.rstrip("/")) + 1 :]))
            if inside and not isinstance(here, Unknown)
            else None
        )
        same = not isinstance(here, Default) and inside
        return state._replace(directory=Known(target, word.at), folder=("" if kept == "." else kept) if same else None)
    folder = normpath(join(state.folder, text)) if state.folder is not None else None
    folder = None if folder is not None and folder.startswith("..") else "" if folder == "." else folder
    if isinstance(here, Unknown):
        return state._replace(folder=folder)
    return state._replace(directory=Known(normpath(join(here.value, text)), word.at), folder=folder)


def _source(state: State, word: Word) -> State:
    """`source V/bin/activate` sets the virtual environment; any other file may set variables."""
    if word.text.endswith("/bin/activate"):
        path = word.text.removesuffix("/bin/activate")
        if not word.fixed:
            return state._replace(through=(*state.through, "activate"))
        return state._replace(venv=Known(absolute(path, state.directory), word.at))
    environment = state.environment
    environment = environment._replace(complete=False, unseen=(*environment.unseen, word.text))
    return state._replace(environment=environment)


def _expand(raw: shell.Raw, state: State) -> list[Word]:
    written = raw.at.text.strip("\"'")
    if written in ("$@", "${@}", "$*") and state.script is not None:
        return list(state.arguments)
    if state.script_path and written.replace('"', "") in (
        "$(dirname $0)",
        "${0%/*}",
        "$(dirname ${BASH_SOURCE[0]})",
    ):
        return [Word(state.script_path.rpartition("/")[0] or "/", raw.at)]
    return shell.expand(raw, lambda name: _lookup(state, name))


def _lookup(state: State, name: str) -> str | bool | None:
    """Return a variable's value, None where it is surely not set, False where that cannot be told."""
    if name.isdecimal():
        index = int(name[:3]) - 1
        return state.arguments[index].text if 0 <= index < len(state.arguments) else False
    value = state.environment.with_more(*state.local).get(name)
    if value is None:
        return False if name in _INHERITED or not name.isidentifier() else None
    return False if isinstance(value, Unknown) else value.value
