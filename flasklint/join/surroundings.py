"""What files that no reader reads say of the environment: each question answered once."""

import re
from collections.abc import Iterator
from functools import cached_property

from ..deployment.surroundings import MANY, Surroundings
from ..source import Source, Span
from ..tree import Tree
from ..value import Known

_LIMIT = 600  # files
_TEXTS = (".sh", ".bash", ".yml", ".yaml", ".j2", ".jinja2", ".md", ".rst", ".txt", ".tf", ".toml", ".conf", ".service",
          ".json", ".ini", ".cfg", ".example", ".sample", ".template", ".tmpl", ".ps1", ".bat", ".nix", ".env", ".py",
          ".dist", ".erb", ".hcl", ".tfvars", ".properties", ".fish", ".mk", ".groovy")  # fmt: skip
_SCRIPTS = (".sh", ".bash", ".yml", ".yaml", ".j2", ".service", ".mk")
_LOADERS = (b"dotenv", b"environs", b"decouple", b"pydantic_settings", b"BaseSettings", b"environ.Env", b"read_env",
            b"dynaconf", b"starlette.config", b"prettyconf", b"envparse", b"configargparse", b"\".env", b"'.env",
            b"/.env", b".flaskenv", b"hvac", b"secretmanager", b"secretsmanager", b"get_secret")  # fmt: skip
_BUILDS = ("package.json", ".gitmodules")
# Names of files of variables: .env, .env.prod, shop.env, env, shop-env.
_ENV_FILE = r"(?:[\w.-]*\.env(?:\.[\w-]+)*|env|environment|\w[\w-]*[._-]env)"


class TreeSurroundings(Surroundings):
    """Searches the files of one tree for words."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._found: dict[str, tuple[str, ...]] = {}
        self._below: dict[str, tuple[str, ...]] = {}

    @cached_property
    def _texts(self) -> list[str]:
        return [path for path in self._tree.paths if _is_text(path.rpartition("/")[2].lower())]

    @cached_property
    def loads_env_files(self) -> bool:
        python = [path for path in self._texts if path.endswith(".py")]
        return len(python) > _LIMIT or any(self._tree.contains(path, *_LOADERS) for path in python)

    @property
    def is_built(self) -> bool:
        return any(map(self._tree.named, _BUILDS))

    def mentions(self, word: str) -> tuple[str, ...]:
        if word not in self._found:
            self._found[word] = tuple(self._tree.shown(path) for path in self._holding(word))
            if len(self._texts) > _LIMIT:
                self._found[word] += (MANY,)
        return self._found[word]

    def _holding(self, word: str) -> Iterator[str]:
        needle = word.encode()
        return (path for path in self._texts[:_LIMIT] if self._tree.contains(path, needle))

    def may_set(self, variable: str) -> bool:
        if len(self._texts) > _LIMIT:
            return True
        name = re.escape(variable)
        sets = re.compile(
            rf"environ\[\s*(?:['\"]{name}['\"]|[A-Za-z_])[^\]\n]{{0,200}}\]\s*=[^=]|"
            r"environ\.setdefault\(|environ\.update\(|environ\s*\|=|putenv\(|environ\s*=[^=]"
        )
        python = (path for path in self._holding("environ") if path.endswith(".py"))
        return any(source and sets.search(source.text) for source in map(self._tree.read, python))

    def sourced(self, file: str) -> Span | None:
        reads = re.compile(rf"(?:^|[\s;&|(\"'])(?:source|\.)[ \t]+(?P<path>[^\s;&|]*{re.escape(file)})(?![\w.-])", re.M)
        for source in self._scripts(file):
            if found := reads.search(source.text):
                return source.span(*found.span("path"))
        return None

    def writes_env_file(self, folder: str) -> tuple[Known[str], ...]:
        path = re.compile(rf"(?<![\w./-]){re.escape(folder.rstrip('/'))}/{_ENV_FILE}(?![\w./-])")
        return tuple(
            Known(found[0], source.span(*found.span()))
            for source in self._scripts(folder)
            for found in path.finditer(source.text)
        )

    def files_below(self, folder: str) -> tuple[str, ...]:
        if folder not in self._below:
            self._below[folder] = self._files_below(folder)
        return self._below[folder]

    def _files_below(self, folder: str) -> tuple[str, ...]:
        found: list[str] = []
        waiting = [folder]
        while waiting:
            home = waiting.pop()
            for name in self._tree.names(home):
                path = f"{home}/{name}" if home else name
                (waiting if self._tree.is_folder(path) else found).append(path)
        skipped = len(folder) + 1 if folder else 0
        return tuple(path[skipped:] for path in sorted(found))

    def _scripts(self, word: str) -> Iterator[Source]:
        """Scripts, playbooks and units that hold a text."""
        for path in self._holding(word):
            name = path.rpartition("/")[2]
            if name.endswith(_SCRIPTS) or "." not in name or name.startswith(("Dockerfile", "Makefile")):
                source = self._tree.read(path)
                if source is not None:
                    yield source


def _is_text(name: str) -> bool:
    return name.endswith(_TEXTS) or "." not in name.lstrip(".") or name.startswith((".env", "dockerfile", "makefile"))
