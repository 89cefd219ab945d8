"""Releases of real programs, each installed by pip into a folder of its own."""

import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import pytest

# What else a release needs that its own metadata does not pin.
_WITH = {("gunicorn", "20.1.0"): ("setuptools<81",)}  # later ones have no pkg_resources


def folder(config: pytest.Config, package: str, version: str) -> str:
    """Return the folder that has `package` in `version`; skip where the registry is not reachable.

    FLASKLINT_ORACLES names a folder that is kept between runs; by default it is one in pytest's cache.
    """
    try:
        return _ensure(_home(config), package, version)
    except UnreachableError as why:
        if os.environ.get("CI") == "true":
            pytest.fail(str(why))
        pytest.skip(str(why))


def installed(package: str, version: str) -> str:
    """Return the folder without pytest; raises UnreachableError where the registry is not reachable."""
    return _ensure(_home(None), package, version)


class UnreachableError(Exception):
    """A release cannot be had; says why."""


def _ensure(home: Path, package: str, version: str) -> str:
    target = home / f"{package}-{version}-py{sys.version_info.major}.{sys.version_info.minor}"
    if not target.is_dir():
        why = _install(home, target, f"{package}=={version}", *_WITH.get((package, version), ()))
        if why:
            raise UnreachableError(why)
    return str(target)


def _home(config: pytest.Config | None) -> Path:
    named = os.environ.get("FLASKLINT_ORACLES")
    if named:
        return Path(named)
    kept = getattr(config, "cache", None)
    return kept.mkdir("oracles") if kept is not None else Path(_for_this_run().name)


@cache
def _for_this_run() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(prefix="oracles-")


@cache
def _install(home: Path, target: Path, *wanted: str) -> str:
    """Install into `target` as a whole or not at all; return why it could not be done."""
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home) as folder:
        done = subprocess.run(
            [sys.executable, "-m", "pip", "install", "-q", "--target", f"{folder}/all", *wanted],
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if done.returncode:
            return f"pip cannot install {wanted[0]}: {done.stderr.strip().rpartition(chr(10))[2]}"
        os.rename(f"{folder}/all", target)
    return ""
