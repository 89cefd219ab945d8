"""From exit texts, statuses and log lines to verdicts."""

import re
from collections.abc import Iterator

from .ask import VISITOR, Answer
from .verdict import Seen, Verdict
from .world import Site, World

_BIND = (
    "Connection in use|Address already in use|Invalid address|Cannot assign requested address|Can't connect to"
    r"|connection to (?:\S+|\(.{,80}\)) failed|in bind_server_socket"
)
_EXITS = (  # the first that is found, in what a server printed before it ended
    (_BIND, Verdict.ADDRESS),
    (r"class uri|Failed to read config file|may not be set if", Verdict.OPTION),
    (r"Failed to find attribute|Failed to parse |Application object must be callable", Verdict.ATTRIBUTE),
    (r"(?<!Import)Error: module '\S+' has no attribute|invalid format|Malformed application", Verdict.ATTRIBUTE),
    (r"takes .* positional|missing \d+ required|unexpected keyword argument", Verdict.ATTRIBUTE),
    (r"No module named '?(gunicorn|waitress|flask)\b", Verdict.EXEC),
    (r"ModuleNotFoundError|ImportError|SyntaxError|IndentationError|did you mean", Verdict.IMPORT),
    (r"(?m)^\S*(env|sh): .*(No such file|not found)", Verdict.EXEC),
    (r"can't open file", Verdict.EXEC),
    (r"isn't writable|Can't create pidfile", Verdict.CRASH),
    (r"usage:|Usage:|\bError: |not recognized", Verdict.OPTION),
)
_STATUSES = {
    413: Verdict.TOO_LARGE,
    500: Verdict.ERROR,
    503: Verdict.ERROR,
    504: Verdict.GATEWAY_TIMEOUT,
}
_GATEWAY = (
    ("connect() to unix:", "(2: No such file", Verdict.NO_SOCKET),
    ("", "(111: Connection refused)", Verdict.REFUSED),
    ("", "(13: Permission denied)", Verdict.PERMISSION),
)


def of_exit(name: str, status: int, output: str) -> Seen:
    """Why a server ended."""
    for pattern, verdict in _EXITS:
        if found := re.search(pattern, output):
            return Seen(verdict, f"{name} ends with {status}: {line(output, found.start())}", name)
    errors = re.findall(r"(?m)^(?:\w+\.)*\w+(?:Error|Exception)\b.*", output)
    return Seen(Verdict.CRASH, f"{name} ends with {status}: {errors[0] if errors else output[-300:]}", name)


def of_bind(name: str, output: str) -> Seen | None:
    """Whether a server cannot have its address, as it says before it ends."""
    found = re.search(_BIND, output)
    return Seen(Verdict.ADDRESS, f"{name}: {line(output, found.start())}", name) if found else None


def of_pages(site: Site, echo: Answer, index: Answer, log: str, path: str) -> Iterator[Seen]:
    """What a visitor gets for pages of the application. `log` is nginx's error log."""
    if 502 in (echo.status, index.status):
        yield of_gateway(site, log)
    elif echo.status >= 500 and index.status >= 500:
        yield Seen(Verdict.ERROR, f"{site.host} answers {index.status}")
    elif index.status >= 500 or index.status == 0:
        yield Seen(Verdict.ERROR if index.status else Verdict.NO_ANSWER, f"{site.host}/ answers {index.status}")
    elif echo.status == index.status == 400:
        yield Seen(Verdict.BAD_REQUEST, f"{site.host} answers 400")
    elif echo.echo is None:
        yield Seen(Verdict.NO_ANSWER, f"Flask does not see {path}: {echo.status} {echo.body[:60]!r}")
    else:
        yield from _identity(site, echo, path)


def of_gateway(site: Site, log: str) -> Seen:
    """Why nginx answers 502."""
    lines = [line for line in log.splitlines() if "upstream" in line and f'host: "{site.host}"' in line]
    last = lines[-1] if lines else ""
    for start, end, verdict in _GATEWAY:
        if start in last and end in last:
            return Seen(verdict, last.partition(": ")[2])
    return Seen(Verdict.BAD_GATEWAY, last)


def _identity(site: Site, echo: Answer, path: str) -> Iterator[Seen]:
    """Whether the right Flask sees the visitor's request, rather than nginx's own."""
    saw = echo.echo or {}
    if f"{site.place}/" not in f"{saw.get('folder')}/":
        yield Seen(Verdict.OTHER, f"{site.host} is answered from {saw.get('folder')}")
    wanted = {"path": path, "root": "", "host": site.host, "scheme": site.scheme}
    for name, value in wanted.items():
        if saw.get(name) != value:
            verdict = Verdict.PATH if name in ("path", "root") else Verdict.IDENTITY
            yield Seen(verdict, f"{name} is {saw.get(name)!r}, not {value!r}")
    clients = saw.get("client")
    if not isinstance(clients, list) or VISITOR not in clients:
        yield Seen(Verdict.IDENTITY, f"client is {clients!r}, not {VISITOR!r}")
    if saw.get("forwarded_scheme") != site.scheme:
        yield Seen(Verdict.IDENTITY, f"X-Forwarded-Proto is {saw.get('forwarded_scheme')!r}, not {site.scheme!r}")
    if echo.headers.get("location") != f"{site.scheme}://{site.host}/landed":
        yield Seen(Verdict.IDENTITY, f"redirected to {echo.headers.get('location')}")


def of_plain_http(site: Site, answer: Answer, path: str) -> Iterator[Seen]:
    """Where a site with TLS sends those who ask without."""
    wanted = f"https://{site.host}{path}"
    if 300 <= answer.status < 400 and answer.headers.get("location") != wanted:
        yield Seen(Verdict.PATH, f"redirected to {answer.headers.get('location')}, not {wanted}")


def of_static(site: Site, answer: Answer, content: bytes) -> Iterator[Seen]:
    if answer.status in (403, 404) or (answer.status == 200 and answer.body != content):
        yield Seen(Verdict.STATIC, f"{site.static} answers {answer.status}")


def of_request(site: Site, path: str, answer: Answer) -> Iterator[Seen]:
    """What a page is answered that is to be there, and to hold `site.answer`."""
    text = "\n".join((*map(": ".join, answer.headers.items()), answer.body[:2000].decode(errors="replace")))
    said = f"{path} answers {answer.status}\n{text}"
    if answer.status in (403, 404) and "<center>nginx" in text:
        yield Seen(Verdict.STATIC, said)
    elif answer.status not in (0, 200, 502):
        yield Seen(_STATUSES.get(answer.status, Verdict.WRONG), said)
    elif answer.status == 200 and any(words not in text for words in site.answer):
        yield Seen(Verdict.WRONG, said)


def of_secret(site: Site, path: str, answer: Answer, world: World) -> Iterator[Seen]:
    """A source file that nginx hands out, or a page that nobody may get."""
    texts = {text.encode() for text in world.files.values() if text}
    if answer.status == 200 and (path in site.closed or answer.body in texts):
        yield Seen(Verdict.LEAK, f"{path} can be read")


def line(text: str, position: int) -> str:
    """The line that a position is in."""
    return text[text.rfind("\n", 0, position) + 1 :].partition("\n")[0].strip()[:200]
