"""Seeded generator of nginx configurations whose every effect can be seen from outside.

Each location carries a header `X-Place` with its number, each `proxy_set_header` a value of its own
that says where it was written, each file its own path as content.
"""

from pathlib import Path
from random import Random
from typing import NamedTuple

FILES = [
    "www/index.html", "www/a.css", "www/x", "www/static/a.css", "www/static/img/b.png", "www/static/index.html", "www/media/m.txt", "www/api/a.css",
    "www/apix", "www/s/7/a.css", "assets/a.css", "assets/x", "assets/img/b.png", "assets/index.html", "assetsa.css", "assets/static/a.css",
    "assets2/x", "secret.txt", "favicon.ico", "www/favicon.ico", "www/a b.txt", "assets/a b.txt", "html/index.html",
]  # fmt: skip
PATTERNS = [
    "/",
    "/static/",
    "/static",
    "/api/",
    "/api",
    "/media/",
    "/s/",
    "/app/",
    "/static/img/",
    "/x",
    "/favicon.ico",
]
REGEXES = [r"\.css$", r"^/api/", r"\.(png|txt)$", r"^/s/(\d)/", r"/img/", r"^/x", '"^/[a-z]{2,3}/"']
TAILS = ["", "", "x", "a.css", "img/b.png", "img/", "index.html", "../secret.txt", "..%2fsecret.txt", "a%20b.txt", "./a.css", "/a.css", "%61.css",
         "?q=1", "a.css?v=%20", "2/x", "m.txt", "x/../a.css", "7/a.css", "nothing/here", "%C3%A9?a=b&c", "x%2Fy", "a+b", "..", "%25x"]  # fmt: skip
HEADER_NAMES = [
    "Host",
    "X-Real-IP",
    "X-Forwarded-For",
    "X-Forwarded-Proto",
    "X-Forwarded-Host",
    "Upgrade",
    "Connection",
    "X-Own",
    "x-own",
    "X-Client",
]
VARIABLES = [
    "",
    "",
    "",
    "$host",
    "$http_host",
    "$remote_addr",
    "$proxy_add_x_forwarded_for",
    "$scheme",
    "$request_uri",
    "${scheme}",
    "$arg_q",
    "$server_port",
]


class Batch(NamedTuple):
    """One nginx: its files by path relative to its folder, and the hosts of its servers."""

    files: dict[str, str]
    hosts: list[str]


class Scenes:
    def __init__(self, random: Random, folder: Path, port: int, echoes: list[str]) -> None:
        self.random = random
        self.folder = folder
        self.port = port
        self.echoes = echoes
        self.files: dict[str, str] = {}
        self.count = 0
        self.upstreams: list[str] = []

    def batch(self, servers: int) -> Batch:
        random = self.random
        text = "".join(self.upstream(name) for name in ("app", "Pool", "one.two"))
        text += self.headers("http", 0.5) + self.maybe(
            0.3, f"client_max_body_size {random.choice(['100', '1k', '0'])};\n"
        )
        hosts = [f"s{number}.test" for number in range(servers)]
        default = random.randrange(servers * 2)
        blocks = [self.server(number, number == default) for number in range(servers)]
        cut = random.randint(0, servers)
        main = "include sites/*.conf;\n" if cut < servers else ""
        for number, block in enumerate(blocks[cut:]):
            self.files[f"sites/{number:02}.conf"] = block
        parts = [text, main, *blocks[:cut]]
        random.shuffle(parts)
        self.files["nginx.conf"] = "".join(parts)
        return Batch(self.files, hosts)

    def maybe(self, chance: float, text: str) -> str:
        return text if self.random.random() < chance else ""

    def upstream(self, name: str) -> str:
        members = self.random.sample(self.echoes, self.random.randint(1, 3))
        self.upstreams.append(name)
        weight = self.random.choice(["", " weight=2", " max_fails=0"])
        return f"upstream {name} {{\n" + "".join(f"    server {each}{weight};\n" for each in members) + "}\n"

    # ----------------------------------------------------------------------------------- headers

    def headers(self, level: str, chance: float) -> str:
        """A few `proxy_set_header`, some of them from a file of their own."""
        random = self.random
        if random.random() >= chance:
            return ""
        lines = self.lines(level, "")
        if random.random() < 0.3:
            self.count += 1
            name = f"snippets/{self.count}.conf"
            self.files[name] = self.lines(level, name)
            include = f"include {name};\n" if random.random() < 0.7 else f"include {name[:-1]}[f];\n"
            lines = random.choice([include, include + lines, lines + include])
        return lines

    def lines(self, level: str, name: str) -> str:
        random = self.random
        text = ""
        for header in random.sample(HEADER_NAMES, random.randint(1, 4)):
            self.count += 1
            value = f"{level}|{name}|{self.count}|{random.choice(VARIABLES)}"
            value = random.choices(
                [value, f'"{value}"', f"'{value} b'", '""', f'"{value} \\" \'q\'"', "$http_upgrade"], [8, 3, 1, 1, 1, 1]
            )[0]
            text += f"proxy_set_header {header} {value};\n"
        return text

    # ----------------------------------------------------------------------------------- servers

    def server(self, number: int, default: bool) -> str:
        random = self.random
        own = [f"s{number}.test"]
        own += random.choice(
            [
                [],
                [],
                [],
                [f"*.s{number}.test"],
                [".both.test"],
                [f"www.s{number}.*"],
                [r"~^re\d\.test$"],
                ["www.both.test", "_"],
            ]
        )
        listen = random.choice(
            [f"127.0.0.1:{self.port}", f"{self.port}", f"*:{self.port}", f"localhost:{self.port}"][
                : 1 if default else 3
            ]
        )
        text = f"server {{\nlisten {listen}{' default_server' if default else ''};\nserver_name {' '.join(own)};\n"
        text += f'add_header X-Place "{number}.server" always;\n'
        parts = [self.headers("server", 0.4), self.maybe(0.8, f"root {self.path('www')};\n"), self.maybe(0.2, f"client_max_body_size {random.choice(['10', '200', '0'])};\n"),
                 self.maybe(0.04, "return 403;\n"), f"set $backend {random.choice(self.echoes[:3])};\n"]  # fmt: skip
        if random.random() < 0.5:
            parts.append(f'location @app {{\nadd_header X-Place "{number}.@app" always;\n{self.passes(False)}}}\n')
        seen: set[str] = set()
        if random.random() < 0.5:
            seen.add("/")
            parts.append(f'location / {{\nadd_header X-Place "{number}./" always;\n{self.passes(True)}}}\n')
        for _ in range(random.randint(1, 6)):
            parts.append(self.location(number, seen))
        random.shuffle(parts)
        return text + "".join(parts) + "}\n"

    def path(self, name: str) -> str:
        return self.random.choice([f"{self.folder}/files/{name}", f"files/{name}"])

    def location(self, number: int, seen: set[str], outer: str = "") -> str:
        random = self.random
        modifier = random.choice(["", "", "^~", "~", "~*"] if outer else ["", "", "", "", "=", "^~", "~", "~*"])
        if modifier in ("~", "~*"):
            head = f"{modifier} {random.choice(REGEXES)}"
        else:
            pattern = outer + random.choice(["img/", "a", "x/"]) if outer else random.choice(PATTERNS)
            head = random.choice([f"{modifier} {pattern}", modifier + pattern]) if modifier else pattern
            if (key := ("" if modifier == "^~" else modifier) + pattern) in seen:
                return ""
            seen.add(key)
        self.count += 1
        text = f'location {head} {{\nadd_header X-Place "{number}.{self.count}" always;\n'
        plain = modifier not in ("~", "~*")
        text += self.content(head, plain)
        if plain and modifier != "=" and not outer:
            pattern = head.removeprefix("^~").strip()
            for _ in range(random.choice([0, 0, 1, 2]) if pattern.endswith("/") else 0):
                text += self.location(number, seen, pattern)
        return text + "}\n"

    def content(self, head: str, plain: bool) -> str:
        random = self.random
        kind = random.random()
        if kind < 0.45:
            return self.passes(plain)
        if kind < 0.6 and plain:
            name = random.choice(["assets", "assets/", "assets/", "www/", "www/static/", "www/static"])
            return (
                f"alias {self.path('favicon.ico' if head.startswith('=') and not head.endswith('/') else name)};\n"
                + self.tries(0.2)
            )
        if kind < 0.63 and not plain and "(" in head and r"\d" in head:
            return f"alias {self.folder}/files/www/s/$1/a.css;\n"
        if kind < 0.7:
            return f"root {self.path(random.choice(['www', 'assets', 'www/']))};\n" + self.tries(0.3)
        if kind < 0.8:
            return self.tries(0.6)
        if kind < 0.9:
            return random.choice(
                [
                    "return 204;\n",
                    "return 200 text;\n",
                    "return 302 /login;\n",
                    "deny all;\n",
                    "rewrite ^ /elsewhere permanent;\n",
                ]
            )
        if kind < 0.94:
            return "internal;\n"
        if kind < 0.97 and not head.endswith("/"):
            return f"if ($arg_go) {{\nproxy_pass {self.target(False)};\n}}\n{self.headers('location', 0.4)}"
        return ""

    def tries(self, chance: float) -> str:
        return self.maybe(
            chance,
            f"try_files {self.random.choice(['$uri =404', '$uri $uri/ =404', '$uri @app', '$uri /index.html', '/a.css $uri =403'])};\n",
        )

    def passes(self, plain: bool) -> str:
        limit = self.maybe(0.2, f"client_max_body_size {self.random.choice(['5', '150', '1m', '0'])};\n")
        parts = [f"proxy_pass {self.target(plain)};\n", self.headers("location", 0.6), limit]
        self.random.shuffle(parts)
        return "".join(parts)

    def target(self, plain: bool) -> str:
        random = self.random
        address = random.choice([*self.echoes, *self.upstreams, "APP"])
        uris = ["", "", "", "/", "/", "/x", "/x/", "/a/b/", "/?a=b"] if plain else [""]
        if address.startswith("unix:"):
            return f"http://{address}{random.choice([':' + uri if uri else '' for uri in uris])}"
        if random.random() < 0.15:
            return "http://$backend" + random.choice(["", "/fixed"])
        return f"http://{address}{random.choice(uris)}"
