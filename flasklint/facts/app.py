"""The application that a server loads, and the distributions it asks for."""

from collections.abc import Callable, Mapping
from typing import Literal

from ..record import Record
from ..source import Source, Span
from ..value import Known, Unknown, Value
from .environ import VariableRead


class ProxyFix(Record):
    """`ProxyFix(app, x_for=..., ...)`; a count is Unknown where it is no literal."""

    at: Span
    counts: Mapping[str, Value[int]]  # x_for, x_proto, x_host, x_port, x_prefix


class Rebound(Record):
    """A name that holds an application from `first` on, and from `again` on something else. `lost` is what was
    done to the first one, and not to a second one."""

    name: str
    first: Span
    again: Span
    lost: tuple[Span, ...]


class Rendered(Record):
    """A template that a view renders by its name, and no file of the tree bears it. `folder` is the tree's for the
    application's templates, which `holds` others or is not there; `sure` if the view does so for every visitor."""

    name: Known[str]
    view: str
    folder: str
    holds: bool
    sure: bool


class App(Record):
    """What a WSGI spec resolves to.

    `state`:
      "found"      `module` is the file, `made_at` where the callable is made, `kind` what it is
      "no-module"  `missing` is the first dotted part that is not there, `meant` names the only application of the
                   tree, "" where there is none or more
      "no-import"  the module is there, and the import at `made_at` surely fails; `why` is what Python says of
                   `missing`, the module that is not there or lacks a name
      "no-attribute"  the module is there, the name is not; `candidates` are its WSGI callables
      "no-call"    `module:factory` without a call: `made_at` is the function, `why` what a call without arguments says
      "refused"    the server does not take a spec of this form, or calls the factory at `made_at` with
                   arguments that do not fit; `why` is what it says. Of a spec that names a file (see
                   `names_a_file`) `meant` is what the server would take, "" where that cannot be told
      "unknown"    `why` says what stands in the way
    `kind`: "flask" (a Flask object), "factory" (a function that was called), "function" (a plain
    function that may be a WSGI callable), "view", "class", "django" (what Django makes), "other".
    """

    state: Literal["found", "no-module", "no-import", "no-attribute", "no-call", "refused", "unknown"]
    spec: Value[str]
    module: Source | None = None
    made_at: Span | None = None
    kind: str = ""
    missing: str = ""
    candidates: tuple[Known[str], ...] = ()
    why: str = ""
    static_folder: Value[str] | None = None
    static_url_path: Value[str] | None = None
    proxy_fix: ProxyFix | None = None
    runs_at_import: tuple[Span, ...] = ()  # app.run() or serve() reached while the module is imported
    config: Mapping[str, Value[object]] = {}
    read: tuple[Source, ...] = ()  # every Python file that was read on the way
    reads: Callable[[], tuple[VariableRead, ...]] = tuple  # variables those files ask for, told when asked
    programs: Callable[[], tuple[Known[str], ...]] = tuple  # looked up in PATH by them and by what they import
    needs: Callable[[], tuple[Known[str], ...]] = tuple  # top-level modules of distributions that they import
    may_need: Callable[[], frozenset[str]] = frozenset  # at most these, told without parsing anything
    meant: str = ""
    lacks: Callable[[], tuple[Rendered, ...]] = tuple  # templates that are not there, told when asked
    rebound: Rebound | None = None  # of an application, or of a view (`why` is what calling it says)

    @property
    def names_a_file(self) -> bool:
        """Whether a server that imports modules was told a file: `app.py:app`, `shop/app:app`."""
        return self.state == "refused" and not isinstance(self.spec, Unknown) and is_file(self.spec.value)


def is_file(spec: str) -> bool:
    """Tell whether a spec names a module by its file."""
    module = spec.partition(":")[0]
    return "/" in module or module.endswith(".py")


class Requirement(Record):
    """A distribution that a requirements or lock file asks for. `name` is normalised (PEP 503).

    `version` is the exact version where one is pinned or locked, `range` the specifier as written ("" where
    none is).
    """

    name: str
    range: str
    version: str
    at: Span
    extras: tuple[str, ...] = ()
    marker: str = ""  # PEP 508's environment marker, such as sys_platform == 'win32'


class Requirements(Record):
    """All requirement files of one folder. `complete` is False where one of them cannot be told
    (a `-r` outside the tree, dynamic metadata, a local project)."""

    folder: str
    files: tuple[Source, ...]
    wanted: tuple[Requirement, ...]
    complete: bool = True

    def get(self, name: str) -> Requirement | None:
        """The pinned or locked entry where there is one, else any entry of that name."""
        found = [want for want in self.wanted if want.name == name]
        return next((want for want in found if want.version), found[0] if found else None)
