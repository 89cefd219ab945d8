"""The application: from the spec a server is given to the WSGI callable, read as Python would import it.

Nothing is imported or run: modules are found in the tree, parsed with `ast`, and names are followed
through them. Only files on the way to the callable are read.
"""

from ..syntax import syntax_problem
from .entry import resolve, spec_for
from .search import creates_flask

__all__ = ["creates_flask", "resolve", "spec_for", "syntax_problem"]
