"""What belongs together: one deployment or several in one tree.

Services that one manager starts from one folder belong together; an nginx configuration belongs to
the services it reaches, else to those it lies next to. Staging and production, compose files that
are alternatives, a compose project beside systemd units, two applications in one repository stay apart.
"""

from collections.abc import Callable, Iterable

from ..deployment import Hop, Route, Service
from ..facts import Compose, NginxConfig, Unit
from ..filenames import steps
from ..tree import Tree
from ..value import Unknown
from .folders import Folders
from .listeners import Listeners
from .routes import hops_between, routes_of
from .services import Joined


class Group:
    """One deployment in the making; it has a `name` where the user put it together."""

    def __init__(self, folder: str, *, host: bool, compose: Compose | None = None, name: str = "") -> None:
        self.name = name
        self.folder = folder
        self.host = host
        self.compose = [compose] if compose else []
        self.joined: list[Joined] = []
        self.units: list[Unit] = []
        self.configs: list[NginxConfig] = []
        self.routes: list[Route] = []
        self.hops: list[Hop] = []
        self._part_of: Group | None = None

    @property
    def whole(self) -> "Group":
        """The group that this one became a part of, or itself."""
        return self._part_of.whole if self._part_of else self

    @property
    def services(self) -> list[Service]:
        return [one.service for one in self.joined if one.service]

    @property
    def names(self) -> frozenset[str]:
        """Names of compose services: compose files that share one are alternatives, as those for development are."""
        return frozenset(run.name for project in self.compose for run in project.services)

    def take(self, other: "Group") -> None:
        """Make the other group part of this one."""
        self.compose += other.compose
        self.joined += other.joined
        self.units += other.units
        self.configs += other.configs
        self.routes += other.routes
        self.hops += other.hops
        self.host = self.host or other.host
        other._part_of = self
        self.name = self.name or other.name


class Grouper:
    """Sorts commands and nginx configurations of a tree into groups."""

    def __init__(self, tree: Tree, pinned: Callable[[str], str]) -> None:
        self._tree = tree
        self._pinned = pinned  # the user's name for the deployment of a file
        self._groups: dict[tuple[str, str], Group] = {}
        self._homes: dict[bool, tuple[dict[str, list[Group]], Folders]] = {}  # by whether they are the host's
        self._docker: dict[str, bool] = {}  # by folder: whether it is one of an image
        self.listeners = Listeners()

    def group(
        self,
        commands: list[Joined],
        units: tuple[Unit, ...],
        compose: tuple[Compose, ...],
        nginx: tuple[NginxConfig, ...],
    ) -> list[Group]:
        """Return the groups; every command, unit and project is in exactly one, a configuration in all it reaches."""
        for project in compose:
            path = self._tree.path_of(project.source)
            self._groups["compose", path] = Group(_folder(path), host=False, compose=project)
            if name := self._pinned(project.source.real):
                self._by_hand(name, path, host=False).take(self._groups["compose", path])
        for unit in units:
            path = self._tree.path_of(unit.source)
            name, folder = self._pinned(unit.source.real), _folder(path)
            group = self._by_hand(name, path, host=True) if name else Group(folder, host=True)
            (group if name else self._groups.setdefault(("systemd", folder), group)).units.append(unit)
        for joined in commands:
            group = self._group_of(joined)
            group.joined.append(joined)
            self.listeners.add_published(group, joined.runs)
            if joined.service:
                self.listeners.add(group, joined.service)
        loose = [self._attach(config) for config in nginx]
        return [*self._whole_groups(), *(group for group in loose if group)]

    def _whole_groups(self) -> list[Group]:
        return list(dict.fromkeys(group.whole for group in self._groups.values()))

    def _group_of(self, joined: Joined) -> Group:
        runs = joined.runs
        path = self._tree.path_of(runs.place.source)
        if name := self._pinned(runs.place.source.real):
            return self._by_hand(name, path, host=not runs.container)
        by_file = runs.manager not in ("systemd", "supervisor")
        key = (runs.manager, path if by_file else _folder(path))
        if key not in self._groups:
            self._groups[key] = Group(_folder(path), host=not runs.container)
        return self._groups[key]

    def _by_hand(self, name: str, path: str, *, host: bool) -> Group:
        """The group that the user named, which lies where the first of its files does."""
        return self._groups.setdefault(("by hand", name), Group(_folder(path), host=host, name=name))

    def _attach(self, config: NginxConfig) -> Group | None:
        """Put a configuration where it belongs; a new group where it belongs to nobody."""
        routes = routes_of(config)
        path = self._tree.path_of(config.files[0])
        near, name = _folder(path), self._pinned(config.files[0].real)
        pinned = self._by_hand(name, path, host=True).whole if name else None
        arrived: list[tuple[Group, Hop]] = []
        for route in routes:
            reached = self._candidates(route) if not pinned else [(pinned, service) for service in pinned.services]
            found = [(group, hop) for group, service in reached for hop in hops_between(route, service)]
            if len(found) > 1:
                least = min(steps(near, group.folder) for group, _ in found)
                found = [(group, hop) for group, hop in found if steps(near, group.folder) == least]
            arrived += found
        home = pinned or (None if arrived else self._neighbour(config, routes, near))
        homes = (
            [pinned] if pinned else self._merge(group.whole for group, _ in arrived) or [home or Group(near, host=True)]
        )
        for one in homes:
            one.configs.append(config)
            one.routes += routes
            one.hops += [hop for group, hop in arrived if group.whole is one]
        return None if arrived or home else homes[0]

    def _candidates(self, route: Route) -> list[tuple[Group, Service]]:
        found = [
            candidate
            for target in route.targets
            if not isinstance(target, Unknown)
            for candidate in self.listeners.candidates(target.value)
        ]
        return list({id(service): (group, service) for group, service in found}.values())

    def _merge(self, groups: Iterable[Group]) -> list[Group]:
        """Make one group of what an nginx reaches; of alternatives, one for each. What the user put together
        stays apart."""
        homes: list[Group] = []
        for group in dict.fromkeys(groups):
            home = next((one for one in homes if not (one.names & group.names or (one.name and group.name))), None)
            if home:
                home.take(group)
            else:
                homes.append(group)
        return homes

    def _neighbour(self, config: NginxConfig, routes: tuple[Route, ...], near: str) -> Group | None:
        """The one group that a configuration without a hop lies closest to."""
        mounted = self._mounting(config)
        if mounted:
            return mounted
        in_container = self._for_container(routes, near)
        started = [group for group in self._whole_groups() if _starts_nginx(group)] if in_container else []
        if len(started) == 1:
            return started[0]
        kind = not in_container
        if kind not in self._homes:
            by_folder: dict[str, list[Group]] = {}
            for group in self._whole_groups():
                if group.host == kind and (group.services or any(one.unserved for one in group.joined)):
                    by_folder.setdefault(group.folder, []).append(group)
            self._homes[kind] = by_folder, Folders(self._tree, by_folder)
        by_folder, folders = self._homes[kind]
        ranked = sorted(folders.near(near), key=lambda folder: steps(near, folder))
        if not ranked or (len(ranked) > 1 and steps(near, ranked[0]) == steps(near, ranked[1])):
            return None
        homes = list(dict.fromkeys(group.whole for group in by_folder[ranked[0]]))
        return homes[0] if len(homes) == 1 else None

    def _mounting(self, config: NginxConfig) -> Group | None:
        paths = {self._tree.path_of(source) for source in config.files}
        for (manager, at), group in self._groups.items():
            if manager == "compose":
                for mount in group.compose[0].mounts:
                    host_side = f"{_folder(at)}/{mount.value.removeprefix('./')}".strip("/")
                    if any(path == host_side or path.startswith(host_side + "/") for path in paths):
                        return group.whole
        return None

    def _for_container(self, routes: tuple[Route, ...], near: str) -> bool:
        """Whether a configuration is made for an image: it forwards to names, or lies beside a Dockerfile."""
        if near not in self._docker:
            names = (*near.split("/"), *self._tree.names(near))
            self._docker[near] = any("docker" in name.lower() for name in names)
        if self._docker[near]:
            return True
        if all(group.host for group in self._whole_groups()):
            return False  # no container anywhere: a name is a name of the network, or a slip
        targets = [target.value for route in routes for target in route.targets if not isinstance(target, Unknown)]
        return bool(targets) and all(
            not (target.is_unix or target.is_loopback or target.is_wildcard) and "." not in target.host
            for target in targets
        )


def _starts_nginx(group: Group) -> bool:
    """Whether one supervisord starts nginx beside the application, as in an image that holds both."""
    commands = (one.runs.words[0].text for one in group.joined if one.runs.manager == "supervisor" and one.runs.words)
    return any(command.rpartition("/")[2] == "nginx" for command in commands)


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
