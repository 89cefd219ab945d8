"""Children are timed: Python's compiling of flasklint is not what is measured."""

import compileall

import pytest

from .child import ROOT


@pytest.fixture(scope="session", autouse=True)
def compiled() -> None:
    for folder in ("flasklint", "rules"):
        compileall.compile_dir(ROOT / folder, quiet=2)
