"""What nginx and its packages bring along: directives newer than crossplane's table, variables, and
snippets that lie in /etc/nginx without anybody committing them.
"""

from collections.abc import Mapping
from functools import cache


def words(text: str) -> frozenset[str]:
    """Return a set of names written as running text."""
    return frozenset(text.split())


# Directives that crossplane 0.5.8 (2022) does not know, up to nginx 1.29 (its CHANGES file and the
# binary of 1.22.1). Their arguments are not checked.
LATER = words(
    """
    auth_delay http2_max_requests http2_recv_timeout keepalive_min_timeout proxy_cookie_flags
    proxy_ssl_conf_command grpc_ssl_conf_command uwsgi_ssl_conf_command ssl_conf_command
    ssl_reject_handshake ssl_ocsp ssl_ocsp_cache ssl_ocsp_responder keepalive_time userid_flags
    epoll_events gzip_hash gzip_no_buffer gzip_window http2_pool_size http2_streams_index_size
    mp4_start_key_frame open_file_cache_events post_action postpone_gzipping ssi_ignore_recycled_buffers
    uwsgi_string http2 http3 http3_hq http3_max_concurrent_streams http3_stream_buffer_size
    quic_active_connection_id_limit quic_bpf quic_gso quic_host_key quic_retry mgmt ssl_key_log
    ssl_certificate_cache proxy_ssl_certificate_cache grpc_ssl_certificate_cache
    uwsgi_ssl_certificate_cache proxy_ssl_key_log grpc_ssl_key_log uwsgi_ssl_key_log max_headers
    add_header_inherit add_trailer_inherit early_hints ssl_certificate_compression ssl_ech_file resolver
    resolver_timeout state proxy_allow_upstream proxy_request_dynamic geoip2 geoip2_proxy
    proxy_set_header_inherit
    """
)

# Third-party modules: a name that begins like this is nobody's misspelling.
FOREIGN = tuple(
    words("""
    lua_ more_ brotli zstd passenger pagespeed modsecurity auth_jwt auth_pam auth_ldap vhost_traffic
    upload_ rtmp push_stream echo js_ geoip2 otel_ opentracing opentelemetry acme_ ndk_ naxsi fancyindex
    nchan_ redis srcache sub_filter_ set_ vod_ headers_more dav_ext_ perl image_filter secure_token
    cache_purge subs_filter testcookie drizzle postgres
""")
)

# Directives of which a second one at the same level is refused ("is duplicate").
SINGLE = words(
    """
    root alias proxy_pass uwsgi_pass fastcgi_pass scgi_pass grpc_pass client_max_body_size try_files
    proxy_http_version proxy_connect_timeout proxy_read_timeout proxy_send_timeout proxy_buffering
    uwsgi_read_timeout keepalive_timeout send_timeout client_body_timeout sendfile autoindex gzip
    server_tokens ssl_prefer_server_ciphers expires default_type user pid worker_processes
    worker_connections
    """
)

TIMES = words(
    """
    proxy_connect_timeout proxy_read_timeout proxy_send_timeout uwsgi_connect_timeout uwsgi_read_timeout
    uwsgi_send_timeout fastcgi_connect_timeout fastcgi_read_timeout fastcgi_send_timeout send_timeout
    client_body_timeout client_header_timeout
    """
)
SIZES = frozenset({"client_max_body_size", "client_body_buffer_size", "client_header_buffer_size"})

# Blocks whose lines are no directives.
TABLES = frozenset({"types", "map", "geo", "split_clients", "charset_map", "match", "geoip2"})

LISTEN_FLAGS = words(
    """
    default_server default ssl http2 http3 quic spdy proxy_protocol deferred bind reuseport multipath
    """
)
LISTEN_VALUES = tuple(
    words("""
    setfib= fastopen= backlog= rcvbuf= sndbuf= accept_filter= ipv6only= so_keepalive=
""")
)
UPSTREAM_FLAGS = frozenset({"backup", "down", "resolve", "drain"})
UPSTREAM_VALUES = tuple(
    words("""
    weight= max_conns= max_fails= fail_timeout= slow_start= service= route= state= id=
""")
)

# Variables of the core and standard modules (nginx.org, "Alphabetical index of variables").
VARIABLES = words(
    """
    ancient_browser args binary_remote_addr body_bytes_sent bytes_sent connection connection_requests
    connection_time connections_active connections_reading connections_waiting connections_writing
    content_length content_type date_gmt date_local document_root document_uri fastcgi_path_info
    fastcgi_script_name geoip_city geoip_country_code gzip_ratio host hostname http2 http3 https
    invalid_referer is_args is_request_port limit_conn_status limit_rate limit_req_status memcached_key
    modern_browser msec msie nginx_version pid pipe proxy_add_x_forwarded_for proxy_host
    proxy_internal_body_length proxy_internal_chunked proxy_internal_connection proxy_port
    proxy_protocol_addr proxy_protocol_port proxy_protocol_server_addr proxy_protocol_server_port
    query_string realip_remote_addr realip_remote_port realpath_root remote_addr remote_port remote_user
    request request_body request_body_file request_completion request_filename request_id request_length
    request_method request_port request_time request_uri scheme secure_link secure_link_expires
    sent_http_location server_addr server_name server_port server_protocol session_time slice_range spdy
    status tcpinfo_rtt tcpinfo_rttvar time_iso8601 time_local uid_got uid_reset uid_set upstream_addr
    upstream_bytes_received upstream_bytes_sent upstream_cache_status upstream_cache_last_modified
    upstream_connect_time upstream_header_time upstream_response_length upstream_response_time
    upstream_status uri userid_got
    """
)
# Families that take any name after the prefix.
VARIABLE_FAMILIES = tuple(
    words("""
    http_ sent_http_ sent_trailer_ arg_ cookie_ upstream_http_ upstream_cookie_ upstream_trailer_ ssl_
    geoip jwt_ secure_ quic_ otel_ request_uri_ proxy_protocol_tlv_
""")
)

# Directives of snippets that packages install and nobody commits, by base name. Only what changes an
# effective value is listed. proxy_params is Debian's (nginx-common 1.22.1-9+deb12u4 and later; before
# that, `Host $http_host`); options-ssl-nginx.conf is certbot's and only holds TLS settings.
SNIPPETS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "proxy_params": (
        ("proxy_set_header", "Host", "$host"),
        ("proxy_set_header", "X-Real-IP", "$remote_addr"),
        ("proxy_set_header", "X-Forwarded-For", "$proxy_add_x_forwarded_for"),
        ("proxy_set_header", "X-Forwarded-Proto", "$scheme"),
    ),
    "uwsgi_params": (),
    "fastcgi_params": (),
    "fastcgi.conf": (),
    "scgi_params": (),
    "mime.types": (),
    "koi-utf": (),
    "koi-win": (),
    "win-utf": (),
    "snakeoil.conf": (),
    "fastcgi-php.conf": (),
    "options-ssl-nginx.conf": (),
}


@cache
def directive_names() -> frozenset[str]:
    from crossplane.analyzer import DIRECTIVES

    return LATER.union(DIRECTIVES)


@cache
def near_directive(name: str) -> str:
    """Return the directive that `name` is most likely a misspelling of, or ""."""
    return "" if name.startswith(FOREIGN) else _near(name, directive_names(), 0.86)


@cache
def near_variable(name: str) -> str:
    """Return the built-in variable that `name` is most likely a misspelling of, or ""."""
    if name in VARIABLES or name.startswith(VARIABLE_FAMILIES) or name.isdigit():
        return ""
    return _near(name, VARIABLES, 0.83)


def _near(name: str, names: frozenset[str], cutoff: float) -> str:
    if not 4 <= len(name) <= 40 or not name.isascii():
        return ""
    from difflib import get_close_matches

    near = get_close_matches(name, [known for known in names if abs(len(known) - len(name)) <= 2], 1, cutoff)
    return near[0] if near else ""
