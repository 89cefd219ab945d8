"""Write man/flasklint.1 from the commands: `python tools/generate_man.py` (`--check` only compares)."""

import sys
from pathlib import Path
from textwrap import wrap

from _commands import Page, pages

from flasklint import __version__

MANUAL = Path(__file__).parent.parent / "man" / "flasklint.1"
DATE = "2026-11-22"  # of the last change that is more than a version

ENVIRONMENT = [
    ("NO_COLOR, FORCE_COLOR", "Never, or always, colour what goes to the screen."),
    ("FORCE_HYPERLINK", "1: rule names are hyperlinks whatever the terminal is; 0: they never are."),
    ("COLUMNS", "The width of the report."),
    ("GITHUB_ACTIONS", "true: annotations are printed beside the text, unless a format is asked for."),
]
STATUS = [
    ("0", "Nothing was found at or above --fail-on."),
    ("1", "Something was found; with --diff, something would change."),
    ("2", "Misuse, nothing to lint, a file that cannot be written, or an error inside flasklint."),
    ("130", "Interrupted."),
]
EXAMPLES = [
    ("flasklint", "Check the deployments below the current folder."),
    ("flasklint deploy/ app/", "Check what two folders hold, joined."),
    ("flasklint --diff", "Show what --fix would change."),
    ("flasklint --format text --format sarif:flasklint.sarif", "Report to the screen and to code scanning."),
    ("flasklint --root /mnt/image", "Check a host's file system."),
]


def manual() -> str:
    """Return the page in the macros of man(7)."""
    program, *commands = pages()
    lines = [
        f'.TH FLASKLINT 1 {DATE} "flasklint {__version__}" "User Commands"',
        ".SH NAME",
        "flasklint \\- says what will break in a Flask deployment before it is deployed",
        ".SH SYNOPSIS",
        *(line for page in (program, *commands) for line in _synopsis(page)),
        ".SH DESCRIPTION",
        *_paragraphs(program),
        ".SH OPTIONS",
        *_listed(program.options),
        ".SH COMMANDS",
        *(line for page in commands for line in _command(page)),
    ]
    for heading, rows in (("EXIT STATUS", STATUS), ("ENVIRONMENT", ENVIRONMENT), ("EXAMPLES", EXAMPLES)):
        lines += [f".SH {heading}", *_listed(rows)]
    lines += [".SH SEE ALSO", ".BR gunicorn (1),", ".BR systemd.service (5),", ".BR nginx (8)"]
    return "\n".join(lines) + "\n"


def _synopsis(page: Page) -> list[str]:
    words, _, rest = page.usage.partition(" [")
    return (
        [*([".br"] if page.name else []), f".B {_plain(words)}", f"[{_plain(rest)}"]
        if rest
        else [f".B {_plain(page.usage)}"]
    )


def _command(page: Page) -> list[str]:
    return [f".SS {_plain(page.usage)}", *_paragraphs(page), *_listed(page.options)]


def _paragraphs(page: Page) -> list[str]:
    lines: list[str] = []
    for number, text in enumerate(page.paragraphs):
        kept = text.startswith("\b")
        body = [_plain(line) for line in text.removeprefix("\b").strip("\n").split("\n")]
        lines += [*([".PP"] if number else []), *([".nf", *body, ".fi"] if kept else _wrapped(" ".join(body)))]
    return lines


def _listed(rows: list[tuple[str, str]]) -> list[str]:
    return [line for term, said in rows for line in (".TP", f".B {_plain(term)}", *_wrapped(_plain(said)))]


def _wrapped(text: str) -> list[str]:
    return wrap(text, 80, break_long_words=False, break_on_hyphens=False)


def _plain(text: str) -> str:
    """Escape what troff would obey."""
    text = (
        text.replace("\\", "\\e").replace("-", "\\-").replace("`", "\\(ga").replace("'", "\\(aq").replace('"', "\\(dq")
    )
    return f"\\&{text}" if text.startswith(".") else text


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(
            0 if MANUAL.read_text(encoding="utf-8") == manual() else f"{MANUAL.name} is out of date: run {sys.argv[0]}"
        )
    MANUAL.parent.mkdir(exist_ok=True)
    MANUAL.write_text(manual(), encoding="utf-8")
