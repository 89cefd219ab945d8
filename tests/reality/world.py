"""A deployment together with the host it is meant for, which no repository shows."""

import re
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

CORPUS = Path(__file__).parents[2] / "corpus"


class Site(NamedTuple):
    """A site to ask for: its name, a static file of it, source files that nobody may read through nginx, the
    folder of the host that its application is in, whether visitors ask over TLS, and pages to ask for besides,
    whose answers hold the words of `answer`; nobody may get the pages of `closed`, whatever they hold."""

    host: str
    static: str = "/static/site.css"
    secrets: tuple[str, ...] = ("/static../app.py", "/app.py")
    place: str = "/srv"
    tls: bool = False
    requests: tuple[str, ...] = ()
    answer: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()

    @property
    def scheme(self) -> str:
        return "https" if self.tls else "http"


class World(NamedTuple):
    """`files` are the repository's. `places` maps folders of the host to those of the repository, `venvs` virtual
    environments of the host to the requirements file they were made of ("" where something else fills them) or to
    the names of their distributions, `supplied` are files that the operator wrote on the host; `unrendered` is what the repository holds where
    something else (Ansible, compose) makes the files of it."""

    name: str
    files: dict[str, str]
    places: dict[str, str]
    venvs: Mapping[str, str | tuple[str, ...]]
    sites: tuple[Site, ...]
    supplied: Mapping[str, str] = MappingProxyType({})
    unrendered: dict[str, str] | None = None

    @property
    def repository(self) -> dict[str, str]:
        """What there is to lint."""
        return self.files if self.unrendered is None else self.unrendered

    @property
    def style(self) -> bytes:
        """What the static file of its sites holds."""
        return next((text.encode() for path, text in self.files.items() if path.endswith("site.css")), b"")

    @property
    def units(self) -> dict[str, str]:
        """Unit files by their name on the host."""
        return {path.rpartition("/")[2]: text for path, text in self.files.items() if _UNIT.search(path)}

    @property
    def nginx(self) -> dict[str, str]:
        """Site files by their name on the host."""
        return {path.rpartition("/")[2]: text for path, text in self.files.items() if _SITE.search(path)}


_UNIT = re.compile(r"\.(service|socket)$")
_SITE = re.compile(r"(^|/)nginx/[^/]+$|(?<!gunicorn)\.conf$")
_SHOP = Site("flaskapp.test")


def corpus(name: str) -> World:
    """One deployment of corpus/ on the host it is written for."""
    files = _read(CORPUS / name)
    if name == "two-applications":
        return _two(files)
    if name == "package-tls":
        return _package(files)
    if name == "ansible-role":
        return _ansible(files)
    if name == "compose-project":
        return _compose(files)
    if name == "tutorial-leftovers":
        home = "/home/sammy/myproject"
        site = Site("your_domain", "", ("/myproject.py",), home)
        return World(name, files, {home: ""}, {f"{home}/myprojectenv": ""}, (site,))
    requirements = "" if name == "development-server" else "requirements.txt"
    return World(name, files, {"/srv/flaskapp": ""}, {"/srv/flaskapp/venv": requirements}, (_SHOP,))


def names() -> list[str]:
    return sorted(path.name for path in CORPUS.iterdir() if path.is_dir() and path.name != "expected")


def _read(folder: Path) -> dict[str, str]:
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".pyc")
    return {str(path.relative_to(folder)): _as_installed(path.read_text(encoding="utf-8")) for path in paths}


def _as_installed(text: str) -> str:
    """Requirements that pin the release of a server which the judge will start."""
    return re.sub(r"\b(gunicorn|waitress)==[\d.]+", lambda found: f"{found[1]}=={version(found[1])}", text)


def _two(files: dict[str, str]) -> World:
    names = ("billing", "catalog")
    return World(
        "two-applications",
        files,
        {f"/srv/{name}": name for name in names},
        {f"/srv/{name}/venv": f"{name}/requirements.txt" for name in names},
        tuple(Site(f"{name}.test", secrets=("/static../requirements.txt",), place=f"/srv/{name}") for name in names),
    )


def _package(files: dict[str, str]) -> World:
    """The package is installed into its virtual environment."""
    return World(
        "package-tls",
        files,
        {"/srv/shop": ""},
        {"/srv/shop/.venv": "pyproject.toml"},
        (Site("shop.test", "/assets/site.css", ("/assets../config.py", "/pyproject.toml"), tls=True),),
        {"/etc/shop.env": ""},
    )


def _ansible(files: dict[str, str]) -> World:
    """The templates filled in, as Ansible does with the variables of the group."""
    from jinja2 import Environment
    from yaml import safe_load

    values = safe_load(files["group_vars/all.yml"])
    rendered = {
        path.removesuffix(".j2"): Environment(keep_trailing_newline=True).from_string(text).render(values)
        for path, text in files.items()
        if path.endswith(".j2")
    }
    rendered["roles/web/nginx/notes.conf"] = rendered.pop("roles/web/templates/site.conf")
    return World(
        "ansible-role",
        {**files, **rendered},
        {"/srv/notes": "roles/app/files"},
        {"/srv/notes/notesenv": ""},
        (Site("notes.test", "", ()),),
        unrendered=files,
    )


def _compose(files: dict[str, str]) -> World:
    """The container of the application as a service of the host, its name as an address of the host."""
    from json import loads

    command = re.search(r"(?m)^CMD (\[.*\])$", files["Dockerfile"])
    assert command is not None
    words = " ".join(loads(command[1]))
    unit = f"[Service]\nWorkingDirectory=/srv/app\nExecStart=/srv/app/venv/bin/{words}\n"
    nginx = files["nginx/default.conf"].replace("http://web:", "http://127.0.0.1:")
    return World(
        "compose-project",
        {**files, "web.service": unit, "nginx/default.conf": nginx},
        {"/srv/app": ""},
        {"/srv/app/venv": "requirements.txt"},
        (Site("notes.test", "", ()),),
        unrendered=files,
    )
