"""The real nginx: what it says of a configuration, and a running one on loopback."""

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.programs import NGINX

EXAMPLES = os.environ.get("FLASKLINT_EXAMPLES", "")

# nginx as it is built: everything that it would write lies in the folder.
_PLACES = "".join(f" {name}_temp_path temp;" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
_USER = "user root;\n" if os.geteuid() == 0 else ""  # so that its workers may read a test's folder
HEAD = _USER + "pid nginx.pid; error_log error.log; worker_processes 1;\nevents { worker_connections 256; }\n"
HTTP = f"access_log off;{_PLACES}\n"


def need_nginx() -> None:
    """Skip the test where nginx is not installed; a bare CI machine must have it."""
    if not os.access(NGINX, os.X_OK):
        if os.environ.get("CI") == "true":
            pytest.fail("nginx is not installed, and CI needs it: apt install nginx")
        pytest.skip("nginx is not installed")


def judge(folder: Path, main: Path) -> str:
    """Return nginx's first complaint about a configuration, without its place; "" where it accepts it."""
    ran = subprocess.run(
        [NGINX, "-t", "-q", "-p", str(folder), "-c", str(main)],
        capture_output=True,
        cwd=folder,
        timeout=60,
        check=False,
    )
    if not ran.returncode:
        return ""
    said = ran.stderr.decode(errors="replace")
    found = re.search(r"\[emerg\] (?:\d+#\d+: )?(.*)", said)
    return re.sub(r" in \S+:\d+$", "", found[1]) if found else said or "no word"


@contextmanager
def running(folder: Path, main: Path, ports: list[int]) -> Iterator[None]:
    """Run nginx in the foreground until the block ends; it ends with its own process id."""
    process = subprocess.Popen(
        [NGINX, "-p", str(folder), "-c", str(main), "-g", "daemon off;"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _wait(process, ports)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(5)
        if process.stderr is not None:
            process.stderr.close()


def _wait(process: subprocess.Popen[bytes], ports: list[int]) -> None:
    until = time.monotonic() + 60
    for port in ports:
        while True:
            if process.poll() is not None:
                said = process.stderr.read().decode(errors="replace") if process.stderr is not None else ""
                raise AssertionError(f"nginx ended: {said}")
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert time.monotonic() < until, f"nginx does not listen on {port}"
                time.sleep(0.005)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
