"""Waitress's adjustments: written by tools/generate_server_tables.py from the packages themselves.

A row is (name, flags, takes, type, check, default, const, first, last): `takes` is value, append,
optional or flag, `first` and `last` are indexes into VERSIONS; `...` is computed at start.
"""

from typing import Any

# fmt: off
VERSIONS = ('2.1.2', '3.0.2')

ROWS: tuple[tuple[Any, ...], ...] = (
    ('host', ('--host',), 'value', 'str', '', '0.0.0.0', None, 0, 1),
    ('port', ('--port',), 'value', 'int', '', 8080, None, 0, 1),
    ('ipv4', ('--ipv4',), 'flag', 'asbool', '', True, None, 0, 1),
    ('ipv6', ('--ipv6',), 'flag', 'asbool', '', True, None, 0, 1),
    ('listen', ('--listen',), 'value', 'aslist', '', ('0.0.0.0:8080',), None, 0, 1),
    ('threads', ('--threads',), 'value', 'int', '', 4, None, 0, 1),
    ('trusted_proxy', ('--trusted-proxy',), 'value', 'str_iftruthy', '', None, None, 0, 1),
    ('trusted_proxy_count', ('--trusted-proxy-count',), 'value', 'int', '', None, None, 0, 1),
    ('trusted_proxy_headers', ('--trusted-proxy-headers',), 'value', 'asset', '', (), None, 0, 1),
    ('log_untrusted_proxy_headers', ('--log-untrusted-proxy-headers',), 'flag', 'asbool', '', False, None, 0, 1),
    ('clear_untrusted_proxy_headers', ('--clear-untrusted-proxy-headers',), 'flag', 'asbool', '', False, None, 0, 0),
    ('clear_untrusted_proxy_headers', ('--clear-untrusted-proxy-headers',), 'flag', 'asbool', '', True, None, 1, 1),
    ('url_scheme', ('--url-scheme',), 'value', 'str', '', 'http', None, 0, 1),
    ('url_prefix', ('--url-prefix',), 'value', 'slash_fixed_str', '', '', None, 0, 1),
    ('backlog', ('--backlog',), 'value', 'int', '', 1024, None, 0, 1),
    ('recv_bytes', ('--recv-bytes',), 'value', 'int', '', 8192, None, 0, 1),
    ('send_bytes', ('--send-bytes',), 'value', 'int', '', 1, None, 0, 1),
    ('outbuf_overflow', ('--outbuf-overflow',), 'value', 'int', '', 1048576, None, 0, 1),
    ('outbuf_high_watermark', ('--outbuf-high-watermark',), 'value', 'int', '', 16777216, None, 0, 1),
    ('inbuf_overflow', ('--inbuf-overflow',), 'value', 'int', '', 524288, None, 0, 1),
    ('connection_limit', ('--connection-limit',), 'value', 'int', '', 100, None, 0, 1),
    ('cleanup_interval', ('--cleanup-interval',), 'value', 'int', '', 30, None, 0, 1),
    ('channel_timeout', ('--channel-timeout',), 'value', 'int', '', 120, None, 0, 1),
    ('log_socket_errors', ('--log-socket-errors',), 'flag', 'asbool', '', True, None, 0, 1),
    ('max_request_header_size', ('--max-request-header-size',), 'value', 'int', '', 262144, None, 0, 1),
    ('max_request_body_size', ('--max-request-body-size',), 'value', 'int', '', 1073741824, None, 0, 1),
    ('expose_tracebacks', ('--expose-tracebacks',), 'flag', 'asbool', '', False, None, 0, 1),
    ('ident', ('--ident',), 'value', 'str_iftruthy', '', 'waitress', None, 0, 1),
    ('asyncore_loop_timeout', ('--asyncore-loop-timeout',), 'value', 'int', '', 1, None, 0, 1),
    ('asyncore_use_poll', ('--asyncore-use-poll',), 'flag', 'asbool', '', False, None, 0, 1),
    ('unix_socket', ('--unix-socket',), 'value', 'str', '', None, None, 0, 1),
    ('unix_socket_perms', ('--unix-socket-perms',), 'value', 'asoctal', '', 384, None, 0, 1),
    ('sockets', ('--sockets',), 'value', 'as_socket_list', '', (), None, 0, 1),
    ('channel_request_lookahead', ('--channel-request-lookahead',), 'value', 'int', '', 0, None, 0, 1),
    ('server_name', ('--server-name',), 'value', 'str', '', 'waitress.invalid', None, 0, 1),
)
