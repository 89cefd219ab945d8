"""Compose files: what each service runs, under which names others reach it, what it mounts.

The Compose Specification, https://github.com/compose-spec/compose-spec/blob/main/spec.md
Problems: "syntax" (the YAML parser's own message), "limit" (more than this reader takes on), and
"command" (a command that Compose refuses to split).
"""

import re
from functools import cache
from posixpath import normpath

from ..facts import Compose, Problem, Runs
from ..filenames import plain_name
from ..source import Source
from ..tree import Tree
from ..value import Known
from .compose_service import ServiceReader
from .placed import Placed, interpolate
from .yamltree import Document, Fields, Items, Node, RefusedError, Scalar


def looks_like(name: str, head: bytes) -> bool:
    """Tell whether a file is a Compose file: by its name and a top-level `services:`."""
    base = plain_name(name.rpartition("/")[2].lower())
    if not base.endswith((".yml", ".yaml")):
        return False
    named = base.startswith(("docker-compose", "compose")) or base.endswith((".compose.yml", ".compose.yaml"))
    return named and _services_key().search(head) is not None


@cache
def _services_key() -> re.Pattern[bytes]:
    return re.compile(rb"^(?:\xef\xbb\xbf)?[\"']?services[\"']?[ \t]*:", re.MULTILINE)


def read(source: Source, tree: Tree) -> Compose:
    """Return every service of the file, also those that run no Python.

    The command of a service without one is the CMD and ENTRYPOINT of its Dockerfile, where the tree
    has it; `words` is empty where it cannot be told. Variables take their values from `.env` beside
    the file, then from their own defaults.
    """
    problems = list[Problem]()
    try:
        document = Document(source)
        file = _File(document, tree)
        return Compose(
            source,
            tuple(file.services(problems)),
            frozenset(file.names),
            tuple(file.mounts.values()),
            tuple(problems),
            file.is_complete(),
        )
    except RefusedError as refused:
        if refused.kind != "syntax" or not _is_template(source.text):
            line = source.position(refused.start)[0]
            problems.append(Problem("yaml", refused.kind, refused.message, source.line_span(line)))
        return Compose(source, (), frozenset(), (), tuple(problems), complete=False)


def _is_template(text: str) -> bool:
    return "{{" in text or "{%" in text or "<%" in text


class _File:
    """A parsed file with what its services share."""

    def __init__(self, document: Document, tree: Tree) -> None:
        self.document, self.tree = document, tree
        relative = tree.relative(document.source.real)
        self.folder = None if relative is None else relative.rpartition("/")[0]
        self.top = document.fields(document.root)
        self.names = set[str]()
        self.mounts: dict[str, Known[str]] = {}
        self.variables = self._dotenv()

    def _dotenv(self) -> dict[str, str]:
        from . import dotenv

        source = None if self.folder is None else self.tree.read(f"{self.folder}/.env".lstrip("/"))
        variables = dotenv.read(source, lambda name: None) if source else ()
        return {variable.name: variable.value.value for variable in variables if isinstance(variable.value, Known)}

    def text(self, node: Node | None) -> Placed | None:
        """Return an interpolated scalar; None for any other node."""
        if not isinstance(node, Scalar) or node.is_null:
            return None
        return interpolate(self.document.text(node), self.variables.get)

    def services(self, problems: list[Problem]) -> list[Runs]:
        services = self.document.fields(self.top["services"][1] if "services" in self.top else None)
        aliases = self._link_aliases([node for _, node in services.values()])
        found = list[Runs]()
        for name, (key, node) in services.items():
            reader = ServiceReader(self, name, self.document.text(key).span(), self.document.fields(node), problems)
            runs = reader.runs(aliases.get(name, ()))
            self.names.update(runs.names, reader.extra_hosts())
            self._add_mounts(self.document.fields(node).get("volumes"))
            found.append(runs)
        for _, config in self.document.fields(self.top["configs"][1] if "configs" in self.top else None).values():
            self._add_mount(self.text(self.document.fields(config).get("file", (None, None))[1]))
        return found

    def is_complete(self) -> bool:
        """Tell whether no other file may add names: no `include`, `extends`, external network."""
        if "include" in self.top:
            return False
        services = self.document.fields(self.top["services"][1] if "services" in self.top else None)
        networks = self.document.fields(self.top["networks"][1] if "networks" in self.top else None)
        return not any(
            word in self.document.fields(node)
            for word, nodes in (("extends", services), ("external_links", services), ("external", networks))
            for _, node in nodes.values()
        )

    def _link_aliases(self, services: list[Node]) -> dict[str, tuple[str, ...]]:
        """Return the aliases of `links: [service:alias]` by the service they lead to."""
        aliases: dict[str, tuple[str, ...]] = {}
        for node in services:
            links = self.document.fields(node).get("links")
            for item in self.document.items(links[1] if links else None):
                text = self.text(item)
                name, colon, alias = text.text.partition(":") if text else ("", "", "")
                if colon:
                    aliases[name] = (*aliases.get(name, ()), alias)
        return aliases

    # -------------------------------------------------------------------------------------- mounts

    def _add_mounts(self, volumes: tuple[Scalar, Node] | None) -> None:
        for item in self.document.items(volumes[1] if volumes else None):
            if isinstance(item, Fields):
                self._add_mount(self.text(self.document.fields(item).get("source", (None, None))[1]))
            elif not isinstance(item, Items) and (text := self.text(item)) and ":" in text.text:
                self._add_mount(text.part(0, text.text.index(":")))

    def _add_mount(self, path: Placed | None) -> None:
        """Keep a relative path that is a file of the tree, or would be one by its name."""
        if path is None or not path.text.startswith(".") or self.folder is None:
            return
        inside = normpath(f"{self.folder}/{path.text}".lstrip("/"))
        looks_like_file = "." in path.text.rpartition("/")[2].lstrip(".") and not self.tree.is_folder(inside)
        if self.tree.is_file(inside) or looks_like_file:
            self.mounts.setdefault(path.text, Known(path.text, path.span()))
