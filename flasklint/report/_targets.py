"""Which reports a run makes and where each of them goes: `--format NAME` and `--format NAME:FILE`."""

import os
from collections.abc import Mapping, Sequence

from ..record import Record
from ..result import Result
from ..settings import Settings
from . import formats, render
from ._output import screen_width, show, wants_color, write

ASKED_FOR_OTHERWISE = ("diff", "files", "statistics")  # by options of their names


class Target(Record):
    """A format and the file it goes to, "" for standard output."""

    form: str
    file: str = ""


def names() -> list[str]:
    """The formats that `--format` takes."""
    return [name for name in formats() if name not in ASKED_FOR_OTHERWISE]


def targets(
    listed: Sequence[str], output: str | None, special: str = "", environment: Mapping[str, str] = os.environ
) -> tuple[Target, ...]:
    """Return what `--format` (any number of times), `--output` and `--diff` or `--files` (`special`) ask for.

    Without any it is text, in GitHub's Actions with annotations. Raises ValueError for a format that there
    is not, and where two reports would go to one place.
    """
    found = [_target(one) for one in listed]
    if special:
        found.insert(0, Target(special, output or ""))
    elif not found:
        found = [Target("text", output or "")]
        found += [Target("github")] if environment.get("GITHUB_ACTIONS") == "true" else []
        return tuple(found)  # a line of text is no command, so that both may go to standard output
    elif output:
        found = [_with_output(found, output)]
    for one in found:
        if sum(_place(other) == _place(one) for other in found) > 1:
            raise ValueError(_clash(found, one))
    return tuple(found)


def _target(written: str) -> Target:
    form, colon, file = written.partition(":")
    if form not in names():
        raise ValueError(f"--format {written}: no format {form!r}{_meant(form)}; there are {', '.join(names())}")
    if colon and not file:
        raise ValueError(f"--format {written}: name a file behind the colon, or leave it out")
    return Target(form, file)


def _meant(form: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(form, names(), 1)
    return f" (did you mean {near[0]}?)" if near else ""


def _with_output(found: Sequence[Target], output: str) -> Target:
    if len(found) > 1 or found[0].file:
        raise ValueError("--output is for a single format: write --format NAME:FILE for each, and no --output")
    return found[0]._replace(file=output)


def _place(target: Target) -> str:
    return os.path.realpath(target.file) if target.file else ""


def _clash(found: Sequence[Target], one: Target) -> str:
    both = " and ".join(dict.fromkeys(other.form for other in found if _place(other) == _place(one)))
    if one.file:
        return f"{both} cannot both be written to {one.file}: name a file for each"
    return f"{both} would be mixed on standard output: give all but one a file (--format {one.form}:FILE)"


def deliver(reports: Sequence[Target], result: Result, settings: Settings, color: str) -> None:
    """Make the reports, standard output first: a file that cannot be written (OSError) costs only itself.

    Where there is nothing to lint, which has been said, the text has nothing to add.
    """
    for one in sorted(reports, key=lambda target: bool(target.file)):
        if one.form == "text" and result.nothing_to_lint and not result.internal_errors:
            continue
        painted = color == "always" if one.file else wants_color(color)
        said = settings._replace(hyperlinks="never") if one.file else settings
        text = render(one.form, result, said, color=painted, width=screen_width())
        if not one.file:
            show(text)
            continue
        try:
            write(one.file, text)
        except OSError as error:  # it names the temporary file
            raise OSError(error.errno, error.strerror, one.file) from None
