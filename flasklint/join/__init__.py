"""Facts of one tree become deployments: who talks to whom."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from os.path import commonpath

from ..address import Address
from ..deployment import Deployment, RuleSettings
from ..facts import Compose, NginxConfig, Problem, Requirements, Runs, Unit
from ..record import Record
from ..source import Source
from ..tree import Tree
from ..value import Known, Unknown
from . import units
from .across import Across
from .django import leave_django, of_django
from .evidence import Evidence, problems_of
from .groups import Group, Grouper
from .listeners import Listeners
from .paths import NO_PATHS, Mapper
from .provision import Host
from .services import ServiceJoiner
from .surroundings import TreeSurroundings

__all__ = ["Facts", "Given", "NginxRead", "join"]


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


def join(tree: Tree, facts: Facts, settings: RuleSettings, given: Given) -> tuple[Deployment, ...]:
    """Make the deployments of a tree, in the order of their names."""
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
        containers=facts.containers,
        whole=bool(facts.flask),
        host_names=frozenset(name for project in facts.compose for name in project.names),
        settings=settings,
        folders=frozenset((*tree.folders(), *tree.odd)),
        nginx_unit=next((unit for unit in facts.units if unit.name == "nginx.service"), None),
        left_alone=of_django(tree, facts.requirements, facts.flask),
        surroundings=TreeSurroundings(tree),
    )
    host = Host(tree, facts.units)
    across = Across(groups)
    made = [
        _deployment(common, group, grouper.listeners, evidence)._replace(
            provisioning=host.seen_by(group),
            strays=tuple(across.strays(group)),
            rivals=tuple(across.rivals(group)),
        )
        for group in groups
    ]
    deployments = sorted(_distinct(made), key=_name)
    problems = facts.problems + nginx.problems + failures + tuple(tree.problems)
    if not deployments and not problems and not facts.windows:
        return ()
    first = deployments[0] if deployments else common
    return (first._replace(problems=first.problems + problems, windows=facts.windows), *deployments[1:])


def _name(deployment: Deployment) -> tuple[bool, str]:
    """What is judged comes first, so that a first one can answer for the tree."""
    return bool(deployment.left_alone), deployment.name


def _distinct(deployments: list[Deployment]) -> Iterator[Deployment]:
    """Deployments of one folder go by the name of their main file instead."""
    count = Counter(one.name for one in deployments)
    for one in deployments:
        main = [project.source for project in one.compose] + [unit.source for unit in one.units] + list(one.files)
        yield one._replace(name=main[0].path) if main and count[one.name] > 1 else one


def _deployment(common: Deployment, group: Group, listeners: Listeners, evidence: Evidence) -> Deployment:
    left_alone = common.left_alone or leave_django(group)
    services = tuple(group.services)
    return common._replace(
        name=group.name or _common_folder(_files(group)),
        nginx=tuple(group.configs),
        services=services,
        others=tuple(one.runs for one in group.joined if not one.service),
        opaque=tuple(one.runs for one in group.joined if one.opaque),
        unserved=tuple(one.unserved for one in group.joined if one.unserved),
        units=tuple(group.units),
        routes=tuple(group.routes),
        hops=tuple(group.hops),
        compose=tuple(group.compose),
        problems=() if left_alone else problems_of(services, group.compose),
        proxy_elsewhere=evidence.other_proxy if _faces_the_world(group) else "",
        taken=tuple(_taken(group, listeners)),
        unseen=() if left_alone else tuple(dict.fromkeys(_unseen(group))),
        left_alone=left_alone,
    )


def _faces_the_world(group: Group) -> bool:
    """Whether a service of the host is open to other machines and no nginx of the input forwards to it."""
    reached = {id(hop.service) for hop in group.hops}
    return any(
        address.is_public
        for service in group.services
        if service.on_host and id(service) not in reached
        for _, address in service.known_binds
    )


def _taken(group: Group, listeners: Listeners) -> Iterator[Address]:
    """Addresses of other deployments at which this one's dead ends may arrive."""
    arrived = {(id(hop.route), hop.address) for hop in group.hops}
    for route in group.routes:
        for target in route.targets:
            if not isinstance(target, Unknown) and (id(route), target.value) not in arrived:
                yield from listeners.others(target.value, group)


def _unseen(group: Group) -> list[str]:
    """What the files name and the input does not hold."""
    seen = [f"{include.at.path}: include {include.value}" for config in group.configs for include in config.unseen]
    for joined in group.joined:
        seen += [f"{joined.runs.name}: {path}" for path in joined.runs.environment.unseen]
    return seen


def _files(group: Group) -> list[Source]:
    files = [source for config in group.configs for source in config.files]
    files += [source for unit in group.units for source in unit.files]
    files += [joined.runs.place.source for joined in group.joined]
    return files + [project.source for project in group.compose]


def _common_folder(files: list[Source]) -> str:
    folders = {source.path.rpartition("/")[0] for source in files}
    if len(folders) == 1:
        return folders.pop() or "."
    return commonpath([folder or "." for folder in folders]) or "." if "" not in folders else "."
