"""nginx and the worker do not wait for the same time

nginx waits `proxy_read_timeout` (60 s unless set) for an answer, Gunicorn lets a sync worker work for `--timeout` (30 s
unless set). When nginx is the more impatient one, the visitor gets `504 Gateway Time-out` (`upstream timed out (110:
Connection timed out)`) while the worker goes on with what nobody will read. When only nginx was made more patient,
Gunicorn kills the worker all the same: `[CRITICAL] WORKER TIMEOUT`, and 502 or 500.

Fix: raise both, nginx's a little above Gunicorn's.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Route, Service
from flasklint.deployment.fronts import fronts, is_websocket
from flasklint.deployment.workers import timeout
from flasklint.finding import Edit, Finding, Fix, Place, Severity, finding
from flasklint.rule import rule
from flasklint.value import Default, Known, Unknown

MARGIN = 5  # seconds
RAISED = 120  # what nobody writes without a reason


@rule(
    "proxy-timeout-shorter-than-worker",
    severity=Severity.WARNING,
    group="limits",
    since="0.2",
    links=["https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_read_timeout"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    impatient: dict[int, tuple[Service, Known[int], list[Route]]] = {}
    for route in [route for front in fronts(deployment) for route in front.routes if not is_websocket(route)]:
        waits = route.forwards.read_timeout
        for service in {id(hop.service): hop.service for hop in deployment.hops_of(route)}.values():
            works = timeout(service)
            if works is None or isinstance(waits, Unknown):
                continue
            whole = route.server.complete and route.forwards.headers.complete  # no include that may set it
            seen = isinstance(waits, Known) or whole
            if isinstance(works, Known) and waits.value < works.value and seen:
                impatient.setdefault(id(service), (service, works, []))[2].append(route)
            elif isinstance(works, Default) and isinstance(waits, Known) and waits.value >= RAISED:
                yield _killed(waits, works, service)
    yield from (_gives_up(*each) for each in impatient.values())


def _place(route: Route) -> Place:
    waits = route.forwards.read_timeout
    return waits if isinstance(waits, Known) else route.forwards.written


def _gives_up(service: Service, works: Known[int], routes: list[Route]) -> Finding:
    waits = routes[0].forwards.read_timeout
    seconds = f"{waits.value:g} s" if not isinstance(waits, Unknown) else ""
    default = f", {waits.source}," if isinstance(waits, Default) else ""
    return finding(
        _place(routes[0]),
        f"nginx waits {seconds}{default} for an answer, a worker of {service.name} may take {works.value} s: "
        "504 Gateway Time-out, and the worker goes on",
        label=f"gives up after {seconds}",
        because=[(works, "the worker may go on"), *((_place(route), "nor here") for route in routes[1:])],
        repair=f"write `proxy_read_timeout {works.value + MARGIN}s;`",
        fix=_fix(routes, works.value + MARGIN),
    )


def _fix(routes: list[Route], seconds: int) -> Fix | None:
    from flasklint.edits import add_directives, replace

    edits: dict[Edit | None, None] = {}
    for route in routes:
        waits, line = route.forwards.read_timeout, f"proxy_read_timeout {seconds}s;"
        edit = replace(waits, f"{seconds}s") if isinstance(waits, Known) else None
        edits[edit or add_directives(route.forwards.written, [line])] = None  # once where several inherit it
    made = tuple(edit for edit in edits if edit)
    return Fix(made) if len(made) == len(edits) else None


def _killed(waits: Known[float], works: Default[int], service: Service) -> Finding:
    return finding(
        waits,
        f"nginx waits {waits.value:g} s, but Gunicorn kills a worker of {service.name} after {works.value} s, its "
        "default: WORKER TIMEOUT, and 502 or 500",
        label="longer than any worker lives",
        because=[(service.server.at, "no --timeout")],
        repair=f"start Gunicorn with --timeout {max(int(waits.value) - MARGIN, 1)}",
    )


SERVICE = """
-- systemd/shop.service --
[Service]
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --workers 2 --timeout 120 --bind 127.0.0.1:8000 app:app
-- app.py --
from flask import Flask
app = Flask(__name__)
"""

BAD = f"""
-- nginx/shop.conf --
server {{
    listen 80;
    location / {{
        proxy_pass http://127.0.0.1:8000;    # finding: nginx waits 60 s, nginx's default, for an answer
    }}
}}{SERVICE}"""

GOOD = f"""
-- nginx/shop.conf --
server {{
    listen 80;
    location / {{
        proxy_pass http://127.0.0.1:8000;
        proxy_read_timeout 125s;
    }}
}}{SERVICE}"""

FIXED = GOOD
