"""All deployments of one tree."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from os.path import commonpath

from ..address import Address
from ..deployment import Deployment
from ..facts import Unit, internal
from ..source import Source
from ..tree import Tree
from ..value import Unknown
from .across import Across
from .django import leave_django
from .evidence import Evidence, problems_of
from .groups import Group
from .listeners import Listeners
from .loading import Loading
from .provision import Host


class Fleet:
    """The deployments of a tree, in the order of their names. What their services load is looked up no sooner than
    a deployment is made, so that a part of them can be made aside.

    `common` is what holds of each of them; its problems are those of the tree.
    """

    def __init__(
        self,
        tree: Tree,
        common: Deployment,
        groups: Sequence[Group],
        listeners: Listeners,
        evidence: Evidence,
        units: Iterable[Unit],
    ) -> None:
        self._tree = tree
        self._rest = common
        self._common = common._replace(problems=(), windows=())
        self._listeners = listeners
        self._evidence = evidence
        self._host = Host(tree, units)
        self._across = Across(groups)
        self._named = sorted(_named(groups), key=lambda pair: pair[0])

    def __len__(self) -> int:
        return len(self._named)

    def loadings(self, part: slice) -> list[Loading]:
        """What the services of some of them load."""
        return [one.loading for _, group in self._named[part] for one in group.joined if one.loading]

    def deployments(self, part: slice) -> list[Deployment]:
        """Make some of them; one that makes flasklint itself fail tells of that and nothing else."""
        return [self._guarded(name, group) for name, group in self._named[part]]

    def rest(self) -> Deployment | None:
        """What belongs to the tree and to none of them, as far as the tree was read; None for nothing."""
        problems = (*self._rest.problems, *self._tree.problems)
        return self._rest._replace(problems=problems) if problems or self._rest.windows else None

    def _guarded(self, name: str, group: Group) -> Deployment:
        try:
            return self._deployment(name, group)
        except Exception as error:
            return Deployment(name, problems=(internal(error, _files(group)[0].whole()),))

    def _deployment(self, name: str, group: Group) -> Deployment:
        left_alone = self._common.left_alone or leave_django(group)
        services = tuple(group.services)
        return self._common._replace(
            name=name,
            nginx=tuple(group.configs),
            services=services,
            others=tuple([one.runs for one in group.joined if not one.service]),
            opaque=tuple([one.runs for one in group.joined if one.opaque]),
            unserved=tuple([one.unserved for one in group.joined if one.unserved]),
            units=tuple(group.units),
            routes=tuple(group.routes),
            hops=tuple(group.hops),
            compose=tuple(group.compose),
            problems=() if left_alone else problems_of(services, group.compose),
            proxy_elsewhere=self._evidence.other_proxy if _faces_the_world(group) else "",
            taken=tuple(_taken(group, self._listeners)),
            unseen=() if left_alone else tuple(dict.fromkeys(_unseen(group))),
            left_alone=left_alone,
            provisioning=self._host.seen_by(group),
            strays=tuple(self._across.strays(group)),
            rivals=tuple(self._across.rivals(group)),
        )


def _named(groups: Sequence[Group]) -> Iterator[tuple[str, Group]]:
    """Groups with their names: the user's, else the folder that holds all files; those of one folder go by the
    name of their main file instead."""
    names = [group.name or _common_folder(_files(group)) for group in groups]
    count = Counter(names)
    for name, group in zip(names, groups, strict=True):
        main = [project.source for project in group.compose] + [unit.source for unit in group.units] + _files(group)
        yield main[0].path if main and count[name] > 1 else name, group


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
