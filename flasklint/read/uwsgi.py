"""uWSGI, lightly: its sockets, protocol, user and application, from the command line and ini files (2.0).

The settings are uWSGI's own option names; "protocol" is "uwsgi" (for uwsgi_pass) or "http". Options that
are not known are ignored, as uWSGI does without `strict`.
"""

from posixpath import isabs, join, normpath

from ..address import tcp, unix
from ..facts import Bind, Command, ServerFacts
from ..record import Record
from ..source import Source, Span
from ..tree import Tree
from ..value import Known, Unknown, Value, has_hole

_SOCKETS = {"socket": "uwsgi", "uwsgi-socket": "uwsgi", "s": "uwsgi", "http-socket": "http", "http": "http"}
_SHORT = {
    "s": "socket",
    "w": "module",
    "H": "home",
    "p": "processes",
    "M": "master",
    "d": "daemonize",
    "C": "chmod-socket",
}
_FLAGS = frozenset(
    {
        "master",
        "M",
        "die-on-term",
        "vacuum",
        "need-app",
        "enable-threads",
        "lazy-apps",
        "strict",
        "single-interpreter",
    }
)
_MOST_FILES = 5


class Setting(Record):
    """One `name = value`; the value is Unknown where a placeholder stays open."""

    name: str
    value: Value[str]
    at: Span


def read(command: Command, tree: Tree, folder: str | None) -> ServerFacts:
    """Return the facts of `uwsgi [options] [x.ini]`."""
    settings, files, hidden = _command_line(command, tree, folder)
    last: dict[str, Value[object]] = {}
    for name, value, _ in settings:
        last[name] = Known(value.value, value.at) if isinstance(value, Known) else Unknown("cannot be told")
    directory = _directory(last, command.directory)
    # Whether a relative socket is made before or after chdir is not known here.
    base = directory if "chdir" not in last else Unknown("relative, and there is a chdir")
    binds = tuple(
        _bind(setting, base)._replace(protocol=_protocol(setting.name, last.get("protocol")))
        for setting in settings
        if setting.name in _SOCKETS
    )
    spoken = next((_SOCKETS[setting.name] for setting in settings if setting.name in _SOCKETS), "")
    if spoken:
        last["protocol"] = Known(spoken, next(setting.at for setting in settings if setting.name in _SOCKETS))
    if hidden is not None:
        binds = binds or (Bind(hidden, "", hidden.at),)
        for name in ("uid", "gid", "home", "protocol", "chmod-socket", "master"):
            last.setdefault(name, hidden)
    return ServerFacts(
        kind="uwsgi",
        at=command.at,
        binds=binds,
        spec=_spec(last, hidden, command),
        settings=last,
        directory=directory,
        environment=command.environment,
        files=files,
    )


def _protocol(name: str, chosen: Value[object] | None) -> str:
    """What is spoken on a socket; `protocol =` changes what the plain ones speak."""
    if chosen is None or name != "socket":
        return _SOCKETS[name]
    return str(chosen.value) if isinstance(chosen, Known) and chosen.value in ("http", "uwsgi") else ""


def _command_line(
    command: Command, tree: Tree, folder: str | None
) -> tuple[list[Setting], tuple[Source, ...], Unknown | None]:
    settings: list[Setting] = []
    files: list[Source] = []
    hidden: Unknown | None = None
    words, index = command.words[1:], 0
    while index < len(words):
        word = words[index]
        index += 1
        name, equals, text = word.text.lstrip("-").partition("=")
        if not word.text.startswith("-"):
            name, text = (
                ("ini", word.text) if word.text.endswith((".ini", ".yaml", ".yml", ".xml", ".json")) else ("", "")
            )
        elif not equals and not word.text.startswith("--") and len(name) > 1:
            name, text = name[0], name[1:]
        elif not equals and name not in _FLAGS and index < len(words) and not words[index].text.startswith("-"):
            word = words[index]
            text = word.text
            index += 1
        value: Value[str] = Known(text, word.at) if word.fixed else Unknown("depends on a variable", word.at)
        if name in ("ini", "yaml", "y", "xml", "json", "emperor"):
            source = _find(text, command, tree, folder) if name == "ini" and word.fixed else None
            if source is None:
                hidden = Unknown(f"{text} is not in the input", word.at)
            else:
                files.append(source)
                settings += _ini(source, text)
        elif name:
            settings.append(Setting(_SHORT.get(name, name), value, word.at))
    return settings, tuple(files[:_MOST_FILES]), hidden


def _find(text: str, command: Command, tree: Tree, folder: str | None) -> Source | None:
    path, directory = normpath(text.partition(":")[0]), command.directory
    if folder is not None:
        inside = path
        if isabs(path):
            prefix = "" if isinstance(directory, Unknown) else normpath(directory.value).rstrip("/") + "/"
            inside = path[len(prefix) :] if prefix and path.startswith(prefix) else ""
        found = tree.read(normpath(join(folder, inside))) if inside else None
        if found is not None:
            return found
    named = tree.named(path.rpartition("/")[2])
    return tree.read(named[0]) if len(named) == 1 else None


def _ini(source: Source, named: str) -> list[Setting]:
    """Read the `[uwsgi]` section line by line: a comment is one only at the start of a line."""
    settings: list[Setting] = []
    base = named.rpartition("/")[2]
    known = {
        "%n": base.rpartition(".")[0],
        "%d": f"{named.rpartition('/')[0]}/" if isabs(named) else "",
        "%s": base,
    }
    at, ours = 0, True
    for line in source.text.split("\n"):
        start, at = at, at + len(line) + 1
        text = line.strip()
        if text.startswith("[") and text.endswith("]"):
            ours = text == "[uwsgi]"
        if not ours or not text or text[0] in "#;[":
            continue
        key, equals, raw = line.partition("=")
        name, value = key.strip(), raw.strip()
        begin = start + len(key) + 1 + len(raw) - len(raw.lstrip())
        span = source.span(begin, begin + len(value)) if value else source.span(start, start + len(key))
        settings.append(
            Setting(
                _SHORT.get(name, name),
                _expanded(value or ("true" if not equals else ""), known, settings, span),
                span,
            )
        )
    return settings


def _expanded(value: str, known: dict[str, str], settings: list[Setting], at: Span) -> Value[str]:
    """Replace `%n`, `%d`, `%s` and `%(name)`; any other placeholder leaves the value open."""
    for mark, text in known.items():
        if mark in value:
            if not text:
                return Unknown(f"{mark} cannot be told", at)
            value = value.replace(mark, text)
    for setting in settings:
        mark = f"%({setting.name})"
        if mark in value and isinstance(setting.value, Known):
            value = value.replace(mark, setting.value.value)[:4096]
    if "%(" in value or "$(" in value or "@(" in value:
        return Unknown("has a placeholder that cannot be told", at)
    return Known(value, at)


def _directory(settings: dict[str, Value[object]], start: Value[str]) -> Value[str]:
    value = settings.get("chdir") or settings.get("chdir2")
    if value is None:
        return start
    if not isinstance(value, Known):
        return Unknown("chdir cannot be told")
    path = str(value.value)
    if isabs(path) or has_hole(path):
        return Known(normpath(path), value.at)
    return start if isinstance(start, Unknown) else Known(normpath(join(start.value, path)), value.at)


def _bind(setting: Setting, directory: Value[str]) -> Bind:
    """`host:port`, `:port` (every interface) or a path; `unix:/x` is taken for host and port."""
    value, at = setting.value, setting.at
    if not isinstance(value, Known):
        return Bind(Unknown("cannot be told", at), "", at)
    text = value.value
    host, colon, port = text.rpartition(":")
    if not colon and ((has_hole(text) and "/" not in text) or text.isdigit()):
        return Bind(Unknown("cannot be told", at), text, at)
    if colon and not has_hole(text) and not port.isdigit():
        return Bind(Unknown("uWSGI takes it for host and port", at), text, at)
    if (colon and "}}" not in port.replace("{{", "")) or (colon and "}}" in port and "{{" in port):
        return Bind(Known(tcp("0.0.0.0" if host in ("", "*") else host, port), at), text, at)
    if isabs(text) or has_hole(text):
        return Bind(Known(unix(text), at), text, at)
    if isinstance(directory, Unknown):
        return Bind(Unknown("relative to a directory that cannot be told", at), text, at, text)
    return Bind(Known(unix(normpath(join(directory.value, text))), at), text, at, text)


def _spec(settings: dict[str, Value[object]], hidden: Unknown | None, command: Command) -> Value[str]:
    """`module = mod:callable`, else module or wsgi-file with `callable` (default "application")."""
    module = settings.get("module") or settings.get("wsgi")
    file = settings.get("wsgi-file") or settings.get("file")
    named = module or file
    if named is None:
        return hidden or Unknown("no application is named", command.at)
    if not isinstance(named, Known):
        return named if isinstance(named, Unknown) else Unknown("no application is named")
    text = str(named.value)
    if module is None:
        if isabs(text):
            return Unknown("an absolute path", named.at)
        text = normpath(text).removesuffix(".py").replace("/", ".")
    if ":" not in text:
        called = settings.get("callable")
        if isinstance(called, Unknown):
            return called
        text = f"{text}:{called.value if isinstance(called, Known) else 'application'}"
    return Known(text, named.at)
