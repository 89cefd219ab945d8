"""The narrow waist: the only words a reader has.

Readers turn files into these; the joiner turns these into a `Deployment`. Everything is frozen and
carries its place.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from .address import Address
from .source import Source, Span
from .value import Known, Unknown, Value

# ---------------------------------------------------------------------------------------- anything


class Problem(NamedTuple):
    """Something that the program which owns a file refuses, or ignores with a warning.

    `program` is "nginx", "systemd", "gunicorn", "waitress", "flask", "python", "yaml", ...
    `kind` is a short constant that rules select by (each reader lists its own in its docstring);
    `message` is what the program itself says; `because` are further places; `repair` says what to do.
    """

    program: str
    kind: str
    message: str
    at: Span
    because: tuple[tuple[Span, str], ...] = ()
    repair: str = ""
    label: str = ""


# ------------------------------------------------------------------------------------------- nginx


class Header(NamedTuple):
    """One `proxy_set_header` in force. `value` is as written, without quotes."""

    name: str
    value: str
    at: Span


class Headers(NamedTuple):
    """The request headers that nginx sets for one location, after includes and inheritance.

    `complete` is False where an include that is not in the input may add more: then the absence of
    a header proves nothing. `level` says which block the set comes from. `lost` are those of the
    levels above, of which nothing is inherited because this level has some of its own.
    """

    sent: tuple[Header, ...] = ()
    complete: bool = True
    level: Literal["location", "server", "http", "none"] = "none"
    lost: tuple[Header, ...] = ()

    def all(self, name: str) -> tuple[Header, ...]:
        return tuple(header for header in self.sent if header.name.lower() == name.lower())

    def get(self, name: str) -> Header | None:
        """The last header of that name (case does not matter), or None."""
        found = self.all(name)
        return found[-1] if found else None


class Forwards(NamedTuple):
    """`proxy_pass`, `uwsgi_pass`, ... of one location.

    `written` is the argument. `target` is the address it names (an upstream's name is
    `Address(host=name)`, default port filled in for anything that is no upstream), Unknown with
    variables. `uri` is the URI part or None. Times are in seconds, `body_limit` in bytes.
    """

    protocol: Literal["http", "https", "uwsgi", "fastcgi", "scgi", "grpc"]
    written: Known[str]
    target: Value[Address]
    uri: str | None
    headers: Headers
    connect_timeout: Value[float]
    read_timeout: Value[float]
    send_timeout: Value[float]
    body_limit: Value[int]


class ServesFiles(NamedTuple):
    """`alias` or `root` in force in a location; `inherited` when a level above wrote it."""

    how: Literal["alias", "root"]
    path: Known[str]
    inherited: bool


class NginxLocation(NamedTuple):
    """A `location`, or a server's own level (`modifier` "server", pattern "").

    `modifier` is "", "=", "^~", "~", "~*", "@" or "server". `at` is the modifier and pattern as written. `answers`
    is True where `return` or a rewrite answers without files or upstream. `inner` are nested
    locations, which also stand flat in the server's list.
    """

    modifier: str
    pattern: str
    at: Span
    forwards: Forwards | None
    files: ServesFiles | None
    try_files: tuple[Known[str], ...]
    answers: bool
    internal: bool = False


class NginxListen(NamedTuple):
    address: Address
    tls: bool
    default: bool
    at: Span


class NginxServer(NamedTuple):
    """A `server` block of http. `at` is the word `server`. `listens` is never empty: without a
    `listen` it is `*:80` placed at the word `server`."""

    at: Span
    names: tuple[Known[str], ...]
    listens: tuple[NginxListen, ...]
    locations: tuple[NginxLocation, ...]
    complete: bool  # False: an include nobody saw may add locations, headers, listens

    @property
    def tls(self) -> bool:
        return any(listen.tls for listen in self.listens)


class NginxUpstream(NamedTuple):
    """An `upstream` block; a server that cannot be read is Unknown."""

    name: Known[str]
    servers: tuple[Value[Address], ...]


class NginxConfig(NamedTuple):
    """One nginx configuration: a main file with what it includes, or loose snippets that lie together.

    `files` are all sources it was read from. `user` is the worker's user.
    """

    files: tuple[Source, ...]
    servers: tuple[NginxServer, ...]
    upstreams: tuple[NginxUpstream, ...]
    user: Value[str]
    problems: tuple[Problem, ...]
    unseen: tuple[Known[str], ...]  # includes that are not in the input


# ----------------------------------------------------------------------------------------- systemd


class Entry(NamedTuple):
    """One assignment of a unit as systemd sees it: continuation lines joined, specifiers not expanded."""

    section: str
    key: str
    value: str
    at: Span  # the value (the key where the value is empty)
    key_at: Span


class Word(NamedTuple):
    """One word of a command line after unquoting, with its place.

    `text` is what the program gets; `fixed` is False where a variable that is not known here takes
    part in it (then `text` still holds it as written).
    """

    text: str
    at: Span
    fixed: bool = True


class Exec(NamedTuple):
    """One command of `ExecStart=` and its kin. `prefixes` are the characters of `@-:+!`."""

    key: str
    prefixes: str
    words: tuple[Word, ...]
    at: Span


class Variable(NamedTuple):
    name: str
    value: Value[str]
    at: Span


class Environment(NamedTuple):
    """The environment that a command starts with, as far as the files tell.

    `complete` is False where a file or a manager outside the input may add variables; `unseen` says
    which.
    """

    variables: tuple[Variable, ...] = ()
    complete: bool = True
    unseen: tuple[str, ...] = ()

    def get(self, name: str) -> Value[str] | None:
        """The value in force; None when surely not set; Unknown when that cannot be told."""
        for variable in reversed(self.variables):
            if variable.name == name:
                return variable.value
        return (
            None
            if self.complete
            else Unknown(f"may be set in {', '.join(self.unseen) or 'a place outside the input'}")
        )

    def known(self, name: str) -> Known[str] | None:
        value = self.get(name)
        return value if isinstance(value, Known) else None

    def with_more(self, *more: Variable) -> "Environment":
        return self._replace(variables=self.variables + more)


class Unit(NamedTuple):
    """A systemd unit with its drop-ins, in systemd's own reading.

    `name` is the file's name without a template suffix such as `.j2` ("shop.service"). `entries` are
    those in force, in order, of all `files` (the main file first). `scope` is "user" for units of
    user managers. Paths are specifier-expanded where that is certain.
    """

    name: str
    at: Span  # the first section header that matters ([Service], [Socket]), else the first line
    files: tuple[Source, ...]
    entries: tuple[Entry, ...]
    commands: tuple[Exec, ...]  # of every Exec*= key
    environment: Environment
    problems: tuple[Problem, ...]
    scope: Literal["system", "user"] = "system"
    partial: bool = False  # drop-ins only: the main file is not in the input

    @property
    def kind(self) -> str:
        """ "service", "socket", "timer", ..."""
        return self.name.rpartition(".")[2]

    @property
    def source(self) -> Source:
        return self.files[0]

    def all(self, section: str, key: str) -> tuple[Entry, ...]:
        """The assignments of a list key that are in force (after resets)."""
        return tuple(entry for entry in self.entries if entry.section == section and entry.key == key)

    def last(self, section: str, key: str) -> Entry | None:
        """The assignment of a scalar key that is in force, or None."""
        found = self.all(section, key)
        return found[-1] if found else None

    def has_section(self, section: str) -> bool:
        return any(entry.section == section for entry in self.entries)

    @property
    def exec_start(self) -> tuple[Exec, ...]:
        return tuple(command for command in self.commands if command.key == "ExecStart")

    @property
    def is_oneshot(self) -> bool:
        kind = self.last("Service", "Type")
        return kind is not None and kind.value == "oneshot"

    def lacks(self, section: str, key: str) -> bool:
        """Whether a key is surely nowhere: not in force, not in a line that systemd rejects or swallows.

        False also where the files are templates that may add lines of their own.
        """
        if self.partial or self.last(section, key):
            return False
        lost = (f"{problem.at.source.line_text(problem.at.line)} {problem.repair}" for problem in self.problems)
        if any(key in line for line in lost) or any(p.kind == "unknown-section" for p in self.problems):
            return False
        return not any(_adds_lines(source.text) for source in self.files)

def _adds_lines(text: str) -> bool:
    """Whether a template engine may put whole lines into a file: `{{ more }}` alone, an include."""
    if "{{" not in text and "{%" not in text and "<%" not in text:
        return False
    lines = [line.strip() for line in text.split("\n")]
    return any(
        (line.startswith(("{{", "<%=")) and line.endswith(("}}", "%>")))
        or (line.startswith("{%") and ("include" in line or "import" in line or "extends" in line))
        or (line.startswith("{{") and "}}=" in line.replace(" ", ""))
        for line in lines
    )


# ------------------------------------------------------------------------------------ what is run


class Runs(NamedTuple):
    """A command that a manager starts: a unit, a supervisor program, a compose service, a Procfile line.

    `words` is what the manager executes. `shell` says that they are words of a shell command line
    (Procfile, Docker's shell form) rather than an argument vector. `container` names the container
    (its own network namespace), empty on the host; `publishes` are the ports it opens to the host.
    `directory` is Default("/", ...) where the manager says nothing.
    """

    name: str
    manager: Literal["systemd", "supervisor", "compose", "dockerfile", "procfile", "script"]
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


class Compose(NamedTuple):
    """A compose file: every host name its services answer to, and the host files it mounts."""

    source: Source
    services: tuple[Runs, ...]
    names: frozenset[str]
    mounts: tuple[Known[str], ...]  # host side, as written ("./nginx.conf")
    problems: tuple[Problem, ...] = ()
    complete: bool = True  # False: an include, an `extends` or an external network may add services or names


class Command(NamedTuple):
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


# --------------------------------------------------------------------------------- server settings


class Bind(NamedTuple):
    """One address an application server opens. `address` is Unknown where it cannot be told.

    `written` is the text it came from, `relative` the path as written where a relative socket path
    was made absolute.
    """

    address: Value[Address]
    written: str
    at: Span | None  # None for a built-in default
    relative: str = ""


class ServerFacts(NamedTuple):
    """What a server's command line, environment and config file come to.

    `kind` is "gunicorn", "waitress", "flask" (the development server), "uwsgi", "uvicorn",
    "hypercorn" or "gevent". `settings` are by the server's own setting names (gunicorn: "workers", "timeout";
    waitress: "threads", "trusted_proxy"; flask: "debug"). `spec` is the application spec as the
    server gets it. `directory` is the one in force when the application is imported. `search` are
    further folders that the server puts on sys.path (--pythonpath, PYTHONPATH).
    """

    kind: Literal["gunicorn", "waitress", "flask", "uwsgi", "uvicorn", "hypercorn", "gevent"]
    at: Span
    binds: tuple[Bind, ...]
    spec: Value[str]
    settings: Mapping[str, Value[object]]
    directory: Value[str]
    environment: Environment
    search: tuple[Value[str], ...] = ()
    problems: tuple[Problem, ...] = ()
    files: tuple[Source, ...] = ()  # config files that were read
    call: bool = False  # waitress-serve --call
    in_code: bool = False  # waitress.serve(...) or app.run(...) in a Python file


# ------------------------------------------------------------------------------------- application


class ProxyFix(NamedTuple):
    """`ProxyFix(app, x_for=..., ...)`; a count is Unknown where it is no literal."""

    at: Span
    counts: Mapping[str, Value[int]]  # x_for, x_proto, x_host, x_port, x_prefix


class App(NamedTuple):
    """What a WSGI spec resolves to.

    `state`:
      "found"      `module` is the file, `made_at` where the callable is made, `kind` what it is
      "no-module"  `missing` is the first dotted part that is not there
      "no-attribute"  the module is there, the name is not; `candidates` are its WSGI callables
      "no-call"    `module:factory` without a call: `made_at` is the function
      "unknown"    `why` says what stands in the way
    `kind`: "flask" (a Flask object), "factory" (a function that was called), "function" (a plain
    function that may be a WSGI callable), "class", "other".
    """

    state: Literal["found", "no-module", "no-attribute", "no-call", "unknown"]
    spec: Value[str]
    module: Source | None = None
    made_at: Span | None = None
    kind: str = ""
    missing: str = ""
    candidates: tuple[Known[str], ...] = ()
    why: str = ""
    static_folder: Value[str] | None = None
    static_url_path: Value[str] | None = None
    proxy_fix: ProxyFix | None = None
    runs_at_import: tuple[Span, ...] = ()  # app.run() or serve() reached while the module is imported
    config: Mapping[str, Value[object]] = {}
    read: tuple[Source, ...] = ()  # every Python file that was read on the way
    directory: str = ""  # folder of the repository that the search began in


class Requirement(NamedTuple):
    """A distribution that a requirements or lock file asks for. `name` is normalised (PEP 503).

    `version` is the exact version where one is pinned or locked, `range` the specifier as written.
    """

    name: str
    range: str
    version: str
    at: Span
    extras: tuple[str, ...] = ()
    locked: bool = False
    marker: str = ""  # PEP 508's environment marker, such as sys_platform == 'win32'


class Requirements(NamedTuple):
    """All requirement files of one folder. `complete` is False where one of them cannot be told
    (a `-r` outside the tree, dynamic metadata, a local project)."""

    folder: str
    files: tuple[Source, ...]
    wanted: tuple[Requirement, ...]
    complete: bool = True

    def get(self, name: str) -> Requirement | None:
        """The pinned or locked entry where there is one, else any entry of that name."""
        found = [want for want in self.wanted if want.name == name]
        return next((want for want in found if want.version), found[0] if found else None)
