"""The JSON report keeps to its schema, for findings and for whole deployments."""

import json
from pathlib import Path

import jsonschema

from flasklint import __version__
from flasklint.address import tcp
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
from flasklint.finding import Severity, finding
from flasklint.report import render
from flasklint.result import FoundFile, Result
from flasklint.settings import Settings
from flasklint.source import Source
from flasklint.value import Known, Unknown

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "findings.schema.json").read_text())
NO = Unknown("not said")


def deployment(nginx: Source, unit: Source) -> Deployment:
    at, place = unit.line_span(2), nginx.line_span(1)
    word = Word("gunicorn", at)
    environment = Environment()
    command = Command("gunicorn", (word,), at, word, NO, environment)
    binds = (Bind(Known(tcp("127.0.0.1", 8000), at), "127.0.0.1:8000", at), Bind(NO, "$B", at))
    server = ServerFacts("gunicorn", at, binds, Known("app:app", at), {}, NO, environment)
    runs = Runs("shop.service", "systemd", (word,), at, unit.line_span(1), NO, NO, NO, environment)
    service = Service(runs, command, server)
    target = Known(tcp("127.0.0.1", 8000), place)
    forwards = Forwards("http", Known("http://127.0.0.1:8000", place), target, None, Headers(), NO, NO, NO, NO)
    location = NginxLocation("^~", "/", place, forwards, None, (), False)
    listen = NginxListen(tcp("*", 80), False, False, place)
    site = NginxServer(place, (Known("shop.test", place),), (listen,), (location,), True)
    config = NginxConfig((nginx,), (site,), (), NO, (), ())
    route = Route(config, site, location, forwards, None, (target,))
    hop = Hop(route, service, binds[0], tcp("127.0.0.1", 8000))
    return Deployment("shop", nginx=(config,), services=(service,), routes=(route,), hops=(hop,))


def document() -> dict:
    nginx = Source("nginx/a.conf", "location / { proxy_pass x; }\n")
    unit = Source("a.service", "[Service]\nExecStart=gunicorn\n")
    fault = finding(nginx.span(0, 8), "bad \udc80", because=[(unit.line_span(2), "here")], repair="do")
    fault = fault._replace(rule="some-rule", severity=Severity.WARNING)
    files = (FoundFile("nginx/a.conf", "nginx", "shop"), FoundFile("x", "skipped"))
    result = Result((fault,), (deployment(nginx, unit),), files, (), ("/etc/x",), 0, 0.01)
    return json.loads(render("json", result, Settings()))


def test_keeps_to_the_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(document(), SCHEMA)


def test_finding():
    first = document()["findings"][0]
    assert list(first) == [
        "rule", "severity", "message", "path", "line", "column", "end_line", "end_column",
        "because", "repair", "fixable", "fix", "url", "fingerprint",
    ]  # fmt: skip
    assert (first["line"], first["column"], first["end_line"], first["end_column"]) == (1, 1, 1, 9)
    assert first["because"] == [{"path": "a.service", "line": 2, "column": 1, "message": "here"}]
    assert first["url"] == "docs/rules.md#some-rule"


def test_deployment():
    whole = document()
    assert list(whole) == ["schema", "version", "findings", "deployments", "summary"]
    assert whole["version"] == __version__
    one = whole["deployments"][0]
    assert one["services"][0]["binds"] == ["127.0.0.1:8000", None]
    assert one["services"][0]["application"] == "app:app"
    assert one["sites"][0]["names"] == ["shop.test"]
    assert one["hops"][0]["location"] == "^~ /"
    assert one["hops"][0]["service"] == "shop.service"
    assert whole["summary"]["files"] == 1
