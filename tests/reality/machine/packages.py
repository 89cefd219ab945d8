"""Virtual environments: built once, and seen by each machine that wants them."""

import os
import shutil
import tempfile
from functools import cache
from pathlib import Path
from threading import Lock

from ...oracles import releases
from .. import venv
from .interpreter import interpreter

_lock = Lock()
_ACTIVATE = 'VIRTUAL_ENV={folder}\nPATH="$VIRTUAL_ENV/bin:$PATH"\nexport VIRTUAL_ENV PATH\n'


def layer(folder: str, wanted: frozenset[str]) -> str:
    """A folder to be seen at `folder`: a virtual environment that holds the distributions: "flask", "gunicorn==22.0.0"."""
    with _lock:
        return _layer(folder, wanted)


@cache
def _layer(folder: str, wanted: frozenset[str]) -> str:
    top = tempfile.mkdtemp(prefix="layer-", dir=_store().name)
    os.chmod(top, 0o755)
    below = Path(top)
    (below / "bin").mkdir()
    shutil.copytree(_packages(wanted), below / venv.LIBRARY, copy_function=os.link)
    venv.delay(below / venv.LIBRARY)
    python = interpreter().path
    (below / "pyvenv.cfg").write_text(f"home = {os.path.dirname(python)}\ninclude-system-site-packages = false\n")
    (below / "bin/activate").write_text(_ACTIVATE.format(folder=folder))
    for name in ("python", "python3", os.path.basename(python)):
        os.symlink(python, below / "bin" / name)
    names = {one.partition("==")[0] for one in wanted}
    for script, (package, code) in venv.SCRIPTS.items():
        if package in names:
            path = below / "bin" / script
            path.write_text(f"#!{folder}/bin/python\nimport sys\n{code}\nsys.exit(run())\n")
            path.chmod(0o755)
    return top


@cache
def _packages(wanted: frozenset[str]) -> str:
    """A folder with copies of the distributions and of all they require."""
    top = tempfile.mkdtemp(prefix="packages-", dir=_store().name)
    os.chmod(top, 0o755)
    sources = dict(venv.closure(frozenset(one.partition("==")[0] for one in wanted)))
    for one in sorted(wanted):
        package, _, version = one.partition("==")
        if version:
            released = releases.installed(package, version)
            sources = {name: path for name, path in sources.items() if not name.startswith(f"{package}-")}
            sources |= {name: f"{released}/{name}" for name in os.listdir(released) if name != "bin"}
    for name, source in sources.items():
        if os.path.isdir(source):
            shutil.copytree(source, f"{top}/{name}")
        else:
            shutil.copy2(source, f"{top}/{name}")
    return top


@cache
def _store() -> "tempfile.TemporaryDirectory[str]":
    """Kept until the tests end."""
    return tempfile.TemporaryDirectory(prefix="reality-")
