"""One result that every report is drawn from: places in several files, a fix, hostile names, several deployments.

The deployments are made by hand, so that no change of a rule changes a report.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from unittest.mock import patch

import pytest

from flasklint import rule
from flasklint.address import Address, tcp, unix
from flasklint.deployment import Deployment, Hop, Route, Service
from flasklint.facts import (
    Bind,
    Command,
    Environment,
    Forwards,
    Headers,
    NginxConfig,
    NginxListen,
    NginxLocation,
    NginxServer,
    Runs,
    ServerFacts,
    Word,
)
from flasklint.finding import Edit, Finding, Fix, Severity, finding
from flasklint.result import FoundFile, Result
from flasklint.source import Source, Span
from flasklint.value import Known, Unknown
from tests.report import sample_rule

NO = Unknown("not said")
ESCAPES = "\x1b]0;owned\x07"  # sets the title of a terminal
COMMAND = "::set-output name=x::y"
EVIL = f"<script>alert(1)</script>\"'>&{ESCAPES}\n{COMMAND} ##[add-path]/evil ``` | [a](javascript:x) @root ]]>\ufffe\u202e"

SITE = Source(
    "deploy/nginx/shop.conf",
    "server {\n    listen 80;\n    server_name shop.test;\n\n    location / {\n"
    "        proxy_pass http://127.0.0.1:8080;\n        proxy_set_header Host $host;\n    }\n\n"
    "    location /static {\n        alias /srv/shop/static/;\n    }\n}\n",
    "/srv/checkout/deploy/nginx/shop.conf",
    "nginx",
)
UNIT = Source(
    "deploy/systemd/shop.service",
    "[Unit]\nDescription=The shop\n\n[Service]\nUser=shop\nWorkingDirectory=/srv/shop\n"
    "ExecStart=/srv/shop/venv/bin/gunicorn -w 3 -b 127.0.0.1:8000 'shop:create_app()'\n"
    "# flasklint: ignore[missing-restart] a person looks at every crash\nRestart=no\n",
    "/srv/checkout/deploy/systemd/shop.service",
    "systemd",
)
CODE = Source("shop/__init__.py", "from flask import Flask\n\n\ndef create_app():\n\treturn Flask('é漢e\u0301')\n")
ODD_SITE = Source(f"odd/{EVIL}.conf", f"server {{ location {EVIL} {{ proxy_pass http://unix:/tmp/{EVIL}; }} }}\n")
ODD_UNIT = Source("odd/a b#c%41.service", f"[Service]\nExecStart=waitress-serve --unix-socket=/tmp/{EVIL} {EVIL}\n")
CLEAN_UNIT = Source("clean/api.service", "[Service]\nExecStart=gunicorn -b unix:/run/api/api.sock api:app\n")
CLEAN_SITE = Source("clean/api.conf", "location / { proxy_pass http://unix:/run/api/api.sock; }\n")
LONG = Source(f"{'a-very-long-folder/' * 12}requirements.txt", f"flask=={'1.' * 400}0\nfin\n")


def at(source: Source, words: str) -> Span:
    start = source.text.index(words)
    return source.span(start, start + len(words))


def deployment(
    name: str, nginx: Source, unit: Source, target: Address, bind: Address, words: tuple[str, str, str], spec: str
) -> Deployment:
    """A server block that forwards to `target`, and a service that listens on `bind`; `words` are how the
    target, the bind and the application are written."""
    forwarded, bound, given = at(nginx, words[0]), at(unit, words[1]), at(unit, words[2])
    place = at(nginx, "location")
    command = Word("server", at(unit, "ExecStart"))
    environment = Environment()
    binds = (Bind(Known(bind, bound), words[1], bound),)
    kind = "waitress" if "waitress" in unit.text else "gunicorn"
    server = ServerFacts(kind, command.at, binds, Known(spec, given), {}, NO, environment)
    runs = Runs(unit.path.rpartition("/")[2], "systemd", (command,), command.at, unit.whole(), NO, NO, NO, environment)
    service = Service(runs, Command("server", (command,), command.at, command, NO, environment), server)
    known = Known(target, forwarded)
    forwards = Forwards("http", Known(words[0], forwarded), known, None, Headers(), NO, NO, NO, NO)
    location = NginxLocation("", "/", place, forwards, None, (), False)
    names = (Known(name, place),)
    site = NginxServer(place, names, (NginxListen(tcp("*", 80), False, False, place),), (location,), True)
    config = NginxConfig((nginx,), (site,), (), NO, (), ())
    route = Route(config, site, location, forwards, None, (known,))
    hops = (Hop(route, service, binds[0], target),) if target == bind else ()
    return Deployment(name, nginx=(config,), services=(service,), routes=(route,), hops=hops)


def deployments() -> tuple[Deployment, ...]:
    socket = unix(f"/tmp/{EVIL}")
    wanted, given = tcp("127.0.0.1", 8080), tcp("127.0.0.1", 8000)
    words = ("http://127.0.0.1:8080", "127.0.0.1:8000", "'shop:create_app()'")
    run = unix("/run/api/api.sock")
    return (
        deployment("deploy", SITE, UNIT, wanted, given, words, "shop:create_app()"),
        deployment("clean", CLEAN_SITE, CLEAN_UNIT, run, run, ("/run/api/api.sock", "unix:/run", "api:app"), "api:app"),
        deployment(f"odd {EVIL}", ODD_SITE, ODD_UNIT, socket, socket, ("http://unix", "--unix", "ExecStart"), EVIL),
    )


def findings() -> tuple[Finding, ...]:
    """In the order of a report: by path."""
    mismatch = finding(
        at(SITE, "http://127.0.0.1:8080"),
        "nginx forwards to 127.0.0.1:8080, but shop.service listens on 127.0.0.1:8000: 502 Bad Gateway",
        label="nothing listens here",
        because=[(at(UNIT, "127.0.0.1:8000"), "gunicorn listens here"), (at(SITE, "location /"), "of this location")],
        repair="let nginx forward to 127.0.0.1:8000",
        fix=Fix((Edit(at(SITE, "127.0.0.1:8080"), "127.0.0.1:8000"), Edit(at(UNIT, "User=shop\n"), ""))),
    )
    traversal = finding(
        at(SITE, "/static "),
        "/static../ climbs out of /srv/shop/static/",
        because=[(at(SITE, "alias /srv/shop/static/"), "")],
        repair="write location /static/",
        fix=Fix((Edit(at(SITE, " {\n        alias").part(0, 0), "/"),), safe=False),
    )
    wide = finding(at(CODE, "Flask('é漢e\u0301')"), "a wide word", label="behind a tab")
    long = finding(at(LONG, "fin"), "the last line", because=[(LONG.span(300, 310), "in a long line")])
    hostile = finding(
        at(ODD_SITE, "<script>"), EVIL, label=EVIL, because=[(at(ODD_UNIT, "[Service]"), EVIL)], repair=EVIL
    )
    again = finding(at(ODD_UNIT, "ExecStart=waitress-serve"), "[see](1) {0} 100% :: a,b:c")
    return (
        long._replace(rule="import-not-in-requirements", severity=Severity.WARNING),
        mismatch._replace(rule="upstream-bind-mismatch", severity=Severity.ERROR),
        traversal._replace(rule="alias-traversal", severity=Severity.ERROR),
        hostile._replace(rule=EVIL, severity=Severity.ERROR),
        again._replace(rule="waitress-on-linux", severity=Severity.NOTE),
        again._replace(rule="waitress-on-linux", severity=Severity.NOTE, message="the same words once more"),
        wide._replace(rule="single-sync-worker", severity=Severity.WARNING),
    )


def package(name: str) -> ModuleType:
    """Import a package of the tests' own; where it is not installed the test is skipped, in CI it fails."""
    return import_module(name) if os.environ.get("CI") == "true" else pytest.importorskip(name)


@contextmanager
def rules() -> Iterator[None]:
    """Let every rule that found something be the one of sample_rule.py, whatever it is today."""
    names = [one.rule for one in findings() if one.rule != EVIL]
    named = {name: sample_rule.check._replace(name=name) for name in [*names, "missing-restart"]}
    with patch.object(rule, "names", lambda: sorted(named)), patch.object(rule, "get", named.__getitem__):
        yield


def result() -> Result:
    silenced = finding(at(UNIT, "Restart=no"), "systemd does not restart shop.service")
    silenced = silenced._replace(rule="missing-restart", severity=Severity.WARNING)
    sources = (SITE, UNIT, CODE, ODD_SITE, ODD_UNIT, CLEAN_SITE, CLEAN_UNIT)
    files = tuple(FoundFile(source.path, source.kind or "python") for source in sources)
    unseen = ("shop.service: /etc/shop.env", EVIL)
    return Result(findings(), deployments(), files, (silenced,), unseen, 0, 0.125)


EMPTY = Result((), (), (), (), (), 0, 0.0)
CLEAN = Result((), deployments()[1:2], (FoundFile("clean/api.conf", "nginx"),), (), (), 0, 0.0)
