"""The Python of the machine: one that ordinary users may run."""

import os
import stat
import sys
from functools import cache
from glob import glob
from typing import NamedTuple

_BOUND = "/opt/python"  # where the machine finds a Python whose own folder is closed


class Interpreter(NamedTuple):
    """Its path on the machine, the folder of ours that is mounted at /opt/python ("" if none need be), and links
    that the machine needs to find its library."""

    path: str
    bound: str
    links: dict[str, str]


@cache
def interpreter() -> Interpreter:
    """Our own Python, or the system's of the same minor version, or our own at another place."""
    own = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
    system = f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}"
    for path in (own, system):
        if _open_to_all(path):
            return Interpreter(path, "", {})
    libraries = glob(f"{sys.base_prefix}/lib/libpython*.so*")
    links = {f"/usr/lib/{os.path.basename(one)}": f"-> {_BOUND}/lib/{os.path.basename(one)}" for one in libraries}
    return Interpreter(f"{_BOUND}/bin/{os.path.basename(own)}", sys.base_prefix, links)


def _open_to_all(path: str) -> bool:
    if not os.path.exists(path):
        return False
    real = os.path.realpath(path)
    folders = real.split("/")[:-1]
    parents = ["/".join(folders[: end + 1]) or "/" for end in range(len(folders))]
    return all(os.stat(one).st_mode & stat.S_IXOTH for one in (*parents, real))
