"""flasklint reads the files that put a Flask application into production and says what will break.

The public names are loaded when they are first asked for:

>>> from flasklint import lint
>>> for finding in lint("deploy/").findings:
...     print(finding.at.path, finding.at.line, finding.rule, finding.message)
"""

TYPE_CHECKING = False  # checkers take it for true; typing itself costs 3 ms to import
if TYPE_CHECKING:
    from .api import lint
    from .deployment import Deployment
    from .finding import Finding, Label, Severity
    from .result import FoundFile, Result
    from .rule import UnknownSelectorError
    from .settings import Settings
    from .source import Source, Span

__version__ = "0.2.0"
__all__ = [
    "Deployment",
    "Finding",
    "FoundFile",
    "Label",
    "Result",
    "Settings",
    "Severity",
    "Source",
    "Span",
    "UnknownSelectorError",
    "__version__",
    "lint",
]

_HOMES = {
    "Deployment": "deployment",
    "Finding": "finding",
    "FoundFile": "result",
    "Label": "finding",
    "Result": "result",
    "Settings": "settings",
    "Severity": "finding",
    "Source": "source",
    "Span": "source",
    "UnknownSelectorError": "rule",
    "lint": "api",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
