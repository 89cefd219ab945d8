"""What can be seen of a deployment that was started."""

from enum import Enum
from typing import NamedTuple


class Verdict(Enum):
    """In the order in which one hides another: a server that fails to start is never asked for a page."""

    NGINX_REFUSES = "nginx refuses"
    UNIT_REFUSED = "unit refused"
    CHDIR = "fails to start: chdir"
    EXEC = "fails to start: exec"
    OPTION = "fails to start: option"
    ADDRESS = "fails to start: address"
    IMPORT = "fails to start: import"
    ATTRIBUTE = "fails to start: attribute"
    CRASH = "fails to start: other"
    NO_ANSWER = "runs and never answers"
    REFUSED = "502 connection refused"
    NO_SOCKET = "502 no such socket"
    PERMISSION = "502 permission"
    BAD_GATEWAY = "502 other"
    ERROR = "500 on every request"
    OTHER = "another application answers"
    STATIC = "static 404/403"
    LEAK = "source readable"
    IDENTITY = "wrong host, scheme or client"
    SERVES = "serves"

    @property
    def stage(self) -> int:
        return list(Verdict).index(self)


STARTS_NOT = frozenset(
    {
        Verdict.UNIT_REFUSED, Verdict.CHDIR, Verdict.EXEC, Verdict.OPTION, Verdict.ADDRESS, Verdict.IMPORT,
        Verdict.ATTRIBUTE, Verdict.CRASH, Verdict.NO_ANSWER,
    }
)  # fmt: skip
BAD_GATEWAYS = frozenset({Verdict.REFUSED, Verdict.NO_SOCKET, Verdict.PERMISSION, Verdict.BAD_GATEWAY})


class Seen(NamedTuple):
    """One symptom and the words of the program that showed it."""

    verdict: Verdict
    words: str


class Outcome(NamedTuple):
    """Everything that was seen of one deployment; nothing is wrong if it is empty."""

    seen: tuple[Seen, ...]

    @property
    def everything(self) -> frozenset[Verdict]:
        """All symptoms, whatever caused them."""
        return frozenset(one.verdict for one in self.seen) or frozenset({Verdict.SERVES})

    @property
    def verdicts(self) -> frozenset[Verdict]:
        """The symptoms, without those that a server which did not start brings with it."""
        found = frozenset(one.verdict for one in self.seen)
        if found & STARTS_NOT:
            found -= {*BAD_GATEWAYS, Verdict.OTHER}
        return found or frozenset({Verdict.SERVES})

    @property
    def verdict(self) -> Verdict:
        """The first symptom in the order of stages."""
        return min(self.verdicts, key=lambda one: one.stage)
