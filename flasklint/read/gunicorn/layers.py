"""The places that set Gunicorn's settings, and how they are put over each other."""

from ...facts import Environment, Problem, Word
from ...record import Record
from ...source import Span
from ...value import Known, Unknown, Value, has_hole
from ..options import Given, Parsed, argparse
from .config import Piece
from .table import Table
from .values import checked, converted


class Layer(Record):
    """What one place sets. `hidden` says why it may set more than it shows."""

    values: dict[str, Value[object]]
    pieces: dict[str, tuple[Piece, ...]]
    hidden: Unknown | None = None


def layer_of(parsed: Parsed, known: Table, problems: list[Problem]) -> Layer:
    """Return what parsed options set; what they get wrong is added to `problems`.

    argparse converts every value, the validator sees the last one only.
    """
    values: dict[str, Value[object]] = {}
    pieces: dict[str, tuple[Piece, ...]] = {}
    refused: dict[str, Problem] = {}
    _add_faults(parsed, known, problems)
    for given in parsed.given:
        option, word = given.option, given.value
        if option.takes == "append" and word is not None:
            pieces[option.name] = (
                *pieces.get(option.name, ()),
                Piece(word.text.strip(), word.at, word.fixed),
            )
            texts = pieces[option.name]
            whole: Value[object] = Known(tuple(piece.text for piece in texts), texts[0].at)
            dark = next((piece for piece in texts if not piece.fixed), None)
            values[option.name] = Unknown("depends on a variable", dark.at) if dark else whole
            continue
        value, message = _scalar(given, known)
        values[option.name] = value
        refused.pop(option.name, None)
        if message and word is not None:
            problem = Problem("gunicorn", _kind(option.name, message), message, word.at)
            if message.startswith("gunicorn: error:"):
                problems.append(problem)
            else:
                refused[option.name] = problem
    problems += refused.values()
    hidden = None if parsed.certain else Unknown("the command line has a variable that may hold options")
    return Layer(values, pieces, hidden)


def _scalar(given: Given, known: Table) -> tuple[Value[object], str]:
    option, word = given.option, given.value
    if option.takes == "maybe":
        return Unknown("depends on Gunicorn's release", given.at), ""
    if word is None:
        flagged = option.const if option.const is not None else True
        return Known(flagged, given.at), ""
    if not word.fixed or (option.type != "str" and has_hole(word.text)):
        return Unknown("depends on a variable", word.at), ""
    value, message = converted(option, word.text, known.variants[option.name])
    return (Unknown("Gunicorn refuses it", word.at), message) if message else (Known(value, word.at), "")


def _add_faults(parsed: Parsed, known: Table, problems: list[Problem]) -> None:
    """Add what argparse refuses; a release newer than the tables may know more options."""
    for kind, message, word, near in parsed.faults:
        if kind == "unknown-option" and known.newer:
            continue
        repair = f"did you mean `{near}`?" if near else ""
        problems.append(Problem("gunicorn", kind, message, word.at, repair=repair, instead=_instead(word, near)))
    if parsed.extras and not known.newer:
        words = " ".join(word.text for word in parsed.extras)
        message = f"gunicorn: error: unrecognized arguments: {words}"
        problems.append(Problem("gunicorn", "extra-argument", message, parsed.extras[0].at))


def _instead(word: Word, near: str) -> str:
    """Write the option that was meant with the value that stands behind it, if any."""
    _, equals, value = word.text.partition("=")
    return f"{near}{equals}{value}" if near and word.at.text == word.text else ""


def environment_layer(environment: Environment, known: Table, problems: list[Problem]) -> Layer:
    """Read GUNICORN_CMD_ARGS; a positional in it is ignored."""
    value = environment.get("GUNICORN_CMD_ARGS")
    if value is None:
        return Layer({}, {})
    if isinstance(value, Unknown):
        return Layer({}, {}, Unknown(f"GUNICORN_CMD_ARGS {value.why}", value.at))
    at = value.at if isinstance(value, Known) else None
    words = _words(value.value, at) if at is not None else None
    if words is None:
        if at is not None and not has_hole(value.value):
            problems.append(Problem("gunicorn", "bad-value", "Error: No closing quotation", at))
        return Layer({}, {}, Unknown("GUNICORN_CMD_ARGS cannot be split", at))
    return layer_of(argparse(words, known.flags, "gunicorn", known.release), known, problems)


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
        words.append(
            Word(
                piece,
                at.part(found, start) if found >= 0 and piece else at,
                not has_hole(piece) or "{{" in piece,
            )
        )
    return words


def check(layer: Layer, known: Table, problems: list[Problem]) -> None:
    """Check what a config file sets, as Gunicorn's validators do."""
    for name, value in layer.values.items():
        if isinstance(value, Unknown):
            continue
        checked_value, message = checked(known.variants[name], value.value)
        at = value.at if isinstance(value, Known) else None
        if message and at is not None:
            problems.append(Problem("gunicorn", _kind(name, message), f"Invalid value for {name}: {message}", at))
            layer.values[name] = Unknown("Gunicorn refuses it", at)
        elif at is not None:
            layer.values[name] = Known(checked_value, at)


def _kind(name: str, message: str) -> str:
    """A negative number of workers is a kind of its own: it is out of range, not misspelt."""
    return "bad-workers" if name == "workers" and "must be positive" in message else "bad-value"


def merge(from_file: Layer, from_environment: Layer, from_line: Layer) -> Layer:
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


def check_worker(merged: Layer, known: Table, problems: list[Problem]) -> None:
    """Check the worker class in force, which Gunicorn looks up once every place has been read.

    A bare name must be a worker of this release; a dotted one may be installed by any package.
    """
    value = merged.values.get("worker_class")
    if known.newer or not isinstance(value, Known) or not isinstance(value.value, str):
        return
    name = value.value
    if name not in known.workers and name.replace("_", "").isalnum():
        problems.append(Problem("gunicorn", "bad-value", f"Error: class uri {name!r} invalid or not found", value.at))
        merged.values["worker_class"] = Unknown("Gunicorn refuses it", value.at)
