"""Which server block and which location answer a request, and which file it comes to.

Paths are those that nginx compares: decoded, without `//`, `.` and `..`, without the query.
(ngx_http_core_find_location and ngx_http_map_uri_to_path in nginx's src/http/ngx_http_core_module.c, 1.22.1)
"""

from collections.abc import Iterable, Iterator

from ..address import Address, reaches
from ..facts import NginxConfig, NginxListen, NginxLocation, NginxServer
from ..value import has_hole

MOST_LOCATIONS = 150  # of a server; nobody's hand wrote more
_DEFAULT_ROOT = "html"


class _UntoldError(Exception):
    """A location whose pattern cannot be compared."""


def answering(server: NginxServer, path: str) -> NginxLocation | None:
    """Return the location whose directives a request gets, the server's own level where none matches or
    where that answers by itself. None where a template, an include that nobody saw or a regular
    expression leaves it open.
    """
    own = server.locations[0]
    if own.answers:
        return own
    if not server.complete or len(server.locations) > MOST_LOCATIONS:
        return None
    try:
        found, _ = _find(server.locations[1:], None, path)
    except _UntoldError:
        return None
    return found or own


def file_at(location: NginxLocation, path: str) -> str:
    """Return the file that a location opens for a request, "" where a variable decides.

    A file without a leading `/` lies below nginx's own folder.
    """
    files = location.files
    if files is None:
        return _DEFAULT_ROOT + path
    base = files.path.value
    if "$" in base:
        return ""
    if files.how == "root":
        return base.removesuffix("/") + path
    owner = _owner(location)
    if owner.modifier in ("~", "~*"):
        return base
    return base + path[len(owner.pattern) :] if path.startswith(owner.pattern) else ""


def hands_out(location: NginxLocation) -> bool:
    """Tell whether a visitor's request for a file that is there gets it, rather than an answer of the application."""
    if location.answers or location.internal or location.modifier == "@":
        return False
    if location.try_files:
        return any(word.value == "$uri" for word in location.try_files[:-1])
    return location.forwards is None or bool(location.forwards.condition)


def handed_out(server: NginxServer, file: str) -> Iterator[tuple[str, NginxLocation]]:
    """Yield the addresses under which a server hands out a file of the host ("": none), each with its location."""
    seen: set[str] = set()
    for location in server.locations[:MOST_LOCATIONS] if file else ():
        path = _address_of(location, file)
        if not path or path in seen:
            continue
        seen.add(path)
        found = answering(server, path)
        if found and hands_out(found) and file_at(found, path) == file:
            yield path, found


def listening_at(config: NginxConfig, target: Address) -> list[tuple[NginxServer, NginxListen]]:
    """Return the server blocks at which a connection of nginx's own host arrives, each with its `listen`: those that
    name the address, else those that take any.
    """
    if target.has_hole:
        return []
    is_here = target.is_loopback or target.is_wildcard or target.is_unix
    found = [
        (server, listen)
        for server in config.servers
        for listen in server.listens
        if reaches(target, listen.address) and (is_here or target.host == listen.address.host)
    ]
    return [each for each in found if each[1].address.host == target.host] or found


def _address_of(location: NginxLocation, file: str) -> str:
    """The request for which a location would open a file, "" where there is none."""
    files = location.files
    if files is None or "$" in files.path.value:
        return ""
    base = files.path.value
    if files.how == "root":
        base = base.removesuffix("/")
        return file[len(base) :] if file.startswith(f"{base}/") else ""
    owner = _owner(location)
    if owner.modifier in ("~", "~*") or not file.startswith(base):
        return ""
    return owner.pattern + file[len(base) :]


def _owner(location: NginxLocation) -> NginxLocation:
    """The location that wrote the `alias` in force: its own pattern is what the alias replaces."""
    while location.files and location.files.inherited and location.parent and location.parent.files:
        location = location.parent
    return location


# ---------------------------------------------------------------------------------------- the choice


def _find(
    locations: Iterable[NginxLocation], parent: NginxLocation | None, path: str
) -> tuple[NginxLocation | None, bool]:
    """Choose among the locations of one level. The flag says that regular expressions further out have no say."""
    here = [each for each in locations if each.parent is parent and each.modifier != "@"]
    found = _by_prefix(here, path)
    if found and found.modifier == "=":
        return found, True
    stops = found is not None and found.modifier == "^~"
    if found:
        inner, settled = _find(locations, found, path)
        if settled:
            return inner, True
        found = inner or found
    for each in here:
        if not stops and each.modifier in ("~", "~*") and _matches(each, path):
            inner, _ = _find(locations, each, path)
            return inner or each, True
    return found, False


def _by_prefix(locations: Iterable[NginxLocation], path: str) -> NginxLocation | None:
    """The exact location, else the longest prefix."""
    longest: NginxLocation | None = None
    for each in locations:
        if each.modifier in ("~", "~*"):
            continue
        if has_hole(each.pattern):
            raise _UntoldError
        if each.modifier == "=":
            if each.pattern == path:
                return each
        elif path.startswith(each.pattern) and (longest is None or len(each.pattern) > len(longest.pattern)):
            longest = each
    return longest


def _matches(location: NginxLocation, path: str) -> bool:
    from .pcre import search

    found = None if has_hole(location.pattern) else search(location.pattern, path, location.modifier == "~*")
    if found is None:
        raise _UntoldError
    return found
