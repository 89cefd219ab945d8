# one case, one line
"""Effective values, includes, templates and places of nginx configurations."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flasklint.address import Address
from flasklint.facts import Forwards, NginxConfig
from flasklint.read import nginx
from flasklint.read.nginx.lex import lex
from flasklint.read.nginx.mask import mask
from flasklint.read.nginx.tree import Part, parse
from flasklint.read.nginx.values import parse_size, parse_time
from flasklint.source import Source
from flasklint.tree import Tree
from flasklint.value import Default, Known, Unknown


def read(folder: Path, files: dict[str, str]) -> tuple[NginxConfig, ...]:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    tree = Tree(str(folder))
    found = [path for path in tree.paths if nginx.looks_like(path, tree.head(path))]
    return nginx.read([source for path in found if (source := tree.read(path))], tree)


def one(folder: Path, text: str) -> NginxConfig:
    (config,) = read(folder, {"nginx/site": text})
    return config


def forwards(config: NginxConfig, pattern: str = "/") -> Forwards:
    found = [
        each.forwards
        for server in config.servers
        for each in server.locations
        if each.pattern == pattern and each.forwards
    ]
    assert found[0] is not None
    return found[0]


def sent(config: NginxConfig, pattern: str = "/") -> dict[str, str]:
    return {header.name: header.value for header in forwards(config, pattern).headers.sent}


def in_server(inner: str) -> str:
    return f"server {{\n  listen 80;\n  {inner}\n}}\n"


# ---------------------------------------------------------------------------------------- forwards


@pytest.mark.parametrize(
    ("written", "address", "uri"),
    [
        ("http://127.0.0.1:8000", Address("127.0.0.1", "8000"), None),
        ("http://127.0.0.1:8000/", Address("127.0.0.1", "8000"), "/"),
        ("http://127.0.0.1", Address("127.0.0.1", "80"), None),
        ("https://App/x", Address("app", "443"), "/x"),
        ("http://[::1]:8000/a", Address("::1", "8000"), "/a"),
        ("http://unix:/run/x.sock", Address(path="/run/x.sock"), None),
        ("http://unix:/run/x.sock:", Address(path="/run/x.sock"), None),
        ("http://unix:///run/x.sock:/y", Address(path="/run/x.sock"), "/y"),
        ("http://pool", Address("pool"), None),
        ("http://pool/y", Address("pool"), "/y"),
        ("http://{{ host }}:{{ port }}", Address("{{host}}", "{{port}}"), None),
        (
            "http://127.0.0.1:{{ port | default('a:b') }}/",
            Address("127.0.0.1", "{{port | default('a:b')}}"),
            "/",
        ),
        ("http://unix:/srv/{{ name }}/{{name}}.sock", Address(path="/srv/{{name}}/{{name}}.sock"), None),
        ("http://127.0.0.1:${PORT}", Address("127.0.0.1", "${PORT}"), None),
        ("http://$backend/x", Address("10.0.0.1", "9000"), "/x"),
    ],
)
def test_target(tmp_path: Path, written: str, address: Address, uri: str | None) -> None:
    site = in_server(f"set $backend 10.0.0.1:9000; location / {{ proxy_pass {written}; }}")
    found = forwards(one(tmp_path, "upstream pool { server 127.0.0.1:1; }\n" + site))
    assert isinstance(found.target, Known)
    assert (found.target.value, found.uri) == (address, uri)
    assert found.written.value == written == found.written.at.text


@pytest.mark.parametrize("written", ["http://$http_host", "http://{{ address }}", "127.0.0.1:8000", "http://unix:$x"])
def test_target_that_cannot_be_told(tmp_path: Path, written: str) -> None:
    found = forwards(one(tmp_path, in_server(f"location / {{ proxy_pass {written}; }}")))
    assert isinstance(found.target, Unknown)


def test_other_protocols(tmp_path: Path) -> None:
    config = one(
        tmp_path,
        in_server("location /a { uwsgi_pass unix:///tmp/x.sock; } location /b { uwsgi_pass h:3031; }"),
    )
    assert forwards(config, "/a").target[0] == Address(path="/tmp/x.sock")
    assert forwards(config, "/b").target[0] == Address("h", "3031")
    assert forwards(config, "/b").protocol == "uwsgi"


def test_times_and_sizes(tmp_path: Path) -> None:
    config = one(
        tmp_path,
        "proxy_send_timeout 5;\n"
        + in_server("proxy_read_timeout 2m; client_max_body_size 20M; location / { proxy_pass http://a; }"),
    )
    found = forwards(config)
    assert found.read_timeout[0] == 120
    assert found.send_timeout[0] == 5
    assert found.connect_timeout == Default(60.0, "nginx's default")
    assert found.body_limit[0] == 20 * 1024 * 1024


def test_units() -> None:
    assert [parse_time(text) for text in ("60", "60s", "1m 30s", "500ms", "60sec", "x", "")] == [
        60,
        60,
        90,
        0.5,
        None,
        None,
        None,
    ]
    assert [parse_size(text) for text in ("0", "10k", "1M", "1G", "10 M", "ten", "")] == [
        0,
        10240,
        2**20,
        2**30,
        None,
        None,
        None,
    ]


def test_pass_inside_if_counts(tmp_path: Path) -> None:
    config = one(tmp_path, in_server("location / { if (!-f $request_filename) { proxy_pass http://127.0.0.1:1; } }"))
    assert forwards(config).target[0] == Address("127.0.0.1", "1")


# ----------------------------------------------------------------------------------------- headers


def test_headers_are_all_or_nothing(tmp_path: Path) -> None:
    config = one(
        tmp_path,
        "proxy_set_header A 1;\n"
        + in_server(
            'proxy_set_header B 2; proxy_set_header C "x y";'
            " location / { proxy_pass http://a; } location /own { proxy_set_header D ''; proxy_pass http://a; }"
        ),
    )
    assert sent(config) == {"B": "2", "C": "x y"}
    assert forwards(config).headers.level == "server"
    assert sent(config, "/own") == {"D": ""}


def test_proxy_params_is_known(tmp_path: Path) -> None:
    config = one(tmp_path, in_server("location / { include proxy_params; proxy_pass http://a; }"))
    header = forwards(config).headers.get("x-forwarded-proto")
    assert header is not None
    assert (header.value, header.at.text) == ("$scheme", "include proxy_params")
    assert forwards(config).headers.complete
    assert config.unseen == ()


def test_proxy_params_of_the_input_wins(tmp_path: Path) -> None:
    site = in_server("location / { include /etc/nginx/proxy_params; proxy_pass http://a; }")
    files = {"etc/nginx/sites-available/site": site, "etc/nginx/proxy_params": "proxy_set_header X 1;\n"}
    (config,) = read(tmp_path, files)
    assert sent(config) == {"X": "1"}
    assert len(config.files) == 2


def test_unseen_include_leaves_headers_open(tmp_path: Path) -> None:
    text = in_server(
        "location / { include snippets/own.conf; proxy_pass http://a; } location /b { proxy_pass http://a; }"
    )
    config = one(tmp_path, text)
    assert not forwards(config).headers.complete
    assert forwards(config, "/b").headers.complete
    assert config.servers[0].complete
    assert [include.value for include in config.unseen] == ["snippets/own.conf"]


def test_unseen_include_in_a_server(tmp_path: Path) -> None:
    text = in_server(
        "include x.conf; location / { proxy_pass http://a; } location /o { proxy_set_header A 1; proxy_pass http://a; }"
    )
    config = one(tmp_path, text)
    assert not config.servers[0].complete
    assert not forwards(config).headers.complete
    assert forwards(config, "/o").headers.complete


def test_template_variable_on_a_line_of_its_own(tmp_path: Path) -> None:
    config = one(tmp_path, in_server("location / {\n {{ extra }}\n proxy_pass http://a;\n}"))
    assert not forwards(config).headers.complete
    assert config.problems == ()


# ----------------------------------------------------------------------------- servers, locations


def test_servers_and_listens(tmp_path: Path) -> None:
    config = one(
        tmp_path,
        "server { listen 443 ssl default_server; listen [::]:443 ssl; listen unix:/x; server_name a 'b';}\nserver { }\n",
    )
    first, second = config.servers
    assert [listen.address for listen in first.listens] == [
        Address("0.0.0.0", "443"),
        Address("::", "443"),
        Address(path="/x"),
    ]
    assert [listen.default for listen in first.listens] == [True, False, False]
    assert first.tls
    assert [name.value for name in first.names] == ["a", "b"]
    assert second.listens[0].address == Address("*", "80")
    assert second.listens[0].at.text == "server" == second.at.text


def test_locations(tmp_path: Path) -> None:
    config = one(
        tmp_path,
        in_server(
            "root /srv; location /static/ { alias /a/; location /static/x { expires 1d; } } location = /e { return 204; }"
            " location ~* \\.php$ { deny all; } location @n { internal; } location /auth { proxy_pass http://a; }"
            " location / { auth_request /auth; root /other; try_files $uri @n; }"
        ),
    )
    server, static, inner, exact, regex, named, auth, root = config.servers[0].locations
    assert (server.modifier, server.files and server.files.path.value) == ("server", "/srv")
    assert (static.files and static.files.how, inner.files and inner.files.inherited) == ("alias", True)
    assert (exact.modifier, exact.pattern, exact.answers, exact.at.text) == ("=", "/e", True, "= /e")
    assert (regex.modifier, regex.answers) == ("~*", True)
    assert (named.modifier, named.pattern, named.internal) == ("@", "n", True)
    assert auth.internal
    assert [word.value for word in root.try_files] == ["$uri", "@n"]
    assert root.files is not None
    assert not root.files.inherited


def test_deny_is_inherited(tmp_path: Path) -> None:
    text = in_server(
        "deny all; location /a { root /x; location /a/b { proxy_pass http://a; } } location /c { allow 127.0.0.1; deny all; }"
        " location /d { include unseen; } location /e { satisfy any; auth_basic x; }"
    )
    found = {location.pattern: location.answers for location in one(tmp_path, text).servers[0].locations}
    assert found == {"": True, "/a": True, "/a/b": True, "/c": False, "/d": False, "/e": False}


def test_upstreams(tmp_path: Path) -> None:
    config = one(tmp_path, "upstream u { server 127.0.0.1:1 weight=2; server app; server unix:/x; server {{ a }}; }\n")
    (upstream,) = config.upstreams
    assert [server[0] for server in upstream.servers[:3]] == [
        Address("127.0.0.1", "1"),
        Address("app", "80"),
        Address(path="/x"),
    ]
    assert isinstance(upstream.servers[3], Unknown)


# --------------------------------------------------------------------------------- which files

MAIN = "user nginx;\nevents {}\nhttp {\n  include mime.types;\n  include /etc/nginx/conf.d/*.conf;\n}\n"
SITE = in_server("location / { proxy_pass http://127.0.0.1:8000; }")


def test_main_file_takes_its_includes(tmp_path: Path) -> None:
    (config,) = read(tmp_path, {"nginx/nginx.conf": MAIN, "nginx/conf.d/site.conf": SITE})
    assert len(config.servers) == 1
    assert config.user[0] == "nginx"
    assert len(config.files) == 2


def test_site_beside_a_main_file_stays_loose(tmp_path: Path) -> None:
    main, site = read(tmp_path, {"nginx/nginx.conf": MAIN, "nginx/site.conf": SITE})
    assert main.servers == ()
    assert len(site.servers) == 1


def test_dangling_link_in_sites_enabled(tmp_path: Path) -> None:
    main = "events {}\nhttp { include /etc/nginx/sites-enabled/*; }\n"
    (tmp_path / "nginx/sites-enabled").mkdir(parents=True)
    os.symlink("/etc/nginx/sites-available/flasklint-shop", tmp_path / "nginx/sites-enabled/shop")
    (config,) = read(tmp_path, {"nginx/nginx.conf": main, "nginx/sites-available/shop": SITE})
    assert len(config.servers) == 1


def test_link_in_sites_enabled_is_one_site(tmp_path: Path) -> None:
    (tmp_path / "sites-enabled").mkdir()
    (tmp_path / "sites-available").mkdir()
    (tmp_path / "sites-available/shop").write_text(SITE)
    os.symlink("../sites-available/shop", tmp_path / "sites-enabled/shop")
    assert len(read(tmp_path, {})) == 1


def test_loose_files_that_need_each_other(tmp_path: Path) -> None:
    site = in_server("location / { proxy_pass http://pool; }")
    (config,) = read(tmp_path, {"n/upstream.conf": "upstream pool { server 127.0.0.1:1; }\n", "n/site.conf": site})
    assert forwards(config).target[0] == Address("pool")
    assert len(read(tmp_path, {"n/other.conf": SITE})) == 2


def test_dump(tmp_path: Path) -> None:
    text = (
        "nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\n"
        f"# configuration file /etc/nginx/nginx.conf:\n{MAIN}\n"
        f"# configuration file /etc/nginx/mime.types:\ntypes {{ text/html html; }}\n"
        f"# configuration file /etc/nginx/conf.d/a.conf:\n{SITE}\n"
    )
    (tmp_path / "dump").write_text(text)
    tree = Tree(str(tmp_path))
    source = tree.read("dump")
    assert source is not None
    (config,) = nginx.read([source], tree)
    assert forwards(config).written.at.text == "http://127.0.0.1:8000"
    assert config.unseen == ()


def test_what_follows_a_lua_block_is_read(tmp_path: Path) -> None:
    inner = 'location /l { content_by_lua_block { ngx.say("a;b") } proxy_read_timeout 5s; } location / { proxy_pass http://a; }'
    config = one(tmp_path, in_server("location /e { content_by_lua_block {} } " + inner))
    assert [location.pattern for location in config.servers[0].locations] == ["", "/e", "/l", "/"]
    assert forwards(config).written.at.text == "http://a"


def test_include_cycle_and_deep_nesting_end(tmp_path: Path) -> None:
    files = {
        "nginx.conf": "events {}\nhttp { include a.conf; }\n",
        "a.conf": "include b.conf; include b.conf;\n" + SITE,
        "b.conf": "include a.conf; include b.conf;\nlog_format x y;\n",
        "deep.conf": "location / { " * 5000,
    }
    assert read(tmp_path, files)


@pytest.mark.parametrize(
    "text", ["server { listen 53 udp; proxy_pass 127.0.0.1:1; }\n", "stream { server { listen 1; } }\n"]
)
def test_stream_is_skipped(tmp_path: Path, text: str) -> None:
    (config,) = read(tmp_path, {"x.conf": text})
    assert (config.servers, config.problems) == ((), ())


def test_snippet_has_no_servers(tmp_path: Path) -> None:
    (config,) = read(tmp_path, {"nginx/loc.conf": "location / { proxy_pass http://a; }\n"})
    assert (config.servers, config.problems) == ((), ())


# --------------------------------------------------------------------------------------- templates


def test_branches_silence_problems(tmp_path: Path) -> None:
    text = "server {\n{% if tls %}\n listen 443 ssl;\n root /a;\n{% else %}\n listen 80;\n root /b;\n{% endif %}\n}\n"
    (config,) = read(tmp_path, {"site.conf.j2": text})
    assert config.problems == ()
    assert len(config.servers[0].listens) == 2


def test_a_choice_of_the_template_is_unknown(tmp_path: Path) -> None:
    inner = "{% if a %}proxy_pass http://a:1;{% else %}proxy_pass http://b:1;{% endif %}"
    assert isinstance(forwards(one(tmp_path, in_server(f"location / {{ {inner} }}"))).target, Unknown)


def test_ssl_on(tmp_path: Path) -> None:
    (plain, tls) = one(tmp_path, in_server("") + in_server("ssl on;")).servers
    assert (plain.tls, tls.tls) == (False, True)


@pytest.mark.parametrize(
    "text",
    [
        "server { listen {{ port }}; server_name {{ a }} {{ b }};\n location {{ p }} { return 204; } location {{ p }} { return 204; } }",
        "server { listen ${PORT}; listen ${PORT}; proxy_read_timeout {{ t }}; sendfile {{ flag }}; }",
        "server { listen __PORT__; client_max_body_size <%= size %>; }",
        "upstream {{ u }} { {% for s in servers %} server {{ s }}; {% endfor %} }",
        "server { listen 80; location / { proxy_pass {{ scheme }}://{{ host }}; } }",
        "server { listen 80; {{ extra }} }",
        '{{ head }}\n listen 80; } server { listen "80"{{ x }}; }',
    ],
)
def test_template_variables_are_no_problem(tmp_path: Path, text: str) -> None:
    (config,) = read(tmp_path, {"nginx/site.conf": text + "\n"})
    assert config.problems == ()


def test_masking_keeps_offsets() -> None:
    for text in (
        "a {{ b\n }} c",
        "{% if x %}y;{% endif %}",
        "{{",
        "<% x %>\n<%= y %>;",
        "location / {# no\n}",
        "${A}${b}",
    ):
        assert len(mask(text).text) == len(text)
    assert "# no" in mask("location / {# no\n}").text


# ------------------------------------------------------------------------------------- any text

_PIECES = st.sampled_from(
    ["server", "location", "/", " ", "\n", "{", "}", ";", '"', "'", "\\", "#", "$", "${", "{{", "}}", "{%", "%}", "include",
     "proxy_pass", "http://a", "listen", "80", "upstream", "u", "http", "events", "set", "$x", "_by_lua_block",
     "content_by_lua_block", "é", "\r\n", "\xa0", "~", "if", "map", "x.conf", "*", "root", "<%", "--"]
)  # fmt: skip
_TEXTS = st.one_of(
    st.lists(_PIECES, max_size=60).map("".join),
    st.text(max_size=80),
    st.lists(_PIECES, max_size=60).map(" ".join),
)


@pytest.mark.parametrize("text", ["listen 80; # a \\\n'x' y;", "# a \\", "# a \\\n# b \\\n", "x 'y' # \\\n;", "#\\\\"])
def test_a_backslash_at_the_end_of_a_comment_is_part_of_it(text: str) -> None:
    words = [(token.text, text[token.start : token.end]) for token in lex(text).tokens]
    without = [(token.text, token.text) for token in lex(text.replace("\\", "")).tokens]
    assert words == without
    assert lex(text).unclosed == -1


@settings(max_examples=300, deadline=None)
@given(_TEXTS)
def test_words_are_where_they_say(text: str) -> None:
    masked = mask(text).text
    end = 0
    for token in lex(masked).tokens:
        ends_lua = token.text == ";" and masked[token.start : token.end] == "}"
        assert masked[token.start : token.end] == token.text or ends_lua
        assert token.start >= end or token.text == ";"
        end = token.end


@settings(max_examples=300, deadline=None)
@given(_TEXTS)
def test_no_text_is_too_strange(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    nginx.looks_like("nginx.conf", text.encode())
    source = Source("nginx.conf", text)
    parse(Part(source, "nginx.conf", 0, len(text)))
    for config in nginx.read([source], _EMPTY):
        for problem in config.problems:
            assert 0 <= problem.at.start <= problem.at.end <= len(text)


_EMPTY = Tree(os.path.dirname(__file__), [])


# --------------------------------------------------------------------------------------- detection


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("nginx.conf", MAIN),
        ("deployment/nginx/microblog", SITE),
        ("myproject", SITE),
        ("site.conf", "# comment\n\n" + SITE),
        ("default.conf.j2", "{# managed #}\n{% set x = 1 %}\n" + SITE),
        ("nginx.conf.template", MAIN),
        ("nginx.service.j2", SITE),
        ("shop.nginx", "upstream a {\n  server unix:/x;\n}\n"),
        ("site.conf.example", SITE),
        ("snippets/proxy.conf", "proxy_set_header Host $host;\nproxy_set_header X-Real-IP $remote_addr;\n"),
    ],
)
def test_is_nginx(name: str, text: str) -> None:
    assert nginx.looks_like(name, text.encode()[:4096])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("nginx.js", "const conf = `" + SITE + "`;"),
        ("README.md", SITE),
        ("values.yaml", SITE),
        ("deploy", "#!/bin/sh\ncat > x <<E\n" + SITE + "E\n"),
        ("deploy.sh", SITE),
        ("nginx.conf", "# " + "\n# ".join(SITE.splitlines()) + "\n"),
        ("000-default.conf", "<VirtualHost *:80>\n  ServerName a\n</VirtualHost>\n"),
        ("supervisor/nginx.conf", "[program:nginx]\ncommand=nginx -g 'daemon off;'\n"),
        ("gunicorn.conf", "bind = '127.0.0.1:8000'\nworkers = 2\n"),
        ("uwsgi.conf", "[uwsgi]\nsocket = :3031 ; comment\n"),
        (
            "nginx.service",
            "[Unit]\nDescription=nginx\n[Service]\nExecStart=/usr/sbin/nginx -g 'daemon on;'\n",
        ),
        ("notes", "server { is what nginx calls it }\n"),
        ("main", "if (x) {\n  return 1;\n}\n"),
        ("nginx/Dockerfile", "FROM nginx\nCOPY nginx.conf /etc/nginx/conf.d/default.conf\n"),
    ],
)
def test_is_not_nginx(name: str, text: str) -> None:
    assert not nginx.looks_like(name, text.encode()[:4096])
