"""Generated command lines of waitress-serve and calls of `waitress.serve()`."""

import random
from typing import Any, NamedTuple

OPTIONS = [
    ["--host=127.0.0.1"], ["--host", "127.0.0.2"], ["--host", "::1"], ["--host=localhost"], ["--host=*"], ["--host", "0.0.0.0"],
    ["--port=8080"], ["--por=1"], ["--port", "0008"], ["--port= 81 "], ["--port=99999"],
    ["--listen=127.0.0.1:8081"], ["--listen", "*:8082"], ["--listen=127.0.0.1:http"], ["--listen=127.0.0.1"], ["--listen=[::1]:83"],
    ["--listen=[::]:84"], ["--listen=[::1]"], ["--listen=127.0.0.1:1 127.0.0.1:2"], ["--listen=localhost:85"], ["--lis", "127.0.0.1:86"],
    ["--listen=127.0.0.1:70000"], ["--listen="], ["--listen=0.0.0.0:80"], ["--listen=127.1:80"],
    ["--threads=8"], ["--threads", "1"], ["--th=2"], ["--unix-socket=/run/x.sock"], ["--unix-socket", "x.sock"], ["--unix-socket-perms=660"],
    ["--unix-socket-perms", "0o777"], ["--trusted-proxy=127.0.0.1"], ["--trusted-proxy", "*"], ["--trusted-proxy-count=2"],
    ["--trusted-proxy-headers=x-forwarded-for x-forwarded-proto"], ["--trusted-proxy-headers", "X-Forwarded-Host"],
    ["--trusted-proxy-headers=forwarded"], ["--no-clear-untrusted-proxy-headers"], ["--clear-untrusted-proxy-headers"],
    ["--log-untrusted-proxy-headers"], ["--url-scheme=https"], ["--url-scheme", "HTTP"], ["--url-prefix=a/"], ["--url-prefix", "//a/b//"],
    ["--url-prefix="], ["--call"], ["--cal"], ["--no-ipv6"], ["--no-ipv4"], ["--ipv4"], ["--ident=me"], ["--ident", ""],
    ["--backlog=5"], ["--connection-limit", "10"], ["--channel-timeout=9"], ["--max-request-body-size", "1000"], ["--expose-tracebacks"],
    ["--no-expose-tracebacks"], ["--asyncore-use-poll"], ["--asyncore-loop-timeout=3"], ["--send-bytes=2"], ["--server-name", "x"],
    ["--channel-request-lookahead", "1"], ["--no-log-socket-errors"], ["--inbuf-overflow=1"], ["--outbuf-high-watermark", "7"],
]  # fmt: skip
NASTY = [
    ["--threads", "x"], ["--threads=2.5"], ["--bind=1"], ["-p", "1"], ["--port"], ["--listen=unix:/x"], ["--t=1"], ["--call=1"],
    ["--listen=:80"], ["--trusted-proxy-headers=x-forwarded-for,x-forwarded-proto"], ["--trusted-proxy-headers=forwarded x-forwarded-for"],
    ["--workers", "2"], ["--port=auto"], ["--host="], ["--trusted-proxy-count=x"], ["--unix-socket-perms=rw"], ["--unix-socket-perms=999"],
    ["--listen=127.0.0.1:1,127.0.0.1:2"], ["--no-threads"], ["--no-call"], ["--ipv4=1"], ["--url"], ["--trusted", "x"], ["--listen", "/run/x"],
    ["--listen=127.0.0.1:"], ["--listen=http://127.0.0.1:80"], ["--preload"], ["--", "--port=1"],
]  # fmt: skip
LATE = [["--listen=8081"], ["--host=8081"]]

# Keyword arguments as people write them, in code that also sets the names below.
CODE = """import os
from waitress import serve

HOST, PORT = "127.0.0.1", 8090
CONFIG = {"threads": 6}
app = object()
"""
KEYWORDS = [
    "host='0.0.0.0'", "host=HOST", "host='127.0.0.1'", "host='::'", "host='*'", "host=os.environ.get('HOST', '127.0.0.1')",
    "port=8080", "port=PORT", "port='8081'", "port=int(os.environ.get('PORT', 8000))", "port=os.getenv('PORT', '8002')", "port=8000 + 5",
    "listen='127.0.0.1:8083'", "listen='*:8084'", "listen=f'{HOST}:{PORT}'", "listen='127.0.0.1:1 127.0.0.1:2'", "listen=['127.0.0.1:3']",
    "threads=8", "threads='4'", "threads=2 * 4", "unix_socket='/run/shop.sock'", "unix_socket='shop.sock'", "unix_socket_perms='660'",
    "url_scheme='https'", "url_prefix='/shop'", "url_prefix=''", "trusted_proxy='127.0.0.1'", "trusted_proxy='*'", "trusted_proxy_count=1",
    "trusted_proxy_headers='x-forwarded-for x-forwarded-proto'", "trusted_proxy_headers={'x-forwarded-for'}",
    "trusted_proxy_headers=['x-forwarded-host', 'x-forwarded-for']", "trusted_proxy_headers='forwarded'",
    "clear_untrusted_proxy_headers=True", "clear_untrusted_proxy_headers=False", "ident=None", "ident='me'", "ipv6=False", "ipv4=True",
    "expose_tracebacks=False", "channel_timeout=60", "max_request_body_size=16 * 1024 * 1024", "connection_limit=500", "backlog=2048",
    "log_socket_errors=0", "asyncore_use_poll=True", "cleanup_interval=30",
]  # fmt: skip
BAD_KEYWORDS = [
    "bind='127.0.0.1:80'", "workers=4", "unix_socket_perms=0o660", "threads='x'", "port='auto'", "host=''", "listen=':80'", "debug=True",
    "trusted_proxy_headers='x-forwarded-for,x-forwarded-proto'", "threads=None", "port=None", "trusted_proxy_headers='x-real-ip'", "listen=80",
]  # fmt: skip
OPEN_KEYWORDS = ["**CONFIG", "threads=os.cpu_count()", "threads=len(os.listdir('/'))", "sockets=[]"]


class Generated(NamedTuple):
    case: dict[str, Any]
    late: bool = False
    told: bool = True


def command_line(dice: random.Random) -> Generated:
    chosen = []
    for _ in range(dice.randrange(5)):
        what = dice.random()
        chosen.append(dice.choice(NASTY if what < 0.1 else LATE if what < 0.12 else OPTIONS))
    argv = [word for option in chosen for word in option]
    where = dice.random()
    if where < 0.97:
        argv.insert(len(argv) if where < 0.9 else 0, dice.choice(["shop:app", "shop.wsgi:app", "shop:create_app"]))
    return Generated({"argv": argv}, any(option in LATE for option in chosen))


def call(dice: random.Random) -> Generated:
    given: dict[str, str] = {}
    told = True
    for _ in range(dice.randrange(5)):
        what = dice.random()
        text = dice.choice(BAD_KEYWORDS if what < 0.08 else OPEN_KEYWORDS if what < 0.12 else KEYWORDS)
        told = told and text not in OPEN_KEYWORDS
        given[text.partition("=")[0]] = text
    return Generated({"code": f"{CODE}\nserve(app{''.join(f', {text}' for text in given.values())})\n"}, told=told)
