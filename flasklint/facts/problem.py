"""What a program refuses, or ignores with a warning."""

from ..record import Record
from ..source import Span


class Problem(Record):
    """Something that the program which owns a file refuses, or ignores with a warning.

    `program` is "nginx", "systemd", "gunicorn", "waitress", "flask", "python", "yaml", ...
    `kind` is a short constant that rules select by (each reader lists its own in its docstring);
    `message` is what the program itself says; `because` are further places; `repair` says what to do,
    without a capital or a full stop; `label` is drawn under the place itself. `instead` is what to write
    in the place of `at`, "" where that is not plain.
    """

    program: str
    kind: str
    message: str
    at: Span
    because: tuple[tuple[Span, str], ...] = ()
    repair: str = ""
    label: str = ""
    instead: str = ""

    @property
    def refuses(self) -> bool:
        """Whether the program does without all of the file for it: such kinds begin with "refused"."""
        return self.kind.startswith("refused")

    @property
    def is_ignored(self) -> bool:
        """Whether the program says that it goes on without the place."""
        return ", ignoring" in self.message


def internal(error: Exception, at: Span) -> Problem:
    """A failure of flasklint itself, as something to report (kind "internal")."""
    return Problem("flasklint", "internal", f"{type(error).__name__}: {error}", at)
