"""What scripts, playbooks, documents and other units do to the host besides what a unit says itself."""

from ..record import Record
from ..source import Span
from ..value import Known

ANY = "*"  # a name or path that cannot be told: it may be any


class Provisioning(Record):
    """What a tree does to the host that it is deployed on, as far as its files tell.

    `members` are pairs (user, group), `opened` paths whose mode, owner or access list is changed,
    `accounts` users that nginx is told to run as. `at_boot` are folders below /run that exist after
    every boot: of `RuntimeDirectory=` of any unit, of tmpfiles.d, of a program that the distribution
    packages. `once` are places where a script makes such a folder, which the next boot takes away.
    `open_homes` is True where a distribution is named whose home folders everybody may enter, `closed_homes`
    where one is named whose homes only their owners enter. `unit_names` are units of the tree, and
    those that its scripts, playbooks and documents name.
    `complete` is False where the tree holds too much to be read: then anything may be.
    """

    members: frozenset[tuple[str, str]] = frozenset()
    opened: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    at_boot: frozenset[str] = frozenset()
    once: tuple[Known[str], ...] = ()
    open_homes: bool = False
    complete: bool = True
    unit_names: frozenset[str] = frozenset()
    closed_homes: bool = False

    def may_join(self, user: str, group: str) -> bool:
        """Whether the user may be a member of the group."""
        pairs = {(user, group), (user, ANY), (ANY, group), (ANY, ANY)}
        return not self.complete or not pairs.isdisjoint(self.members)

    def groups_of(self, user: str) -> frozenset[str]:
        """Groups that the user is put into; `ANY` among them where one cannot be told."""
        return frozenset(group for name, group in self.members if name in (user, ANY))

    def may_open(self, folder: str) -> bool:
        """Whether something may change who is let into a folder: by its name, or with all of one above it."""
        above = (path for path in self.opened if folder == path or folder.startswith(f"{path.rstrip('/')}/"))
        return not self.complete or ANY in self.opened or any(above)

    def may_exist(self, folder: str) -> bool:
        """Whether a folder below /run may be there after a boot."""
        return not self.complete or folder in self.at_boot or ANY in self.at_boot

    def made_once(self, folder: str) -> Span | None:
        """Where a script makes a folder that does not outlive the next boot."""
        return next((made.at for made in self.once if made.value == folder), None)
