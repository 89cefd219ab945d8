"""Gunicorn's settings, from wherever they come.

Order, later wins, whole values replaced: built-in default (some from PORT, WEB_CONCURRENCY,
FORWARDED_ALLOW_IPS), config file, GUNICORN_CMD_ARGS, command line (gunicorn/app/base.py, 20.1 to 27).

Kinds of problems: "unknown-option", "missing-value", "ambiguous-option", "bad-value", "bad-workers",
"extra-argument", "invalid-bind", "no-app", "config-missing", "config-invalid".
"""

from .settings import read

__all__ = ["read"]
