"""nginx is given a unix socket that is written the wrong way

`proxy_pass` takes a socket as `http://unix:/run/shop.sock`, a `server` of an upstream as `unix:/run/shop.sock`. Without
`http://` (or with it in the wrong place) nginx refuses the configuration: `invalid URL prefix`, `invalid host in
upstream`. A `/` behind the socket's name makes a folder of it: `502 Bad Gateway`, and the log says `connect() to
unix:... failed (20: Not a directory)`; a URI after a socket begins with a colon, as in `http://unix:/run/shop.sock:/`.
A relative path, or `directory=` copied from a manual, leads to a file that is not there.

Fix: write the absolute path of the socket, and a colon before a URI.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.deployment.upstreams import malformed_sockets
from flasklint.edits import replace
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule


@rule(
    "malformed-unix-upstream",
    severity=Severity.ERROR,
    group="upstream",
    since="0.2",
    links=["https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_pass"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for socket in malformed_sockets(deployment):
        yield finding(
            socket.at,
            f"nginx takes this, but {socket.why}: {socket.symptom}" if socket.why else socket.symptom,
            label="not a socket's name" if socket.why else "not the way to write a socket",
            repair=f"write {socket.wanted}" if socket.wanted else "write unix: and the absolute path of the socket",
            fix=Fix((replace(socket.at, socket.wanted),), safe="20: " in socket.symptom) if socket.wanted else None,
        )


BAD = """
-- nginx/shop.conf --
server {
    listen 80;
    server_name shop.test;
    location / {
        proxy_pass http://unix:/run/shop/shop.sock/;    # finding: 20: Not a directory
        proxy_set_header Host $host;
    }
}
"""

GOOD = """
-- nginx/shop.conf --
server {
    listen 80;
    server_name shop.test;
    location / {
        proxy_pass http://unix:/run/shop/shop.sock:/;
        proxy_set_header Host $host;
    }
}
"""

FIXED = GOOD
