"""The real programs that tests ask. Where one is not installed its tests are skipped, but never with `CI=true`."""

import os
import shutil
from importlib.util import find_spec

import pytest

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
SYSTEMD = "/lib/systemd/systemd"
OPENSSL = shutil.which("openssl") or "/usr/bin/openssl"


def needs(program: str) -> pytest.MarkDecorator:
    """Mark tests that start a program, given by its path."""
    return _mark(os.access(program, os.X_OK), program)


def needs_package(name: str) -> pytest.MarkDecorator:
    """Mark tests that ask an installed Python package."""
    return _mark(find_spec(name) is not None, name)


def _mark(there: bool, name: str) -> pytest.MarkDecorator:
    in_ci = os.environ.get("CI") == "true"  # there the tests run, and fail
    return pytest.mark.skipif(not there and not in_ci, reason=f"{name} is not installed")
