"""Waitress: the command `waitress-serve` and calls of `waitress.serve()` in Python.

No environment variable and no config file is read (waitress/adjustments.py, runner.py; 2.1 and 3.0).

Kinds of problems: "unknown-option", "ambiguous-option", "missing-value", "bad-value", "combination",
"app-before-options", "no-app", "invalid-bind"; "gunicorn-option" for all of Gunicorn's options together, with
what Waitress calls them.
"""

from .adjustments import from_call, read

__all__ = ["from_call", "read"]
