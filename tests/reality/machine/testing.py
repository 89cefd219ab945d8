"""What tests do where a machine cannot be booted."""

import os
from typing import NoReturn

import pytest

from .capability import lacking, missing


def impossible() -> str:
    """Why no machine can be booted here, "" if one can."""
    program = missing()
    return f"{program} is not installed" if program else lacking()


def give_up(reason: str) -> NoReturn:
    """Skip the test; with `CI=true` only for what the machine does not allow, what could be installed is a failure."""
    if os.environ.get("CI") == "true" and reason != lacking():
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def need_machine() -> None:
    """Skip the test, or fail, where no machine can be booted."""
    if reason := impossible():
        give_up(reason)
