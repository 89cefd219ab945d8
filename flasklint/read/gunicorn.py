"""Gunicorn's settings, from wherever they come.

Order, later wins, whole values replaced: built-in default (some from PORT, WEB_CONCURRENCY,
FORWARDED_ALLOW_IPS), config file, GUNICORN_CMD_ARGS, command line (gunicorn/app/base.py, 20.1 to 27).

Kinds of problems: "unknown-option", "missing-value", "ambiguous-option", "bad-value",
"extra-argument", "invalid-bind", "no-app", "config-missing", "config-invalid".
"""

from collections.abc import Iterable
from posixpath import isabs, join, normpath
from typing import NamedTuple

from ..address import tcp
from ..facts import Bind, Command, Environment, Problem, ServerFacts, Variable, Word
from ..source import Span
from ..tree import Tree
from ..value import Default, Known, Unknown, Value, has_hole
from . import gunicorn_config
from .gunicorn_bind import bind as read_bind
from .gunicorn_config import ConfigFile, Piece
from .gunicorn_table import Table, table
from .gunicorn_values import checked, converted
from .options import Given, Parsed, argparse

DEFAULT = "Gunicorn's default"


class Layer(NamedTuple):
    """What one place sets. `hidden` says why it may set more than it shows."""

    values: dict[str, Value[object]]
    pieces: dict[str, tuple[Piece, ...]]
    hidden: Unknown | None = None


def read(command: Command, tree: Tree, folder: str | None, version: str | None) -> ServerFacts:
    """Return the settings in force.

    `folder` is the folder of the tree that stands for the directory Gunicorn starts in, `version` the
    release that is installed, where one is known.
    """
    known = table(version)
    parsed = argparse(command.words[1:], known.flags, "gunicorn")
    problems = _faults(parsed, known)
    from_line = _layer(parsed, known, problems)
    from_environment = _environment_layer(command.environment, known)
    config = _config(parsed, from_environment, command, tree, folder, known)
    problems += config.problems
    from_file = Layer(config.values, config.pieces, config.hidden)
    _check(from_file, known, problems)
    merged = _merge(from_file, from_environment, from_line)
    environment, directory = _environment(command, merged), _directory(command, merged)
    binds = _binds(merged, command.environment, directory, problems)
    return ServerFacts(
        kind="gunicorn",
        at=command.at,
        binds=binds,
        spec=_spec(parsed, merged, problems, command),
        settings=_settings(merged, known, command.environment),
        directory=directory,
        environment=environment,
        search=_search(merged, environment, directory),
        problems=tuple(problems),
        files=(config.source,) if config.source is not None else (),
    )


# ------------------------------------------------------------------------------------ the layers


def _faults(parsed: Parsed, known: Table) -> list[Problem]:
    """Return what argparse refuses; a release newer than the tables may know more options."""
    problems = []
    for kind, message, word, near in parsed.faults:
        if kind == "unknown-option" and known.newer:
            continue
        repair = f"did you mean `{near}`?" if near else ""
        problems.append(Problem("gunicorn", kind, message, word.at, repair=repair))
    if parsed.extras and not known.newer:
        words = " ".join(word.text for word in parsed.extras)
        message = f"gunicorn: error: unrecognized arguments: {words}"
        problems.append(Problem("gunicorn", "extra-argument", message, parsed.extras[0].at))
    return problems


def _layer(parsed: Parsed, known: Table, problems: list[Problem] | None) -> Layer:
    """Return what parsed options set; what they get wrong is added to `problems`."""
    values: dict[str, Value[object]] = {}
    pieces: dict[str, tuple[Piece, ...]] = {}
    for given in parsed.given:
        option, word = given.option, given.value
        if option.takes == "append" and word is not None:
            pieces[option.name] = (*pieces.get(option.name, ()), Piece(word.text.strip(), word.at, word.fixed))
            texts = pieces[option.name]
            whole = Known(tuple(piece.text for piece in texts), texts[0].at)
            dark = next((piece for piece in texts if not piece.fixed), None)
            values[option.name] = Unknown("depends on a variable", dark.at) if dark else whole
            continue
        value, message = _scalar(given, known)
        values[option.name] = value
        if message and problems is not None and word is not None:
            problems.append(Problem("gunicorn", "bad-value", message, word.at))
    hidden = None if parsed.certain else Unknown("the command line has a variable that may hold options")
    return Layer(values, pieces, hidden)


def _scalar(given: Given, known: Table) -> tuple[Value[object], str]:
    option, word = given.option, given.value
    if word is None:
        flagged = option.const if option.const is not None else True
        return Known(flagged, given.at), ""
    if not word.fixed or (option.type != "str" and has_hole(word.text)):
        return Unknown("depends on a variable", word.at), ""
    value, message = converted(option, word.text, known.workers)
    return (Unknown("Gunicorn refuses it", word.at), message) if message else (Known(value, word.at), "")


def _environment_layer(environment: Environment, known: Table) -> Layer:
    """Read GUNICORN_CMD_ARGS; a positional in it is ignored."""
    value = environment.get("GUNICORN_CMD_ARGS")
    if value is None:
        return Layer({}, {})
    if isinstance(value, Unknown):
        return Layer({}, {}, Unknown(f"GUNICORN_CMD_ARGS {value.why}", value.at))
    at = value.at if isinstance(value, Known) else None
    words = _words(value.value, at) if at is not None else None
    if words is None:
        return Layer({}, {}, Unknown("GUNICORN_CMD_ARGS cannot be split", at))
    return _layer(argparse(words, known.flags, "gunicorn"), known, None)


def _words(text: str, at: Span) -> list[Word] | None:
    from shlex import split

    try:
        texts = split(text)
    except ValueError:
        return None
    words, start = [], 0
    for piece in texts:
        found = at.text.find(piece, start)
        if found >= 0:
            start = found + len(piece)
        words.append(Word(piece, at.part(found, start) if found >= 0 and piece else at, not has_hole(piece) or "{{" in piece))
    return words


def _config(
    parsed: Parsed, environment: Layer, command: Command, tree: Tree, folder: str | None, known: Table
) -> ConfigFile:
    named = next((given.value for given in reversed(parsed.given) if given.option.name == "config"), None)
    inherited = environment.values.get("config")
    if named is None and isinstance(inherited, Known):
        named = Word(str(inherited.value), inherited.at)
    if named is None and not parsed.certain:
        return ConfigFile(hidden=Unknown("the command line may name a config file"))
    return gunicorn_config.find(named, command, tree, folder, frozenset(known.settings))


def _check(layer: Layer, known: Table, problems: list[Problem]) -> None:
    """Check what a config file sets, as Gunicorn's validators do."""
    for name, value in layer.values.items():
        if isinstance(value, Unknown):
            continue
        checked_value, message = checked(known.settings[name], value.value, known.workers)
        at = value.at if isinstance(value, Known) else None
        if message and at is not None:
            problems.append(Problem("gunicorn", "bad-value", f"Invalid value for {name}: {message}", at))
            layer.values[name] = Unknown("Gunicorn refuses it", at)
        elif at is not None:
            layer.values[name] = Known(checked_value, at)


def _merge(from_file: Layer, from_environment: Layer, from_line: Layer) -> Layer:
    """Put the layers over each other.

    A value that is written stays in force although a place that is not seen might replace it; only
    what nobody wrote is left open by such a place.
    """
    values = from_file.values | from_environment.values | from_line.values
    pieces = dict(from_file.pieces)
    for layer in (from_environment, from_line):
        for name in layer.values:
            pieces[name] = layer.pieces.get(name, ())
    return Layer(values, pieces, from_line.hidden or from_file.hidden or from_environment.hidden)


# ---------------------------------------------------------------------------------- what follows


def _settings(merged: Layer, known: Table, environment: Environment) -> dict[str, Value[object]]:
    settings: dict[str, Value[object]] = {}
    for name, option in known.settings.items():
        if option.check == "_validate_callable" and name not in merged.values:
            continue
        value = merged.values.get(name)
        settings[name] = _default(name, option.default, merged, environment) if value is None else value
    return settings


_FROM_ENVIRONMENT = {"workers": "WEB_CONCURRENCY", "forwarded_allow_ips": "FORWARDED_ALLOW_IPS"}


def _default(name: str, default: object, merged: Layer, environment: Environment) -> Value[object]:
    if merged.hidden is not None:
        return merged.hidden
    variable = environment.get(_FROM_ENVIRONMENT[name]) if name in _FROM_ENVIRONMENT else None
    if isinstance(variable, Unknown):
        return variable
    if variable is not None and isinstance(variable, Known):
        return _from_variable(name, variable)
    return Unknown("computed when Gunicorn starts") if default is ... else Default(default, DEFAULT)


def _from_variable(name: str, variable: Known[str]) -> Value[object]:
    if name == "workers":
        text = variable.value.strip()
        return Known(int(text), variable.at) if text.isdecimal() and len(text) < 10 else Unknown("no number", variable.at)
    return Known(tuple(part.strip() for part in variable.value.split(",") if part), variable.at)


def _environment(command: Command, merged: Layer) -> Environment:
    """Add `--env NAME=VALUE` to the environment."""
    more = []
    for text, at, fixed in merged.pieces.get("raw_env", ()):
        name, equals, value = text.partition("=")
        if equals:
            more.append(Variable(name, Known(value, at) if fixed else Unknown("depends on a variable", at), at))
    return command.environment.with_more(*more)


def _directory(command: Command, merged: Layer) -> Value[str]:
    """Return the directory after --chdir, which is relative to the one before.

    A config file that is named but not seen may well set it; a place nobody mentions hardly does.
    """
    value = merged.values.get("chdir")
    if value is None:
        return merged.hidden if merged.hidden is not None and merged.hidden.at else command.directory
    if isinstance(value, Unknown) or not isinstance(value.value, str):
        return Unknown("--chdir cannot be told", value.at if isinstance(value, Known) else None)
    path, start = value.value, command.directory
    at = value.at if isinstance(value, Known) else command.at
    if isabs(path) or path.startswith("{{"):
        return Known(normpath(path), at)
    if isinstance(start, Unknown):
        return start
    return Known(normpath(join(start.value, path)), at)


def _search(merged: Layer, environment: Environment, directory: Value[str]) -> tuple[Value[str], ...]:
    """Return the folders of --pythonpath (comma) and PYTHONPATH (colon)."""
    found: list[Value[str]] = []
    value = merged.values.get("pythonpath")
    if isinstance(value, Unknown):
        found.append(value)
    elif isinstance(value, Known) and isinstance(value.value, str):
        found += (_absolute(part, value.at, directory) for part in value.value.split(","))
    variable = environment.get("PYTHONPATH")
    if isinstance(variable, Known):
        found += (_absolute(part, variable.at, directory) for part in variable.value.split(":") if part)
    return tuple(found)


def _absolute(path: str, at: Span, directory: Value[str]) -> Value[str]:
    if isabs(path) or "{{" in path:
        return Known(normpath(path), at)
    return directory if isinstance(directory, Unknown) else Known(normpath(join(directory.value, path)), at)


def _binds(merged: Layer, environment: Environment, directory: Value[str], problems: list[Problem]) -> tuple[Bind, ...]:
    pieces = merged.pieces.get("bind", ())
    value = merged.values.get("bind")
    if isinstance(value, Unknown) and not pieces:
        return (Bind(value, "", value.at),)
    if not pieces:
        return (_default_bind(merged, environment),)
    binds = []
    for text, at, fixed in pieces:
        bind, problem = read_bind(text, at, directory, fixed)
        binds.append(bind)
        problems += [problem] if problem else []
    inherited = [bind for bind in binds if bind.written.startswith("fd://")]
    return tuple(inherited or binds)


def _default_bind(merged: Layer, environment: Environment) -> Bind:
    if merged.hidden is not None:
        return Bind(merged.hidden, "", merged.hidden.at)
    port = environment.get("PORT")
    if isinstance(port, Unknown):
        return Bind(port, "", port.at)
    if isinstance(port, Known):
        return Bind(Known(tcp("0.0.0.0", port.value), port.at), f"0.0.0.0:{port.value}", port.at)
    return Bind(Default(tcp("127.0.0.1", 8000), DEFAULT), "127.0.0.1:8000", None)


def _spec(parsed: Parsed, merged: Layer, problems: list[Problem], command: Command) -> Value[str]:
    """Return the positional argument, else `wsgi_app` of the config file."""
    swallowed = {id(word) for word in _after_faults(parsed, command.words)}
    positionals = [word for word in parsed.positionals if id(word) not in swallowed]
    if positionals:
        word = positionals[0]
        return Known(word.text, word.at) if word.fixed else Unknown("depends on a variable", word.at)
    value = merged.values.get("wsgi_app")
    if isinstance(value, Known) and isinstance(value.value, str):
        return Known(value.value, value.at)
    for reason in (value, merged.values.get("paste"), merged.hidden):
        if isinstance(reason, Unknown):
            return reason
        if isinstance(reason, Known) and reason.value:
            return Unknown("named by a paste file", reason.at)
    why = Unknown("no application is named", command.at)
    if not problems and not any(given.option.name in ("help", "version") for given in parsed.given):
        problems.append(Problem("gunicorn", "no-app", "Error: No application module specified.", command.at))
    return why


def _after_faults(parsed: Parsed, words: tuple[Word, ...]) -> Iterable[Word]:
    """Words behind an unknown option are perhaps its value, not the application."""
    unknown = {id(fault.word) for fault in parsed.faults if fault.kind == "unknown-option" and "=" not in fault.word.text}
    return (word for before, word in zip(words, words[1:], strict=False) if id(before) in unknown and ":" not in word.text)
