# one case, one line
"""What nginx itself accepts and refuses is what the reader accepts and refuses."""

import subprocess
from pathlib import Path

import pytest

from flasklint.facts import Problem
from flasklint.read import nginx
from flasklint.tree import Tree
from tests.programs import NGINX, needs

WRAPPED = {
    "http": "{}",
    "server": "server {{ listen 127.0.0.1:18099; {} \n}}",
    "location": "server {{ listen 127.0.0.1:18099; location / {{ {} \n}} }}",
}

GOOD = [
    ("server", "if ($request_method = 'OPTIONS') { return 204; }"),
    ("http", "server { listen 127.0.0.1:18099; server_name a b; }"),
    ("http", "upstream u { server 127.0.0.1:1; } server { listen 127.0.0.1:18099; location / { proxy_pass http://u; } }"),
    ("http", "upstream u { server unix:/x weight=3 max_fails=1 fail_timeout=5s; server 127.0.0.1 backup; keepalive 4; }"),
    ("http", "map $http_upgrade $connection_upgrade { default upgrade; '' close; }"),
    ("http", "map $host $h { volatile; hostnames; *.a.com 1; root 2; }"),
    ("http", "types { text/plain txt; }"),
    ("http", "geo $g { default 0; 10.0.0.0/8 1; }"),
    ("http", "log_format main '$remote_addr - $remote_user'\n  '\"$request\" $status';"),
    ("http", "limit_req_zone $binary_remote_addr zone=one:1m rate=1r/s;"),
    ("http", "server { listen 127.0.0.1:18099 default_server; } server { listen 127.0.0.1:18098 default_server; }"),
    ("http", "client_max_body_size 0; keepalive_timeout 65 60;"),
    ("http", "proxy_cache_path /tmp/c levels=1:2 keys_zone=k:1m;"),
    ("server", "location / { proxy_pass http://127.0.0.1:1; }"),
    ("server", "location ~ ^/a { proxy_pass http://127.0.0.1:1; }"),
    ("server", "location /a{proxy_pass http://127.0.0.1:1/;}"),
    ("server", "location @x { proxy_pass http://unix:/s; }"),
    ("server", "location = / { return 204; } location / { return 204; }"),
    ("server", "location /a { location /a/b { return 200; } location ~ c { return 200; } }"),
    ("server", "location ~ \"^/a{2}$\" { return 204; }"),
    ("server", "location =/x { return 204; } location ^~/y { return 204; } location ~^/z { return 204; }"),
    ("server", "if ($host = a) { return 301 https://$host$request_uri; }"),
    ("server", "try_files $uri @x; location @x { return 204; }"),
    ("server", "server_name ~^(?<sub>.+)\\.a\\.com$; root /srv/$sub;"),
    ("server", "set $hosts a; add_header X $hosts;"),
    ("server", "index index.html\n index.htm;"),
    ("server", "server_name a.com\n www.a.com\n ;"),
    ("server", "return 200 \"a;b{c}\";"),
    ("server", "add_header X \"it's\" always;"),
    ("server", "# a comment with \" and { and ;\n root /x; # more }"),
    ("server", "root /a#b;"),
    ("server", "rewrite ^/a$ /b last;"),
    ("server", "ssl_protocols TLSv1.2 TLSv1.3; ssl_reject_handshake off;"),
    ("server", "error_page 500 502 /50x.html; location = /50x.html { internal; root /x; }"),
    ("server", "gzip_types\n text/plain\n text/css;"),
    ("server", "location @a { return 204; } location @a { return 205; }"),
    ("server", "location / { limit_except GET { deny all; } }"),
    ("location", "proxy_pass http://127.0.0.1:1; proxy_set_header Host $host; proxy_read_timeout 1m;"),
    ("location", "uwsgi_pass unix:///x.sock; uwsgi_param A $remote_addr;"),
    ("location", "uwsgi_pass uwsgi://127.0.0.1:3031;"),
    ("location", "proxy_pass http://$host; proxy_read_timeout 300;"),
    ("location", "proxy_pass http://unix:/p.sock:/x;"),
    ("location", "alias /srv/x/; expires 30d; access_log off;"),
    ("location", "if (!-f $request_filename) { proxy_pass http://127.0.0.1:1; break; }"),
    ("location", "proxy_redirect http://c http://d; proxy_redirect http://a http://b;"),
    ("location", "proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection \"upgrade\";"),
    ("location", "proxy_pass http://127.0.0.1:1;}\n location /}x { return 200;"),
    ("location", "proxy_connect_timeout '1m 30s'; client_max_body_size 10M;"),
    ("http", "upstream u { server 127.0.0.1:1 weight=2 max_fails=0 fail_timeout=0; server 127.0.0.1:2 backup; } server { listen 127.0.0.1:18099 backlog=9 rcvbuf=8k so_keepalive=on; }"),
    ("http", "server { listen 127.0.0.1:18097-18099; } geo $a { ranges; default 0; } map $uri $b { volatile; ~x 1; ~x 2; \\default 3; }"),
    ("server", "location ~ ${x{ return 204; }"),
    ("server", "proxy_set_header X ${scheme}\"; proxy_set_header Y $http_a;"),
    ("server", "proxy_set_header ${x a; if ($http_coo$kie) { return 204; }"),
    ("http", "proxy_set_header X $hostt; server { listen 127.0.0.1:18099; proxy_set_header Y $host; }"),
    ("server", "set $args a; set $limit_rate 1k; error_page 404 = @x; error_page 500 502 =200 /x; allow ::1; allow 10.0.0.0/8; deny all;"),
    ("server", "return 301 https://a; location ~ ^/a/ { location ~ b { return 204; } }"),
    ("location", "if ( $host = a ) { return 204; } if ($uri) { return 204; } if (!-e $request_filename) { return 204; } if ($uri !~* a) { return 204; }"),
    ("location", "proxy_pass HTTP://127.0.0.1:1?x; add_header X y always; proxy_set_header X ${host}a$1; limit_except get { deny all; }"),
]  # fmt: skip

BAD = [
    ("http", "server { listen 127.0.0.1:18099; ", 'unexpected end of file, expecting "}"'),
    ("http", "server { listen 127.0.0.1:18099; } }", 'unexpected "}"'),
    ("http", "server { listen 127.0.0.1:18099 }", 'unexpected "}"'),
    ("http", "server { listen 127.0.0.1:18099; };", 'unexpected ";"'),
    ("http", "upstream u { }", "no servers are inside upstream"),
    ("http", "upstream u { server 127.0.0.1:1; } upstream u { server 127.0.0.1:2; }", 'duplicate upstream "u"'),
    ("http", "upstream u { server 127.0.0.1:1 wieght=3; }", 'invalid parameter "wieght=3"'),
    ("http", "upstream u { server http://127.0.0.1:1; }", "invalid host in upstream"),
    ("http", "upstream u { server /run/x.sock; }", "invalid host in upstream"),
    ("http", "upstream u { server 127.0.0.1:1; } server { location / { proxy_pass http://u:80; } }", 'upstream "u" may not have port 80'),
    ("http", "server { listen 127.0.0.1:18099 default_server; } server { listen 127.0.0.1:18099 default_server; }", "a duplicate default server for 127.0.0.1:18099"),
    ("http", "server { listen 99999; }", 'invalid port in "99999" of the "listen" directive'),
    ("http", "server { listen 127.0.0.1:0; }", 'invalid port in "127.0.0.1:0" of the "listen" directive'),
    ("http", "server { listen 127.0.0.1:18099 sssl; }", 'invalid parameter "sssl"'),
    ("http", "server { listen 127.0.0.1:18099; listen 127.0.0.1:18099; }", "a duplicate listen 127.0.0.1:18099"),
    ("http", "server { listen 127.0.0.1:18099;\n lisen 80; }", 'unknown directive "lisen"'),
    ("http", "Server { listen 127.0.0.1:18099; }", 'unknown directive "Server"'),
    ("http", "server { listen 127.0.0.1:18099; } location / { return 204; }", '"location" directive is not allowed here'),
    ("http", "server { listen 127.0.0.1:18099; } proxy_pass http://127.0.0.1:1;", '"proxy_pass" directive is not allowed here'),
    ("http", "server { listen 127.0.0.1:18099; } user www-data;", '"user" directive is not allowed here'),
    ("http", "limit_req_zone $binary_remote_addr;", "invalid number of arguments"),
    ("server", "location / { return 204; } location / { return 205; }", 'duplicate location "/"'),
    ("server", "location ^~ /a { return 204; } location /a { return 205; }", 'duplicate location "/a"'),
    ("server", "location ~~ /x { return 204; }", 'invalid location modifier "~~"'),
    ("server", "location /a { location /b { return 204; } }", 'location "/b" is outside location "/a"'),
    ("server", "location ~ ^/a { proxy_pass http://127.0.0.1:1/; }", '"proxy_pass" cannot have URI part'),
    ("server", "location @a { proxy_pass http://127.0.0.1:1/x; }", '"proxy_pass" cannot have URI part'),
    ("server", "location ~ ^/a{2}$ { return 204; }", "unknown directive"),
    ("server", "server_name a.com\n listen 18099;\n proxy_pass http://127.0.0.1:1;", '"proxy_pass" directive is not allowed here'),
    ("server", "root /a; root /b;", '"root" directive is duplicate'),
    ("server", "root /a b;", 'invalid number of arguments in "root" directive'),
    ("server", "listen 80\n location / { return 204; }", 'directive "listen" is not terminated by ";"'),
    ("server", "location / return 204;", 'directive "location" has no opening "{"'),
    ("server", "alias /x;", '"alias" directive is not allowed here'),
    ("server", "sendfile 100%d;", 'invalid value "100%d" in "sendfile" directive'),
    ("server", "sendfile yes;", 'invalid value "yes" in "sendfile" directive, it must be "on" or "off"'),
    ("server", "server_name \"a.com;", 'unexpected end of file, expecting ";" or "}"'),
    ("server", "server_name \"a\"b;", 'unexpected "b"'),
    ("server", "proxy_read_timeout 60sec;", '"proxy_read_timeout" directive invalid value'),
    ("server", "client_max_body_size ten;", '"client_max_body_size" directive invalid value'),
    ("server", "client_max_body_size 10 M;", "invalid number of arguments"),
    ("server", "add_header X $hostt;", 'unknown "hostt" variable'),
    ("server", "server { listen 1; }", '"server" directive is not allowed here'),
    ("location", "proxy_pass 127.0.0.1:1;", "invalid URL prefix"),
    ("location", "proxy_pass unix:/x;", "invalid URL prefix"),
    ("location", "proxy_pass http://127.0.0.1:1\n proxy_set_header Host $host;", 'invalid number of arguments in "proxy_pass" directive'),
    ("location", "proxy_pass http://127.0.0.1:1; and then\n proxy_set_header Host $host;", 'unknown directive "and"'),
    ("location", "proxy_set_headers Host $host;", 'unknown directive "proxy_set_headers"'),
    ("location", "proxy_set_header Host $scheme$remote_adr;", 'unknown "remote_adr" variable'),
    ("location", "proxy_set_header Host;", 'invalid number of arguments in "proxy_set_header" directive'),
    ("location", "if ($host) { proxy_pass http://127.0.0.1:1/x; }", '"proxy_pass" cannot have URI part'),
    ("location", "alias /a; alias /b;", '"alias" directive is duplicate'),
    ("location", "alias /a; root /b;", '"root" directive is duplicate, "alias" directive was specified earlier'),
    ("location", "try_files $uri;", 'invalid number of arguments in "try_files" directive'),
    ("location", "proxy_pass http://127.0.0.1:1; proxy_pass http://127.0.0.1:2;", '"proxy_pass" directive is duplicate'),
    ("location", "client_max_body_size 1m; client_max_body_size 2m;", '"client_max_body_size" directive is duplicate'),
    ("location", "// proxy_pass http://127.0.0.1:1;", 'unknown directive "//"'),
    ("location", "expires", "unexpected"),
    ("http", "upstream u { server 127.0.0.1:1 weight=0; }", 'invalid parameter "weight=0"'),
    ("http", "upstream u { server 127.0.0.1:99999; }", 'invalid port in upstream "127.0.0.1:99999"'),
    ("http", "upstream u { server 127.0.0.1:1/app; }", 'invalid host in upstream "127.0.0.1:1/app"'),
    ("http", "upstream u { server unix:; }", 'no path in the unix domain socket in upstream "unix:"'),
    ("http", "upstream u { server 127.0.0.1:1 backup; }", 'no servers in upstream "u"'),
    ("http", "upstream u { server 127.0.0.1:1; keepalive many; }", 'invalid value "many" in "keepalive" directive'),
    ("http", "server { listen :8080; }", 'no host in ":8080" of the "listen" directive'),
    ("http", "server { listen http://localhost; }", 'invalid host in "http://localhost" of the "listen" directive'),
    ("http", "server { listen 127.0.0.1:18099 backlog=x; }", 'invalid backlog "backlog=x"'),
    ("http", "server { listen 127.0.0.1:18099 reuseport; } server { listen 127.0.0.1:18099 reuseport; }", "duplicate listen options for 127.0.0.1:18099"),
    ("http", "map $uri $a { default 1; default 2; }", "duplicate default map parameter"),
    ("http", "map $uri $a { x 1; X 2; }", 'conflicting parameter "x"'),
    ("http", "map $uri $a { x 1 2; }", "invalid number of the map parameters"),
    ("http", "map $uri a { x 1; }", 'invalid variable name "a"'),
    ("http", "map $uri $a { x 1 { } }", 'unexpected "{"'),
    ("server", "if ($host == a) { return 204; }", 'unexpected "==" in condition'),
    ("server", "if $host = a { return 204; }", 'invalid condition "$host"'),
    ("server", "if (-f) { return 204; }", 'invalid condition "-f"'),
    ("server", "return abc;", 'invalid return code "abc"'),
    ("server", "return /login;", 'invalid return code "/login"'),
    ("server", "rewrite ^/a /b lats;", 'invalid parameter "lats"'),
    ("server", "rewrite *.php /b;", "quantifier does not follow a repeatable item"),
    ("server", "location ~* *.php { return 204; }", "quantifier does not follow a repeatable item"),
    ("server", "set x 1;", 'invalid variable name "x"'),
    ("server", "set $host x;", 'the duplicate "host" variable'),
    ("server", "error_page 200 /x;", 'value "200" must be between 300 and 599'),
    ("server", "error_page all /x;", 'invalid value "all"'),
    ("server", "deny everyone;", 'invalid parameter "everyone"'),
    ("server", "allow 10.0.0.0/33;", 'invalid parameter "10.0.0.0/33"'),
    ("server", "add_header X y z;", 'invalid parameter "z"'),
    ("server", "add_header X 5$;", "invalid variable name"),
    ("http", "map $$uri $a { x 1; }", "invalid variable name"),
    ("http", "proxy_set_header X $hostt; server { listen 127.0.0.1:18099; } server { listen 127.0.0.1:18098; proxy_set_header Y $host; }", 'unknown "hostt" variable'),
    ("server", "proxy_redirect off; proxy_redirect off;", '"proxy_redirect" directive is duplicate'),
    ("server", "add_header X ${host;", 'the closing bracket in "host" variable is missing'),
    ("server", "gzip_vary on; gzip_vary on;", '"gzip_vary" directive is duplicate'),
    ("server", "types_hash_max_size 1k;", '"types_hash_max_size" directive invalid number'),
    ("server", "proxy_buffer_size 8kb;", '"proxy_buffer_size" directive invalid value'),
    ("server", "location @a { alias /x; }", 'the "alias" directive cannot be used inside the named location'),
    ("server", "location = /a { location /a/b { return 204; } }", 'location "/a/b" cannot be inside the exact location "/a"'),
    ("server", "location @a { location /b { return 204; } }", 'location "/b" cannot be inside the named location "@a"'),
    ("server", "location /a { location @b { return 204; } }", 'named location "@b" can be on the server level only'),
    ("server", "location ~ ^/a { location /a/b { return 204; } }", 'location "/a/b" is outside location "^/a"'),
    ("server", "include proxy_params on;", 'invalid number of arguments in "include" directive'),
    ("location", "proxy_pass http://127.0.0.1:99999;", 'invalid port in upstream "127.0.0.1:99999"'),
    ("location", "proxy_pass http:///run/x.sock;", 'no host in upstream "/run/x.sock"'),
    ("location", "proxy_pass http://[::1;", 'invalid host in upstream "[::1"'),
    ("location", "proxy_http_version 1.2;", 'invalid value "1.2"'),
    ("location", "uwsgi_pass http://127.0.0.1:1;", 'invalid host in upstream "http://127.0.0.1:1"'),
    ("location", "limit_except FETCH { deny all; }", 'invalid method "FETCH"'),
]  # fmt: skip


def _judge(folder: Path, inner: str) -> str:
    """What `nginx -t` says of a configuration with `inner` at http level; "" where it accepts it."""
    main = folder / "nginx.conf"
    head = f"pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
    (folder / "site").write_text(inner)
    main.write_text(head + f"http {{ access_log off; include {folder}/site; }}\n")
    ran = subprocess.run(
        [NGINX, "-t", "-q", "-p", str(folder), "-c", str(main)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return ran.stderr if ran.returncode else ""


def _problems(folder: Path, text: str) -> tuple[Problem, ...]:
    (folder / "site").write_text(text)
    tree = Tree(str(folder), ["site"])
    source = tree.read("site")
    assert source is not None
    return tuple(problem for config in nginx.read([source], tree) for problem in config.problems)


@needs(NGINX)
@pytest.mark.parametrize(("context", "snippet"), GOOD)
def test_accepts_what_nginx_accepts(tmp_path: Path, context: str, snippet: str) -> None:
    text = WRAPPED[context].format(snippet)
    assert _judge(tmp_path, text) == ""
    assert _problems(tmp_path, text) == ()


@needs(NGINX)
@pytest.mark.parametrize(("context", "snippet", "message"), BAD)
def test_refuses_what_nginx_refuses_in_its_words(tmp_path: Path, context: str, snippet: str, message: str) -> None:
    text = WRAPPED[context].format(snippet)
    said = _judge(tmp_path, text)
    assert message in said
    problems = _problems(tmp_path, text)
    assert [problem for problem in problems if message in problem.message], problems


@pytest.mark.parametrize(
    "snippet",
    [
        "server_name a.com\n root /srv/x;",
        "index index.html\n try_files $uri =404;",
        "server_name a\n include x;",
    ],
)
def test_a_missing_semicolon_that_nginx_takes(tmp_path: Path, snippet: str) -> None:
    text = WRAPPED["server"].format(snippet)
    assert _judge(tmp_path, text) == ""
    (problem,) = _problems(tmp_path, text)
    assert problem.kind == "swallowed-directive"
    assert "\n" not in problem.at.text


@needs(NGINX)
def test_a_byte_order_mark_is_part_of_the_first_name(tmp_path: Path) -> None:
    text = "\ufeff" + WRAPPED["server"].format("root /srv;")
    message = 'unknown directive "\ufeffserver"'
    assert message in _judge(tmp_path, text)
    (problem,) = _problems(tmp_path, text)
    assert (problem.message, problem.at.text) == (message, "server")


@needs(NGINX)
def test_a_whole_configuration_tells_every_unknown_variable(tmp_path: Path) -> None:
    text = WRAPPED["server"].format("add_header X $connection_upgrade;")
    message = 'unknown "connection_upgrade" variable'
    assert message in _judge(tmp_path, text)
    assert _problems(tmp_path, text) == ()  # nginx.conf may have the map
    (tmp_path / "nginx.conf").write_text("events {}\nhttp { include site; }\n")
    tree = Tree(str(tmp_path), ["site", "nginx.conf"])
    (config,) = nginx.read([source for name in ("site", "nginx.conf") if (source := tree.read(name))], tree)
    assert [problem.message for problem in config.problems] == [message]
