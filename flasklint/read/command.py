"""From what a manager executes to the innermost server command.

Shells, `env`, `sudo`, `poetry run`, `python -m` and the like are taken off one by one; a shell
script of the tree is followed one level. What is not understood stays as it is.
"""

from posixpath import isabs, join, normpath
from typing import NamedTuple

from ..facts import Command, Environment, Runs, Variable, Word
from ..source import Source, Span
from ..tree import Tree
from ..value import Default, Known, Unknown, Value
from . import shell
from .wrappers import SHELLS, peel, program_name

SERVERS = frozenset({"gunicorn", "waitress-serve", "uvicorn", "hypercorn", "uwsgi"})
MODULES = {
    "gunicorn": "gunicorn",
    "gunicorn.app.wsgiapp": "gunicorn",
    "waitress": "waitress-serve",
    "flask": "flask",
    "uvicorn": "uvicorn",
    "hypercorn": "hypercorn",
    "uwsgi": "uwsgi",
}
_IN_VENVS = SERVERS | {"flask", "python", "newrelic-admin", "ddtrace-run", "opentelemetry-instrument"}
_SYSTEM = frozenset({"", "/", "/usr", "/usr/local", "/opt", "/snap", "/opt/homebrew", "/opt/local", "/home/linuxbrew/.linuxbrew"})
_MOST_LAYERS = 12
_PYTHON_TAKES = frozenset({"-W", "-X", "--check-hash-based-pycs"})


class State(NamedTuple):
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
    local: tuple[Variable, ...] = ()  # shell variables that are not exported
    arguments: tuple[Word, ...] = ()  # of the script that is being read


def unwrap(runs: Runs, tree: Tree, folder: str | None) -> Command:
    """Return the innermost command of `runs`.

    `folder` is the folder of the tree that stands for the working directory, None where unknown.
    """
    state = State(runs.words, runs.environment, runs.directory, folder)
    launcher = runs.words[0] if runs.words else Word("", runs.at, False)
    if runs.shell and runs.words:
        text = shell.of_word(runs.words[0])
        state = _shell(state._replace(words=()), text, tree) or state._replace(words=(), through_shell=True)
        launcher = state.words[0] if state.words else launcher
    for _ in range(_MOST_LAYERS):
        inner = _layer(state, tree) if state.words else None
        if inner is None:
            break
        state = inner
    return _command(state, runs, launcher)


def _command(state: State, runs: Runs, launcher: Word) -> Command:
    first = state.words[0] if state.words else launcher
    name = program_name(first.text) if state.words else "sh"
    searches = state.through_shell or "env" in state.through or runs.manager in ("compose", "dockerfile", "procfile")
    return Command(
        program="python" if name.endswith(".py") else name,
        words=state.words,
        at=_around(state.words, runs.at),
        launcher=launcher,
        directory=state.directory,
        environment=state.environment,
        interpreter=state.interpreter,
        venv=_venv(state, searches),
        through_shell=state.through_shell,
        through=state.through,
        script=state.script,
    )


def _around(words: tuple[Word, ...], otherwise: Span) -> Span:
    if not words or any(word.at.source is not words[0].at.source for word in words):
        return otherwise
    return Span(words[0].at.source, min(word.at.start for word in words), max(word.at.end for word in words))


# ------------------------------------------------------------------------------------- one layer


def _layer(state: State, tree: Tree) -> State | None:
    """Take one wrapper off; None where there is none, or none that is understood."""
    first = state.words[0]
    name = program_name(first.text)
    if name in _IN_VENVS and state.tool is None and first.fixed:
        state = state._replace(tool=first)
    if name == "python":
        return _python(state)
    if name in SHELLS:
        return _run_shell(state, name, tree)
    inner = peel(name, state.words)
    if inner is not None:
        changed = state._replace(words=inner.words, through=(*state.through, inner.name))
        return _with_changes(changed, inner.assigns, inner.clean, inner.unseen, inner.directory, inner.script, tree)
    if "/" in first.text and name not in _IN_VENVS:
        return _script(state, first, state.words[1:], tree)
    return None


def _with_changes(
    state: State, assigns: tuple[Word, ...], clean: bool, unseen: str, directory: Word | None, script: Word | None, tree: Tree
) -> State | None:
    """Apply what a wrapper changes: variables, an emptied environment, the directory; `-c SCRIPT`."""
    environment = Environment() if clean else state.environment
    if unseen:
        environment = environment._replace(complete=False, unseen=(*environment.unseen, unseen))
    state = state._replace(environment=environment.with_more(*(_variable(word) for word in assigns)))
    if directory is not None:
        state = _cd(state, directory)
    if script is not None:
        return _shell(state, shell.of_word(script), tree)
    return state


def _variable(word: Word) -> Variable:
    """Read `NAME=value`."""
    name, _, value = word.text.partition("=")
    shown = word.at.text.find("=") + 1
    at = word.at.part(shown, len(word.at.text)) if shown else word.at
    readable = word.fixed or name == "PATH"  # its other components do not depend on the variable
    known: Value[str] = Known(value, at) if readable else Unknown(f"${name} depends on a variable", at)
    return Variable(name, known, word.at)


def _python(state: State) -> State | None:
    """`python -m gunicorn`, or `python /venv/bin/gunicorn`; the options of Python before them are dropped."""
    words = state.words
    for index, word in enumerate(words[1:], 1):
        if not word.text.startswith("-"):
            if word.fixed and words[index - 1].text not in _PYTHON_TAKES and program_name(word.text) in SERVERS | {"flask"}:
                return state._replace(words=words[index:], interpreter=words[0])
            if words[index - 1].text not in _PYTHON_TAKES:
                return None
        elif word.text == "-m" and index + 1 < len(words):
            name = MODULES.get(words[index + 1].text)
            inner = (words[index + 1]._replace(text=name or ""), *words[index + 2 :])
            return state._replace(words=inner, interpreter=words[0]) if name else None
        elif word.text in ("-c", "-m"):
            return None
    return None


def _run_shell(state: State, name: str, tree: Tree) -> State | None:
    """`bash [-lec] 'text'` or `bash script.sh args`."""
    rest = state.words[1:]
    while rest and rest[0].text.startswith(("-", "+")):
        option, rest = rest[0].text, rest[1:]
        if option[:1] == "-" and option[1:2] != "-" and "c" in option and rest:
            state = state._replace(through=(*state.through, name), arguments=rest[2:])
            return _shell(state, shell.of_word(rest[0]), tree)
        if option in ("-o", "+o", "-O", "--rcfile", "--init-file"):
            rest = rest[1:]
    if not rest:
        return None
    followed = _script(state._replace(through=(*state.through, name)), rest[0], rest[1:], tree)
    return followed


def _script(state: State, path: Word, arguments: tuple[Word, ...], tree: Tree) -> State | None:
    """Follow a shell script of the tree, one level."""
    found = _find(path, state, tree) if path.fixed and state.script is None else None
    source = tree.read(found) if found is not None else None
    if source is None or found is None or not _is_shell(source):
        return None
    real = path.text if isabs(path.text) else ""
    state = state._replace(
        through=(*state.through, f"script:{path.text.rpartition('/')[2]}"),
        script=source,
        script_path=real,
        arguments=arguments,
    )
    return _shell(state, shell.of_span(source.span(0, len(source.text))), tree)


def _is_shell(source: Source) -> bool:
    first = source.line_text(1)
    name = source.path.removesuffix(".j2")
    return ("sh" in first.rpartition("/")[2].split(" ")[-1]) if first.startswith("#!") else name.endswith((".sh", ".bash"))


def _find(path: Word, state: State, tree: Tree) -> str | None:
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


# ------------------------------------------------------------------------------------- in a shell


def _shell(state: State, text: shell.Text, tree: Tree) -> State | None:
    """Run through shell text; return the state at its server command, else at its last command."""
    best: tuple[int, int, State] | None = None
    rivals = 0
    state = state._replace(through_shell=True)
    for simple in shell.commands(text):
        state, started = _simple(state, simple)
        if started is None:
            continue
        rank, sure = _rank(started.words), -simple.depth
        if best is None or (rank, sure) >= best[:2]:
            rivals = rivals + 1 if best is not None and best[0] == rank and simple.depth else 0
            best = (rank, min(sure, 0), started)
    if best is None or (rivals and best[1]):
        return None
    return best[2]._replace(local=(), arguments=())


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
    words = [word for raw in simple.words for word in _expand(raw, state)]
    size = next((i for i, word in enumerate(words) if not _is_assignment(word)), len(words))
    assigns = tuple(_variable(word) for word in words[:size])
    if simple.depth or simple.after == "||":
        assigns = tuple(v._replace(value=Unknown(f"${v.name} is set under a condition", v.at)) for v in assigns)
    words = words[size:]
    if not words:
        return state._replace(local=state.local + assigns), None
    changed = _builtin(state, words, simple)
    if changed is not None:
        return changed, None
    started = state._replace(words=tuple(words), environment=state.environment.with_more(*assigns))
    return state, started


def _is_assignment(word: Word) -> bool:
    name, equals, _ = word.text.partition("=")
    return bool(equals) and name.isidentifier() and word.at.text[:1] not in "\"'"


def _builtin(state: State, words: list[Word], simple: shell.Simple) -> State | None:
    """Run a builtin that changes the shell; None for any other command."""
    name, rest = words[0].text, words[1:]
    if name == "cd":
        return _cd(state, rest[-1]) if rest and simple.after != "||" else state
    if name in ("source", "."):
        return _source(state, rest[0]) if rest else state
    if name in ("export", "declare", "typeset", "readonly"):
        return _export(state, rest, simple)
    if name in ("conda", "workon", "mamba", "pyenv", "nvm") and name != "nvm" and rest[:1] and rest[0].text != "run":
        return state._replace(through=(*state.through, name))
    if name in ("set", "echo", "printf", "ulimit", "umask", "true", ":", "test", "[", "[[", "wait", "trap", "sleep"):
        return state
    if name in ("exit", "return", "shift", "mkdir", "chmod", "chown", "rm", "tee", "eval", "cat", "ls", "touch", "pwd"):
        return state
    return None


def _export(state: State, words: list[Word], simple: shell.Simple) -> State:
    more = []
    for word in words:
        if word.text.startswith("-"):
            continue
        if "=" in word.text:
            variable = _variable(word)
            more.append(variable._replace(value=Unknown("set under a condition", word.at)) if simple.depth else variable)
        else:
            more += [variable for variable in state.local if variable.name == word.text]
    return state._replace(environment=state.environment.with_more(*more))


def _cd(state: State, word: Word) -> State:
    """Change the directory, and the folder of the tree that stands for it."""
    here = state.directory
    text = word.text
    if not word.fixed or text == "-":
        return state._replace(directory=Unknown("`cd` to a directory that cannot be told", word.at), folder=None)
    if isabs(text) or text.startswith("{{"):
        target = normpath(text)
        inside = not isinstance(here, Unknown) and state.folder is not None and (target + "/").startswith(here.value.rstrip("/") + "/")
        kept = normpath(join(state.folder or "", target[len(here.value.rstrip("/")) + 1 :])) if inside and not isinstance(here, Unknown) else None
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
        return state._replace(venv=Known(_absolute(path, state.directory), word.at))
    environment = state.environment
    environment = environment._replace(complete=False, unseen=(*environment.unseen, word.text))
    return state._replace(environment=environment)


def _expand(raw: shell.Raw, state: State) -> list[Word]:
    written = raw.at.text.strip("\"'")
    if written in ("$@", "${@}", "$*") and state.script is not None:
        return list(state.arguments)
    if state.script_path and written.replace('"', "") in ("$(dirname $0)", "${0%/*}", "$(dirname ${BASH_SOURCE[0]})"):
        return [Word(state.script_path.rpartition("/")[0] or "/", raw.at)]
    return shell.expand(raw, lambda name: _lookup(state, name))


def _lookup(state: State, name: str) -> str | None | bool:
    """Return a variable's value, None where it is surely not set, False where that cannot be told."""
    if name.isdigit():
        index = int(name[:3]) - 1
        return state.arguments[index].text if 0 <= index < len(state.arguments) else False
    value = state.environment.with_more(*state.local).get(name)
    if value is None:
        return False if name in _INHERITED or not name.isidentifier() else None
    return False if isinstance(value, Unknown) else value.value


_INHERITED = frozenset({"HOME", "USER", "LOGNAME", "SHELL", "PATH", "PWD", "OLDPWD", "HOSTNAME", "LANG", "UID", "EUID", "TERM"})


# ----------------------------------------------------------------------------- virtual environments


def _venv(state: State, searches: bool) -> Known[str] | None:
    """Return the virtual environment: of the executable's path, else of an activation, PATH or VIRTUAL_ENV."""
    first = state.words[0] if state.words and program_name(state.words[0].text) in _IN_VENVS else None
    tool = state.interpreter or state.tool or first
    if tool is not None and "/" in tool.text:
        return _venv_of(tool, state.directory)
    if state.venv is not None:
        return state.venv
    path = state.environment.known("PATH") if searches else None
    for part in path.value.split(":") if path is not None else ():
        folder, _, last = part.rstrip("/").rpartition("/")
        if last == "bin" and not _is_system(folder) and path is not None:
            found = path.at.text.find(part)
            return Known(folder, path.at.part(found, found + len(part)) if found >= 0 else path.at)
    return state.environment.known("VIRTUAL_ENV")


def _venv_of(tool: Word, directory: Value[str]) -> Known[str] | None:
    folder, _, last = normpath(tool.text).rpartition("/")[0].rpartition("/")
    if last not in ("bin", "Scripts") or (not folder and isabs(tool.text)):
        return None
    path = _absolute(folder or ".", directory)
    return None if _is_system(path) else Known(path, tool.at)


def _is_system(folder: str) -> bool:
    return folder in _SYSTEM or folder.endswith("/.local") or folder.startswith("$")


def _absolute(path: str, directory: Value[str]) -> str:
    if isabs(path) or isinstance(directory, Unknown) or path.startswith(("{{", "~", "$")):
        return normpath(path)
    return normpath(join(directory.value, path))
