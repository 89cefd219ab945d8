"""A finding: a sentence with labels."""

from collections.abc import Iterable
from enum import IntEnum
from typing import Any

from .record import Record
from .source import Span
from .value import Known


class Severity(IntEnum):
    """`error`: will not work, or lets somebody in. `warning`: will hurt. `note`: worth knowing."""

    NOTE = 1
    WARNING = 2
    ERROR = 3

    def __str__(self) -> str:
        return self.name.lower()


class Label(Record):
    """A place and what is to be said of it (a few words, drawn under the carets)."""

    at: Span
    text: str


class Edit(Record):
    """Put `text` in the place of what stands at `at`, which may be empty: then it is put in between."""

    at: Span
    text: str


class PythonEdit(Record):
    """A change of Python source that libcst works out when it is shown or made (flasklint/edits.py makes these).

    `change` names it, `name` and `value` are what it needs: see the functions there.
    """

    at: Span
    change: str
    name: str = ""
    value: str = ""


class Fix(Record):
    """Edits of any number of files, made together or not at all.

    `safe`: the only way the deployment can work, or one that changes nothing else (`--fix`); otherwise
    a good guess that a person has to look at (`--unsafe-fixes`).
    """

    edits: tuple[Edit | PythonEdit, ...]
    safe: bool = True


class Finding(Record):
    """One fault: a primary place, a message, any number of places that explain it, and the repair.

    A rule fills `at`, `message`, `label`, `because` and `repair`; the engine adds `rule` and, where
    the rule left it open, `severity`.
    """

    at: Span
    message: str
    label: str = ""
    because: tuple[Label, ...] = ()
    repair: str = ""
    severity: Severity | None = None
    rule: str = ""
    fix: Fix | None = None

    @property
    def level(self) -> Severity:
        """The severity in force (the engine has filled it by the time anyone asks)."""
        return self.severity or Severity.ERROR

    @property
    def fingerprint(self) -> str:
        """Rule, path and the text of the primary place: survives edits elsewhere in the file."""
        return self.fingerprint_in(self.at.path)

    def fingerprint_in(self, path: str) -> str:
        """The fingerprint where the file goes by another path, such as one from another folder."""
        from hashlib import sha256

        parts = (self.rule, path, " ".join(self.at.text.split()))
        return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


Place = Span | Known[Any]


def finding(
    place: Place,
    message: str,
    *,
    label: str = "",
    because: Iterable[tuple[Place, str]] = (),
    repair: str = "",
    severity: Severity | None = None,
    fix: Fix | None = None,
) -> Finding:
    """Say that something is wrong at `place`.

    `message` is one sentence that names the two things that disagree and the symptom in the
    program's own words. `label` is drawn under the place itself, `because` are further places with
    their labels, in any file. `repair` is one sentence that says what to do, `fix` does it.
    """
    labels = tuple(Label(_span(where), text) for where, text in because)
    return Finding(_span(place), message, label, labels, repair, severity, fix=fix)


def _span(place: Place) -> Span:
    return place.at if isinstance(place, Known) else place
