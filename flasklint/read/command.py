"""From what a manager executes to the innermost server command.

Shells, `env`, `sudo`, `poetry run`, `python -m` and the like are taken off one by one; a shell
script of the tree is followed one level. What is not understood stays as it is.
"""

from posixpath import isabs

from ..facts import Command, Environment, Runs, Word
from ..source import Span
from ..tree import Tree
from . import shell_text
from .shell_run import MODULES, SERVERS, State, change_directory, find_script, is_shell, run, variable
from .venv import IN_VENVS, venv_of
from .wrappers import SHELLS, peel, program_name

_MOST_LAYERS = 12
_PYTHON_TAKES = frozenset({"-W", "-X", "--check-hash-based-pycs"})


def unwrap(runs: Runs, tree: Tree, folder: str | None) -> Command:
    """Return the innermost command of `runs`.

    `folder` is the folder of the tree that stands for the working directory, None where unknown.
    """
    state = State(runs.words, runs.environment, runs.directory, folder)
    launcher = runs.words[0] if runs.words else Word("", runs.at, False)
    if runs.shell and runs.words:
        text = shell_text.of_word(runs.words[0])
        state = run(state._replace(words=()), text, tree) or state._replace(words=(), through_shell=True)
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
    tool = state.interpreter or state.tool or (first if name in IN_VENVS else None)
    searches = state.through_shell or "env" in state.through or runs.manager in ("compose", "dockerfile", "procfile")
    return Command(
        program="python" if name.endswith(".py") else name,
        words=state.words,
        at=_around(state.words, runs.at),
        launcher=launcher,
        directory=state.directory,
        environment=state.environment,
        interpreter=state.interpreter,
        venv=venv_of(tool, state.venv, state.environment, state.directory, searches),
        through_shell=state.through_shell,
        through=state.through,
        script=state.script,
        script_file=state.script_file,
        child=state.child,
        unquoted=state.unquoted,
    )


def _around(words: tuple[Word, ...], otherwise: Span) -> Span:
    if not words:
        return otherwise
    sources, starts, ends = zip(*[word.at for word in words], strict=True)
    return Span(sources[0], min(starts), max(ends)) if sources.count(sources[0]) == len(sources) else otherwise


# ------------------------------------------------------------------------------------- one layer


def _layer(state: State, tree: Tree) -> State | None:
    """Take one wrapper off; None where there is none, or none that is understood."""
    first = state.words[0]
    name = program_name(first.text)
    if name in IN_VENVS and state.tool is None and first.fixed:
        state = state._replace(tool=first)
    if name == "python":
        return _python(state)
    if name in SHELLS:
        return _run_shell(state, name, tree)
    inner = peel(name, state.words)
    if inner is not None:
        changed = state._replace(words=inner.words, through=(*state.through, inner.name))
        return _with_changes(changed, inner.assigns, inner.clean, inner.unseen, inner.directory, inner.script, tree)
    if "/" in first.text and name not in IN_VENVS:
        return _script(state, first, state.words[1:], tree)
    return None


def _with_changes(
    state: State,
    assigns: tuple[Word, ...],
    clean: bool,
    unseen: str,
    directory: Word | None,
    script: Word | None,
    tree: Tree,
) -> State | None:
    """Apply what a wrapper changes: variables, an emptied environment, the directory; `-c SCRIPT`."""
    environment = Environment() if clean else state.environment
    if unseen:
        environment = environment._replace(complete=False, unseen=(*environment.unseen, unseen))
    state = state._replace(environment=environment.with_more(*(variable(word) for word in assigns)))
    if directory is not None:
        state = change_directory(state, directory)
    if script is not None:
        return run(state, shell_text.of_word(script), tree)
    return state


def _python(state: State) -> State | None:
    """`python -m gunicorn`, or `python /venv/bin/gunicorn`; the options of Python before them are dropped."""
    words = state.words
    for index, word in enumerate(words[1:], 1):
        if not word.text.startswith("-"):
            if (
                word.fixed
                and words[index - 1].text not in _PYTHON_TAKES
                and program_name(word.text) in SERVERS | {"flask"}
            ):
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
            return run(state, shell_text.of_word(rest[0]), tree, gives_way=name == "bash")
        if option in ("-o", "+o", "-O", "--rcfile", "--init-file"):
            rest = rest[1:]
    if not rest:
        return None
    return _script(state._replace(through=(*state.through, name)), rest[0], rest[1:], tree)


def _script(state: State, path: Word, arguments: tuple[Word, ...], tree: Tree) -> State | None:
    """Follow a shell script of the tree, one level."""
    found = find_script(path, state, tree) if path.fixed and state.script is None else None
    source = tree.read(found) if found is not None else None
    if source is None or found is None or not is_shell(source):
        return None
    real = path.text if isabs(path.text) else ""
    state = state._replace(
        through=(*state.through, f"script:{path.text.rpartition('/')[2]}"),
        script=source,
        script_path=real,
        script_file=found,
        arguments=arguments,
    )
    return run(state, shell_text.of_span(source.span(0, len(source.text))), tree)
