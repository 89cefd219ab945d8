"""One file per output format, each with `render(result, settings, *, color, width) -> str`.

Files whose name begins with `_` are no formats: what several of them share, and the manual.
"""

import os
from importlib import import_module

from ..result import Result
from ..settings import Settings


def formats() -> list[str]:
    """The names of all formats: the files of this folder."""
    files = os.listdir(os.path.dirname(__file__))
    return sorted(file[:-3] for file in files if file.endswith(".py") and not file.startswith("_"))


def render(form: str, result: Result, settings: Settings, *, color: bool = False, width: int = 100) -> str:
    """Return the report as text that ends with a line end, or empty where there is nothing to say."""
    text: str = import_module(f".{form}", __name__).render(result, settings, color=color, width=width)
    return text
