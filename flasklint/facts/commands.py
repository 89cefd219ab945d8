"""What is run, by whom, and what it comes down to."""

from typing import Literal

from ..record import Record
from ..source import Source, Span
from ..value import Known, Value
from .problem import Problem
from .systemd import Environment, Unit, Word


class Runs(Record):
    """A command that a manager starts: a unit, a supervisor program, a compose service, a Procfile line.

    `words` is what the manager executes. `shell` says that they are words of a shell command line
    (Procfile, Docker's shell form) rather than an argument vector. `container` names the container
    (its own network namespace), empty on the host; `publishes` are the ports it opens to the host.
    `directory` is Default("/", ...) where the manager says nothing.
    """

    name: str
    manager: Literal["systemd", "supervisor", "compose", "dockerfile", "procfile"]
    words: tuple[Word, ...]
    at: Span  # the command as written
    place: Span  # the heading: [Service], [program:x], the service's name
    user: Value[str]
    group: Value[str]
    directory: Value[str]
    environment: Environment
    shell: bool = False
    container: str = ""
    names: tuple[str, ...] = ()  # host names under which others in its network reach it
    publishes: tuple[Known[str], ...] = ()
    unit: Unit | None = None


class Compose(Record):
    """A compose file: every host name its services answer to, and the host files it mounts."""

    source: Source
    services: tuple[Runs, ...]
    names: frozenset[str]
    mounts: tuple[Known[str], ...]  # host side, as written ("./nginx.conf")
    problems: tuple[Problem, ...] = ()
    complete: bool = True  # False: an include, an `extends` or an external network may add services or names


class Child(Record):
    """A command that a shell starts as its child, and not in its own place.

    `at` is its first word: `exec` in front of it would change that. `last` is True where the shell surely ends
    with it: nothing follows, it stands under no condition, in no pipe and not in the background.
    """

    at: Span
    last: bool


class Command(Record):
    """What a `Runs` comes down to after shells, `env`, `poetry run` and the like are unwrapped.

    `words[0]` is the program as named in the innermost command; `program` its base name without a
    version ("gunicorn", "waitress-serve", "flask", "uwsgi", "python", ...); with `python -m X` the
    program is X's ("gunicorn", "waitress-serve", "flask") and `words` start at X. `interpreter` is
    the Python that runs it where one is named. `venv` is the virtual environment's folder where the
    path, an activation or VIRTUAL_ENV names one. `launcher` is the outermost word.
    """

    program: str
    words: tuple[Word, ...]
    at: Span
    launcher: Word
    directory: Value[str]
    environment: Environment
    interpreter: Word | None = None
    venv: Known[str] | None = None
    through_shell: bool = False
    through: tuple[str, ...] = ()  # wrappers in order: "bash", "env", "poetry", "script:run.sh"
    script: Source | None = None  # a shell script of the tree that was followed
    script_file: str = ""  # the repository's path of that script
    child: Child | None = None  # of the innermost shell; None also where `bash -c` or `exec` give way to it
    unquoted: Span | None = None  # `app:create_app()` without quotes, which the shell refuses
