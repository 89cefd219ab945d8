"""Seeded generators: plausible nginx sites, and the slips that people make in them."""

from collections.abc import Iterator
from random import Random


class Line:
    """A directive: its words as written, and its block."""

    def __init__(self, *words: str, block: "list[Line] | None" = None) -> None:
        self.words = list(words)
        self.block = block

    def copy(self) -> "Line":
        return Line(*self.words, block=None if self.block is None else [line.copy() for line in self.block])


def every(lines: list[Line]) -> Iterator[tuple[list[Line], Line]]:
    """Every directive with the block that it stands in."""
    for line in lines:
        yield lines, line
        if line.block is not None:
            yield from every(line.block)


# ------------------------------------------------------------------------------------------ writing


def write(lines: list[Line], random: Random, depth: int = 0) -> str:
    """Write directives in one of the ways people lay them out."""
    text = ""
    for line in lines:
        indent = random.choice(["    ", "    ", "    ", "\t", "  "]) * depth
        blank = random.choices([" ", "  ", "\t", "\n" + indent + "    "], [60, 4, 2, 1])[0]
        words = blank.join(line.words)
        note = random.choices(["", "  # it's a note; {not} a directive", " #", " # was C:\\"], [20, 1, 1, 1])[0]
        if line.block is None:
            text += f"{indent}{words}{random.choices(['', ' '], [30, 1])[0]};{note}\n"
        else:
            space = random.choices([" ", "", "\n" + indent], [12, 1, 1])[0]
            text += f"{indent}{words}{space}{{{note}\n{write(line.block, random, depth + 1)}{indent}}}\n"
        if random.random() < 0.05:
            text += random.choice(["\n", indent + '# proxy_pass "http://old\n', indent + "#}\n", indent + "# a \\\n"])
    return text


# --------------------------------------------------------------------------------------- the sites

NAMES = ["shop.test", "www.shop.test", "*.shop.test", "api.shop.test", "_", "localhost", ".shop.test", r"~^www\d+\.shop\.test$",
         r'"~^(?<sub>.+)\.shop\.test$"', '""', "shop.*"]  # fmt: skip
PREFIXES = [
    "/",
    "/static/",
    "/static",
    "/api/",
    "/api",
    "/media/",
    "/ws",
    "/favicon.ico",
    "/app/",
    "/a%20b",
    '"/with blank/"',
    "/é/",
]
REGEXES = [
    r"\.(css|js|png)$",
    "^/api/",
    r"^/(?<part>[a-z]+)/",
    r"/\.",
    '"^/x{2}/"',
    r"\.php$",
    "^/s/(.*)$",
    "'^/[0-9]{4};'",
]
HEADERS = [
    "Host",
    "X-Real-IP",
    "X-Forwarded-For",
    "X-Forwarded-Proto",
    "X-Forwarded-Host",
    "Upgrade",
    "Connection",
    "X-Request-ID",
]
VALUES = ["$host", "$http_host", "$remote_addr", "$proxy_add_x_forwarded_for", "$scheme", "$server_name", '"upgrade"', "''", "$http_upgrade",
          "$host:$server_port", '"${scheme}"', "https", "$request_id", "$upstream_http_x_y", "'a \"b\" c'", '"a;b{c}"', "$arg_x", "$cookie_s",
          "$connection_upgrade", "$ssl_client_cert", "$proxy_protocol_addr", "$http_x_forwarded_proto", "$realip_remote_addr", "$msec"]  # fmt: skip
TARGETS = ["http://127.0.0.1:8000", "http://127.0.0.1:8000/", "http://app", "http://app/", "http://unix:/run/shop.sock",
           "http://unix:/run/shop.sock:/", "http://localhost:5000", "http://127.0.0.1", "https://127.0.0.1:8443", "http://[::1]:8000",
           "http://$backend", "http://127.0.0.1:8000$request_uri", "HTTP://127.0.0.1:8000", "http://app/x", '"http://127.0.0.1:8000"',
           "http://unix:///run/shop.sock", "http://127.0.0.1:8000/?a=b", "http://127.0.0.1?x"]  # fmt: skip
LISTENS = [
    "8080",
    "127.0.0.1:8081",
    "[::1]:8082",
    "*:8083",
    "8084",
    "localhost:8085",
    "unix:site.sock",
    "127.0.0.1:8086",
    "[::]:8087",
]
FLAGS = ["", "", "", "", "default_server", "default_server", "http2", "reuseport", "backlog=128", "deferred", "bind", "proxy_protocol",
         "so_keepalive=on", "ipv6only=on", "rcvbuf=64k", "ssl"]  # fmt: skip
TIMES = ["30s", "60", "1m", "2m", "'1m 30s'", "500ms", "1h", "90"]
SIZES = ["0", "1m", "20M", "10k", "512K", "100", "1g"]
# What may stand on each level, beside what is made below.
SERVER = ["root /srv/shop", "index index.html index.htm", "client_max_body_size {size}", "access_log off", "error_log error.log warn",
          "charset utf-8", "gzip on", "gzip_types text/css application/json", "server_tokens off", "keepalive_timeout 65",
          "keepalive_timeout 65 60", "error_page 502 /502.html", "error_page 404 = @fallback", "error_page 500 502 503 504 /50x.html",
          "return 301 https://$host$request_uri", "rewrite ^/old/(.*)$ /new/$1 permanent", "set $backend 127.0.0.1:9000",
          "ssl_protocols TLSv1.2 TLSv1.3", "add_header X-Frame-Options DENY", "add_header Strict-Transport-Security \"max-age=1\" always",
          "include snippets/headers.conf", "proxy_read_timeout {time}", "proxy_connect_timeout {time}", "proxy_http_version 1.1",
          "proxy_buffering off", "proxy_buffer_size 8k", "proxy_buffers 8 16k", "sendfile on", "autoindex off", "expires 30d",
          "proxy_redirect off", "send_timeout {time}", "underscores_in_headers on", "large_client_header_buffers 4 16k", "resolver 127.0.0.1",
          "try_files $uri $uri/ =404", "auth_basic 'Shop'", "auth_basic_user_file htpasswd", "allow 127.0.0.1", "deny all",
          "limit_rate 10k", "satisfy any", "etag on", "if_modified_since exact", "tcp_nodelay on", "client_body_timeout {time}",
          "real_ip_header X-Forwarded-For", "set_real_ip_from 127.0.0.1", "proxy_intercept_errors on", "default_type text/plain",
          "proxy_next_upstream error timeout", "proxy_pass_header Server", "proxy_hide_header X-Powered-By", "ssl_session_timeout 1d",
          "proxy_cookie_path / /app/", "open_file_cache max=100 inactive=20s", "log_not_found off", "gzip_vary on", "gzip_comp_level 6",
          "gzip_min_length 1k", "ssl_session_cache shared:SSL:1m", "reset_timedout_connection on", "merge_slashes off"]  # fmt: skip
LOCATION = ["alias /srv/shop/static/", "root /srv/shop", "try_files $uri =404", "try_files $uri @fallback", "try_files $uri $uri/ /index.html",
            "expires 30d", "expires max", "access_log off", "add_header Cache-Control public", "client_max_body_size {size}",
            "proxy_read_timeout {time}", "proxy_send_timeout {time}", "proxy_connect_timeout {time}", "proxy_http_version 1.1",
            "proxy_buffering off", "proxy_redirect off", "proxy_redirect http:// https://", "return 204", "return 200 'ok'", "return 302 /login",
            "include snippets/headers.conf", "include snippets/*.inc", "internal", "deny all", "allow all", "rewrite ^/a/(.*)$ /b/$1 break",
            "proxy_cache_bypass $http_upgrade", "proxy_request_buffering off", "autoindex on", "auth_request /auth", "gzip_static on",
            "limit_except GET", "proxy_intercept_errors on", "set $x 1", "break", "stub_status", "empty_gif", "uwsgi_param A $remote_addr",
            "proxy_cache off", "proxy_ssl_verify off", "mirror /m", "proxy_bind 127.0.0.1", "proxy_max_temp_file_size 0", "etag off",
            "types_hash_max_size 2048", "sub_filter a b", "index index.html", "error_page 404 /404.html"]  # fmt: skip
HTTP = ["client_max_body_size {size}", "sendfile on", "keepalive_timeout 65", "server_tokens off", "gzip on", "types_hash_max_size 2048",
        "server_names_hash_bucket_size 128", "proxy_read_timeout {time}", "default_type application/octet-stream",
        "log_format main '$remote_addr - $remote_user [$time_local] \"$request\" $status'", "limit_req_zone $binary_remote_addr zone=one:1m rate=10r/s",
        "proxy_http_version 1.1", "tcp_nopush on", "limit_conn_zone $binary_remote_addr zone=addr:1m", "variables_hash_max_size 2048",
        "proxy_headers_hash_max_size 1024", "client_header_timeout {time}", "ssl_prefer_server_ciphers on", "include snippets/headers.conf"]  # fmt: skip
PASSES = ["uwsgi_pass unix:/run/shop.sock", "uwsgi_pass 127.0.0.1:3031", "uwsgi_pass app", "fastcgi_pass unix:/run/php.sock", "grpc_pass grpc://127.0.0.1:1",
          "scgi_pass 127.0.0.1:4000", "uwsgi_pass uwsgi://127.0.0.1:3031", "uwsgi_pass $backend", "fastcgi_pass 127.0.0.1:9000"]  # fmt: skip
CONDITIONS = ["$request_method = POST", "$host != shop.test", "!-f $request_filename", "$http_user_agent ~* bot", "$arg_x", "$scheme = http",
              '$uri ~ "^/x"', "-d $request_filename", "$http_cookie !~* a"]  # fmt: skip


class Sites:
    """One generator per seed; `site` is a whole site file, as directives of the `http` level."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def site(self) -> list[Line]:
        random = self.random
        lines: list[Line] = []
        if random.random() < 0.75:
            lines.append(self.upstream("app"))
        if random.random() < 0.15:
            lines.append(self.upstream("App2"))
        if random.random() < 0.6:
            lines.append(Line("map", "$http_upgrade", "$connection_upgrade",
                              block=[Line("default", "upgrade"), Line("''", "close")]))  # fmt: skip
        if random.random() < 0.1:
            lines.append(Line("geo", "$inside", block=[Line("default", "0"), Line("127.0.0.0/8", "1")]))
        lines += self.some(HTTP, 0, 3)
        lines += self.headers(0.15)
        lines += [self.server(number) for number in range(random.choice([1, 1, 1, 2, 2, 3]))]
        random.shuffle(lines)
        return lines

    def some(self, of: list[str], least: int, most: int) -> list[Line]:
        """A few directives, no two of one name, with their times and sizes filled in."""
        random = self.random
        picked: dict[str, Line] = {}
        for text in random.sample(of, random.randint(least, most)):
            words = self.filled(text)
            picked.setdefault(
                words[0], Line(*words, block=[Line("deny", "all")] if words[0] == "limit_except" else None)
            )
        return list(picked.values())

    def filled(self, text: str) -> list[str]:
        size, time = self.random.choice(SIZES), self.random.choice(TIMES)
        if text.startswith("log_format"):
            return text.split(" ", 2)
        return [word.replace("{size}", size).replace("{time}", time) for word in text.split()]

    def headers(self, chance: float) -> list[Line]:
        random = self.random
        if random.random() >= chance:
            return []
        return [
            Line("proxy_set_header", name, random.choice(VALUES))
            for name in random.sample(HEADERS, random.randint(1, 4))
        ]

    def upstream(self, name: str) -> Line:
        random = self.random
        members = ["127.0.0.1:8000", "127.0.0.1:8001 weight=2", "unix:/run/shop.sock", "[::1]:8000 max_fails=1 fail_timeout=5s", "127.0.0.1",
                   "127.0.0.1:8002 down", "unix:/run/b.sock fail_timeout=0", "127.0.0.1:8003 max_conns=5"]  # fmt: skip
        block = [Line("server", *each.split()) for each in random.sample(members, random.randint(1, 3))]
        if random.random() < 0.3:
            block.insert(
                0, Line(random.choice(["least_conn", "ip_hash", f"zone app{random.randint(0, 9)} 64k", "random"]))
            )
            block[0] = Line(*block[0].words[0].split())
        elif random.random() < 0.3:
            block.append(Line("server", "127.0.0.1:8009", "backup"))
        if random.random() < 0.3:
            block.append(Line("keepalive", "16"))
        return Line("upstream", name, block=block)

    def server(self, number: int) -> Line:
        random = self.random
        block: list[Line] = []
        for address in random.sample(LISTENS, random.choice([0, 1, 1, 1, 2])):
            flag = random.choice(FLAGS)
            if (flag in ("deferred", "reuseport", "so_keepalive=on") and address.startswith("unix")) or (
                flag.startswith("ipv6") and "::" not in address
            ):
                flag = ""
            block.append(Line("listen", address, *([flag] if flag else [])))
        if random.random() < 0.9:
            block.append(Line("server_name", *random.sample(NAMES, random.choice([1, 1, 2, 3]))))
        block += self.some(SERVER, 0, 6) + self.headers(0.2)
        if random.random() < 0.15:
            block.append(self.condition())
        names: set[str] = set()
        for _ in range(random.randint(1, 4)):
            location = self.location()
            if " ".join(location.words) not in names:
                names.add(" ".join(location.words))
                block.append(location)
        if random.random() < 0.5 and "location @fallback" not in names:
            block.append(
                Line("location", "@fallback", block=[Line("proxy_pass", "http://127.0.0.1:8000"), *self.headers(0.3)])
            )
        if random.random() < 0.2:
            random.shuffle(block)
        return Line("server", block=block)

    def condition(self) -> Line:
        inner = [
            "return 403",
            "set $x 1",
            "rewrite ^ /x last",
            "return 301 https://$host$request_uri",
            "break",
            "return 444",
        ]
        test = self.random.choice(CONDITIONS).split()
        test[0] = "(" + test[0]
        test[-1] += ")"
        return Line("if", *test, block=[Line(*self.random.choice(inner).split())])

    def location(self, outer: str = "") -> Line:
        random = self.random
        modifier = random.choice(["", "", "", "", "=", "^~", "~", "~*", "@"])
        if modifier in ("~", "~*"):
            words = [modifier, random.choice(REGEXES)]
        elif modifier == "@":
            words = ["@" + random.choice(["app", "proxy", "flask"])]
            if outer:
                words = [outer + "x/"]
        else:
            pattern = outer + random.choice(["x/", "img/", "y"]) if outer else random.choice(PREFIXES)
            words = [modifier, pattern] if modifier else [pattern]
            if modifier and '"' not in pattern and random.random() < 0.1:
                words = [modifier + pattern]
        plain = words[0] not in ("~", "~*") and not words[0].startswith("@")
        block = self.content(plain)
        if plain and '"' not in words[-1] and len(words) == 1 and random.random() < 0.12 and not outer:
            block.append(self.location(words[-1]))
        return Line("location", *words, block=block)

    def content(self, plain: bool) -> list[Line]:
        random = self.random
        lines = self.some(LOCATION, 0, 4)
        named = {line.words[0] for line in lines}
        if not plain:
            lines = [line for line in lines if line.words[0] not in ("stub_status",)]
        if {"alias", "root"} <= named:
            lines = [line for line in lines if line.words[0] != "root"]
        kind = random.random()
        if kind < 0.55:
            targets = (
                TARGETS
                if plain
                else [each for each in TARGETS if (each.count("/") == 2 and "?" not in each) or "$" in each]
            )
            lines.insert(random.randint(0, len(lines)), Line("proxy_pass", random.choice(targets)))
            lines += self.headers(0.6)
        elif kind < 0.65:
            lines += [Line("include", "uwsgi_params"), Line(*random.choice(PASSES).split())]
        elif kind < 0.75:
            lines.append(self.condition())
            if random.random() < 0.4 and lines[-1].block is not None:
                lines[-1].block.append(
                    Line("proxy_pass", random.choice(["http://127.0.0.1:8000", "http://app", "http://app/x"]))
                )
        elif kind < 0.8:
            lines.append(Line("include", "proxy_params"))
        return lines
