"""Dockerfiles: what the image of the last stage (or a named one) starts, and as whom.

Earlier stages count only where the last one is built `FROM` them; `COPY --from` does not matter here.
"""

from collections.abc import Mapping
from copy import copy
from posixpath import join as path_join
from posixpath import normpath

from ..facts import Environment, Runs, Variable, Word
from ..record import Record
from ..source import Source, Span
from ..tree import Tree
from ..value import Default, Known, Unknown, Value
from .dockerlines import Instruction, Started, instructions, started
from .placed import Placed, interpolate, split_words

# Official images that start as root in "/" and without an entry point (docker.io/library, 2025).
_PLAIN = frozenset(
    (
        "alpine",
        "amazonlinux",
        "buildpack-deps",
        "busybox",
        "centos",
        "debian",
        "fedora",
        "pypy",
        "python",
        "rockylinux",
        "scratch",
        "ubuntu",
    )
)
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Image(Record):
    """What a container of an image starts with unless told otherwise. `at` is the last FROM.

    `exposes` are the ports of EXPOSE as written.
    """

    base: str
    at: Span
    entrypoint: Started | None
    cmd: Started | None
    user: Value[str]
    group: Value[str]
    directory: Value[str]
    environment: Environment
    exposes: tuple[Known[str], ...]

    def start(self) -> Started | None:
        return combine(self.entrypoint, self.cmd)


def looks_like(name: str, head: bytes) -> bool:
    """Tell whether a file is a Dockerfile by its name and, where the name leaves doubt, a FROM."""
    base = name.rpartition("/")[2].lower()
    if base in ("dockerfile", "containerfile"):
        return True
    if base.endswith((".md", ".py", ".js", ".sh", ".txt", ".dockerignore", ".yml", ".yaml")):
        return False
    named = base.endswith((".dockerfile", ".containerfile")) or base.startswith(("dockerfile", "containerfile"))
    return named and b"from" in head.lower()


def read(source: Source, tree: Tree) -> Runs | None:
    """Return what the image starts, in a container named after the folder; None without CMD and ENTRYPOINT.

    `publishes` are the ports of EXPOSE. The environment is incomplete: `docker run` may add to it.
    """
    image = read_image(source)
    start = image.start() if image else None
    if image is None or start is None:
        return None
    folder = (tree.relative(source.real) or "").rpartition("/")[0].rpartition("/")[2] or "image"
    unseen = (*image.environment.unseen, "`docker run`")
    return Runs(
        name=folder,
        manager="dockerfile",
        words=start.words,
        at=start.at,
        place=image.at,
        user=image.user,
        group=image.group,
        directory=image.directory,
        environment=image.environment._replace(complete=False, unseen=unseen),
        shell=start.shell,
        container=folder,
        names=(folder,),
        publishes=image.exposes,
    )


def read_image(source: Source, target: str = "", arguments: Mapping[str, str | None] = {}) -> Image | None:
    """Return the image of the stage `target`, by default the last; None without such a stage.

    `arguments` are build arguments (a value of None is one that cannot be told).
    """
    stages: dict[str, _Stage] = {}
    stage: _Stage | None = None
    count = 0
    shared: dict[str, str | None] = {}  # ARG before the first FROM
    for instruction in instructions(source):
        if instruction.keyword == "FROM":
            if stage and target and target.lower() in stages:
                break
            stage = _from(instruction, stages, shared)
            stages.setdefault(str(count), stage)
            count += 1
        elif stage:
            stage.take(instruction, arguments)
        elif instruction.keyword == "ARG":
            _argument(instruction.rest, shared, arguments)
    if target:
        stage = stages.get(target.lower())
    return stage.image() if stage else None


def pulled(base: str, at: Span) -> Image:
    """Return an image that is not built here, as far as its name tells; `at` is where it is named."""
    return _Stage(base, at).image()


def combine(entrypoint: Started | None, cmd: Started | None) -> Started | None:
    """Return what Docker executes: CMD is the arguments of an ENTRYPOINT that is no shell line."""
    if entrypoint is None or not entrypoint.words:
        return cmd if cmd and cmd.words else None
    if cmd is None or entrypoint.shell:
        return entrypoint
    words = cmd.words
    if cmd.shell:
        words = (Word("/bin/sh", cmd.at), Word("-c", cmd.at), *words)
    return Started(entrypoint.words + words, cmd.at if cmd.words else entrypoint.at, shell=False)


# ------------------------------------------------------------------------------------------ stages


class _Stage:
    """A stage while its instructions are read."""

    def __init__(self, base: str, at: Span) -> None:
        self.base, self.at = base, at
        name, _, tag = base.removeprefix("docker.io/").removeprefix("library/").partition(":")
        self.known = name in _PLAIN and "$" not in tag
        self.entrypoint: Started | None = None
        self.cmd: Started | None = None
        self.own_cmd = False
        why = Unknown(f"the image {base} may set it", at)
        self.user: Value[str] = Default("root", "Docker's default") if self.known else why
        self.group: Value[str] = Default("root", "Docker's default") if self.known else why
        self.directory: Value[str] = Default("/", "Docker's default") if self.known else why
        self.variables: tuple[Variable, ...] = ()
        self.exposes: tuple[Known[str], ...] = ()
        self.values: dict[str, str | None] = {"PATH": _PATH}  # what `$X` means in an instruction

    def child(self, at: Span) -> "_Stage":
        """Return a stage that is built from this one."""
        stage = copy(self)
        stage.at, stage.own_cmd, stage.values = at, False, dict(self.values)
        return stage

    def take(self, instruction: Instruction, arguments: Mapping[str, str | None]) -> None:
        keyword, rest = instruction.keyword, instruction.rest
        if keyword == "CMD":
            self.cmd, self.own_cmd = started(rest), True
        elif keyword == "ENTRYPOINT":
            self.entrypoint = started(rest)
            self.cmd = self.cmd if self.own_cmd else None  # the parent's CMD is dropped
        elif keyword == "ENV":
            self._env(rest)
        elif keyword == "ARG":
            _argument(rest, self.values, arguments)
        elif keyword == "WORKDIR":
            self._workdir(self._expand(rest))
        elif keyword == "USER":
            self._user(self._expand(rest))
        elif keyword == "EXPOSE":
            ports = split_words(self._expand(rest))
            self.exposes += tuple(Known(port.text, port.at) for port in ports if port.fixed)

    def image(self) -> Image:
        unseen = () if self.known else (f"the image {self.base}",)
        environment = Environment(self.variables, complete=self.known, unseen=unseen)
        return Image(self.base, self.at, self.entrypoint, self.cmd, self.user, self.group, self.directory,
                     environment, self.exposes)  # fmt: skip

    def _expand(self, text: Placed) -> Placed:
        return interpolate(text, self.values.get, doubled=False)

    def _env(self, rest: Placed) -> None:
        """Take `ENV A=1 B=2`, or the old form `ENV A the whole rest`."""
        name, blank, _ = rest.text.partition(" ")
        if "=" not in name and blank:
            value = self._expand(rest.part(len(name) + 1, len(rest.text)).strip())
            return self._set(name, Word(value.text, value.span(), value.is_fixed()), rest.span())
        for word in split_words(self._expand(rest)):
            name, equals, text = word.text.partition("=")
            if equals:
                at = word.at.part(len(name) + 1, len(word.at.text))
                if text and at.text[:1] in "\"'" and at.text[1:-1] == text:
                    at = at.part(1, len(text) + 1)
                self._set(name, Word(text, at, word.fixed), word.at)

    def _set(self, name: str, value: Word, at: Span) -> None:
        known: Value[str] = Known(value.text, value.at) if value.fixed else Unknown("it holds a variable", value.at)
        self.variables += (Variable(name, known, at),)
        self.values[name] = value.text if value.fixed else None

    def _workdir(self, path: Placed) -> None:
        value: Value[str] = path.value()
        if isinstance(value, Known) and not value.value.startswith("/"):
            if isinstance(self.directory, Unknown):
                value = Unknown("it is relative to one that cannot be told", path.span())
            else:
                value = Known(path_join(self.directory.value, value.value), value.at)
        self.directory = Known(normpath(value.value), value.at) if isinstance(value, Known) else value

    def _user(self, written: Placed) -> None:
        self.user, self.group = user_and_group(written)


def user_and_group(written: Placed) -> tuple[Value[str], Value[str]]:
    """Split `user[:group]` as Docker does; without a group it is the user's own."""
    size = len(written.text.partition(":")[0])
    user: Value[str] = written.part(0, size).value()
    if ":" in written.text and written.is_fixed():
        return user, written.part(size + 1, len(written.text)).value()
    return user, Unknown("the user's own group", written.span())


def _from(instruction: Instruction, stages: dict[str, _Stage], shared: dict[str, str | None]) -> _Stage:
    words = split_words(interpolate(instruction.rest, shared.get, doubled=False))
    plain = [word.text for word in words if not word.text.startswith("--")]
    base = plain[0] if plain else ""
    parent = stages.get(base.lower())
    stage = parent.child(instruction.at) if parent else _Stage(base, instruction.at)
    if len(plain) >= 3 and plain[1].lower() == "as":
        stages[plain[2].lower()] = stage
    return stage


def _argument(rest: Placed, values: dict[str, str | None], given: Mapping[str, str | None]) -> None:
    for word in split_words(interpolate(rest, values.get, doubled=False)):
        name, equals, text = word.text.partition("=")
        if name in given:
            values[name] = given[name]
        elif equals:
            values[name] = text if word.fixed else None
