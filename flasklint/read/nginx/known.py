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

# Directives of which a second one at the same level is refused ("is duplicate"), and those that take
# one time, one size or one number and nothing else: each was tried on nginx 1.22.1.
SINGLE = words(
    """
    absolute_redirect accept_mutex accept_mutex_delay add_after_body add_before_body aio aio_write alias
    auth_basic auth_basic_user_file auth_delay auth_request autoindex autoindex_exact_size autoindex_format
    autoindex_localtime charset chunked_transfer_encoding client_body_buffer_size client_body_in_file_only
    client_body_in_single_buffer client_body_temp_path client_body_timeout client_header_buffer_size
    client_header_timeout client_max_body_size connection_pool_size default_type directio directio_alignment
    disable_symlinks etag expires fastcgi_buffer_size fastcgi_buffering fastcgi_buffers
    fastcgi_busy_buffers_size fastcgi_cache fastcgi_cache_background_update fastcgi_cache_key fastcgi_cache_lock
    fastcgi_cache_lock_age fastcgi_cache_lock_timeout fastcgi_cache_max_range_offset fastcgi_cache_min_uses
    fastcgi_cache_revalidate fastcgi_connect_timeout fastcgi_force_ranges fastcgi_ignore_client_abort
    fastcgi_index fastcgi_intercept_errors fastcgi_keep_conn fastcgi_limit_rate fastcgi_max_temp_file_size
    fastcgi_next_upstream_timeout fastcgi_next_upstream_tries fastcgi_pass fastcgi_pass_request_body
    fastcgi_pass_request_headers fastcgi_read_timeout fastcgi_request_buffering fastcgi_send_lowat
    fastcgi_send_timeout fastcgi_socket_keepalive fastcgi_store fastcgi_temp_file_write_size fastcgi_temp_path
    grpc_buffer_size grpc_connect_timeout grpc_intercept_errors grpc_next_upstream_timeout
    grpc_next_upstream_tries grpc_pass grpc_read_timeout grpc_send_timeout grpc_socket_keepalive
    grpc_ssl_certificate grpc_ssl_certificate_key grpc_ssl_ciphers grpc_ssl_crl grpc_ssl_name
    grpc_ssl_password_file grpc_ssl_server_name grpc_ssl_session_reuse grpc_ssl_trusted_certificate
    grpc_ssl_verify grpc_ssl_verify_depth gunzip gunzip_buffers gzip gzip_buffers gzip_comp_level
    gzip_http_version gzip_min_length gzip_static gzip_vary if_modified_since ignore_invalid_headers internal
    keepalive keepalive_requests keepalive_time keepalive_timeout large_client_header_buffers limit_conn_dry_run
    limit_except limit_rate limit_rate_after limit_req_dry_run lingering_close lingering_time lingering_timeout
    lock_file log_not_found log_subrequest map_hash_bucket_size map_hash_max_size max_headers max_ranges
    merge_slashes mirror_request_body multi_accept open_file_cache open_file_cache_errors open_file_cache_events
    open_file_cache_min_uses open_file_cache_valid output_buffers override_charset pcre_jit pid port_in_redirect
    postpone_output proxy_bind proxy_buffer_size proxy_buffering proxy_buffers proxy_busy_buffers_size
    proxy_cache proxy_cache_background_update proxy_cache_convert_head proxy_cache_key proxy_cache_lock
    proxy_cache_lock_age proxy_cache_lock_timeout proxy_cache_max_range_offset proxy_cache_min_uses
    proxy_cache_revalidate proxy_connect_timeout proxy_force_ranges proxy_headers_hash_bucket_size
    proxy_headers_hash_max_size proxy_http_version proxy_ignore_client_abort proxy_intercept_errors
    proxy_limit_rate proxy_max_temp_file_size proxy_method proxy_next_upstream_timeout proxy_next_upstream_tries
    proxy_pass proxy_pass_request_body proxy_pass_request_headers proxy_read_timeout proxy_request_buffering
    proxy_send_lowat proxy_send_timeout proxy_set_body proxy_socket_keepalive proxy_ssl_certificate
    proxy_ssl_certificate_key proxy_ssl_ciphers proxy_ssl_crl proxy_ssl_name proxy_ssl_password_file
    proxy_ssl_server_name proxy_ssl_session_reuse proxy_ssl_trusted_certificate proxy_ssl_verify
    proxy_ssl_verify_depth proxy_store proxy_temp_file_write_size proxy_temp_path read_ahead real_ip_header
    real_ip_recursive recursive_error_pages referer_hash_bucket_size referer_hash_max_size request_pool_size
    reset_timedout_connection resolver resolver_timeout rewrite_log root satisfy scgi_buffer_size scgi_buffering
    scgi_buffers scgi_busy_buffers_size scgi_cache scgi_cache_background_update scgi_cache_key scgi_cache_lock
    scgi_cache_lock_age scgi_cache_lock_timeout scgi_cache_max_range_offset scgi_cache_min_uses
    scgi_cache_revalidate scgi_connect_timeout scgi_force_ranges scgi_ignore_client_abort scgi_intercept_errors
    scgi_limit_rate scgi_max_temp_file_size scgi_next_upstream_timeout scgi_next_upstream_tries scgi_pass
    scgi_pass_request_body scgi_pass_request_headers scgi_read_timeout scgi_request_buffering scgi_send_timeout
    scgi_socket_keepalive scgi_store scgi_temp_file_write_size scgi_temp_path send_lowat send_timeout sendfile
    sendfile_max_chunk server_name_in_redirect server_names_hash_bucket_size server_names_hash_max_size
    server_tokens source_charset ssi ssl_buffer_size ssl_ciphers ssl_client_certificate ssl_crl ssl_dhparam
    ssl_early_data ssl_ecdh_curve ssl_ocsp ssl_ocsp_responder ssl_password_file ssl_prefer_server_ciphers
    ssl_reject_handshake ssl_session_tickets ssl_session_timeout ssl_stapling ssl_stapling_file
    ssl_stapling_responder ssl_stapling_verify ssl_trusted_certificate ssl_verify_client ssl_verify_depth
    sub_filter_last_modified sub_filter_once subrequest_output_buffer_size tcp_nodelay tcp_nopush
    timer_resolution try_files types_hash_bucket_size types_hash_max_size underscores_in_headers
    uninitialized_variable_warn user uwsgi_buffer_size uwsgi_buffering uwsgi_buffers uwsgi_busy_buffers_size
    uwsgi_cache uwsgi_cache_background_update uwsgi_cache_key uwsgi_cache_lock uwsgi_cache_lock_age
    uwsgi_cache_lock_timeout uwsgi_cache_max_range_offset uwsgi_cache_min_uses uwsgi_cache_revalidate
    uwsgi_connect_timeout uwsgi_force_ranges uwsgi_ignore_client_abort uwsgi_intercept_errors uwsgi_limit_rate
    uwsgi_max_temp_file_size uwsgi_modifier1 uwsgi_modifier2 uwsgi_next_upstream_timeout
    uwsgi_next_upstream_tries uwsgi_pass uwsgi_pass_request_body uwsgi_pass_request_headers uwsgi_read_timeout
    uwsgi_request_buffering uwsgi_send_timeout uwsgi_socket_keepalive uwsgi_ssl_certificate
    uwsgi_ssl_certificate_key uwsgi_ssl_ciphers uwsgi_ssl_crl uwsgi_ssl_name uwsgi_ssl_password_file
    uwsgi_ssl_server_name uwsgi_ssl_session_reuse uwsgi_ssl_trusted_certificate uwsgi_ssl_verify
    uwsgi_ssl_verify_depth uwsgi_store uwsgi_string uwsgi_temp_file_write_size uwsgi_temp_path
    variables_hash_bucket_size variables_hash_max_size worker_aio_requests worker_connections
    worker_cpu_affinity worker_priority worker_processes worker_rlimit_core worker_rlimit_nofile
    worker_shutdown_timeout working_directory
    """
)

TIMES = words(
    """
    accept_mutex_delay auth_delay client_body_timeout client_header_timeout fastcgi_cache_lock_age
    fastcgi_cache_lock_timeout fastcgi_connect_timeout fastcgi_next_upstream_timeout fastcgi_read_timeout
    fastcgi_send_timeout grpc_connect_timeout grpc_next_upstream_timeout grpc_read_timeout grpc_send_timeout
    keepalive_time keepalive_timeout lingering_time lingering_timeout proxy_cache_lock_age
    proxy_cache_lock_timeout proxy_connect_timeout proxy_next_upstream_timeout proxy_read_timeout
    proxy_send_timeout resolver_timeout scgi_cache_lock_age scgi_cache_lock_timeout scgi_connect_timeout
    scgi_next_upstream_timeout scgi_read_timeout scgi_send_timeout send_timeout timer_resolution
    uwsgi_cache_lock_age uwsgi_cache_lock_timeout uwsgi_connect_timeout uwsgi_next_upstream_timeout
    uwsgi_read_timeout uwsgi_send_timeout worker_shutdown_timeout
    """
)
SIZES = words(
    """
    client_body_buffer_size client_header_buffer_size client_max_body_size connection_pool_size
    directio_alignment fastcgi_buffer_size fastcgi_cache_max_range_offset fastcgi_limit_rate fastcgi_send_lowat
    grpc_buffer_size gzip_min_length limit_rate limit_rate_after postpone_output proxy_buffer_size
    proxy_cache_max_range_offset proxy_limit_rate proxy_send_lowat read_ahead request_pool_size scgi_buffer_size
    scgi_cache_max_range_offset scgi_limit_rate send_lowat sendfile_max_chunk ssl_buffer_size
    subrequest_output_buffer_size uwsgi_buffer_size uwsgi_cache_max_range_offset uwsgi_limit_rate
    worker_rlimit_core
    """
)
NUMBERS = words(
    """
    fastcgi_cache_min_uses fastcgi_next_upstream_tries grpc_next_upstream_tries grpc_ssl_verify_depth
    gzip_comp_level keepalive_requests limit_conn_status limit_req_status map_hash_bucket_size map_hash_max_size
    max_headers max_ranges open_file_cache_min_uses proxy_cache_min_uses proxy_headers_hash_bucket_size
    proxy_headers_hash_max_size proxy_next_upstream_tries proxy_ssl_verify_depth referer_hash_bucket_size
    referer_hash_max_size scgi_cache_min_uses scgi_next_upstream_tries server_names_hash_bucket_size
    server_names_hash_max_size ssl_verify_depth types_hash_bucket_size types_hash_max_size uwsgi_cache_min_uses
    uwsgi_modifier1 uwsgi_modifier2 uwsgi_next_upstream_tries uwsgi_ssl_verify_depth variables_hash_bucket_size
    variables_hash_max_size worker_aio_requests worker_connections worker_rlimit_nofile
    """
)

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
    status tcpinfo_rcv_space tcpinfo_rtt tcpinfo_rttvar
    tcpinfo_snd_cwnd time_iso8601 time_local uid_got uid_reset uid_set upstream_addr
    upstream_bytes_received upstream_bytes_sent upstream_cache_status upstream_cache_last_modified
    upstream_connect_time upstream_header_time upstream_response_length upstream_response_time
    upstream_status uri userid_got
    """
)
# Those of them that `set` and `map` may define anew.
CHANGEABLE = words(
    """
    ancient_browser args geoip_city geoip_country_code http3 invalid_referer is_request_port limit_rate memcached_key
    modern_browser msie proxy_host proxy_internal_connection proxy_port request_port session_time spdy uid_reset
    userid_got
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
    return "" if is_built_in(name) else _near(name, VARIABLES, 0.83)


def is_built_in(name: str) -> bool:
    """Tell whether nginx itself, or a module that comes with it, defines a variable."""
    return name in VARIABLES or name.startswith(VARIABLE_FAMILIES) or name.isdigit()


def _near(name: str, names: frozenset[str], cutoff: float) -> str:
    if not 4 <= len(name) <= 40 or not name.isascii():
        return ""
    from difflib import get_close_matches

    swapped = (f"{name[:at]}{name[at + 1]}{name[at]}{name[at + 2 :]}" for at in range(len(name) - 1))
    if found := next((each for each in swapped if each in names), ""):
        return found  # two letters changed places: surely a slip, however short the name
    near = get_close_matches(name, [known for known in names if abs(len(known) - len(name)) <= 2], 1, cutoff)
    return near[0] if near else ""
