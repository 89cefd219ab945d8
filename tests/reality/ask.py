"""Ask for pages over raw sockets: through nginx as a visitor, or a server directly. No proxy is ever used."""

import http.client
import json
import socket
import ssl
from collections.abc import Callable
from typing import NamedTuple

VISITOR = "127.0.0.9"  # an address of this machine that nginx itself does not use
TIMEOUT = 5.0  # seconds, on a busy machine too


class Answer(NamedTuple):
    """A status (0: no answer at all), the headers with lower-case names, and the body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def echo(self) -> dict[str, object] | None:
        """What Flask saw of the request, if it was Flask that answered."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return None
        return found if isinstance(found, dict) else None


def as_visitor(port: int, host: str, path: str, *, tls: bool = False) -> Answer:
    """Ask nginx. The path is sent as it stands, `..` included; nobody vouches for the certificate."""

    def connect() -> socket.socket:
        plain = socket.create_connection(("127.0.0.1", port), TIMEOUT, source_address=(VISITOR, 0))
        if not tls:
            return plain
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context.wrap_socket(plain, server_hostname=host)

    return _get(connect, host, path)


def directly(address: str, path: str) -> Answer:
    """Ask a server at the address it listens on: a path, or host:port."""

    def connect() -> socket.socket:
        if address.startswith("/"):
            unix = socket.socket(socket.AF_UNIX)
            unix.settimeout(TIMEOUT)
            unix.connect(address)
            return unix
        host, _, port = address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), TIMEOUT)

    return _get(connect, "localhost", path)


def _get(connect: Callable[[], socket.socket], host: str, path: str) -> Answer:
    connection = http.client.HTTPConnection("localhost", timeout=TIMEOUT)
    try:
        connection.sock = connect()
        connection.request("GET", path, headers={"Host": host, "Connection": "close"})
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, headers, response.read(1_000_000))
    except (OSError, http.client.HTTPException):
        return Answer(0, {}, b"")
    finally:
        connection.close()
