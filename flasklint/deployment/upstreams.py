"""Unix sockets as nginx's `proxy_pass` and `server` name them, and what goes wrong in the writing.

nginx 1.22.1 takes a path that ends in `/`, a relative one and one with an assignment in it; a
`server` of an upstream takes colons as part of the file's name. It refuses a socket without `http://`
in `proxy_pass`, and one with it anywhere else.
"""

from collections.abc import Iterator

from ..address import Address
from ..facts import Problem
from ..record import Record
from ..source import Span
from ..value import Known, has_hole, is_left_open
from .graph import Deployment, is_no_socket

_REFUSED = ("invalid-proxy-pass", "invalid-parameter")
_SCHEMES = ("http://", "https://")


class Malformed(Record):
    """A socket's name that is no socket's: `why` it is none, what nginx says (`symptom`) and what to write
    (`wanted`, "" where that cannot be told)."""

    at: Span
    why: str
    symptom: str
    wanted: str


def is_about_socket(problem: Problem) -> bool:
    """Whether what nginx refuses is a unix socket that is written the wrong way."""
    text = problem.at.text.lower()
    named = "unix:" in text or ".sock" in text or "unix/" in text
    return problem.kind in _REFUSED and named and "cannot have uri part" not in problem.message.lower()


def malformed_sockets(deployment: Deployment) -> Iterator[Malformed]:
    """Every socket of nginx's configuration that is refused, or taken for what it is not."""
    for config in deployment.nginx:
        for problem in config.problems:
            if is_about_socket(problem):
                yield Malformed(
                    problem.at, "", f"nginx refuses this: [emerg] {problem.message}", _accepted(problem.at.text)
                )
    seen: set[tuple[str, int]] = set()
    for route in deployment.routes:
        for target in route.targets:
            if isinstance(target, Known) and is_no_socket(target.value):
                place = (target.at.path, target.at.start)
                if place not in seen and not has_hole(target.at.text) and not _is_to_fill_in(target):
                    seen.add(place)
                    plain = route.upstream is None and route.location.modifier in ("", "=", "^~")
                    takes_uri = plain and route.forwards.protocol in ("http", "https")
                    yield _taken(target, takes_uri)


def _is_to_fill_in(target: Known[Address]) -> bool:
    """Whether it begins with what an installer puts in: `PROJECT_DIR/shop.sock`, and not `directory=/run/shop.sock`."""
    path = target.value.path
    return not path.startswith("/") and "=" not in path and is_left_open(path, target.at.path)


def _taken(target: Known[Address], takes_uri: bool) -> Malformed:
    path, text = target.value.path, target.at.text
    missing = "502 Bad Gateway (2: No such file or directory)"
    colon = path.endswith(":") or ":/" in path
    if path.endswith("/") and path.startswith("/") and not colon:
        bare = text.rstrip("/")
        wanted = f"{bare}:/" if takes_uri else bare
        return Malformed(target.at, f"{path} is a folder's name", "502 Bad Gateway (20: Not a directory)", wanted)
    if colon:
        start = text.find(":", text.find("unix:") + 5)
        why = f"the colon is part of the file's name, {path}"
        return Malformed(target.at, why, missing, text[:start] if start > 0 else "")
    if "=/" in path:
        behind = path.rpartition("=")[2]
        return Malformed(
            target.at, f"{path} is taken for one path", missing, text.partition("unix:")[0] + f"unix:{behind}"
        )
    return Malformed(target.at, f"{path} is relative to the folder that nginx was started in", missing, "")


def _accepted(text: str) -> str:
    """What nginx would take in the place of what it refuses, "" where that cannot be told."""
    if text.startswith("unix:/"):
        return f"http://{text}"
    scheme = next((each for each in _SCHEMES if text.startswith(each)), "")
    rest = text[len(scheme) :]
    if scheme and rest.startswith("unix:/"):
        return rest
    if rest.startswith("/"):
        return f"{scheme}unix:{rest}"
    return f"{scheme}unix:{rest[4:]}" if rest.startswith("unix/") else ""
