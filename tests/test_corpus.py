"""Every deployment of corpus/ raises exactly what corpus/expected/ says.

`python -m tests.test_corpus` writes the expected reports anew; read the difference before you commit it.
"""

import os
from pathlib import Path

import pytest

from flasklint.report import concise
from flasklint.run import lint
from flasklint.settings import Settings

CORPUS = Path(__file__).parent.parent / "corpus"
NAMES = sorted(path.name for path in CORPUS.iterdir() if path.is_dir() and path.name != "expected")
CLEAN = {
    "ansible-role", "compose-project", "gunicorn-socket", "gunicorn-tcp", "package-tls", "socket-activation",
    "two-applications", "waitress-socket", "waitress-tcp",
}  # fmt: skip


def report(name: str) -> str:
    before = os.getcwd()
    os.chdir(CORPUS / name)
    try:
        settings = Settings()
        return "".join(concise.render(lint(["."], settings), settings, color=False, width=100))
    finally:
        os.chdir(before)


@pytest.mark.parametrize("name", NAMES)
def test_report(name: str) -> None:
    assert report(name) == (CORPUS / "expected" / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(CLEAN))
def test_clean_deployments_raise_no_error_and_no_warning(name: str) -> None:
    text = report(name)
    assert " error[" not in text and " warning[" not in text, text


def test_every_bad_deployment_raises_something() -> None:
    assert all(report(name) for name in NAMES if name not in CLEAN)


if __name__ == "__main__":
    (CORPUS / "expected").mkdir(exist_ok=True)
    for one in NAMES:
        (CORPUS / "expected" / f"{one}.txt").write_text(report(one), encoding="utf-8")
