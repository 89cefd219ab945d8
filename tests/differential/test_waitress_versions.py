"""Supported releases of Waitress parse generated command lines and calls, and are started; the reader must agree."""

import json
import os
import random
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest

from flasklint.value import Unknown
from tests.oracles import releases
from tests.oracles.forks import Oracle
from tests.oracles.waitress import PROGRAM, ask, called, difference, facts
from tests.oracles.waitress_cases import Generated, call, command_line

VERSIONS = ("2.1.2", "3.0.2")
EXAMPLES = int(os.environ.get("FLASKLINT_EXAMPLES", "100"))


@pytest.mark.parametrize("version", VERSIONS)
def test_agrees_with_the_release(version: str, pytestconfig: pytest.Config) -> None:
    dice, wrong = random.Random(212), []
    with Oracle(PROGRAM, [releases.folder(pytestconfig, "waitress", version)]) as oracle:
        for _ in range(EXAMPLES):
            for one in (command_line(dice), call(dice)):
                why = _difference(one, oracle, version)
                wrong += [f"{why}: {one.case}"] if why else []
    assert not wrong, f"{len(wrong)}\n" + "\n".join(wrong[:8])


def _difference(one: Generated, oracle: Oracle, version: str) -> str:
    real = ask(oracle, one.case)
    if "code" in one.case:
        return difference(called(str(one.case["code"])), real, one.late, one.told)
    argv = one.case["argv"]
    assert isinstance(argv, list)
    each = (difference(facts(argv, given), real, one.late, one.told) for given in (version, None))
    return next((why for why in each if why), "")


# What the command waitress-serve is; `python -m waitress` ends with 0 whatever it says.
RUN = "import sys; from waitress.runner import run; sys.exit(run())"
# {0} and {1} are free ports, {dir} the folder that Waitress is started in.
STARTED = [
    ["--port={0}"],
    ["--host=127.0.0.1", "--port", "{0}"],
    ["--listen=127.0.0.1:{0}"],
    ["--listen=*:{0}"],
    ["--listen=[::1]:{0}"],
    ["--listen=127.0.0.1:{0} 127.0.0.1:{1}"],
    ["--listen=127.0.0.1:{0}", "--listen=[::1]:{1}"],
    ["--listen=*:{0}", "--no-ipv6"],
    ["--unix-socket={dir}/x.sock"],
    ["--unix-socket=y.sock", "--unix-socket-perms=666"],
    ["--listen=:{0}"],
    ["--listen=unix:/x.sock"],
    ["--bind=127.0.0.1:{0}"],
    ["--listen={0}"],
    ["--host=::1", "--port={0}", "--no-ipv6"],
    ["--trusted-proxy-headers=x-forwarded-for", "--port={0}"],
]


@pytest.mark.parametrize("written", STARTED, ids=" ".join)
def test_opens_what_the_reader_tells(written: list[str], tmp_path: Path, pytestconfig: pytest.Config) -> None:
    version = VERSIONS[-1]
    ports = _free_ports()
    argv = [word.replace("{dir}", str(tmp_path)).replace("{0}", ports[0]).replace("{1}", ports[1]) for word in written]
    (tmp_path / "shop.py").write_text(
        "def app(environ, start_response):\n    start_response('200 OK', [])\n    return [b'']\n"
    )
    ours = facts([*argv, "shop:app"], version)
    log = tmp_path / "log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", RUN, *argv, "shop:app"], cwd=tmp_path, stdout=out, stderr=out,
            env={"PYTHONPATH": releases.folder(pytestconfig, "waitress", version), "PATH": "/usr/bin:/bin"},
        )  # fmt: skip
    try:
        if ours.problems:
            assert process.wait(60) == 1, log.read_text()
            return
        for bind in ours.binds:
            path = bind.address.value.path
            target = str(tmp_path / path.removeprefix("/srv/")) if path else bind.address.value
            assert _answers(target, process), f"{bind.address}\n{log.read_text()}"
            if path:
                perms = ours.settings["unix_socket_perms"].value
                assert os.stat(target).st_mode & 0o777 == perms
    finally:
        process.terminate()
        process.wait(60)


def _free_ports() -> tuple[str, str]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return str(one.getsockname()[1]), str(other.getsockname()[1])


def _answers(target: object, process: "subprocess.Popen[bytes]") -> bool:
    """Connect until it works; a server that has ended never answers."""
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        try:
            if isinstance(target, str):
                with socket.socket(socket.AF_UNIX) as client:
                    client.connect(target)
            else:
                host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(target.host, target.host)
                socket.create_connection((host, int(target.port)), 5).close()
        except OSError:
            time.sleep(0.05)
        else:
            return True
    return False


SEEN = """import json
def app(environ, start_response):
    start_response('200 OK', [('Content-Type', 'application/json')])
    names = ('wsgi.url_scheme', 'REMOTE_ADDR', 'HTTP_HOST', 'SCRIPT_NAME', 'HTTP_X_FORWARDED_PROTO', 'HTTP_X_FORWARDED_FOR')
    return [json.dumps({name: environ.get(name) for name in names}).encode()]
"""
CLIENT = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "9.9.9.9", "X-Forwarded-Host": "shop.test"}
SAMPLES = [
    [],
    ["--url-scheme=https"],
    ["--url-prefix=/shop/"],
    ["--trusted-proxy=127.0.0.1"],
    ["--trusted-proxy=127.0.0.1", "--trusted-proxy-headers=x-forwarded-proto"],
    ["--trusted-proxy=*", "--trusted-proxy-headers=x-forwarded-for x-forwarded-proto x-forwarded-host"],
    ["--trusted-proxy=10.0.0.1", "--trusted-proxy-headers=x-forwarded-proto"],
    ["--trusted-proxy=127.0.0.1", "--trusted-proxy-headers=x-forwarded-for", "--url-scheme=https"],
    ["--no-clear-untrusted-proxy-headers"],
    ["--trusted-proxy=127.0.0.1", "--trusted-proxy-headers=x-forwarded-for", "--no-clear-untrusted-proxy-headers"],
]
GIVEN = {"x-forwarded-proto": "wsgi.url_scheme", "x-forwarded-for": "REMOTE_ADDR", "x-forwarded-host": "HTTP_HOST"}


@pytest.mark.parametrize("written", SAMPLES, ids=" ".join)
@pytest.mark.parametrize("version", VERSIONS)
def test_an_application_sees_what_the_reader_tells(
    version: str, written: list[str], tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    port, _ = _free_ports()
    argv = [f"--listen=127.0.0.1:{port}", *written, "shop:app"]
    (tmp_path / "shop.py").write_text(SEEN)
    settings = {
        name: value.value for name, value in facts(argv, version).settings.items() if not isinstance(value, Unknown)
    }
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, *argv], cwd=tmp_path, stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": releases.folder(pytestconfig, "waitress", version), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    try:
        assert _answers(facts(argv, version).binds[0].address.value, process)
        connection = HTTPConnection("127.0.0.1", int(port), timeout=60)
        connection.request("GET", "/shop/page", headers={"Host": "asked.test", **CLIENT})
        seen = json.loads(connection.getresponse().read())
        connection.close()
    finally:
        process.terminate()
        process.wait(60)
    trusted = settings["trusted_proxy"] in ("*", "127.0.0.1")
    # Without a list it is one header: what the rule waitress-trusted-headers-default is about.
    listed = settings["trusted_proxy_headers"] or (["x-forwarded-proto"] if settings["trusted_proxy"] else [])
    headers = {str(each).lower() for each in listed} if trusted else set()
    without = {"wsgi.url_scheme": settings["url_scheme"], "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "asked.test"}
    with_all = {"wsgi.url_scheme": "https", "REMOTE_ADDR": "9.9.9.9", "HTTP_HOST": "shop.test"}
    expected = {name: (with_all if header in headers else without)[name] for header, name in GIVEN.items()}
    assert {name: seen[name] for name in expected} == expected
    assert seen["SCRIPT_NAME"] == settings["url_prefix"]
    kept = not settings["clear_untrusted_proxy_headers"]
    for name in ("X-Forwarded-Proto", "X-Forwarded-For"):
        there = seen[f"HTTP_{name.upper().replace('-', '_')}"] is not None
        assert there == (kept or name.lower() in headers), name
