"""The settings in force: the command line over GUNICORN_CMD_ARGS over the config file over the defaults."""

from collections.abc import Iterable
from itertools import pairwise
from posixpath import isabs, join, normpath

from ...address import tcp
from ...facts import Bind, Command, Environment, IdleConfig, Problem, ServerFacts, Variable, Word
from ...source import Span
from ...tree import Tree
from ...value import Default, Known, Unknown, Value, has_hole
from ..options import Parsed, argparse
from .bind import bind as read_bind
from .config import ConfigFile, config_file, idle
from .layers import Layer, check, check_worker, environment_layer, layer_of, merge
from .table import DEFAULT, Table, table
from .variables import from_variables


def read(command: Command, tree: Tree, folder: str | None, version: str | None) -> ServerFacts:
    """Return the settings in force.

    `folder` is the folder of the tree that stands for the directory Gunicorn starts in, `version` the
    release that is installed, where one is known.
    """
    known = table(version)
    parsed = argparse(command.words[1:], known.flags, "gunicorn", known.release)
    problems: list[Problem] = []
    from_line = layer_of(parsed, known, problems)
    from_environment = environment_layer(command.environment, known, problems)
    config = _config(parsed, from_environment, command, tree, folder, known)
    problems += config.problems
    from_file = Layer(dict(config.values), dict(config.pieces), config.hidden)
    check(from_file, known, problems)
    refused, ignored = _odd_names(config, known)
    problems += refused
    merged = merge(from_file, from_environment, from_line)
    check_worker(merged, known, problems)
    environment, directory = _environment(command, merged, problems), _directory(command, merged)
    binds = _binds(merged, command.environment, directory, problems)
    return ServerFacts(
        kind="gunicorn",
        at=command.at,
        binds=binds,
        spec=_spec(parsed, merged, problems, command),
        settings=_settings(merged, known, from_variables(command.environment, known, problems)),
        directory=directory,
        environment=environment,
        search=_search(merged, environment, directory),
        problems=tuple(problems),
        files=(config.source,) if config.source is not None else (),
        ignored=ignored,
        idle=_idle(config, command, tree, folder, known),
    )


# ------------------------------------------------------------------------------------ the layers


def _config(
    parsed: Parsed, environment: Layer, command: Command, tree: Tree, folder: str | None, known: Table
) -> ConfigFile:
    named = next((given.value for given in reversed(parsed.given) if given.option.name == "config"), None)
    inherited = environment.values.get("config")
    if named is None and isinstance(inherited, Known):
        named = Word(str(inherited.value), inherited.at)
    if named is None and not parsed.certain:
        return ConfigFile(hidden=Unknown("the command line may name a config file"))
    return config_file(named, command, tree, folder, known.settings)


def _odd_names(config: ConfigFile, known: Table) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    """Names of the config file that Gunicorn refuses as settings, and those it passes over in silence."""
    if config.source is None or config.hidden is not None:
        return (), ()
    from .names import no_values, slips  # only where there is a file, and `ast` is loaded

    return tuple(no_values(config.names, known)), tuple(slips(config.source, config.names, known))


def _idle(config: ConfigFile, command: Command, tree: Tree, folder: str | None, known: Table) -> tuple[IdleConfig, ...]:
    """Files that look like a configuration, where none is read for certain."""
    nothing = config.source is None and config.hidden is None and not config.problems
    if not nothing or folder is None or isinstance(command.directory, Default):
        return ()
    return tuple(idle(command, tree, folder, known.settings))


# ---------------------------------------------------------------------------------- what follows


def _settings(merged: Layer, known: Table, variables: dict[str, Value[object]]) -> dict[str, Value[object]]:
    if merged.hidden is not None:
        settings: dict[str, Value[object]] = dict.fromkeys(known.defaults, merged.hidden)
    else:
        settings = known.defaults | variables
    settings.update({name: value for name, value in merged.values.items() if name in known.settings})
    return settings


def _environment(command: Command, merged: Layer, problems: list[Problem]) -> Environment:
    """Add `--env NAME=VALUE` to the environment."""
    more = []
    for text, at, fixed in merged.pieces.get("raw_env", ()):
        name, equals, value = text.partition("=")
        if equals:
            more.append(Variable(name, Known(value, at) if fixed else Unknown("depends on a variable", at), at))
        elif fixed and not has_hole(text):
            problems.append(Problem("gunicorn", "bad-value", f"Error: environment setting {text!r} invalid", at))
    return command.environment.with_more(*more) if more else command.environment


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
    if isinstance(value, Known) and not pieces:
        return (Bind(Unknown("no address is named", value.at), "", value.at),)
    if not pieces:
        default, problem = _default_bind(merged, environment, directory)
        problems += [problem] if problem else []
        return (default,)
    binds = []
    for text, at, fixed in pieces:
        bind, problem = read_bind(text, at, directory, fixed)
        binds.append(bind)
        problems += [problem] if problem else []
    inherited = [bind for bind in binds if bind.written.startswith("fd://")]
    return tuple(inherited or binds)


def _default_bind(merged: Layer, environment: Environment, directory: Value[str]) -> tuple[Bind, Problem | None]:
    if merged.hidden is not None:
        return Bind(merged.hidden, "", merged.hidden.at), None
    port = environment.get("PORT")
    if isinstance(port, Unknown):
        return Bind(port, "", port.at), None
    if isinstance(port, Known):
        return read_bind(f"0.0.0.0:{port.value}", port.at, directory)
    return Bind(Default(tcp("127.0.0.1", 8000), DEFAULT), "127.0.0.1:8000", None), None


def _spec(parsed: Parsed, merged: Layer, problems: list[Problem], command: Command) -> Value[str]:
    """Return the positional argument, else `wsgi_app` of the config file."""
    swallowed = {id(word) for word in _after_faults(parsed, command.words)} if parsed.faults else ()
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
    """Words behind an option that is not known for sure are perhaps its value, not the application."""
    unknown = {
        id(fault.word)
        for fault in parsed.faults
        if fault.kind in ("unknown-option", "ambiguous-option") and "=" not in fault.word.text
    }
    return (word for before, word in pairwise(words) if id(before) in unknown and ":" not in word.text)
