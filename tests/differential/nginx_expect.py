"""What nginx must do with a request, judged by the facts that flasklint read and by nothing else."""

import os
import posixpath
import re
from typing import NamedTuple

from flasklint.deployment.locations import answering, file_at
from flasklint.facts import Forwards, NginxLocation, ServesFiles
from flasklint.value import Default, Known, Unknown

from .nginx_choice import Site, adds_slash, normal_path

MOST_REDIRECTS = 10


class Request(NamedTuple):
    """`target` is the raw request target, `headers` are sent in this order, Host first."""

    target: str
    headers: tuple[tuple[str, str], ...]
    body: int = 0
    args: str | None = None  # after an internal redirect of `try_files`

    @property
    def host(self) -> str:
        return self.headers[0][1]

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2] if self.args is None else self.args


class Expected(NamedTuple):
    """`place` is the server and the location (None: nginx answers before it looks for one).

    `kind` is "upstream", "file", "answer" (return, deny, a redirect: anything but the other two) or a status.
    """

    place: NginxLocation | None
    kind: str
    file: str = ""
    members: frozenset[str] = frozenset()
    line: str = ""
    headers: tuple[tuple[str, str], ...] = ()


# ------------------------------------------------------------------------------------------ answers


def expect(site: Site, request: Request) -> Expected:
    path = normal_path(request.path)
    return Expected(None, "400") if path is None else _arrive(site, request, path, 0)


def _arrive(site: Site, request: Request, path: str, redirects: int) -> Expected:
    """A request, or nginx itself by an internal redirect, asks for a path."""
    own = site.server.locations[0]
    if own.answers:
        return Expected(own, "answer")
    if slash := adds_slash(site, path):
        return Expected(slash, "413" if _is_too_large(slash, request) else "301")
    location = answering(site.server, path)
    assert location is not None, f"{path}: nothing was hidden, and the location cannot be told"
    return _inside(site, request, location, path, redirects)


def _inside(site: Site, request: Request, location: NginxLocation, path: str, redirects: int) -> Expected:
    if location.internal and not redirects:
        return Expected(location, "404")
    if _is_too_large(location, request):
        return Expected(location, "413")
    if location.answers:
        return Expected(location, "answer")
    if location.try_files:
        if redirects > MOST_REDIRECTS:
            return Expected(location, "500")
        return _try(site, request, location, path, redirects)
    if location.forwards and not _is_condition_unmet(request, location, location.forwards):
        return _forwarded(site, request, location, location.forwards, path, redirects)
    return _file(site, request, location, path, redirects)


def _is_too_large(location: NginxLocation, request: Request) -> bool:
    limit = location.forwards.body_limit if location.forwards else None
    return isinstance(limit, Known | Default) and location.modifier != "@" and 0 < limit.value < request.body


def _is_condition_unmet(request: Request, location: NginxLocation, forwards: Forwards) -> bool:
    """What is forwarded inside an `if` counts for the facts; the generator's condition is `$arg_go`."""
    before = location.at.source.text[location.at.end : forwards.written.at.start]
    return "if (" in before and "go=1" not in request.query


def _file_path(site: Site, location: NginxLocation, path: str) -> str:
    if file := file_at(location, path):
        return posixpath.join(site.folder, file)
    assert location.files is not None
    base, owner = posixpath.join(site.folder, location.files.path.value), _owner(site, location.files)
    if owner.modifier in ("~", "~*"):
        found = re.search(owner.pattern, path, re.I if owner.modifier == "~*" else 0)
        return base.replace("$1", (found[1] or "") if found and found.groups() else "")
    return base + path  # what try_files names may lie elsewhere


def _owner(site: Site, files: ServesFiles) -> NginxLocation:
    """The location that wrote the `alias`, perhaps around the one that is asked."""
    mine = (
        each for each in site.locations if each.files and not each.files.inherited and each.files.path == files.path
    )
    return next(mine)


def _try(site: Site, request: Request, location: NginxLocation, path: str, redirects: int) -> Expected:
    for word in location.try_files[:-1]:
        each = word.value.replace("$uri", path)
        if "$" not in word.value and location.files and location.files.how == "alias":
            each = _owner(site, location.files).pattern + each  # nginx puts a literal behind the alias as it is
        file = _file_path(site, location, each)
        if os.path.isdir(file) if word.value.endswith("/") else os.path.isfile(file):
            return _file(
                site, request, location, each.removesuffix("/") if word.value.endswith("/") else each, redirects
            )
    last = location.try_files[-1].value.replace("$uri", path)
    if last.startswith("="):
        return Expected(location, last[1:])
    if not last.startswith("@"):
        return _arrive(site, request._replace(args=""), last, redirects + 1)
    named = next((each for each in site.locations if each.modifier == "@" and each.pattern == last[1:]), None)
    return _inside(site, request, named, path, redirects or 1) if named else Expected(location, "500")


def _file(site: Site, request: Request, location: NginxLocation, path: str, redirects: int) -> Expected:
    file = _file_path(site, location, path)
    if path.endswith("/"):
        if os.path.isfile(file + "index.html") and redirects < MOST_REDIRECTS:
            return _arrive(site, request, path + "index.html", redirects + 1)
        return Expected(location, "403" if os.path.isdir(file) else "404")
    if os.path.isdir(file):
        return Expected(location, "301")
    return (
        Expected(location, "file", file)
        if os.path.isfile(file) and not file.endswith("/")
        else Expected(location, "404")
    )


# ----------------------------------------------------------------------------------------- upstreams


def _forwarded(
    site: Site, request: Request, location: NginxLocation, forwards: Forwards, path: str, redirects: int
) -> Expected:
    target = forwards.target
    assert not isinstance(target, Unknown), f"{forwards.written.value}: {target}"
    address = target.value
    members = frozenset([str(address)]) if address.port or address.path else site.upstream(address.host)
    assert members, f"no upstream of the name {address.host}"
    written = forwards.written.value.partition("://")[2]
    proxy_host = "localhost" if address.is_unix else written.partition("/")[0].partition("?")[0]
    if "$" in proxy_host:
        proxy_host = str(address)
    line = f"{_passed(request, location, forwards, path, redirects)}"
    return Expected(location, "upstream", "", members, line, _headers(site, request, forwards, path, proxy_host))


def _passed(request: Request, location: NginxLocation, forwards: Forwards, path: str, redirects: int) -> str:
    raw = redirects == 0 or location.modifier == "@"
    if forwards.uri is None and raw:
        return request.target
    if forwards.uri is not None and "$" in forwards.written.value:
        return forwards.uri
    rest = path if forwards.uri is None else path[len(location.pattern) :]
    if redirects or "%" in request.path:
        rest = "".join(
            char if 32 < ord(char) < 127 and char not in '%?#"<>\\^`{|}' else f"%{ord(char):02X}" for char in rest
        )
    return (forwards.uri or "") + rest + (f"?{request.query}" if request.query else "")


def _headers(
    site: Site, request: Request, forwards: Forwards, path: str, proxy_host: str
) -> tuple[tuple[str, str], ...]:
    sent = [(header.name.lower(), _evaluated(site, request, header.value, path)) for header in forwards.headers.sent]
    names = {name for name, _ in sent}
    defaults = [("host", proxy_host), ("connection", "close")]
    if request.body:
        defaults.append(("content-length", str(request.body)))
    through = [(name.lower(), value) for name, value in request.headers if name.lower() not in _OWN]
    kept = [each for each in defaults + through if each[0] not in names]
    return tuple(sorted([each for each in sent if each[1]] + kept))


_OWN = {"host", "connection", "content-length", "upgrade", "keep-alive", "te", "expect"}


def _evaluated(site: Site, request: Request, value: str, path: str) -> str:
    given = {name.lower(): text for name, text in request.headers}
    forwarded = given.get("x-forwarded-for")
    query = dict(each.partition("=")[::2] for each in reversed(request.query.split("&")))
    variables = {
        "host": request.host.partition(":")[0].lower(), "http_host": request.host, "remote_addr": "127.0.0.1", "scheme": "http",
        "proxy_add_x_forwarded_for": f"{forwarded}, 127.0.0.1" if forwarded else "127.0.0.1", "request_uri": request.target,
        "http_upgrade": given.get("upgrade", ""), "arg_q": query.get("q", ""), "server_port": str(site.port),
    }  # fmt: skip
    value = re.sub(r"\$\{?(\w+)\}?", lambda found: variables[found[1]], value)
    return re.sub(r"\\([\"'])", r"\1", value).strip()
