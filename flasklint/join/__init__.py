"""Facts of one tree become deployments: who talks to whom."""

from collections.abc import Callable, Mapping

from ..deployment import Deployment, RuleSettings
from ..facts import Compose, NginxConfig, Problem, Requirements, Runs, Unit
from ..record import Record
from ..tree import Tree
from ..value import Known
from . import units
from .django import of_django
from .evidence import Evidence
from .fleet import Fleet
from .groups import Grouper
from .paths import NO_PATHS, Mapper
from .services import ServiceJoiner
from .surroundings import TreeSurroundings

__all__ = ["Facts", "Fleet", "Given", "NginxRead", "join"]


class NginxRead(Record):
    """What came of all nginx files, and where their reader failed."""

    configs: tuple[NginxConfig, ...] = ()
    problems: tuple[Problem, ...] = ()


class Facts(Record):
    """Everything that the readers found in one tree. `nginx` may still be at work: it is asked for last."""

    nginx: Callable[[], NginxRead] = NginxRead
    units: tuple[Unit, ...] = ()
    compose: tuple[Compose, ...] = ()
    runs: tuple[Runs, ...] = ()
    requirements: tuple[Requirements, ...] = ()
    problems: tuple[Problem, ...] = ()
    flask: tuple[str, ...] = ()
    windows: tuple[Known[str], ...] = ()
    containers: bool = False


class Given(Record):
    """What the user says of the tree. `paths` leads from folders of the target to folders of this machine (absolute),
    `pinned` from a file (absolute) to the name of the deployment that it belongs to, "" for none."""

    root_is_host: bool = False
    paths: Mapping[str, str] = NO_PATHS
    pinned: Callable[[str], str] = lambda path: ""


def join(tree: Tree, facts: Facts, settings: RuleSettings, given: Given) -> Fleet:
    """Find out which deployments a tree holds."""
    mapper = Mapper(tree, list(facts.flask), root_is_host=given.root_is_host, paths=given.paths)
    sockets = tuple(unit for unit in facts.units if unit.kind == "socket")
    evidence = Evidence(tree)
    joiner = ServiceJoiner(tree, mapper, evidence, facts.requirements, sockets, settings.targets)
    from_units = [run for unit in facts.units if unit.kind == "service" and (run := units.runs(unit))]
    from_compose = [run for project in facts.compose for run in project.services if run.words]
    commands, failures = joiner.join_all((*from_units, *facts.runs, *from_compose))
    grouper = Grouper(tree, given.pinned)
    nginx = facts.nginx()
    groups = grouper.group(commands, facts.units, facts.compose, nginx.configs)
    common = Deployment(
        ".",
        problems=facts.problems + nginx.problems + failures,
        windows=facts.windows,
        containers=facts.containers,
        whole=bool(facts.flask),
        host_names=frozenset(name for project in facts.compose for name in project.names),
        settings=settings,
        folders=frozenset((*tree.folders(), *tree.odd)),
        nginx_unit=next((unit for unit in facts.units if unit.name == "nginx.service"), None),
        left_alone=of_django(tree, facts.requirements, facts.flask),
        surroundings=TreeSurroundings(tree),
    )
    return Fleet(tree, common, groups, grouper.listeners, evidence, facts.units)
