"""The defaults that docs/gunicorn-or-waitress.md names are those of the installed programs."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[1] / "docs" / "gunicorn-or-waitress.md"


def cells() -> dict[str, tuple[str, str]]:
    """Return the first code of each cell of the table, by the row's first words."""
    table = PAGE.read_text(encoding="utf-8").partition("## Defaults")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ") and "---" not in line]
    return {row[0].strip(): (_code(row[1]), _code(row[2])) for row in rows if len(row) == 3}


def _code(cell: str) -> str:
    found = re.search(r"`([^`]+)`", cell)
    return found[1] if found else ""


def test_defaults_of_gunicorn(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PORT", "WEB_CONCURRENCY"):
        monkeypatch.delenv(name, raising=False)
    config = pytest.importorskip("gunicorn.config").Config()
    from gunicorn import SERVER

    told = {row: gunicorn for row, (gunicorn, _) in cells().items()}
    assert told["listens on"] == config.settings["bind"].default[0]
    assert told["processes"] == str(config.workers)
    assert told["threads"] == str(config.threads)
    assert told["a request may take"] == str(config.timeout)
    assert told["mode of a unix socket"] == f"{0o777 & ~config.umask:o}"
    assert told["connections at once"] == str(config.worker_connections)
    assert told["name in the `Server` header"] == SERVER


def test_defaults_of_waitress() -> None:
    settings = pytest.importorskip("waitress.adjustments").Adjustments()
    told = {row: waitress for row, (_, waitress) in cells().items()}
    assert told["listens on"] == f"{settings.host}:{settings.port}"
    assert told["threads"] == str(settings.threads)
    assert told["mode of a unix socket"] == f"{settings.unix_socket_perms:o}"
    assert told["connections at once"] == str(settings.connection_limit)
    assert told["largest request body"] == str(settings.max_request_body_size)
    assert told["name in the `Server` header"] == settings.ident
