"""The application that a server loads, and the distributions it asks for."""

from collections.abc import Mapping
from typing import Literal

from ..record import Record
from ..source import Source, Span
from ..value import Known, Value


class ProxyFix(Record):
    """`ProxyFix(app, x_for=..., ...)`; a count is Unknown where it is no literal."""

    at: Span
    counts: Mapping[str, Value[int]]  # x_for, x_proto, x_host, x_port, x_prefix


class App(Record):
    """What a WSGI spec resolves to.

    `state`:
      "found"      `module` is the file, `made_at` where the callable is made, `kind` what it is
      "no-module"  `missing` is the first dotted part that is not there
      "no-attribute"  the module is there, the name is not; `candidates` are its WSGI callables
      "no-call"    `module:factory` without a call: `made_at` is the function
      "refused"    the server does not take a spec of this form, or calls the factory at `made_at` with
                   arguments that do not fit; `why` is what it says
      "unknown"    `why` says what stands in the way
    `kind`: "flask" (a Flask object), "factory" (a function that was called), "function" (a plain
    function that may be a WSGI callable), "view", "class", "django" (what Django makes), "other".
    """

    state: Literal["found", "no-module", "no-attribute", "no-call", "refused", "unknown"]
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
