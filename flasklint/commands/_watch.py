"""The options that show how a run goes: what was joined and why, where the time went, that it is still at work."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..result import Result
from ..session import at_work
from ..settings import Settings

if TYPE_CHECKING:
    from ..timings import Timings

F = TypeVar("F", bound=Callable[..., Any])
OPTIONS = (
    click.option("--statistics", is_flag=True, help="Count the findings of each rule instead."),
    click.option("--verbose", "-v", is_flag=True, help="Say what was joined, and why (on standard error)."),
    click.option("--timings", is_flag=True, help="Say where the time went (on standard error)."),
)


def options(command: F) -> F:
    """Give a command the options."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


class Watch:
    """What was asked for, to be told when the run is over."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self.verbose: bool = options["verbose"]
        self.timings: Timings | None = None

    def tell(self, result: Result, settings: Settings) -> None:
        if self.verbose:
            from ..report import _verbose

            sys.stderr.write(_verbose.render(result, settings))
        if self.timings:
            from ..report import _timings

            sys.stderr.write(_timings.render(self.timings.spent))


@contextmanager
def watching(options: Mapping[str, Any]) -> Iterator[Watch]:
    """Watch what is done in the block, as far as the options and the terminal ask for it."""
    watch = Watch(options)
    with ExitStack() as stack:
        if options["timings"]:
            from ..timings import Timings

            watch.timings = Timings()
            stack.enter_context(watch.timings.measuring())
        stack.enter_context(at_work())
        yield watch
