"""A placeholder of a tutorial was never filled in

`server_name your_domain;` matches no visitor, `User=your_username` ends in `status=217/USER`, and `/path/to/` leads
nowhere (`status=200/CHDIR`, 404). The file was copied and deployed before somebody wrote the real value.

Fix: write the real value.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule
from flasklint.source import Span
from flasklint.value import has_hole

_WORDS = (
    "server_domain_or_ip", "your_domain", "your-domain", "yourdomain", "your.domain", "your_server", "your-server",
    "yourserver", "your_username", "your-username", "yourusername", "your_user", "your-user", "youruser", "your_ip",
    "your-ip", "your_project", "your-project", "yourproject", "your_app", "your-app", "yourapp", "your_name",
    "/path/to/", "path/to/your", "domain_or_ip", "change_me", "changeme", "replace_me", "my_domain.com",
)  # fmt: skip
_PARTS = ("your", "path/to", "domain", "_me", "changeme")  # every word has one of them
_SIGNS = (*_PARTS, "<")  # and every placeholder one of these
_UNIT_KEYS = frozenset(
    {"User", "Group", "WorkingDirectory", "ExecStart", "Environment", "EnvironmentFile", "ListenStream"}
)


@rule("placeholder-left", severity=Severity.WARNING, group="upstream", since="0.1")
def check(deployment: Deployment) -> Iterator[Finding]:
    found: dict[str, list[tuple[Span, str]]] = {}
    values = list(_values(deployment)) if _may_hold_one(deployment) else []
    all_of_them = "\n".join([place.text for place in values]).lower()
    for place in values if any(sign in all_of_them for sign in _SIGNS) else ():
        word = _placeholder(place.text)
        if word:
            found.setdefault(place.path, []).append((place, word))
    for places in found.values():
        (first, word), *more = places
        yield finding(
            first,
            f"{word} is a placeholder that nobody has filled in",
            label="still the tutorial's",
            because=[(place, f"and {other}") for place, other in more[:4]],
            repair="write the real value" + (f"; {len(more)} more in this file" if more else ""),
        )


def _may_hold_one(deployment: Deployment) -> bool:
    """Whether a sign of a placeholder is anywhere in the files: most hold none, and their values need no look."""
    read = [*(config.files for config in deployment.nginx), *(unit.files for unit in deployment.units)]
    text = "\n".join([source.text for files in read for source in files]).lower()
    return any(sign in text for sign in _SIGNS)


def _values(deployment: Deployment) -> Iterator[Span]:
    """The places where a deployment names hosts, users and paths."""
    for _, server in deployment.sites:
        yield from (name.at for name in server.names)
        for location in server.locations:
            if location.files and not location.files.inherited:
                yield location.files.path.at
            if location.forwards:
                yield location.forwards.written.at
    for unit in deployment.units:
        yield from (entry.at for entry in unit.entries if entry.key in _UNIT_KEYS)


def _placeholder(text: str) -> str:
    """The placeholder in a text as it stands there, or nothing."""
    lower = text.lower()
    for word in _WORDS if any(part in lower for part in _PARTS) else ():
        at = lower.find(word)
        if at >= 0 and not has_hole(text):
            end = next((index for index in range(at, len(text)) if text[index] in " \t;\"'"), len(text))
            start = max(text.rfind(char, 0, at) for char in " \t\"'=") + 1
            return text[start:end]
    opens, closes = text.find("<"), text.find(">")
    inner = text[opens + 1 : closes]
    if (
        0 <= opens < closes
        and not text[:opens].endswith(("?", "?P"))
        and inner
        and inner.replace("_", "").replace("-", "").replace(" ", "").isalpha()
    ):
        return text[opens : closes + 1]
    return ""


BAD = """
-- nginx/shop.conf --
server {
    listen 80;
    server_name your_domain www.your_domain;    # finding: your_domain is a placeholder
    location / {
        proxy_set_header Host $host;
        proxy_pass http://127.0.0.1:8000;
    }
}
"""

GOOD = """
-- nginx/shop.conf --
server {
    listen 80;
    server_name shop.test www.shop.test;
    location / {
        proxy_set_header Host $host;
        proxy_pass http://127.0.0.1:8000;
    }
}
"""
