"""What other files of the tree say that bears on a deployment."""

from collections.abc import Iterable
from itertools import islice

from ..deployment import Service
from ..facts import Compose, Problem
from ..read import app as applications
from ..tree import Tree

# Words that speak of a front other than an nginx configuration in the input.
_FRONTS = (b"nginx", b"NGINX", b"Nginx", b"caddy", b"Caddy", b"traefik", b"Traefik", b"haproxy", b"HAProxy",
           b"apache2", b"httpd", b"ProxyPass", b"cloudflared", b"ngrok", b"load_balancer", b"LoadBalancer",
           b"load balancer", b"reverse proxy", b"reverse-proxy", b"aws_lb", b"tailscale")  # fmt: skip
_PLACES = (".sh", ".yml", ".yaml", ".j2", ".md", ".rst", ".txt", ".tf", ".toml", ".conf", ".service", ".json", ".ini",
           ".cfg", ".example", ".sample", ".html")  # fmt: skip
_LIMIT = 300


def other_proxy(tree: Tree) -> str:
    """The first file that mentions a reverse proxy or another front; "" where none does."""
    seen = 0
    for path in tree.paths:
        base = path.rpartition("/")[2]
        if base.endswith(_PLACES) or "." not in base:
            seen += 1
            if seen > _LIMIT or tree.contains(path, *_FRONTS):
                return tree.shown(path)
    return ""


def made_elsewhere(tree: Tree, module: str) -> bool:
    """Whether a template, a script or a playbook may write the module's file when it deploys."""
    tail = module.replace(".", "/").rpartition("/")[2]
    file = f"{tail}.py"
    if any(tree.named(file + suffix) for suffix in (".j2", ".jinja2", ".template", ".tmpl", ".example", ".sample")):
        return True
    writers = (path for path in tree.paths if path.endswith((".sh", ".yml", ".yaml", ".j2", ".tf")) or "." not in path)
    return any(tree.contains(path, file.encode()) for path in islice(writers, _LIMIT))


def problems_of(services: Iterable[Service], compose: Iterable[Compose]) -> tuple[Problem, ...]:
    """Files of a deployment that the language they are written in refuses."""
    found = [problem for project in compose for problem in project.problems]
    modules = {id(source): source for service in services if service.app for source in service.app.read}
    for source in modules.values():
        problem = applications.syntax_problem(source)
        if problem:
            found.append(problem)
    return tuple(found)
