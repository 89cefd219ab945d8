"""Symbolic links, followed without leaving the root of the input."""

import os

MAX_LINKS = 40  # that are followed for one path, as Linux does; a circle ends there


def below(root: str, real: str) -> str | None:
    """Return the path of an absolute one relative to the root, None outside of it."""
    if real == root:
        return ""
    start = root.rstrip("/") + "/"
    return real[len(start) :] if real.startswith(start) else None


def resolve(root: str, path: str, *, is_host: bool) -> str:
    """Follow the links of a relative path, a host's absolute ones from its own root.

    Raises OSError where they lead nowhere.
    """
    done: list[str] = []
    parts = path.split("/")[::-1]
    links = 0
    while links <= MAX_LINKS:
        if not parts:
            return "/".join(done)
        part = parts.pop()
        if part == ".." and not done and not is_host:
            break
        if part in ("", ".", ".."):
            del done[len(done) - (part == "..") :]
            continue
        done.append(part)
        here = os.path.join(root, *done)
        if os.path.islink(here):
            links += 1
            target = os.readlink(here)
            done = [] if target.startswith("/") else done[:-1]
            if target.startswith("/") and not is_host:
                inside = below(root, os.path.normpath(target))
                if inside is None:
                    break
                target = inside
            parts += target.split("/")[::-1]
    raise OSError(0, "a link that leads out of the input, or in a circle")
