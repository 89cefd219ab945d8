"""What a module's names come to: what binds, unbinds and changes the environment on the way."""

import ast

import pytest

from flasklint.facts import Environment, Variable
from flasklint.read.evaluate import Scope
from flasklint.source import Source
from flasklint.value import Known, Unknown

AT = Source("env", "8000").whole()
HERE = Environment((Variable("PORT", Known("8000", AT), AT),))


def value(code: str, environment: Environment = HERE) -> object:
    """Return what `x` comes to, "unknown" or "unbound"."""
    scope = Scope(Source("case.py", code), environment)
    scope.run(ast.parse(code).body)
    bound = scope.names.get("x")
    return "unbound" if bound is None else "unknown" if isinstance(bound.value, Unknown) else bound.value


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("x = 1\ndel x", "unbound"),
        ("(x := 5)", 5),
        ("y = (x := 5)", "unknown"),
        ("if (x := f()):\n    y = 1", "unknown"),
        ("import os\nx = os.environ['PORT']", "8000"),
        ("import os\nos.environ['PORT'] = '1'\nx = os.environ['PORT']", "1"),
        ("import os\nos.environ['PORT'] = f()\nx = os.environ['PORT']", "unknown"),
        ("import os\nos.environ.setdefault('PORT', '1')\nx = os.environ['PORT']", "8000"),
        ("import os\nos.environ.setdefault('HOST', 'h')\nx = os.environ['HOST']", "h"),
        ("import os\nos.environ.update(PORT='1')\nx = os.environ['PORT']", "unknown"),
        ("import os\nif f():\n    os.environ['PORT'] = '1'\nx = os.environ['PORT']", "unknown"),
        ("import os\nfrom dotenv import load_dotenv\nload_dotenv()\nx = os.getenv('HOST', 'h')", "unknown"),
        ("import os\nfrom dotenv import load_dotenv\nload_dotenv()\nx = os.getenv('PORT', '1')", "8000"),
        (
            "import os\nfrom dotenv import load_dotenv\nload_dotenv(override=True)\nx = os.getenv('PORT', '1')",
            "unknown",
        ),
    ],
)
def test_a_module_from_top_to_bottom(code: str, expected: object) -> None:
    assert value(code) == expected
