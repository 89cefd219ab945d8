"""What nginx does: listen, forward, serve files. Values are those in force after includes and inheritance."""

from typing import Literal

from ..address import Address
from ..record import Record
from ..source import Source, Span
from ..value import Known, Value
from .problem import Problem


class Header(Record):
    """One `proxy_set_header` in force. `value` is as written, without quotes."""

    name: str
    value: str
    at: Span


class Headers(Record):
    """The request headers that nginx sets for one location, after includes and inheritance.

    `complete` is False where an include that is not in the input may add more: then the absence of
    a header proves nothing. `level` says which block the set comes from. `lost` are those of the
    levels above, of which nothing is inherited because this level has some of its own.
    """

    sent: tuple[Header, ...] = ()
    complete: bool = True
    level: Literal["location", "server", "http", "none"] = "none"
    lost: tuple[Header, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """What is sent, in lower case."""
        return frozenset([header.name.lower() for header in self.sent])

    def all(self, name: str) -> tuple[Header, ...]:
        name = name.lower()
        return tuple([header for header in self.sent if header.name.lower() == name])

    def get(self, name: str) -> Header | None:
        """The last header of that name (case does not matter), or None."""
        name = name.lower()
        for header in reversed(self.sent):
            if header.name.lower() == name:
                return header
        return None


class Forwards(Record):
    """`proxy_pass`, `uwsgi_pass`, ... of one location.

    `written` is the argument. `target` is the address it names (an upstream's name is
    `Address(host=name)`, default port filled in for anything that is no upstream), Unknown with
    variables. `uri` is the URI part or None. Times are in seconds, `body_limit` in bytes. `condition` is the
    `if` or `limit_except` around it as written, "" where every request is forwarded.
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
    condition: str = ""


class ServesFiles(Record):
    """`alias` or `root` in force in a location; `inherited` when a level above wrote it."""

    how: Literal["alias", "root"]
    path: Known[str]
    inherited: bool


class NginxLocation(Record):
    """A `location`, or a server's own level (`modifier` "server", pattern "").

    `modifier` is "", "=", "^~", "~", "~*", "@" or "server". `at` is the modifier and pattern as written. `answers`
    is True where `return` or a rewrite answers without files or upstream, `internal` where no visitor's request
    arrives. `falls_back` is True where a request for a file that is not there goes on to something else:
    `error_page 404 = @app`. Nested locations stand flat in the server's list, behind their `parent`, which is
    None at the server's level.
    """

    modifier: str
    pattern: str
    at: Span
    forwards: Forwards | None
    files: ServesFiles | None
    try_files: tuple[Known[str], ...]
    answers: bool
    internal: bool = False
    parent: "NginxLocation | None" = None
    falls_back: bool = False


class NginxListen(Record):
    """One `listen`: `tls` also where `ssl on;` says so, `default` for `default_server`."""

    address: Address
    tls: bool
    default: bool
    at: Span


class NginxServer(Record):
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


class NginxUpstream(Record):
    """An `upstream` block; a server that cannot be read is Unknown."""

    name: Known[str]
    servers: tuple[Value[Address], ...]


class NginxConfig(Record):
    """One nginx configuration: a main file with what it includes, or loose snippets that lie together.

    `files` are all sources it was read from. `user` is the worker's user, `group` its group where one is
    written ("" where none is: the group of the user's name).
    """

    files: tuple[Source, ...]
    servers: tuple[NginxServer, ...]
    upstreams: tuple[NginxUpstream, ...]
    user: Value[str]
    problems: tuple[Problem, ...]
    unseen: tuple[Known[str], ...]  # includes that are not in the input
    group: str = ""
