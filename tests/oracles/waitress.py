"""Ask Waitress itself what its adjustments come to, and compare the reader's answer with it."""

import ast
import socket
from typing import Any

from flasklint.facts import Environment, Runs, ServerFacts, Word
from flasklint.read import command, waitress
from flasklint.read.evaluate import Scope
from flasklint.source import Source
from flasklint.tree import Tree
from flasklint.value import Default, Known, Unknown

from .forks import Oracle

# `waitress.runner.run` up to the import of the application, or the first call of `waitress.serve` in a module.
PROGRAM = """
import getopt, os, warnings
import waitress
from waitress.adjustments import Adjustments

warnings.simplefilter("ignore")

class Served(BaseException):
    pass

def answer(case):
    os.environ.update(case.get("env", {}))
    try:
        if "code" in case:
            kw, spec = keywords(case["code"]), ""
            call = False
        else:
            kw, words = Adjustments.parse_args(case["argv"])
            if kw.pop("help"):
                return {"help": True}
            call = kw.pop("call")
            if len(words) != 1:
                return {"refused": "Specify one application only"}
            spec = words[0]
        made = Adjustments(**kw)
    except (getopt.GetoptError, ValueError, TypeError, AttributeError) as error:
        return {"refused": f"{type(error).__name__}: {error}"}
    except OSError as error:
        return {"refused": str(error)}
    told = {name: plain(getattr(made, name)) for name, _ in Adjustments._params if name not in ("sockets", "listen")}
    listen = [] if "unix_socket" in kw else [address[3][:2] for address in made.listen]
    return {"settings": told, "listen": listen, "spec": spec, "call": call}

def keywords(code):
    def serve(app, **kw):
        raise Served(kw)
    waitress.serve = serve
    try:
        exec(code, {"__name__": "case"})
    except Served as served:
        return served.args[0]

def plain(value):
    return sorted(value) if isinstance(value, (set, frozenset)) else value
"""

# What the reader keeps as it is written: the real program replaces it while it reads other adjustments.
_APART = frozenset({"listen", "sockets", "ident", "trusted_proxy_count", "trusted_proxy_headers", "unix_socket"})


def facts(argv: list[str], version: str | None) -> ServerFacts:
    """Read a command line, its words written on lines of their own."""
    source, at, words = Source("case", "\n".join(["waitress-serve", *argv])), 0, []
    for text in ["waitress-serve", *argv]:
        words.append(Word(text, source.span(at, at + len(text))))
        at += len(text) + 1
    whole, root = source.whole(), Default("root", "")
    runs = Runs("case", "systemd", tuple(words), whole, whole, root, root, Known("/srv", whole), Environment())
    tree = Tree("/", only=())
    return waitress.read(command.unwrap(runs, tree, None), tree, None, version)


def called(code: str) -> ServerFacts:
    """Read the one call of `serve` in a module."""
    tree = ast.parse(code)
    scope = Scope(Source("case.py", code), Environment())
    scope.run(tree.body)
    (call,) = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "serve")
    return waitress.from_call(scope, call)


def ask(oracle: Oracle, case: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = oracle.ask(case)
    return told


def difference(ours: ServerFacts, real: dict[str, Any], late: bool = False, told: bool = True) -> str:
    """Say in what the reader differs from Waitress, empty where it does not.

    `late`: an address is only found wrong when it is opened. `told`: nothing may be left unknown.
    """
    said = [f"{problem.kind}: {problem.message}" for problem in ours.problems]
    if "help" in real:
        return ""
    if "refused" in real:
        return "" if said or not told else f"Waitress says {real['refused']}, nothing is said"
    if said:
        return "" if late and all(text.startswith("invalid-bind") for text in said) else f"false alarm: {said}"
    return _settings(ours, real["settings"], told) or _places(ours, real, told)


def _settings(ours: ServerFacts, real: dict[str, Any], told: bool) -> str:
    for name, value in ours.settings.items():
        if name in _APART or name not in real:
            continue
        if isinstance(value, Unknown):
            if told and value.why != "depends on Waitress's release":
                return f"{name} is {real[name]!r}, not told: {value.why}"
        elif value.value is not ... and value.value != real[name]:
            return f"{name} is {real[name]!r}, told: {value.value!r}"
    headers = ours.settings["trusted_proxy_headers"]
    if isinstance(headers, Known) and {str(each).lower() for each in _items(headers.value)} != set(
        real["trusted_proxy_headers"]
    ):
        return f"headers {real['trusted_proxy_headers']}, told: {headers.value}"
    count = ours.settings["trusted_proxy_count"]
    if isinstance(count, Known) and count.value not in (None, real["trusted_proxy_count"]):
        return f"count {real['trusted_proxy_count']}, told: {count.value}"
    return ""


def _items(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, (list, tuple, set, frozenset)) else ()


def _places(ours: ServerFacts, real: dict[str, Any], told: bool) -> str:
    binds = [bind.address for bind in ours.binds]
    if any(isinstance(address, Unknown) for address in binds):
        return f"not told: {binds}" if told else ""
    addresses = [address.value for address in binds if not isinstance(address, Unknown)]
    paths = [address.path for address in addresses if address.is_unix]
    if real["settings"]["unix_socket"] and not real["listen"]:
        path = real["settings"]["unix_socket"]
        return "" if paths in ([path], [f"/srv/{path}"]) else f"socket {path}, told: {paths}"
    opened = {each for address in addresses for each in _resolved(address.host, address.port, ours)}
    really = {tuple(each) for each in real["listen"]}
    if opened != really:
        return f"listens {sorted(really)}, told: {sorted(opened)}"
    if real["spec"] and (
        isinstance(ours.spec, Unknown) or ours.spec.value != real["spec"] or ours.call != real["call"]
    ):
        return f"spec {real['spec']} {real['call']}, told: {ours.spec} {ours.call}"
    return ""


def _resolved(host: str, port: str, ours: ServerFacts) -> set[tuple[str, int]]:
    """What a name such as `localhost` means here, in the families that are switched on."""
    families = {socket.AF_INET: ours.settings["ipv4"], socket.AF_INET6: ours.settings["ipv6"]}
    off = {family for family, on in families.items() if isinstance(on, Known) and on.value is False}
    found = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    return {(str(each[4][0]), int(each[4][1])) for each in found if each[0] not in off}
