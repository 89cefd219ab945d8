"""Waitress itself parses seeded command lines; the reader must agree."""

import getopt
import random
import warnings

import pytest

from flasklint.facts import Environment, Runs, ServerFacts, Word
from flasklint.read import command, waitress
from flasklint.source import Source
from flasklint.tree import Tree
from flasklint.value import Default, Known, Unknown

adjustments = pytest.importorskip("waitress.adjustments")

OPTIONS = [
    ["--host=127.0.0.1"],
    ["--host", "127.0.0.2"],
    ["--port=8080"],
    ["--por=1"],
    ["--listen=127.0.0.1:8081"],
    ["--listen", "*:8082"],
    ["--listen=:80"],
    ["--listen=127.0.0.1:http"],
    ["--threads=8"],
    ["--threads", "x"],
    ["--unix-socket=/run/x.sock"],
    ["--unix-socket-perms=660"],
    ["--trusted-proxy=127.0.0.1"],
    ["--trusted-proxy-count=2"],
    ["--trusted-proxy-headers=x-forwarded-for x-forwarded-proto"],
    ["--trusted-proxy-headers=x-forwarded-for,x-forwarded-proto"],
    ["--trusted-proxy-headers=forwarded x-forwarded-for"],
    ["--no-clear-untrusted-proxy-headers"],
    ["--clear-untrusted-proxy-headers"],
    ["--url-scheme=https"],
    ["--url-prefix=a/"],
    ["--call"],
    ["--bind=1"],
    ["-p", "1"],
    ["--no-ipv6"],
    ["--listen=127.0.0.1"],
    ["--port"],
    ["--listen=127.0.0.1:1 127.0.0.1:2"],
    ["--listen=unix:/x"],
    ["--t=1"],
    ["--call=1"],
]
NAMES = (
    "host",
    "port",
    "threads",
    "unix_socket",
    "unix_socket_perms",
    "trusted_proxy",
    "url_scheme",
    "url_prefix",
    "clear_untrusted_proxy_headers",
)


def facts(argv: list[str]) -> ServerFacts:
    source, at, words = Source("case", "\n".join(["waitress-serve", *argv])), 0, []
    for text in ["waitress-serve", *argv]:
        words.append(Word(text, source.span(at, at + len(text))))
        at += len(text) + 1
    whole = source.whole()
    runs = Runs(
        "case",
        "systemd",
        tuple(words),
        whole,
        whole,
        Default("root", ""),
        Default("root", ""),
        Known("/srv", whole),
        Environment(),
    )
    tree = Tree("/", only=())
    return waitress.read(command.unwrap(runs, tree, None), tree, None, "3.0.2")


def test_seeded_command_lines() -> None:
    dice = random.Random(3)
    for _ in range(500):
        argv = [word for option in dice.sample(OPTIONS, dice.randrange(4)) for word in option]
        argv.insert(len(argv) if dice.random() < 0.9 else 0, "shop:app")
        ours = facts(argv)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                given, rest = adjustments.Adjustments.parse_args(argv)
                call = given.pop("call")
                given.pop("help")
                real = adjustments.Adjustments(**given)
            assert len(rest) == 1
        except (AssertionError, ValueError, TypeError, getopt.GetoptError):
            assert ours.problems, argv
            continue
        assert not ours.problems, (argv, ours.problems)
        assert ours.call == call
        assert not isinstance(ours.spec, Unknown) and ours.spec.value == rest[0]
        for name in NAMES:
            value = ours.settings[name]
            assert not isinstance(value, Unknown) and value.value == getattr(real, name), (argv, name, value)
        if "unix_socket" not in given:
            told = {(bind.address.value.host, int(bind.address.value.port)) for bind in ours.binds
                    if not isinstance(bind.address, Unknown)}  # fmt: skip
            asked = {address[:2] for _, _, _, address in real.listen}
            assert told == asked, argv
