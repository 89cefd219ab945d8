"""Which files are nginx configuration: told by content, with the name as a hint.

This module is asked about every file of a tree, so it imports nothing of the reader.
"""

import re
from functools import cache

from ...filenames import plain_name
from .known import words

_OTHER_FORMATS = words("""
    py pyi js mjs cjs ts tsx jsx vue svelte md markdown rst html htm css scss less yml yaml json toml sh
    bash zsh xml svg lock ipynb sql rb php go rs java c h cpp cs pl lua hcl tf cfg ini csv po pot map
    log service.d dockerfile makefile gitignore env bat ps1 adoc tex csr pem crt key
""")
_OTHER_NAMES = (
    "dockerfile",
    "makefile",
    "procfile",
    "vagrantfile",
    "jenkinsfile",
    "caddyfile",
    "gunicorn.conf",
)
_NGINX_FOLDERS = ("sites-available/", "sites-enabled/", "conf.d/", "nginx/")
# The words that a configuration or a snippet begins with, and what others of them begin with.
_FIRST_WORDS = words("""
    user pid error_log access_log load_module daemon master_process env events http stream mail server
    upstream location map geo split_clients include log_format ssl add_header default_type sendfile
    charset listen root index set_real_ip_from large_client_header_buffers expires allow deny error_page
    rewrite return try_files alias thread_pool send_timeout underscores_in_headers etag autoindex pcre_jit
    satisfy port_in_redirect reset_timedout_connection merge_slashes internal output_buffers if set
    gzip types keepalive resolver brotli http2 http3 aio directio geoip
""")
_FIRST_FAMILIES = tuple(words("""
    worker_ limit_ proxy_ uwsgi_ fastcgi_ scgi_ grpc_ ssl_ gzip types tcp_no keepalive client_ server_
    resolver real_ip_ variables_hash_ map_hash_ auth_ open_file_ brotli lua_ js_ http2 http3 more_ init_
    perl_ aio directio passenger_ geoip
"""))  # fmt: skip
# Directives that show that it is one; the weak ones only where the name says so, too.
_DECISIVE_WORDS = words(
    r"""
    listen server_name proxy_\w+ uwsgi_\w+ fastcgi_\w+ try_files ssl_\w+ worker_processes worker_connections
    client_max_body_size add_header gzip_\w+ log_format limit_req\w* set_real_ip_from
    """
)
_WEAK_WORDS = words("alias include map return rewrite error_page root")


@cache
def _first() -> re.Pattern[bytes]:
    """The first directive, behind comments, blank lines and template statements, or the end."""
    skip = rb"(?:\s++|#[^\n]*+(?:\n|$)|\{%[^%]*+%\}|\{#[^#]*+#\}|\{\{[^}]*+\}\}|<%[^%]*+%>)*+"
    return re.compile(skip + rb"(?:\"?(\w+)\"?(?=[\s{;])|\Z)")


@cache
def _decisive(named: bool) -> re.Pattern[bytes]:
    blocks = r"(?:server|http|events|stream)\s*\{|(?:upstream|location)\s[^;\n]{1,200}\{"
    known = _DECISIVE_WORDS | _WEAK_WORDS if named else _DECISIVE_WORDS
    return re.compile(rf"^[ \t]*(?:{blocks}|(?:{'|'.join(known)})\s[^\n]{{0,400}}[;{{])".encode(), re.M)


def looks_like(name: str, head: bytes) -> bool:
    """Tell whether a file is nginx configuration, by its path below the input's root and its first
    4 KB. A file of comments only is none, unless the name says nginx and the comments fill the head."""
    if b";" not in head and b"{" not in head and head.lstrip()[:1] != b"#":
        return False
    low = plain_name(name.lower())
    base = low.rpartition("/")[2]
    if base.rpartition(".")[2] in _OTHER_FORMATS or base.startswith(_OTHER_NAMES) or head[:2] == b"#!":
        return False
    found = _first().match(head.removeprefix(b"\xef\xbb\xbf"))
    if not found:
        return False
    named = "nginx" in base or base.endswith(".nginx") or any(f"/{folder}" in f"/{low}" for folder in _NGINX_FOLDERS)
    if found[1] is None:
        return named and len(head) >= 4000
    first = found[1].decode()
    if first not in _FIRST_WORDS and (first in _FIRST_FAMILIES or not first.startswith(_FIRST_FAMILIES)):
        return False
    return (named or b";" in head) and _decisive(named).search(head) is not None
