"""Upstreams that answer with what they were sent, as JSON, on loopback TCP and on unix sockets."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

MARK = "X-Echo"


class _Handler(socketserver.StreamRequestHandler):
    timeout = 60

    def handle(self) -> None:
        lines = []
        while line := self.rfile.readline(65536).decode("latin-1").rstrip("\r\n"):
            lines.append(line)
        if not lines:
            return
        headers = [tuple(line.split(": ", 1)) if ": " in line else (line.rstrip(":"), "") for line in lines[1:]]
        length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
        self.rfile.read(length)
        name = self.server.shown
        body = json.dumps({"to": name, "line": lines[0], "headers": headers}).encode()
        head = (
            f"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n{MARK}: yes\r\n\r\n"
        )
        self.wfile.write(head.encode() + body)


class _Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 64
    shown = ""


class _Unix(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    request_queue_size = 64
    shown = ""


@contextmanager
def echoes(folder: Path, tcp: int = 3, unix: int = 2) -> Iterator[list[str]]:
    """Run upstreams until the block ends, and give their addresses: `127.0.0.1:port`, `unix:/path`."""
    servers: list[_Tcp | _Unix] = []
    with ExitStack() as stack:
        for _ in range(tcp):
            server = stack.enter_context(_Tcp(("127.0.0.1", 0), _Handler))
            server.shown = f"127.0.0.1:{server.server_address[1]}"
            servers.append(server)
        for number in range(unix):
            path = str(folder / f"{number}.sock")
            local = stack.enter_context(_Unix(path, _Handler))
            (folder / f"{number}.sock").chmod(0o777)
            local.shown = f"unix:{path}"
            servers.append(local)
        for each in servers:
            threading.Thread(target=each.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
            stack.callback(each.shutdown)
        yield [each.shown for each in servers]
