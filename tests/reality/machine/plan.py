"""What is to be tried on a machine."""

from typing import NamedTuple

from ..world import World


class Mode(NamedTuple):
    """Permissions of a path: `mode` is octal or "" (as it is), `owner` is "user:group" or ""."""

    path: str
    mode: str
    owner: str


class Plan(NamedTuple):
    """A deployment, and what the operator does on its host.

    `modes` are put on files and folders in the end; missing ones are made as folders. `members` are users with the groups
    that they are put into; all users and groups that the units name exist, unless `users` is false. `starts` are
    units (all sockets, then all services, if there are none; ("enabled",): what `systemctl enable` has a boot start), `actions` command lines of systemctl, in order;
    the action "twice" asks for all pages once before.
    """

    world: World
    modes: tuple[Mode, ...] = ()
    members: tuple[tuple[str, tuple[str, ...]], ...] = ()
    users: bool = True
    starts: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
