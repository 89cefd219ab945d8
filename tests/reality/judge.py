"""Start a whole deployment, ask it for pages, and say what was seen."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator

from ..read import systemd_oracle
from . import ask, processes, symptoms, units
from .layout import lay_out
from .ports import ports
from .processes import Process
from .rewrite import Rewriter
from .verdict import Outcome, Seen, Verdict
from .world import Site, World

NGINX = "/usr/sbin/nginx"
PATIENCE = 6.0  # seconds for a server to answer or to end
ECHO = "/reality/deeper/__echo"


def missing() -> str:
    """The program that is needed and not installed, "" if all are there."""
    needed = (NGINX, systemd_oracle.SYSTEMD)
    return next((path for path in needed if not os.access(path, os.X_OK)), "")


def judge(world: World, below: str = "/tmp") -> Outcome:
    """Start the world in a temporary root, and end everything again.

    `below` is the folder of the root; it must be short, as the path of a socket holds 107 bytes.
    """
    root = tempfile.mkdtemp(prefix="w", dir=below)
    os.chmod(root, 0o755)
    running: list[Process] = []
    try:
        with ports() as free:
            rewriter = Rewriter(root, free)
            lay_out(world, rewriter)
            seen = [*_start(world, rewriter, running), *_nginx(root, running)]
            if not any(one.verdict is Verdict.NGINX_REFUSES for one in seen):
                for site in world.sites:
                    seen += _visit(site, free[80], root, world)
            return Outcome(tuple(dict.fromkeys(seen)))
    finally:
        for process in running:
            process.end()
        shutil.rmtree(root, ignore_errors=True)


def _start(world: World, rewriter: Rewriter, running: list[Process]) -> Iterator[Seen]:
    """Start all services and wait until each answers or has ended."""
    services, refused = units.understand(world, rewriter)
    yield from refused
    started = [processes.start(service, rewriter.root) for service in services]
    running += [one for one in started if isinstance(one, Process)]
    yield from (one for one in started if isinstance(one, Seen))
    for process in list(running):
        found = _settle(process)
        if found is not None:
            yield found


def _settle(process: Process) -> Seen | None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if process.ended is not None:
            return symptoms.of_exit(process.name, process.ended, process.output)
        if failed := symptoms.of_bind(process.name, process.output):
            return failed  # Gunicorn tries again for five seconds, and ends
        if any(ask.directly(address, ECHO).status for address in process.listens()):
            return None
        time.sleep(0.05)
    return Seen(Verdict.NO_ANSWER, f"{process.name} answers nobody")


def _nginx(root: str, running: list[Process]) -> Iterator[Seen]:
    command = [NGINX, "-p", f"{root}/etc/nginx/", "-e", f"{root}/log/nginx.log", "-c", f"{root}/etc/nginx/nginx.conf"]
    test = subprocess.run([*command, "-t"], capture_output=True, text=True, timeout=10, check=False)
    if test.returncode:
        yield Seen(Verdict.NGINX_REFUSES, test.stderr.replace(root, "").split("\n")[0])
        return
    nginx = processes.run("nginx", command, root, {}, root)
    if isinstance(nginx, Seen):
        raise RuntimeError(nginx.words)
    running.append(nginx)
    until = time.monotonic() + PATIENCE
    while not nginx.listens() and nginx.ended is None and time.monotonic() < until:
        time.sleep(0.02)
    if nginx.ended is not None:
        yield Seen(Verdict.NGINX_REFUSES, nginx.output)


def _visit(site: Site, port: int, root: str, world: World) -> Iterator[Seen]:
    """Ask for a page, a deeper route, a static file and for what must not be readable."""
    echo = ask.as_visitor(port, site.host, ECHO)
    index = ask.as_visitor(port, site.host, "/")
    with open(f"{root}/log/nginx.log", encoding="utf-8", errors="replace") as log:
        yield from symptoms.of_pages(site, echo, index, log.read(), ECHO)
    if site.static:
        yield from symptoms.of_static(site, ask.as_visitor(port, site.host, site.static), _style(world))
    for secret in site.secrets:
        yield from symptoms.of_secret(secret, ask.as_visitor(port, site.host, secret), world)


def _style(world: World) -> bytes:
    return next((text.encode() for path, text in world.files.items() if path.endswith("site.css")), b"")
