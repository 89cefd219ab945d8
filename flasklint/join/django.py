"""Django beside Flask: what plainly serves the one is not judged as the other."""

from collections.abc import Iterable

from ..deployment import Service
from ..facts import Requirements
from ..read import app as applications
from ..tree import Tree
from .groups import Group
from .services import Joined


def of_django(tree: Tree, requirements: Iterable[Requirements], flask: Iterable[str]) -> str:
    """Why a whole tree is plainly Django's and not Flask's; "" where it may be Flask's.

    Its requirements name Django and nothing of Flask, and no Python file makes a Flask object. `flask`
    are the files that do, as far as somebody has looked for them.
    """
    django = ""
    for one in requirements:
        if _names_flask(one):
            return ""
        wanted = one.get("django")
        django = django or (wanted.at.path if wanted else "")
    if not django or any(flask) or applications.creates_flask(tree):
        return ""
    return f"{django} asks for Django and not for Flask"


def leave_django(group: Group) -> str:
    """Take Django's services out of a deployment. Returns why all of it is left alone, "" where it is not."""
    foreign = [service for service in group.services if _is_django(service)]
    if not foreign:
        return ""
    if len(foreign) == len(group.services):
        return f"{foreign[0].name} serves Django"
    theirs = {id(service) for service in foreign}
    group.joined = [Joined(one.runs, None) if id(one.service) in theirs else one for one in group.joined]
    ours = [hop for hop in group.hops if id(hop.service) not in theirs]
    dropped = {id(hop.route) for hop in group.hops} - {id(hop.route) for hop in ours}
    group.hops = ours
    group.routes = [route for route in group.routes if id(route) not in dropped]
    return ""


def _is_django(service: Service) -> bool:
    """Whether it loads what Django makes, or what cannot be told where only Django is required."""
    app, wanted = service.app, service.requirements
    if app and app.state == "found" and app.kind != "other":
        return app.kind == "django"
    return bool(wanted and wanted.get("django") and not _names_flask(wanted)) and service.kind != "flask"


def _names_flask(requirements: Requirements) -> bool:
    return any(want.name.startswith("flask") for want in requirements.wanted)
