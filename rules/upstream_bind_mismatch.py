"""nginx forwards to an address where nothing listens

nginx connects to the address of `proxy_pass` (or of the upstream it names); the application server listens
somewhere else, or the script that is to listen makes the application and ends without serving it. Every
request ends in `502 Bad Gateway`, and nginx logs `connect() failed (111: Connection refused)` for a port,
`connect() to unix:... failed (2: No such file or directory)` for a socket.

Fix: make the address in nginx and the address that the server binds the same.
"""

from collections.abc import Iterator

from flasklint.address import Address, overlaps
from flasklint.deployment import Deployment, Service, Stray, Unserved
from flasklint.deployment.activation import is_passed_by
from flasklint.deployment.idle import binds_in_vain
from flasklint.edits import forward_to
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known


@rule(
    "upstream-bind-mismatch",
    severity=Severity.ERROR,
    group="upstream",
    since="0.1",
    links=["https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_pass"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    missed: dict[tuple[int, Address], tuple[Service, list[Known[Address]]]] = {}
    for route, target in deployment.dead_ends:
        service = deployment.meant_by(route, target)
        if is_passed_by(deployment, service, target.value):
            continue  # told by activation-bind-conflict and socket-unit-name-mismatch
        if service and service.kind == "flask" and service.binds_by_default:
            continue  # told by dev-server-in-production
        if service and binds_in_vain(service, target.value, deployment):
            continue  # told by gunicorn-config-not-loaded
        if service and not any(bind.relative for bind in service.binds):
            _, places = missed.setdefault((id(service), target.value), (service, []))
            if target not in places:
                places.append(target)
        elif not deployment.services and len(deployment.unserved) == 1:
            yield _unserved(target, deployment.unserved[0])
    for service, places in missed.values():
        alone = len(missed) == len(deployment.services) == len(service.binds) == 1
        yield _mismatch(deployment, service, *places)._replace(fix=forward_to(places, service, safe=alone))
    yield from map(_strayed, deployment.strays)


def _mismatch(deployment: Deployment, service: Service, target: Known[Address], *others: Known[Address]) -> Finding:
    bind, address = service.known_binds[0]
    log = "2: No such file or directory" if target.value.is_unix else "111: Connection refused"
    meant, wanted, inside = address, target.value, ""
    if not service.on_host and not address.is_unix:
        meant, wanted = wanted._replace(port=address.port), wanted._replace(host="0.0.0.0")
        inside = " inside its own container" if address.is_loopback else ""
    rivals = (rival for rival in deployment.rivals if overlaps(rival.address, address))
    return finding(
        target,
        f"nginx forwards to {target.value}, but {service.name} listens on {address}{inside}: 502 Bad Gateway ({log})",
        label="nothing listens here",
        because=[
            (bind.at or service.runs.at, f"{service.kind} listens on {address}"),
            *((other, "nor here") for other in others[:4]),
            *((rival.at, f"{rival.name} has this address too: one host cannot run both") for rival in rivals),
        ],
        repair=f"bind {wanted}" if meant == target.value else f"let nginx forward to {meant}, or bind {wanted}",
    )


def _unserved(target: Known[Address], meant: Unserved) -> Finding:
    script = meant.made_at.path.rpartition("/")[2]
    name = meant.made_at.text.partition("=")[0].strip()
    return finding(
        target,
        f"nginx forwards to {target.value}, where {meant.runs.name} is to listen, but {script} makes the application "
        "and ends without serving it: 502 Bad Gateway (111: Connection refused)",
        label="nothing listens here",
        because=[(meant.command.at, "starts the script"), (meant.made_at, "made here, and never served")],
        repair=f"start a WSGI server in {meant.runs.name}, such as gunicorn --bind {target.value} "
        f"{script.removesuffix('.py')}:{name}",
    )


def _strayed(stray: Stray) -> Finding:
    hop, meant = stray.hop, stray.meant
    bind, address = meant.known_binds[0]
    return finding(
        hop.route.forwards.written,
        f"nginx forwards to {hop.address}, where {hop.service.name} listens, but serves the files of {meant.name}, "
        f"which listens on {address}: another application answers, or 502 Bad Gateway",
        label="not the application of this site",
        because=[(bind.at or meant.runs.at, "nobody forwards to this address")],
        repair=f"let nginx forward to {address}",
    )


BAD = """
-- nginx/shop.conf --
server {
    location / { proxy_pass http://127.0.0.1:8001; }    # finding: nginx forwards to 127.0.0.1:8001, but shop.service listens on 127.0.0.1:8000
}
-- systemd/shop.service --
[Service]
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 wsgi:app
"""

GOOD = """
-- nginx/shop.conf --
server {
    location / { proxy_pass http://127.0.0.1:8000; }
}
-- systemd/shop.service --
[Service]
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 wsgi:app
"""

FIXED = GOOD
