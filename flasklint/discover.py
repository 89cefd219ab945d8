"""What kind of file is this? Names first, then the first bytes of what the names leave open.

Nothing but the head of a candidate is read here; a Python file costs nothing but its name.
"""

import os
from collections.abc import Callable
from functools import cache, lru_cache
from importlib import import_module

from .filenames import COPIES, UNITS, plain_name
from .record import Record
from .source import Source, decode
from .tree import Tree

LooksLike = Callable[[str, bytes], bool]

READ = ("nginx", "systemd", "compose", "supervisor", "procfile", "dockerfile")
HEAD = 4096
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
LARGEST_ODD = 200_000  # bytes; a file without a telling name that is larger is data

BY_SUFFIX: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(UNITS, ("systemd", "nginx")),
    **dict.fromkeys(("conf", "nginx", "vhost", "site", "cfg"), ("nginx", "supervisor", "systemd")),
    **dict.fromkeys(("ini", "supervisor", "supervisord"), ("supervisor",)),
    **dict.fromkeys(("yml", "yaml"), ("compose",)),
    "dockerfile": ("dockerfile",),
    "procfile": ("procfile",),
}
BY_NAME = {
    "procfile": ("procfile",),
    "dockerfile": ("dockerfile",),
    "containerfile": ("dockerfile",),
}
TELLING = frozenset(
    {"nginx.conf", "supervisord.conf", "docker-compose.yml", "docker-compose.yaml", "compose.yml", "compose.yaml"}
)
ODD = ("nginx", "systemd")  # what a name without a telling suffix may hide
NEEDS = {"nginx": b";", "systemd": b"=", "supervisor": b"["}  # spares the import of a reader
TELLING_FOLDERS = (".d", "requirements")  # the only ones whose names tell something of their files
DROP_IN = ("systemd",)  # a file in `shop.service.d/`: the folder names its unit

SCRIPTS = frozenset({"sh", "bash", "ps1", "bat", "cmd"})
REQUIREMENTS = frozenset(
    {"pyproject.toml", "setup.py", "setup.cfg", "pipfile", "pipfile.lock", "poetry.lock", "uv.lock",
     "pdm.lock", "environment.yml", "environment.yaml"}
)  # fmt: skip
ASIDE = frozenset({"test", "tests", "fixtures", "vendor", "third_party", "examples", "example"})
DISTRIBUTION = (
    "usr/",
    "lib/",
    "lib64/",
    "bin/",
    "sbin/",
    "boot/",
    "run/",
    "tmp/",
    "var/lib/",
    "var/cache/",
    "var/log/",
)
# Suffixes of what is never a server's configuration; any other unknown suffix is looked into.
OTHER_SUFFIXES = (
    " py pyc pyi pyx md rst txt html htm css scss sass less js mjs cjs jsx ts tsx vue svelte map json"
    " json5 jsonl xml svg png jpg jpeg gif ico webp avif bmp tiff pdf ps eps ttf otf woff woff2 eot mp3"
    " mp4 wav ogg webm mov zip gz tgz bz2 xz zst 7z tar jar whl egg deb rpm so dll dylib exe o a lib bin"
    " dat db sqlite sqlite3 sql csv tsv xls xlsx doc docx ppt pptx odt ods po mo pot lock log pem crt key"
    " csr pub asc c h cc cpp hpp rs go java kt rb php pl lua swift scala cs fs r jl ipynb tex bib tf"
    " tfvars hcl proto graphql toml diff patch snap pkl npy npz parquet pickle h5 pt onnx bazel gradle"
    " properties env mk cmake am ac m4 mdx adoc"
    " "
)


class Skipped(Record):
    """A file of the tree that is left out: `kind` is what it would have been, "" for what cannot be read."""

    path: str
    kind: str
    why: str


class Found(Record):
    """Everything of interest in a tree. Sources are read; requirement files and scripts are paths, unread."""

    nginx: tuple[Source, ...]
    systemd: tuple[Source, ...]
    compose: tuple[Source, ...]
    supervisor: tuple[Source, ...]
    procfile: tuple[Source, ...]
    dockerfile: tuple[Source, ...]
    requirements: tuple[str, ...]
    scripts: tuple[str, ...]
    skipped: tuple[Skipped, ...]


def discover(tree: Tree) -> Found:
    """Tell the kind of every file of the tree, and read those that a server or a manager reads."""
    by_kind: dict[str, list[str]] = {}
    skipped: list[Skipped] = []
    for path in tree.paths:
        kind = _kind(tree, path)
        if kind in READ and (why := _aside(tree, path)):
            skipped.append(Skipped(path, kind, why))
        elif kind:
            by_kind.setdefault(kind, []).append(path)
    _once(tree, by_kind)
    skipped += _odd(tree)
    sources = {kind: _sources(tree, kind, by_kind.get(kind, [])) for kind in READ}
    return Found(
        nginx=sources["nginx"],
        systemd=sources["systemd"],
        compose=sources["compose"],
        supervisor=sources["supervisor"],
        procfile=sources["procfile"],
        dockerfile=sources["dockerfile"],
        requirements=tuple(by_kind.get("requirements", ())),
        scripts=tuple(by_kind.get("scripts", ())),
        skipped=tuple(skipped),
    )


def git_ignored(tree: Tree) -> tuple[str, ...]:
    """List, as people see them, the folders that git leaves out and the files whose names say that they might matter.

    Files of patterns that are left alone are listed, too, with the reason.
    """
    left = [tree.shown(path[:-1]) + "/" if path[-1] == "/" else tree.shown(path) for path in tree.ignored
            if _may_matter(path)]  # fmt: skip
    return (*left, *(f"{tree.shown(path)}: left alone: {why}" for path, why in tree.unheeded.items()))


def closed(tree: Tree) -> tuple[str, ...]:
    """List, as people see them, the folders and the files that might matter which nobody lets us read."""
    told = {problem.at.path for problem in tree.problems}
    return tuple(
        f"{shown}: {why}"
        for path, why in tree.odd.items()
        if why == "permission denied"
        and (shown := tree.shown(path)) not in told
        and (_may_matter(path) or os.path.isdir(os.path.join(tree.root, path)))
    )


def _may_matter(path: str) -> bool:
    folder, name, stem, suffix = _parts(path)
    told = name.startswith(".env") or suffix in ("py", "env") or _lists_requirements(name, folder)
    return not name or told or stem in REQUIREMENTS or bool(_candidates(stem, suffix, folder))


def _sources(tree: Tree, kind: str, paths: list[str]) -> tuple[Source, ...]:
    found = []
    for path in paths:
        source = tree.read(path)
        if source is not None:
            source.kind = kind
            found.append(source)
    return tuple(found)


# -------------------------------------------------------------------------------------- telling kinds


def _kind(tree: Tree, path: str) -> str:
    """Return one of `READ`, "requirements" or "scripts"; empty for a file that is none of these."""
    if tree.is_host and path.startswith(DISTRIBUTION):
        return ""
    folder, _, name = path.rpartition("/")
    kind, candidates = _told_by(name, folder if folder.endswith(TELLING_FOLDERS) else "")
    return _by_content(tree, path, candidates) if candidates else kind


@lru_cache(maxsize=1000)  # many folders hold files of the same names
def _told_by(name: str, folder: str) -> tuple[str, tuple[str, ...]]:
    """Return the kind of a file as its name tells it, or the kinds that its content has to decide between."""
    low, stem, suffix = _plain(name)
    if stem in REQUIREMENTS or _lists_requirements(low, folder):
        return "requirements", ()
    if suffix in SCRIPTS:
        return "scripts", ()
    return "", () if stem.startswith(".env") else _candidates(stem, suffix, folder)


def _parts(path: str) -> tuple[str, str, str, str]:
    """Return the folder of a file, its name in lower case, its plain name, and the suffix of that without a dot."""
    folder, _, name = path.rpartition("/")
    return folder, *_plain(name)


@lru_cache(maxsize=1000)  # many folders hold files of the same names
def _plain(name: str) -> tuple[str, str, str]:
    low = name.lower()
    stem = plain_name(low)
    return low, stem, stem.rpartition(".")[2] if "." in stem else ""


def _candidates(stem: str, suffix: str, folder: str) -> tuple[str, ...]:
    """Return the kinds that a name allows, the likeliest first."""
    first = stem.partition(".")[0]
    if first in BY_NAME:
        return BY_NAME[first]
    if folder.endswith(".d") and folder.rpartition(".d")[0].rpartition(".")[2] in UNITS:
        return DROP_IN
    if suffix in BY_SUFFIX:
        return BY_SUFFIX[suffix]
    return () if suffix and f" {suffix} " in OTHER_SUFFIXES else ODD


def _lists_requirements(name: str, folder: str) -> bool:
    if not name.endswith((".txt", ".in", ".pip")):
        return False
    return "requirements" in name or folder.rpartition("/")[2] == "requirements"


def _by_content(tree: Tree, path: str, candidates: tuple[str, ...]) -> str:
    head = tree.head(path, HEAD)
    if head[:2] in _UTF16:  # what a Windows editor makes of a unit: systemd refuses it
        head = decode(head)[0].encode()
    if head.startswith(b"#!"):
        return "scripts" if b"sh" in head.split(b"\n", 1)[0] else ""
    if candidates is ODD and (b"\0" in head or (len(head) == HEAD and tree.size(path) > LARGEST_ODD)):
        return ""
    if candidates is DROP_IN:
        return "systemd" if b"[" in head else ""
    if b"\0" in head:  # named as a configuration and no text: the reader's name for it, so that it is told
        return candidates[0]
    name = path.rpartition("/")[2]
    for kind in candidates:
        if NEEDS.get(kind, b"") in head and _looks_like(kind)(name, head):
            return kind
    return ""


@cache
def _looks_like(kind: str) -> LooksLike:
    check: LooksLike = import_module(f".read.{kind}", __package__).looks_like
    return check


# ------------------------------------------------------------------------------------ what is left out


def _aside(tree: Tree, path: str) -> str:
    """Say why a file is no part of a deployment although it looks like it; empty if it is."""
    given = max((g for g in tree.given if not g or path == g or path.startswith(f"{g}/")), key=len, default="")
    if path == given:
        return ""
    for folder in path[len(given) :].strip("/").split("/")[:-1]:
        if folder.lower() in ASIDE:
            return f"below {folder}/"
    return "a copy or an example" if path.lower().endswith(COPIES) else ""


def _once(tree: Tree, by_kind: dict[str, list[str]]) -> None:
    """Keep one of a file and the links to it.

    nginx reads `sites-enabled/shop`, so the link is the one that counts; systemd names a unit after
    the file, and the links in `*.wants` only enable it.
    """
    for kind in READ:
        paths = by_kind.get(kind, [])
        links = {path: tree.links[path] for path in paths if path in tree.links}
        if not links:
            continue
        if kind == "nginx":
            gone = {target for target in links.values() if target not in links}
        else:
            gone = {path for path, target in links.items() if target in paths}
        by_kind[kind] = [path for path in paths if path not in gone]


def _odd(tree: Tree) -> list[Skipped]:
    """List what cannot be read, and note a problem where the name says that it matters."""
    skipped = []
    for path, why in tree.odd.items():
        folder, _, stem, suffix = _parts(path)
        kinds = _candidates(stem, suffix, folder)
        matters = bool(kinds) and (suffix in UNITS or stem in BY_NAME or stem in TELLING or path in tree.given)
        if (matters or _is_no_file(path, why)) and not _only_enables(tree, path, folder) and not _aside(tree, path):
            tree.unreadable(Source(tree.shown(path), "", os.path.join(tree.root, path)), why)
        skipped.append(Skipped(path, kinds[0] if matters else "", why))
    return skipped


def _is_no_file(path: str, why: str) -> bool:
    """Whether a FIFO, socket or device has the name of a file that another one may name."""
    folder, name, stem, suffix = _parts(path)
    named = suffix in ("py", "env", "inc") or name.startswith(".env") or _lists_requirements(name, folder)
    return why == "not a regular file" and (named or stem in REQUIREMENTS)


def _only_enables(tree: Tree, path: str, folder: str) -> bool:
    """Whether it is a link that systemd reads as a switch: in `*.wants`, or a mask."""
    if folder.endswith((".wants", ".requires")):
        return True
    real = os.path.join(tree.root, path)
    return os.path.islink(real) and os.readlink(real) == "/dev/null"
