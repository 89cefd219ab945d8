"""What people get wrong in an nginx site: slips of structure, and slips of the keyboard."""

from collections.abc import Callable
from random import Random

from .nginx_sites import Line, every

Structure = Callable[[list[Line], Random], None]


def _pick(lines: list[Line], random: Random, *names: str) -> tuple[list[Line], Line] | None:
    found = [each for each in every(lines) if not names or each[1].words[0] in names]
    return random.choice(found) if found else None


def _typo(word: str, random: Random) -> str:
    at = random.randrange(len(word))
    other = random.choice("aeilnorstxz_")
    return random.choice([
        word[:at] + word[at + 1 :], word[:at] + other + word[at + 1 :], word[:at] + other + word[at:],
        word[:at] + word[at : at + 1] + word[at:], word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :],
        word.capitalize(), word + "s", word.replace("_", "-", 1), word.replace("_", "", 1),
    ])  # fmt: skip


def misspelt_directive(lines: list[Line], random: Random) -> None:
    found = _pick(lines, random)
    if found:
        found[1].words[0] = _typo(found[1].words[0], random) or "x"


def misspelt_variable(lines: list[Line], random: Random) -> None:
    found = [(line, at) for _, line in every(lines) for at, word in enumerate(line.words) if "$" in word and at]
    if found:
        line, at = random.choice(found)
        before, _, behind = line.words[at].partition("$")
        name = behind.strip("{}\"'")
        line.words[at] = before + "$" + (behind.replace(name, _typo(name, random), 1) if name else "")


def unknown_variable(lines: list[Line], random: Random) -> None:
    found = _pick(lines, random, "proxy_set_header", "return", "add_header", "root", "rewrite", "proxy_pass")
    if found:
        found[1].words[-1] = found[1].words[-1].rstrip("'\"").lstrip("'\"") + random.choice(
            ["$backend", "$custom_thing", "$hots", "${uir}", "$"]
        )


def dropped_argument(lines: list[Line], random: Random) -> None:
    found = _pick(lines, random)
    if found and len(found[1].words) > 1:
        del found[1].words[random.randrange(1, len(found[1].words))]


def one_argument_more(lines: list[Line], random: Random) -> None:
    found = _pick(lines, random)
    if found:
        found[1].words.insert(
            random.randint(1, len(found[1].words)),
            random.choice(["on", "x", "80", "always", "=", "/", "''", "100%", "~"]),
        )


def swapped_values(lines: list[Line], random: Random) -> None:
    one, other = _pick(lines, random), _pick(lines, random)
    if one and other and len(one[1].words) > 1 and len(other[1].words) > 1:
        one[1].words[-1], other[1].words[-1] = other[1].words[-1], one[1].words[-1]


def wrong_place(lines: list[Line], random: Random) -> None:
    found, into = _pick(lines, random), _pick(lines, random, "server", "location", "upstream", "if", "map")
    if found and into and into[1].block is not None and into[1] not in [each for _, each in every([found[1]])]:
        if random.random() < 0.5:
            found[0].remove(found[1])
        into[1].block.insert(random.randint(0, len(into[1].block)), found[1].copy())


def to_the_top(lines: list[Line], random: Random) -> None:
    found = _pick(lines, random)
    if found:
        lines.insert(random.randint(0, len(lines)), found[1].copy())


def twice(lines: list[Line], random: Random) -> None:
    found = _pick(lines, random)
    if found:
        found[0].insert(random.randint(0, len(found[0])), found[1].copy())


def location_twice(lines: list[Line], random: Random) -> None:
    found = _pick(lines, random, "location")
    if found:
        copy = found[1].copy()
        copy.words[1:] = random.choice(
            [copy.words[1:], ["^~", copy.words[-1]], ["=", copy.words[-1]], [copy.words[-1] + "/"]]
        )
        found[0].append(copy)


def upstream_twice(lines: list[Line], random: Random) -> None:
    found = _pick(lines, random, "upstream")
    if found:
        copy = found[1].copy()
        copy.words[1] = random.choice([copy.words[1], copy.words[1].upper(), copy.words[1] + "2"])
        lines.append(copy)


def odd_upstream(lines: list[Line], random: Random) -> None:
    found = _pick(lines, random, "upstream")
    if found and found[1].block is not None:
        words = random.choice(["server http://127.0.0.1:8000", "server /run/x.sock", "server 127.0.0.1:80000", "server unix:", "server 127.0.0.1:x",
                               "server 127.0.0.1 weight=x", "server 127.0.0.1 wieght=2", "server 127.0.0.1 max_fails", "server 127.0.0.1 fail_timeout=1x",
                               "server", "server 127.0.0.1:8000;", "keepalive many", "server 127.0.0.1 weight=0", "server ''", "server 127.0.0.1:8000/app",
                               "server [::1", "server 127.0.0.1:0", "server :8000", "server 127.0.0.1:8000 backup", "ip_hash"])  # fmt: skip
        line = Line(*words.split())
        found[1].block[:] = random.choice([[*found[1].block, line], [line], []])


def default_servers(lines: list[Line], random: Random) -> None:
    for line in [line for _, line in every(lines) if line.words[0] == "listen"][:3]:
        line.words[1:] = [random.choice(["8080", "0.0.0.0:8080", "*:8080", "127.0.0.1:8080", line.words[-1]])]
        line.words += random.choice([["default_server"], ["default_server"], []])


def odd_listen(lines: list[Line], random: Random) -> None:
    found = _pick(lines, random, "listen")
    if found:
        found[1].words[1] = random.choice([
            "99999", "0", "80a", "127.0.0.1:", "127.0.0.1:99999", "http://localhost", "/run/x", "unix:", ":8080", "127.0.0.1:8080:1", "[::]", "[::1]:0",
            "localhost:http", "127.0.0.1;8080", "9080-9090", "127.0.0.1:9190-9192", "*", "-1", "''", "08080", "8088;", "::1:8080", "[::1", "$port", "127.1:8080",
        ])  # fmt: skip


def odd_flag(lines: list[Line], random: Random) -> None:
    found = _pick(lines, random, "listen")
    if found:
        found[1].words.append(random.choice(["sssl", "default-server", "defualt", "backlog", "backlog=x", "http3", "tls", "ipv6only=yes", "ipv6only=on",
                                             "so_keepalive=maybe", "rcvbuf=1x", "default", "spdy", "8080", "default_server", "fastopen=x", "setfib=1"]))  # fmt: skip


def odd_pass(lines: list[Line], random: Random) -> None:
    found = _pick(lines, random, "proxy_pass", "uwsgi_pass", "fastcgi_pass")
    if found and len(found[1].words) > 1:
        found[1].words[1] = random.choice([
            "127.0.0.1:8000", "unix:/run/x.sock", "http://127.0.0.1:99999", "http://127.0.0.1:", "http://app:8000", "http:/127.0.0.1:8000", "htp://127.0.0.1",
            "http//127.0.0.1:8000", "http://127.0.0.1:8000/x", "http://unix:/run/x.sock:/", "http://", "http:///x", "https://app:443", "http://APP", "app",
            "http://127.0.0.1:80a", "http://127.0.0.1:8000:9000", "http://unix:", "http://127.0.0.1:0", "uwsgi://127.0.0.1:1", "http://$x", "''",
            "http://[::1]", "http://[::1:80", "$scheme://127.0.0.1", "http://:8000", "http://127.0.0.1:8000?x", "http://app/x", "http://127.0.0.1:8000 $host",
            "http://app:", "127.0.0.1", "http://127.0.0.1:08000",
        ])  # fmt: skip


def odd_location(lines: list[Line], random: Random) -> None:
    found = _pick(lines, random, "location")
    if found:
        found[1].words[1:] = random.choice([["~~", "/x"], ["/a", "/b"], ["=", "~", "/x"], [], ["^", "/x"], ["~", "("], ["~", "^/a{2}$"], ["~*", "*.php"], ["!~", "/x"],
                                            ["^~/x"], ["~/x"], ["=/"], ["@"], ["@", "x"], ["~*\\.png$"], ["~", "["], ["**"], ["/{id}"], ["$x"], ["''"], ["~"], ["="],
                                            ["~", '"^/[a-z]{2}/"'], ["~", "^/(?<a>x)"], ["a/b"], ["~", "+"], ["~*", "^/x\\"], ["= /x"], ['"= /x"'], ["^~", "@x"]])  # fmt: skip


def odd_value(lines: list[Line], random: Random) -> None:
    found = _pick(lines, random)
    if found and len(found[1].words) > 1 and found[1].words[0] not in ("server_name",):
        at = random.randrange(1, len(found[1].words))
        found[1].words[at] = random.choice(["on", "off", "yes", "true", "10 M", "10MB", "60sec", "-1", "1.5m", "/x", "'x", '"x', "x'y", "a{b}", "a}b", "$", "''", "1M", "1m30s", "0x1", "",
                                            "\\", "x\\;", "é", "#x", "a#b", "${x", "${host}x", "$1", "%d", "99999999999999999999", "1M 2M"])  # fmt: skip


def odd_set(lines: list[Line], random: Random) -> None:
    found = _pick(lines, random, "server", "location")
    if found and found[1].block is not None:
        words = random.choice(["set x 1", "set $host a", "set $backend", "map $a $b", "if $host = a", "if ($host) return", "if ( $host = a )", "if ($host == a)",
                               "if ($a = b)", "try_files $uri", "error_page 99 /x", "error_page 404", "rewrite ^(/x $1", "rewrite ^/x /y lats", "return", "return 9999",
                               "return abc", "expires soon", "add_header X", "add_header X y z", "auth_basic", "deny everyone", "allow 10.0.0.0/33", "index", "alias", "root",
                               "access_log x.log nope", "limit_req zone=none", "ssl_certificate missing.pem", "include missing.conf", "proxy_cache none", "resolver",
                               "gzip_comp_level 99", "ssl_protocols TLSv9", "proxy_http_version 2", "proxy_next_upstream never", "keepalive_timeout x", "deny all all"])  # fmt: skip
        block = [Line("return", "403")] if words.startswith("if") else None
        found[1].block.insert(random.randint(0, len(found[1].block)), Line(*words.split(), block=block))


def lost_block(lines: list[Line], random: Random) -> None:
    found = _pick(lines, random, "server", "location", "upstream", "if", "map", "limit_except")
    if found:
        found[1].block = None


def new_block(lines: list[Line], random: Random) -> None:
    found = _pick(lines, random)
    if found and found[1].block is None:
        found[1].block = []


STRUCTURE: list[Structure] = [
    misspelt_directive, misspelt_directive, misspelt_variable, unknown_variable, dropped_argument, one_argument_more, swapped_values, swapped_values,
    wrong_place, wrong_place, to_the_top, twice, twice, location_twice, upstream_twice, odd_upstream, default_servers, odd_listen, odd_flag, odd_pass,
    odd_pass, odd_location, odd_value, odd_value, odd_set, lost_block, new_block,
]  # fmt: skip


def slip_of_the_key(text: str, random: Random) -> str:
    """Drop, double or add one of the characters that carry structure; or cut or join lines."""
    sign = random.choice([";", ";", ";", ";", "{", "{", "}", "}", "'", '"', "$", "#", "\\", "\n", " "])
    places = [at for at, char in enumerate(text) if char == sign] or [0]
    at = random.choice(places)
    anywhere = random.randrange(len(text) + 1)
    return random.choice([
        text[:at] + text[at + 1 :], text[:at] + text[at + 1 :], text[:at] + sign + text[at:], text[:at] + " " + sign + text[at:],
        text[:anywhere] + sign + text[anywhere:], text[:anywhere], text[:at] + random.choice(";:,{}()\"'# ") + text[at + 1 :],
        text.replace("\n", "\r\n"), "\ufeff" + text,
    ])  # fmt: skip
