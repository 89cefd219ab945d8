"""What a finding foretells: the words of programs in its message, as the verdict that they come to."""

import re

from flasklint.finding import Finding

from .verdict import Verdict

V = Verdict
_WORDS: tuple[tuple[str, tuple[Verdict, ...]], ...] = (  # the first that stands in the message
    (r"another application answers", (V.OTHER, V.REFUSED, V.NO_SOCKET)),  # of one host, or of two
    (r"\[emerg\]", (V.NGINX_REFUSES,)),
    (r"^systemd refuses|Unit \S+ not found", (V.UNIT_REFUSED,)),
    (r"203/EXEC|its environment names|finds none of them", (V.EXEC,)),
    (r"200/CHDIR|WorkingDirectory= is taken to be", (V.CHDIR,)),
    (r"class uri", (V.OPTION,)),
    (r"refuses this file: Failed to read config file", (V.OPTION,)),
    (r"refuses this file", (V.IMPORT,)),
    (r"\b500\b", (V.ERROR,)),
    (r"400 Bad Request", (V.BAD_REQUEST,)),
    (r"504 Gateway Time-out", (V.GATEWAY_TIMEOUT, V.NO_ANSWER)),  # nobody here waits for so long
    (r"reaches the application as", (V.PATH,)),
    (r"404|open\(\) \".*failed", (V.STATIC,)),
    (r"502 Bad Gateway \(111:", (V.REFUSED,)),
    (r"502 Bad Gateway \(2:", (V.NO_SOCKET,)),
    (r"502 Bad Gateway \(13:", (V.PERMISSION,)),
    (r"502 Bad Gateway \(", (V.BAD_GATEWAY,)),
    (r"Failed to find attribute|Failed to parse |TypeError|takes a dotted name|names a module, not", (V.ATTRIBUTE,)),
    (r"ModuleNotFoundError|ImportError|No module named", (V.IMPORT,)),
    (r"KeyError: '", (V.CRASH,)),
    (r"Address already in use|Cannot assign requested", (V.ADDRESS,)),
    (r"RuntimeDirectory= path is absolute", (V.ADDRESS,)),  # systemd makes no folder for the socket
    (r"a blank follows this backslash", (V.IMPORT, V.OPTION)),  # the backslash is the application, or one too many
    (r"(?i:gunicorn|waitress) (?:refuses|cannot bind)|drops the word|as an argument$", (V.OPTION,)),
    (r"can be downloaded|can read", (V.LEAK,)),
    (r"redirects and external links|request\.(?:remote_addr|host) is|http:// links", (V.IDENTITY,)),
)  # fmt: skip
_RULES: dict[str, tuple[Verdict, ...]] = {
    # The host of the judge has Python without packages: what is started from there may not be there at all.
    "exec-outside-venv": (V.EXEC, V.IMPORT),
    # What pip did not install is no program of the virtual environment, and no module of its Python.
    "server-not-in-requirements": (V.EXEC,),
    # A shell that cannot read its text says so, whatever the text is about.
    "factory-call-unquoted": (V.CRASH,),
    # `./app` is a relative import, and no ImportError.
    "wsgi-spec-is-path": (V.IMPORT, V.CRASH, V.ATTRIBUTE),
    "app-rebound": (V.WRONG, V.STATIC, V.ERROR),
    # The folder of a relative path may be missing, too.
    "relative-socket-path-mismatch": (V.NO_SOCKET, V.ADDRESS),
}
UNSEEN = {
    "debugger-reachable": "it serves, and lets strangers in",
    "dev-server-in-production": "it serves",
    "internal-error": "of flasklint, not of a deployment",
}
"""Rules whose errors no visitor notices, with the reason."""


def foretold(finding: Finding) -> frozenset[Verdict]:
    """Return what a finding says will be seen; nothing where it speaks of what visitors do not notice."""
    if finding.rule in UNSEEN:
        return frozenset()
    found = _RULES.get(finding.rule) or next((all_ for words, all_ in _WORDS if re.search(words, finding.message)), ())
    if any("one host cannot run both" in label.text for label in finding.because):
        found = (*found, V.ADDRESS, V.OTHER)
    return frozenset(found)
