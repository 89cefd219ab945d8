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
    """Skip the test; with `CI=true` a program that is not installed is a failure, what the machine does not allow is not."""
    if missing() and os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def need_machine() -> None:
    """Skip the test, or fail, where no machine can be booted."""
    if reason := impossible():
        give_up(reason)
