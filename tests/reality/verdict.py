"""What can be seen of a deployment that was started."""

from enum import Enum
from typing import NamedTuple


class Verdict(Enum):
    """In the order in which one hides another: a server that fails to start is never asked for a page."""

    NGINX_REFUSES = "nginx refuses"
    UNIT_REFUSED = "unit refused"
    USER = "fails to start: user"
    NAMESPACE = "fails to start: namespace"
    SETUP = "fails to start: setup"
    CHDIR = "fails to start: chdir"
    EXEC = "fails to start: exec"
    OPTION = "fails to start: option"
    ADDRESS = "fails to start: address"
    IMPORT = "fails to start: import"
    ATTRIBUTE = "fails to start: attribute"
    TIMEOUT = "fails to start: timeout"
    CRASH = "fails to start: other"
    NO_ANSWER = "runs and never answers"
    STOPPED = "stopped by reload"
    REFUSED = "502 connection refused"
    NO_SOCKET = "502 no such socket"
    PERMISSION = "502 permission"
    BAD_GATEWAY = "502 other"
    GATEWAY_TIMEOUT = "504"
    BAD_REQUEST = "400 on every request"
    ERROR = "500 on every request"
    OTHER = "another application answers"
    PATH = "wrong path"
    STATIC = "static 404/403"
    LEAK = "source readable"
    TOO_LARGE = "413"
    WRONG = "wrong answer"
    IDENTITY = "wrong host, scheme or client"
    SERVES = "serves"

    @property
    def stage(self) -> int:
        return list(Verdict).index(self)


UNANSWERED = frozenset({Verdict.REFUSED, Verdict.NO_SOCKET, Verdict.PERMISSION, Verdict.BAD_GATEWAY, Verdict.NO_ANSWER})
"""What the visitors of a site get whose own server does not run: it follows, and says nothing more."""


class Seen(NamedTuple):
    """One symptom and the words of the program that showed it; `unit` is the service that does not run."""

    verdict: Verdict
    words: str
    unit: str = ""


class Outcome(NamedTuple):
    """Everything that was seen of one deployment; nothing is wrong if `seen` is empty.

    `log` is all that nginx and the services said."""

    seen: tuple[Seen, ...]
    log: str = ""

    @property
    def verdicts(self) -> frozenset[Verdict]:
        return frozenset(one.verdict for one in self.seen) or frozenset({Verdict.SERVES})

    @property
    def verdict(self) -> Verdict:
        """The first symptom in the order of stages."""
        return min(self.verdicts, key=lambda one: one.stage)
