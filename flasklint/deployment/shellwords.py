"""Words of a command that only a shell understands, where systemd starts the program itself."""

from ..facts import Exec
from ..source import Span
from ..value import Known
from .service import Service

BUILTINS = frozenset({"source", ".", "cd", "export", "set", "unset", "exec", "eval", "if", "for", "while"})
OPERATORS = frozenset({"&&", "||", "|", "|&", "&", ">", ">>", "<", "2>", "2>>", "1>", "&>", "2>&1", "1>&2"})
REDIRECTS = (">/", ">>/", "2>/", "2>>/", "1>/", "&>/", "&>>/")
_SHELLS = frozenset({"sh", "bash", "dash", "zsh", "ash", "ksh", "su", "runuser", "ssh"})


_SIGNS = frozenset("&|<>$`")  # every operator and every substitution has one of them


def has_signs(command: Exec) -> bool:
    """Whether a command holds a sign that a shell understands at all."""
    return not _SIGNS.isdisjoint(command.at.text)


def in_shell(command: Exec) -> bool:
    """Whether one of its words names a shell, which may take the others for a command of its own."""
    return any(word.text.rpartition("/")[2] in _SHELLS for word in command.words)


def is_lost(written: str) -> bool:
    """Whether systemd drops a word: `$HOST:$PORT` begins with a variable and goes on, so none has its name."""
    name = written[1:]
    return written[:1] == "$" and (name[:1].isalpha() or name[:1] == "_") and not name.isidentifier()


def is_ignored(service: Service, command: Exec, at: Span) -> bool:
    """Whether Gunicorn passes over an operator: it takes the first word that is no option for the application
    and ignores all further ones."""
    spec = service.server.spec
    if service.kind != "gunicorn" or not isinstance(spec, Known) or spec.at.source is not at.source:
        return False
    behind = [word for word in command.words if word.at.start >= at.start]
    inside = command.words[0].at.start <= spec.at.start < at.start
    return inside and at.text in OPERATORS and not any(word.text.startswith("-") for word in behind)
