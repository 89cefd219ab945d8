"""Start a whole deployment, ask it for pages, and say what was seen."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator

from ..programs import NGINX, OPENSSL, SYSTEMD
from . import ask, processes, symptoms, units
from .layout import lay_out
from .ports import ports
from .processes import Process
from .rewrite import Rewriter
from .verdict import UNANSWERED, Outcome, Seen, Verdict
from .world import Site, World

PATIENCE = 20.0  # seconds for a server to answer or to end, on a busy machine too
ECHO = "/reality/deeper/__echo"


def missing() -> str:
    """The program that is needed and not installed, "" if all are there."""
    return next((path for path in (NGINX, SYSTEMD, OPENSSL) if not os.access(path, os.X_OK)), "")


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
            seen = [*_start(world, rewriter, running)]
            settled = [process for process in running if process.name not in {one.unit for one in seen}]
            seen += _nginx(root, running)
            if not any(one.verdict is Verdict.NGINX_REFUSES for one in seen):
                visited = [(site, one) for site in world.sites for one in _visit(site, rewriter, world)]
                seen += (failed for process in settled if (failed := _failed(process)))
                down = [world.units[one.unit] for one in seen if one.unit]
                seen += (one for site, one in visited if not (one.verdict in UNANSWERED and _idle(site, down)))
            return Outcome(tuple(dict.fromkeys(seen)), _log(rewriter, running))
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
        if failed := _failed(process):
            return failed
        if any(ask.directly(address, ECHO).status for address in process.listens()):
            return None
        time.sleep(0.05)
    return Seen(Verdict.NO_ANSWER, f"{process.name} answers nobody", process.name)


def _failed(process: Process) -> Seen | None:
    """How a service failed, if it did. One of two workers may answer before the other one fails: look again later."""
    if process.ended is not None:
        return symptoms.of_exit(process.name, process.ended, process.output)
    return symptoms.of_bind(process.name, process.output)  # Gunicorn tries again for five seconds, and ends


def _idle(site: Site, down: list[str]) -> bool:
    """Whether a site's own service does not run; `down` are the texts of the units that do not."""
    return any(site.place in unit for unit in down)


def _nginx(root: str, running: list[Process]) -> Iterator[Seen]:
    command = [NGINX, "-p", f"{root}/etc/nginx/", "-e", f"{root}/log/nginx.log", "-c", f"{root}/etc/nginx/nginx.conf"]
    test = subprocess.run([*command, "-t"], capture_output=True, text=True, timeout=60, check=False)
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


def _visit(site: Site, rewriter: Rewriter, world: World) -> Iterator[Seen]:
    """Ask for a page, a deeper route, a static file, what must not be readable, and without TLS where it has it."""
    port = rewriter.ports[443 if site.tls else 80]

    def get(path: str) -> ask.Answer:
        return ask.as_visitor(port, site.host, path, tls=site.tls)

    echo, index = get(ECHO), get("/")
    with open(f"{rewriter.root}/log/nginx.log", encoding="utf-8", errors="replace") as log:
        yield from symptoms.of_pages(site, echo, index, log.read(), ECHO)
    if site.static:
        yield from symptoms.of_static(site, get(site.static), world.style)
    for page in site.requests:
        yield from symptoms.of_request(site, page, get(page))
    for secret in (*site.secrets, *site.closed):
        yield from symptoms.of_secret(site, secret, get(secret), world)
    if site.tls:
        plain = ask.as_visitor(rewriter.ports[80], site.host, ECHO)
        yield from symptoms.of_plain_http(site, plain, ECHO)


def _log(rewriter: Rewriter, running: list[Process]) -> str:
    """All that was said, by the paths of the target."""
    return "\n".join(process.output for process in running).replace(rewriter.root, "")
