"""The `.env` and `.flaskenv` that lie in an application's folder."""

from ..facts import DotEnv
from ..source import Source
from ..tree import Tree

_NAMES = (".env", ".flaskenv")


def env_files(tree: Tree, folder: str | None) -> tuple[DotEnv, ...]:
    """Read those that are there; none where the folder is not known."""
    if folder is None:
        return ()
    paths = [f"{folder}/{name}".lstrip("/") for name in _NAMES if tree.named(name)]
    sources = [source for path in paths if tree.is_file(path) and (source := tree.read(path)) is not None]
    return tuple(_read(source) for source in sources)


def _read(source: Source) -> DotEnv:
    from ..read import dotenv

    lines = [line.strip() for line in source.text.splitlines()]
    said = [line for line in lines if line and not line.startswith("#")]
    plain = not any(line.startswith("export ") or "$" in line or " #" in line or "\\" in line for line in said)
    return DotEnv(source, dotenv.read(source, lambda _: None), plain)
