"""Programs that start another program: what they take before it, and what they change for it."""

from ..facts import Word
from ..record import Record

SHELLS = frozenset({"sh", "bash", "dash", "zsh", "ash", "ksh"})

# Options that take a value of their own, and the number of plain words before the inner command.
_TAKES: dict[str, tuple[frozenset[str], int]] = {
    "nohup": (frozenset(), 0),
    "exec": (frozenset({"-a"}), 0),
    "command": (frozenset(), 0),
    "setsid": (frozenset(), 0),
    "time": (frozenset({"-f", "-o"}), 0),
    "nice": (frozenset({"-n", "--adjustment"}), 0),
    "ionice": (frozenset({"-c", "-n", "-p"}), 0),
    "stdbuf": (frozenset({"-i", "-o", "-e"}), 0),
    "timeout": (frozenset({"-k", "-s", "--signal", "--kill-after"}), 1),
    "sudo": (frozenset({"-u", "-g", "-U", "-h", "-p", "-C", "-T", "-D", "--user", "--group", "--chdir"}), 0),
    "doas": (frozenset({"-u", "-C"}), 0),
    "runuser": (frozenset({"-u", "-g", "-G"}), 0),
    "gosu": (frozenset(), 1),
    "su-exec": (frozenset(), 1),
    "setuidgid": (frozenset(), 1),
    "chpst": (
        frozenset({"-u", "-U", "-b", "-e", "-/", "-n", "-l", "-L", "-m", "-d", "-o", "-p", "-f", "-c"}),
        0,
    ),
    "authbind": (frozenset({"--depth"}), 0),
    "dumb-init": (frozenset({"-r", "--rewrite"}), 0),
    "tini": (frozenset({"-e", "-p"}), 0),
    "ddtrace-run": (frozenset(), 0),
    "opentelemetry-instrument": (frozenset({"--traces_exporter", "--metrics_exporter", "--service_name"}), 0),
}
# Managers of environments: `NAME run [options] command`, with the options that take a value.
_RUNNERS: dict[str, frozenset[str]] = {
    "poetry": frozenset({"-C", "-P", "--directory", "--project"}),
    "pipenv": frozenset({"--python"}),
    "pdm": frozenset({"-p", "--project", "--venv"}),
    "hatch": frozenset({"-e", "--env"}),
    "rye": frozenset(),
    "pixi": frozenset({"-e", "--environment", "--manifest-path"}),
    "uv": frozenset(
        {
            "--with",
            "--with-requirements",
            "--with-editable",
            "-p",
            "--python",
            "--project",
            "--directory",
            "--env-file",
            "--extra",
            "--group",
            "--only-group",
            "--no-group",
            "--package",
            "--index",
            "--index-url",
            "--default-index",
            "--extra-index-url",
            "--find-links",
            "--cache-dir",
            "--config-file",
            "--no-extra",
            "--link-mode",
            "-P",
        }
    ),
    "conda": frozenset({"-n", "-p", "--name", "--prefix", "--cwd"}),
    "micromamba": frozenset({"-n", "-p", "--name", "--prefix", "--cwd"}),
    "dotenv": frozenset({"-f", "--file", "-q"}),
    "doppler": frozenset({"-p", "--project", "-c", "--config", "-t", "--token"}),
    "infisical": frozenset({"--env", "--path", "--projectId", "--token"}),
}
_VERSIONED = ("python", "gunicorn", "waitress-serve", "uwsgi", "flask", "uvicorn")  # may bear a version
_ADD_VARIABLES = frozenset({"dotenv", "doppler", "infisical"})
_DIRECTORIES = frozenset({"--directory", "--cwd", "-C", "--chdir"})


class Inner(Record):
    """The inner command of a wrapper: its words, and what the wrapper changes for it.

    `unseen` names what may add variables; `clean` says that the environment starts empty; `script`
    is shell text (`su -c`).
    """

    name: str
    words: tuple[Word, ...]
    assigns: tuple[Word, ...] = ()
    clean: bool = False
    unseen: str = ""
    directory: Word | None = None
    script: Word | None = None


def program_name(path: str) -> str:
    """Return the base name without a version: "gunicorn" for /usr/bin/gunicorn-3.6."""
    name = path.rpartition("/")[2]
    if name in _VERSIONED:
        return name
    for known in _VERSIONED:
        if name.startswith(known):
            rest = name[len(known) :].removeprefix("-")
            if rest == "" or rest.replace(".", "").isdigit():
                return known
    return name


def peel(name: str, words: tuple[Word, ...]) -> Inner | None:
    """Take one wrapper off a command; None where its name is no wrapper's or nothing is left."""
    inner: Inner | None = None
    if name == "env":
        inner = _env(words)
    elif name == "su":
        inner = _su(words)
    elif name == "newrelic-admin":
        inner = Inner(name, words[2:]) if words[1:2] and words[1].text == "run-program" else None
    elif name in _RUNNERS:
        inner = _runner(name, words)
    elif name in _TAKES:
        takes, plain = _TAKES[name]
        inner = _after_options(name, words, takes, plain)
    return inner if inner is not None and (inner.words or inner.script) else None


def _env(words: tuple[Word, ...]) -> Inner:
    """`env [-i] [-u NAME] [-C DIR] [NAME=VALUE]... COMMAND`."""
    clean, directory, index = False, None, 1
    while index < len(words) and words[index].text.startswith("-"):
        option = words[index].text
        clean = clean or option in ("-", "-i", "--ignore-environment")
        if option in ("-C", "--chdir") and index + 1 < len(words):
            directory = words[index + 1]
        index += 2 if option in ("-u", "--unset", "-C", "--chdir") else 1
    start = index
    while index < len(words) and "=" in words[index].text:
        index += 1
    return Inner("env", words[index:], words[start:index], clean, directory=directory)


def _su(words: tuple[Word, ...]) -> Inner | None:
    for index, word in enumerate(words[:-1]):
        if word.text in ("-c", "--command"):
            return Inner("su", (), script=words[index + 1])
    return None


def _after_options(name: str, words: tuple[Word, ...], takes: frozenset[str], plain: int) -> Inner:
    index, directory, assigns = 1, None, list[Word]()
    while index < len(words):
        text = words[index].text
        if text == "--":
            index += 1
            break
        if name == "sudo" and "=" in text and text.partition("=")[0].isidentifier():
            assigns.append(words[index])
        elif not text.startswith("-"):
            break
        elif text in takes:
            if text in _DIRECTORIES and index + 1 < len(words):
                directory = words[index + 1]
            index += 1
        index += 1
    return Inner(name, words[index + plain :], tuple(assigns), directory=directory)


def _runner(name: str, words: tuple[Word, ...]) -> Inner | None:
    """`poetry [options] run [options] command`; `uv run -m module` is left alone."""
    index, ran, directory = 1, False, None
    while index < len(words):
        text = words[index].text
        if text == "--":
            index += 1
            if ran:
                break
        elif text in _RUNNERS[name] and index + 1 < len(words):
            directory = words[index + 1] if text in _DIRECTORIES else directory
            index += 2
        elif text.startswith("-"):
            if text in ("-m", "--module") and ran:
                return Inner(name, (words[0]._replace(text="python"), *words[index:]))
            index += 1
        elif not ran and text == "run":
            ran, index = True, index + 1
        else:
            break
    if not ran or index >= len(words):
        return None
    unseen = "the variables of " + name if name in _ADD_VARIABLES else ""
    return Inner(name, words[index:], unseen=unseen, directory=directory)
