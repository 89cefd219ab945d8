"""What other files of the tree say that bears on a deployment."""

from collections.abc import Iterable
from functools import cached_property
from itertools import islice
from typing import Literal

from ..deployment import Service
from ..facts import Compose, Problem
from ..filenames import COPIES, TEMPLATES
from ..tree import Tree
from .installs import installs
from .packages import packages

# Words that speak of a front other than an nginx configuration in the input.
_FRONTS = (b"nginx", b"NGINX", b"Nginx", b"caddy", b"Caddy", b"traefik", b"Traefik", b"haproxy", b"HAProxy",
           b"apache2", b"httpd", b"ProxyPass", b"cloudflared", b"ngrok", b"load_balancer", b"LoadBalancer",
           b"load balancer", b"reverse proxy", b"reverse-proxy", b"aws_lb", b"tailscale")  # fmt: skip
_PLACES = (".sh", ".yml", ".yaml", ".j2", ".md", ".rst", ".txt", ".tf", ".toml", ".conf", ".service", ".json", ".ini",
           ".cfg", ".example", ".sample", ".html")  # fmt: skip
_WRITERS = (".sh", ".yml", ".yaml", ".j2", ".tf")
_LIMIT = 300


class Evidence:
    """What the files of one tree mention, each question answered once."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._made: dict[str, bool] = {}
        self._installed: dict[tuple[str, bool], bool] = {}

    @cached_property
    def other_proxy(self) -> str:
        """The first file that mentions a reverse proxy or another front; "" where none does."""
        seen = 0
        for path in self._tree.paths:
            base = path.rpartition("/")[2]
            if base.endswith(_PLACES) or "." not in base:
                seen += 1
                if seen > _LIMIT or self._tree.contains(path, *_FRONTS):
                    return self._tree.shown(path)
        return ""

    @cached_property
    def packages(self) -> Literal["venv", "system", "unknown"]:
        """Where scripts, playbooks and documents put Python packages."""
        return packages(self._tree)

    def makes(self, module: str) -> bool:
        """Whether a template, a script or a playbook may write the module's file when it deploys."""
        if module not in self._made:
            self._made[module] = self._makes(f"{module.rpartition('.')[2]}.py")
        return self._made[module]

    def writes(self, file: str) -> bool:
        """Whether a template, a script or a playbook may write a Python file of that name."""
        return self._makes(file)

    def installs(self, name: str, *, images: bool) -> bool:
        """Whether a script, playbook, image or document installs distribution `name`."""
        if (name, images) not in self._installed:
            self._installed[name, images] = installs(self._tree, name, images=images)
        return self._installed[name, images]

    def _makes(self, file: str) -> bool:
        tree = self._tree
        if any(tree.named(file + suffix) for suffix in (*TEMPLATES, *COPIES)):
            return True
        if any(tree.contains(path, file.encode()) for path in tree.named(".gitignore")):
            return True  # left out of the repository on purpose
        writers = (path for path in tree.paths if path.endswith(_WRITERS) or "." not in path)
        return any(tree.contains(path, file.encode()) for path in islice(writers, _LIMIT))


def problems_of(services: Iterable[Service], compose: Iterable[Compose]) -> tuple[Problem, ...]:
    """What flasklint failed at, and files of a deployment that the language they are written in refuses."""
    found = [problem for project in compose for problem in project.problems]
    loaded = [problem for service in services for problem in service.loaded().problems]
    return (*found, *dict.fromkeys(loaded))
