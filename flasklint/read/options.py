"""Command-line options, read as argparse and getopt read them.

Both parsers know which option takes what from a table and say what the real one would refuse. A word
that is not fixed may become anything, so after one nothing is called superfluous or missing.
"""

from collections.abc import Container, Iterable, Mapping, Sequence

from ..facts import Word
from ..record import Record
from ..source import Span
from ..value import has_hole
from .statements import has_statement, without_statements

# What follows `--proxy-protocol` where it is not known whether this release takes a value there.
_MODES = frozenset({"off", "v1", "v2", "auto"})


class Option(Record):
    """A row of a generated table; see `read/data` for its columns.

    `takes` is "value", "append", "optional", "flag", or "maybe": a flag here, optional there.
    """

    name: str
    flags: tuple[str, ...]
    takes: str
    type: str
    check: str
    default: object
    const: object = None
    first: int = 0
    last: int = 0


class Given(Record):
    """An option as it was given; `value` is None for a flag."""

    option: Option
    value: Word | None
    at: Span


class Fault(Record):
    """What the parser refuses; `kind` is unknown-option, missing-value, ambiguous-option or bad-value."""

    kind: str
    message: str
    word: Word
    near: str = ""  # the known option that was perhaps meant


class Parsed(Record):
    """`extras` are positional words beyond the first group, which argparse refuses.

    `certain` is False where a word may hide further options.
    """

    given: tuple[Given, ...]
    positionals: tuple[Word, ...]
    extras: tuple[Word, ...]
    faults: tuple[Fault, ...]
    certain: bool


class _Parser:
    """State of one run over the words."""

    def __init__(self, flags: Mapping[str, Option], release: Container[str] = frozenset()) -> None:
        self.flags = flags
        self.release = release
        self.given: list[Given] = []
        self.faults: list[Fault] = []
        self.certain = True

    def result(self, positionals: Sequence[Word], extras: Sequence[Word] = ()) -> Parsed:
        faults = (fault for fault in self.faults if not has_statement(fault.word.text))
        return Parsed(tuple(self.given), tuple(positionals), tuple(extras), tuple(faults), self.certain)

    def fault(self, kind: str, message: str, word: Word, near: str = "") -> None:
        self.faults.append(Fault(kind, message, word, near))

    def unknown(self, message: str, word: Word, flag: str) -> None:
        from difflib import get_close_matches

        near = get_close_matches(flag, self.flags, 1, 0.75)
        self.fault("unknown-option", message, word, near[0] if near else "")


def table(options: Iterable[Option]) -> dict[str, Option]:
    """Return the options by flag."""
    return {flag: option for option in options for flag in option.flags}


def is_open(word: Word) -> bool:
    """Tell whether a word at the place of an option or argument may turn out to be several."""
    if word.fixed:
        return word.text.startswith("{{") and word.text.endswith("}}") and word.text.count("{{") == 1
    return not word.text.startswith("-") and (word.text[:1] in "$`" or has_hole(word.text))


def value_of(word: Word, start: int) -> Word:
    """Return the part of a word from `start` on, with its place in what was written."""
    text = word.text[start:]
    found = word.at.text.find(text) if text else -1
    if found < 0 and text:
        found = word.at.text.find("=") + 1 if "=" in word.text[:start] and "=" in word.at.text else -1
        return Word(text, word.at.part(found, len(word.at.text)) if found > 0 else word.at, word.fixed)
    return Word(text, word.at.part(found, found + len(text)) if text else word.at, word.fixed)


# --------------------------------------------------------------------------------------- argparse


def argparse(
    words: Sequence[Word], flags: Mapping[str, Option], prog: str, release: Container[str] = frozenset()
) -> Parsed:
    """Parse like `argparse` with one positional of `nargs="*"` (Python 3.11's Lib/argparse.py).

    A beginning that fits several flags is clear where it fits one of `release` only.
    """
    parser, positionals, extras = _Parser(flags, release), list[Word](), list[Word]()
    closed, index, after = False, 0, False
    words, parser.certain = without_statements(words)
    while index < len(words):
        word = words[index]
        index += 1
        if word.text == "--" and not after:
            after = True
            continue
        if after or not _looks_like_option(word, flags):
            parser.certain = parser.certain and not is_open(word)
            (extras if closed else positionals).append(word)
            continue
        closed = closed or bool(positionals)
        index = _argparse_option(parser, words, index, prog)
    return parser.result(positionals, extras if parser.certain and not parser.faults else ())


def _looks_like_option(word: Word, flags: Mapping[str, Option]) -> bool:
    text = word.text
    if len(text) < 2 or text[0] != "-":
        return False
    if text in flags or text.partition("=")[0] in flags or text[:2] in flags:
        return True
    if text[1:].replace(".", "", 1).isdigit():
        return False
    return " " not in text or bool(_prefixed(text.partition("=")[0], flags))


def _prefixed(flag: str, flags: Mapping[str, Option]) -> list[str]:
    return [known for known in flags if known.startswith(flag)] if flag.startswith("--") else []


def _argparse_option(parser: _Parser, words: Sequence[Word], index: int, prog: str) -> int:
    """Take the option `words[index - 1]` with its value; return the index after it."""
    word, flags = words[index - 1], parser.flags
    flag, equals, _ = word.text.partition("=")
    if word.text in flags:
        flag, equals = word.text, ""
    if flag not in flags and flag.startswith("--"):
        fits = _prefixed(flag, flags)
        here = [fit for fit in fits if fit in parser.release]
        fits = here if len(here) == 1 else fits
        if len(fits) > 1:
            message = f"{prog}: error: ambiguous option: {word.text} could match {', '.join(fits)}"
            parser.fault("ambiguous-option", message, word, min(fits, key=len))
            return index
        flag = fits[0] if fits else flag
    if flag in flags:
        inline = value_of(word, word.text.index("=") + 1) if equals else None
        return _argparse_value(parser, flags[flag], flag, inline, words, index, prog)
    if word.text[:2] in flags and not word.text.startswith("--"):
        return _clustered(parser, words, index, prog)
    parser.unknown(f"{prog}: error: unrecognized arguments: {word.text}", word, flag)
    return index


def _clustered(parser: _Parser, words: Sequence[Word], index: int, prog: str) -> int:
    """`-w4`, `-b=x` or `-DR`."""
    word, start = words[index - 1], 1
    while start < len(word.text):
        flag = f"-{word.text[start]}"
        option = parser.flags.get(flag)
        if option is None:
            message = f"{prog}: error: argument {flag}: ignored explicit argument {word.text[start:]!r}"
            parser.fault("unknown-option", message, word)
            return index
        start += 1
        if option.takes != "flag":
            rest = word.text[start:]
            inline = value_of(word, start + (1 if rest.startswith("=") else 0)) if rest else None
            return _argparse_value(parser, option, flag, inline, words, index, prog)
        parser.given.append(Given(option, None, word.at))
    return index


def _argparse_value(
    parser: _Parser,
    option: Option,
    flag: str,
    inline: Word | None,
    words: Sequence[Word],
    index: int,
    prog: str,
) -> int:
    word = words[index - 1]
    shown = "/".join(option.flags)
    if option.takes == "flag":
        if inline is not None:
            message = f"{prog}: error: argument {shown}: ignored explicit argument {inline.text!r}"
            parser.fault("bad-value", message, word)
        parser.given.append(Given(option, None, word.at))
        return index
    if inline is not None:
        parser.given.append(Given(option, inline, word.at))
        return index
    follows = words[index] if index < len(words) else None
    if follows is None or follows.text == "--" or _looks_like_option(follows, parser.flags):
        if option.takes in ("optional", "maybe"):
            parser.given.append(Given(option, None, word.at))
        elif parser.certain:
            parser.fault("missing-value", f"{prog}: error: argument {shown}: expected one argument", word)
        return index
    if option.takes == "maybe" and follows.text not in _MODES:
        parser.given.append(Given(option, None, word.at))
        return index
    parser.given.append(Given(option, follows, word.at))
    return index + 1


# ----------------------------------------------------------------------------------------- getopt


def getopt(words: Sequence[Word], flags: Mapping[str, Option]) -> Parsed:
    """Parse like `getopt.getopt(words, "", ...)`: long options only, up to the first positional.

    A flag `--x` also has `--no-x`, given with the value "false". Parsing stops at the first fault, as
    the real one does.
    """
    parser, index = _Parser(flags), 0
    words, parser.certain = without_statements(words)
    while index < len(words) and not parser.faults:
        word = words[index]
        if not word.text.startswith("-") or word.text == "-":
            break
        index += 1
        if word.text == "--":
            break
        if not word.text.startswith("--"):
            if len(word.text) > 1:
                parser.unknown(f"Error: option -{word.text[1]} not recognized", word, word.text)
            continue
        index = _getopt_option(parser, words, index)
    if index < len(words) and is_open(words[index]):
        parser.certain = False
    return parser.result(words[index:])


def _getopt_option(parser: _Parser, words: Sequence[Word], index: int) -> int:
    word = words[index - 1]
    flag, equals, _ = word.text.partition("=")
    names = [
        *parser.flags,
        *(f"--no-{f[2:]}" for f, option in parser.flags.items() if option.type == "asbool"),
    ]
    fits = [flag] if flag in names else [name for name in names if name.startswith(flag)]
    if len(fits) != 1:
        if fits:
            parser.fault("ambiguous-option", f"Error: option {flag} not a unique prefix", word)
        else:
            parser.unknown(f"Error: option {flag} not recognized", word, flag)
        return index
    option = parser.flags.get(fits[0])
    if option is None or option.takes == "flag":
        negated = option is None
        option = parser.flags[f"--{fits[0][5:]}"] if option is None else option
        if equals:
            parser.fault("bad-value", f"Error: option {fits[0]} must not have an argument", word)
        parser.given.append(Given(option, Word("false", word.at) if negated else None, word.at))
        return index
    if equals:
        parser.given.append(Given(option, value_of(word, word.text.index("=") + 1), word.at))
        return index
    if index >= len(words):
        parser.fault("missing-value", f"Error: option {fits[0]} requires argument", word)
        return index
    parser.given.append(Given(option, words[index], word.at))
    return index + 1
