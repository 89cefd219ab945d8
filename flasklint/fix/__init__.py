"""Findings into repaired files.

Passes over a copy of the files in memory: choose fixes that do not touch each other, make them, lint again.
A fix that does not remove its finding, or brings a new error, is taken back. Files are written
once, at the end.
"""

from .engine import fix, planned
from .files import plain
from .ignores import comment_above, fits
from .write import Refused

__all__ = ["Refused", "comment_above", "fits", "fix", "plain", "planned"]
