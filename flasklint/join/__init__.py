"""Facts of one tree become deployments: who talks to whom."""

from ..deployment import Deployment, RuleSettings
from ..facts import Facts, Given
from ..tree import Tree
from . import units
from .django import of_django
from .evidence import Evidence
from .fleet import Fleet
from .groups import Grouper
from .paths import Mapper
from .services import ServiceJoiner
from .surroundings import TreeSurroundings

__all__ = ["Fleet", "join"]


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
