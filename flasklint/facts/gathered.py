"""What all readers together have to say of one tree, and what the user says of it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from ..record import Record
from ..value import Known
from .app import Requirements
from .commands import Compose, Runs
from .nginx import NginxConfig
from .problem import Problem
from .systemd import Unit

NO_PATHS: Mapping[str, str] = MappingProxyType({})


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
