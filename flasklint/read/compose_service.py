"""One service of a Compose file, merged with the Dockerfile it is built from."""

from collections.abc import Iterator, Mapping
from posixpath import normpath
from typing import Protocol

from ..facts import Environment, Problem, Runs, Variable, Word
from ..source import Source, Span
from ..tree import Tree
from ..value import Known, Unknown, Value
from .dockerfile import Image, combine, pulled, read_image, user_and_group
from .dockerlines import Started
from .placed import Placed, split_words
from .yamltree import Document, Fields, Items, Node, Scalar

# Where Compose's splitter stops and drops the rest (mattn/go-shellwords, Parser.Parse).
_STOPS = ";&|<>"


class File(Protocol):
    """What a service needs of its file. `folder` is None where the file lies outside the tree."""

    document: Document
    tree: Tree
    folder: str | None
    variables: dict[str, str]

    def text(self, node: Node | None) -> Placed | None: ...


class ServiceReader:
    """`name` is the key of the service, `place` where it stands, `fields` its mapping."""

    def __init__(
        self,
        file: File,
        name: str,
        place: Span,
        fields: Mapping[str, tuple[Scalar, Node]],
        problems: list[Problem],
    ) -> None:
        self.file, self.name, self.place, self.fields, self.problems = file, name, place, fields, problems
        self.document = file.document

    def runs(self, aliases: tuple[str, ...]) -> Runs:
        image = self._image()
        start = self._start(image)
        user, group = self._user(image)
        return Runs(
            name=self.name,
            manager="compose",
            words=start.words if start else (),
            at=start.at if start else self.place,
            place=self.place,
            user=user,
            group=group,
            directory=self._directory(image),
            environment=self._environment(image),
            shell=start.shell if start else False,
            container=self._container(),
            names=self._names(aliases),
            publishes=tuple(self._publishes()),
        )

    def extra_hosts(self) -> Iterator[str]:
        """Yield the names that `extra_hosts` and `external_links` add."""
        yield from (name for name, _ in self._extra_hosts())
        for item in self.document.items(self._node("external_links")):
            if text := self.file.text(item):
                yield text.text.rpartition(":")[2]

    def _extra_hosts(self) -> Iterator[tuple[str, str]]:
        """Yield names and their addresses; written as a mapping or as a list of `name:address`."""
        for key, value in self.document.fields(self._node("extra_hosts")).values():
            written = self.file.text(value)
            yield self.document.text(key).text, written.text if written else ""
        for item in self.document.items(self._node("extra_hosts")):
            if text := self.file.text(item):
                name, _, address = text.text.replace("=", ":", 1).partition(":")
                yield name.strip(), address.strip()

    def _node(self, key: str) -> Node | None:
        return self.fields[key][1] if key in self.fields else None

    def _text(self, key: str) -> Placed | None:
        return self.file.text(self._node(key))

    # ------------------------------------------------------------------------------------- command

    def _start(self, image: Image) -> Started | None:
        entrypoint, cmd = image.entrypoint, image.cmd
        if written := self._command("entrypoint"):
            entrypoint, cmd = written, None  # an entry point of one's own drops the image's CMD
        return combine(entrypoint, self._command("command") or cmd)

    def _command(self, key: str) -> Started | None:
        """Read a command: a list of arguments, or a line that Compose splits itself, without a shell."""
        node = self._node(key)
        if isinstance(node, Items):
            placed = [text for item in self.document.items(node) if (text := self.file.text(item)) is not None]
            words = tuple(text.word() for text in placed)
            return Started(words, self._span(node, words), shell=False)
        text = self.file.text(node)
        if text is None:
            return None
        text = text.strip()
        if parenthesis := _bare_parenthesis(text):
            message = f"services.{self.name}.{key}: invalid command line string"
            self.problems.append(Problem("compose", "command", message, parenthesis))
        return Started(split_words(text, _STOPS), text.span(), shell=False)

    def _span(self, node: Items, words: tuple[Word, ...]) -> Span:
        """Return the place from the first word to the last; of the list itself where it is empty."""
        start, end = (words[0].at.start, words[-1].at.end) if words else (node.start, node.end)
        return self.document.source.span(start, max(start, end))

    def _image(self) -> Image:
        """Return the image that `build:` makes, where its Dockerfile is in the tree, else the one pulled."""
        if self._node("build") is not None:
            return self._built() or pulled(f"of {self.name}", self.place)
        image = self._text("image")
        return pulled(image.text, image.span()) if image else pulled(f"of {self.name}", self.place)

    def _built(self) -> Image | None:
        node = self._node("build")
        fields = self.document.fields(node)
        context = self.file.text(fields["context"][1] if "context" in fields else None if fields else node)
        name = self.file.text(fields["dockerfile"][1]) if "dockerfile" in fields else None
        if self.file.folder is None or "dockerfile_inline" in fields:
            return None
        if (context and "://" in context.text) or (name and name.text.startswith("/")):
            return None
        path = "/".join([self.file.folder, context.text if context else ".", name.text if name else "Dockerfile"])
        source = self.file.tree.read(normpath(path.lstrip("/")))
        target = self.file.text(fields["target"][1]) if "target" in fields else None
        arguments = self._pairs(fields["args"][1]) if "args" in fields else ()
        values = {key: text.text if text and text.is_fixed() else None for key, text in arguments}
        if source is None:
            return None
        self.document.step(self.fields["build"][0], len(source.text) // 20)
        return read_image(source, target.text if target else "", values)

    # --------------------------------------------------------------------------- user and directory

    def _user(self, image: Image) -> tuple[Value[str], Value[str]]:
        written = self._text("user")
        return user_and_group(written) if written else (image.user, image.group)

    def _directory(self, image: Image) -> Value[str]:
        written = self._text("working_dir")
        return written.value() if written else image.directory

    # --------------------------------------------------------------------------------- environment

    def _environment(self, image: Image) -> Environment:
        base = (
            image.environment if image else Environment((), False, (self._unknown().why.removesuffix(" may set it"),))
        )
        variables, unseen = list(base.variables), list(base.unseen)
        for path in self._env_files():
            source = self._beside(path)
            if source is None:
                unseen.append(path)
            else:
                from . import dotenv

                self.document.step(self.fields["env_file"][0], len(source.text) // 20)
                variables += dotenv.read(source, self.file.variables.get)
        for name, text in self._pairs(self._node("environment")):
            variables.append(self._variable(name, text))
        return Environment(tuple(variables), base.complete and not unseen, tuple(unseen))

    def _variable(self, name: str, text: Placed | None) -> Variable:
        if text is not None:
            return Variable(name, text.value(), text.span())
        passed = self.file.variables.get(name)
        value = Known(passed, self.place) if passed is not None else Unknown("it is passed on from outside", self.place)
        return Variable(name, value, self.place)

    def _pairs(self, node: Node | None) -> Iterator[tuple[str, Placed | None]]:
        """Yield names and values of a mapping or of a list of `NAME=value`; None where only a name stands."""
        for name, (_, value) in self.document.fields(node).items():
            if isinstance(value, Scalar):
                yield name, self.file.text(value)
        if isinstance(node, Fields):
            return
        for item in self.document.items(node):
            if text := self.file.text(item):
                name, equals, _ = text.text.partition("=")
                yield name, text.part(len(name) + 1, len(text.text)) if equals else None

    def _env_files(self) -> Iterator[str]:
        for item in self.document.items(self._node("env_file")):
            fields = self.document.fields(item)
            if text := self.file.text(fields["path"][1] if "path" in fields else item):
                yield text.text

    def _beside(self, path: str) -> Source | None:
        if self.file.folder is None or path.startswith("/"):
            return None
        return self.file.tree.read(normpath(f"{self.file.folder}/{path}".lstrip("/")))

    # ------------------------------------------------------------------------------------- network

    def _container(self) -> str:
        """Return whose network the service has: its own, another service's, or the host's ("")."""
        mode = self._text("network_mode")
        if mode is None:
            return self.name
        kind, colon, other = mode.text.partition(":")
        if kind == "host":
            return ""
        return other if colon and kind in ("service", "container") else self.name

    def _names(self, aliases: tuple[str, ...]) -> tuple[str, ...]:
        found = [self.name]
        found += [text.text for key in ("container_name", "hostname") if (text := self._text(key))]
        itself = (name for name, address in self._extra_hosts() if address.startswith("127."))
        found += [name for name in itself if name != "localhost"]
        for _, network in self.document.fields(self._node("networks")).values():
            inner = self.document.fields(network)
            for item in self.document.items(inner["aliases"][1] if "aliases" in inner else None):
                if text := self.file.text(item):
                    found.append(text.text)
        return tuple(dict.fromkeys([*found, *aliases]))

    def _publishes(self) -> Iterator[Known[str]]:
        """Yield the ports opened to the host, as written; the long form as `published:target`."""
        for item in self.document.items(self._node("ports")):
            fields = self.document.fields(item)
            if text := self.file.text(item):
                yield Known(text.text, text.span())
            elif target := self.file.text(fields["target"][1] if "target" in fields else None):
                published = self.file.text(fields["published"][1] if "published" in fields else None)
                host = self.file.text(fields["host_ip"][1] if "host_ip" in fields else None)
                parts = [part.text for part in (host, published, target) if part]
                yield Known(":".join(parts), target.span())


def _bare_parenthesis(text: Placed) -> Span | None:
    """Return the place of a parenthesis outside quotes that is no `$(`: Compose refuses the line."""
    if "(" not in text.text or "{{" in text.text or "`" in text.text:
        return None
    quote, at = "", 0
    while at < len(text.text):
        char = text.text[at]
        if char == "\\" and quote != "'":
            at += 1
        elif char in "\"'" and quote in ("", char):
            quote = "" if quote else char
        elif not quote and char in _STOPS:
            return None
        elif not quote and char == "(":
            return None if text.text[at - 1 : at] == "$" else text.span(at, at + 1)
        at += 1
    return None
