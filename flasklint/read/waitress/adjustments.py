"""Waitress's adjustments, from a command line or from the arguments of `serve()`."""

from functools import cache
from posixpath import join, normpath
from typing import TYPE_CHECKING

from ...address import unix
from ...facts import Bind, Command, Environment, Problem, ServerFacts
from ...source import Span
from ...tree import Tree
from ...value import Default, Known, Unknown, Value, has_hole
from ...versions import CLEARS_FORWARDED_HEADERS
from ..options import Option, Parsed, getopt
from ..options import table as by_flag
from .binds import DEFAULT, Given, binds_of
from .values import cast, refusals

if TYPE_CHECKING:
    import ast

    from ..evaluate import Scope

_HELP = Option("help", ("--help",), "flag", "str", "", None)
_CALL = Option("call", ("--call",), "flag", "str", "", None)


@cache
def adjustments(version: str | None) -> dict[str, Option]:
    """Return the adjustments of a release by name; without a version, what all have in common."""
    from ..data.waitress_options import ROWS, VERSIONS

    old = version is not None and CLEARS_FORWARDED_HEADERS.holds(version) is False
    index = 0 if old else len(VERSIONS) - 1  # the two releases differ in that alone
    rows = [Option(*row) for row in ROWS]
    chosen = {row.name: row for row in rows if row.first <= index <= row.last}
    if version is None:
        chosen |= {row.name: row._replace(default=...) for row in rows if row.default != chosen[row.name].default}
    return chosen


def read(command: Command, tree: Tree, folder: str | None, version: str | None) -> ServerFacts:
    """Return the settings of a `waitress-serve` command line."""
    known = adjustments(version)
    flags = {**by_flag((_HELP, _CALL)), **by_flag(known.values())}
    parsed = getopt(command.words[1:], flags)
    given = _given(parsed)
    problems = [
        Problem("waitress", kind, message, word.at, repair=f"did you mean `{near}`?" if near else "")
        for kind, message, word, near in parsed.faults
    ]
    spec = _spec(parsed, problems, command)
    if problems and (foreign := _gunicorns(command, flags)):
        late = problems[0].kind == "app-before-options"
        problems = [foreign._replace(instead="") if late else foreign]
    hidden = None if parsed.certain else Unknown("the command line has a variable that may hold options")
    if problems:
        hidden = Unknown("the command line is refused", command.at)
    facts = _facts(given, known, command.at, problems, hidden)
    return facts._replace(
        binds=tuple(_absolute(bind, command.directory) for bind in facts.binds),
        spec=spec,
        directory=command.directory,
        environment=command.environment,
        search=_python_path(command.environment),
        call=any(one.option.name == "call" for one in parsed.given),
    )


def _gunicorns(command: Command, flags: dict[str, Option]) -> Problem | None:
    """What is wrong with a command line that is refused, where it is Gunicorn's."""
    from .translate import gunicorns

    return gunicorns(command.words[1:], flags)


def _absolute(bind: Bind, directory: Value[str]) -> Bind:
    """Make a relative socket path absolute."""
    address = bind.address
    if not isinstance(address, Known) or not address.value.path or address.value.path.startswith(("/", "{{", "${")):
        return bind
    path = address.value.path
    if isinstance(directory, Unknown):
        return bind._replace(address=Unknown("relative to a directory that cannot be told", bind.at), relative=path)
    return bind._replace(address=Known(unix(normpath(join(directory.value, path))), address.at), relative=path)


def _python_path(environment: Environment) -> tuple[Value[str], ...]:
    variable = environment.known("PYTHONPATH")
    return tuple(Known(part, variable.at) for part in variable.value.split(":") if part) if variable else ()


def _given(parsed: Parsed) -> dict[str, Value[object]]:
    """Return the adjustments as texts; several `--listen` are one text with blanks between them."""
    values: dict[str, Value[object]] = {}
    for option, word, at in parsed.given:
        if option.name in ("help", "call"):
            continue
        if word is None:
            values[option.name] = Known("true", at)
        elif not word.fixed:
            values[option.name] = Unknown("depends on a variable", word.at)
        else:
            before = values.get(option.name) if option.name == "listen" else None
            text = f"{before.value} {word.text}" if isinstance(before, Known) else word.text
            if isinstance(before, Unknown):
                continue
            values[option.name] = Known(text, before.at if isinstance(before, Known) else word.at)
    return values


def _spec(parsed: Parsed, problems: list[Problem], command: Command) -> Value[str]:
    words = parsed.positionals
    if problems or any(given.option.name == "help" for given in parsed.given):
        return Unknown("the options before it are refused", command.at)
    if not words:
        problems.append(Problem("waitress", "no-app", "Error: Specify one application only", command.at))
        return Unknown("no application is named", command.at)
    if len(words) > 1 and parsed.certain:
        late = next((word for word in words[1:] if word.text.startswith("-")), words[1])
        message = "Error: Specify one application only"
        problems.append(
            Problem(
                "waitress",
                "app-before-options",
                message,
                late.at,
                ((words[0].at, "the application comes first"),),
                "put the options before the application",
            )
        )
    return Known(words[0].text, words[0].at) if words[0].fixed else Unknown("depends on a variable", words[0].at)


# ------------------------------------------------------------------------------------ adjustments


def _facts(
    given: Given, known: dict[str, Option], at: Span, problems: list[Problem], hidden: Unknown | None
) -> ServerFacts:
    """Return the facts of adjustments that were given, as texts or as values of Python."""
    values = {name: _converted(known.get(name), name, value, problems) for name, value in given.items()}
    for kind, message, name in refusals(given, values):
        place = given[name]
        where = place.at if isinstance(place, (Known, Unknown)) and place.at is not None else at
        problems.append(Problem("waitress", kind, message, where))
    settings: dict[str, Value[object]] = {
        name: values.get(name) or hidden or _default(option) for name, option in known.items()
    }
    binds = binds_of(values, given, hidden, problems)
    spec = Unknown("no application is named", at)
    directory = Unknown("the directory that the script is started in")
    return ServerFacts("waitress", at, binds, spec, settings, directory, Environment(), problems=tuple(problems))


def _default(option: Option) -> Value[object]:
    return Unknown("depends on Waitress's release") if option.default is ... else Default(option.default, DEFAULT)


def _converted(option: Option | None, name: str, value: Value[object], problems: list[Problem]) -> Value[object]:
    """Convert like `Adjustments._params`; a value it refuses is a "bad-value" problem."""
    if isinstance(value, Unknown) or option is None or not isinstance(value, Known):
        return value
    raw = value.value
    if isinstance(raw, str) and has_hole(raw) and option.type in ("int", "asoctal", "asbool"):
        return Unknown("depends on a template variable", value.at)
    try:
        return Known(cast(option.type, raw), value.at)
    except (TypeError, ValueError) as error:
        problems.append(Problem("waitress", "bad-value", f"{type(error).__name__}: {error}", value.at))
        return Unknown("Waitress refuses it", value.at)


# ---------------------------------------------------------------------------------------- in code


def from_call(scope: "Scope", node: "ast.Call") -> ServerFacts:
    """Return the facts of one call of `waitress.serve(app, **adjustments)`, or of `create_server` alike."""
    from ..evaluate import span_of
    from ..expressions import Opaque

    known, problems = adjustments(None), list[Problem]()
    given: dict[str, Value[object]] = {}
    hidden: Unknown | None = None
    for keyword in node.keywords:
        at = span_of(scope.source, keyword.value)
        value = scope.value(keyword.value)
        if keyword.arg is None:
            hidden = Unknown("adjustments are passed with **", at)
        elif keyword.arg not in known and not keyword.arg.startswith("_"):
            start = scope.source.text.rfind(keyword.arg, 0, at.start)
            problems.append(_unknown(keyword.arg, Span(scope.source, max(start, 0), at.end)))
        elif isinstance(value, (Unknown, Opaque)):
            given[keyword.arg] = Unknown(value.why if isinstance(value, Unknown) else "cannot be told", at)
        else:
            given[keyword.arg] = Known(value, at)
    facts = _facts(given, known, span_of(scope.source, node), problems, hidden)
    spec: Value[str] = Unknown("no application is named", facts.at)
    if node.args:
        at = span_of(scope.source, node.args[0])
        spec = Known(at.text, at)
    return facts._replace(spec=spec, environment=scope.environment, in_code=True)


def _unknown(name: str, at: Span) -> Problem:
    from .translate import is_gunicorns, repair

    kind = "gunicorn-option" if is_gunicorns(name) else "unknown-option"
    return Problem("waitress", kind, f"ValueError: Unknown adjustment {name!r}", at, repair=repair(name))
