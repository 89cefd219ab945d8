"""From the target's paths and ports to those of a temporary root on loopback."""

import re

from .ports import Ports

_TOP = r"(?:srv|home|run|etc|var|opt|usr|bin|root|tmp)"
_PATH = re.compile(rf"(?:(?<![\w.\-/~])|(?<=unix://))/{_TOP}(?=[/\s;:,\"')]|$)")
_URL = re.compile(r"\b(?:location|return|rewrite)\b[^{;]*")  # of nginx: what looks like a path is none
_PORT = re.compile(r"(?<=[\w\].*]):(\d{2,5})(?=[\s;/\"',]|$)")
_NAMED_PORT = re.compile(r"(?i)((?:\bport\s*=\s*|--port[= ])[\"']?)(\d{2,5})\b")
_NO_PORT = re.compile(r"(proxy_pass\s+http://[\d.]+)(?=[/;])")
_LISTEN = re.compile(r"(?m)^(\s*listen\s+)(?:\*:)?(\d+)\b")


class Rewriter:
    """Rewrites texts of a deployment. Wildcard addresses become loopback: nothing here is open to others."""

    def __init__(self, root: str, ports: Ports) -> None:
        self.root = root
        self.ports = ports

    def word(self, text: str) -> str:
        """A word of a command line, or a value of the environment."""
        text = re.sub(r"^:(?=\d+$)", "127.0.0.1:", text)
        return self._ports(_NAMED_PORT.sub(self._named, self._loopback(self.path(text))))

    def command(self, words: list[str]) -> list[str]:
        """A command line; in `--port 8000` the number is a word of its own."""
        return [
            str(self.ports[int(word)]) if word.isdecimal() and before in ("--port", "-p") else self.word(word)
            for before, word in zip(["", *words], words, strict=False)
        ]

    def path(self, text: str) -> str:
        return _PATH.sub(lambda found: self.root + found[0], text)

    def nginx(self, text: str) -> str:
        text = _LISTEN.sub(lambda found: f"{found[1]}127.0.0.1:{found[2]}", text)
        text = re.sub(r"(listen\s+)\[::\]", r"\g<1>127.0.0.6", text)  # beside the IPv4 address, as on the target
        text = _NO_PORT.sub(r"\1:80", text)
        parts, last = [], 0
        for url in _URL.finditer(text):
            parts += [self.path(text[last : url.start()]), url[0]]
            last = url.end()
        return self._ports(self._loopback("".join([*parts, self.path(text[last:])])))

    def configuration(self, text: str) -> str:
        """Python that configures a server: paths and ports stand in it as they do on a command line."""
        return self.source(self._ports(self.path(text)))

    def source(self, text: str) -> str:
        """Python of the application: only the port of `app.run(port=...)` is no URL and no message."""
        return _NAMED_PORT.sub(self._named, self._loopback(text))

    def _named(self, found: re.Match[str]) -> str:
        return f"{found[1]}{self.ports[int(found[2])]}"

    def _ports(self, text: str) -> str:
        return _PORT.sub(lambda found: f":{self.ports[int(found[1])]}", text)

    def _loopback(self, text: str) -> str:
        return text.replace("0.0.0.0", "127.0.0.1").replace("[::]", "127.0.0.1")
