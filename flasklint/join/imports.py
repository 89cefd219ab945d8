"""Which modules the application imports though nothing that is installed for it brings them."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial

from ..facts import App, Requirements, Runs
from ..stdlib import is_standard
from ..tree import Tree
from ..value import Known
from .evidence import Evidence

_LEFT_OUT = ("config", "conf", "setting", "secret", "credential", "key", "env", "local", "instance", "version", "const")
_LOCKS = ("uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock")


def unprovided(
    runs: Runs,
    app: App | None,
    own: Requirements | None,
    every: Mapping[str, Requirements],
    evidence: Evidence,
    tree: Tree,
) -> Callable[[], tuple[Known[str], ...]]:
    """Return what tells, when asked, the modules that surely are missing where just `own` is installed, each with
    its import. `every` are all requirements of the tree, `own` among them.
    """
    if app is None or own is None or app.state not in ("found", "no-call"):
        return tuple
    return cache(partial(_unprovided, runs, app, own, every.values(), evidence, tree))


def _unprovided(
    runs: Runs, app: App, own: Requirements, every: Iterable[Requirements], evidence: Evidence, tree: Tree
) -> tuple[Known[str], ...]:
    """Judge only modules whose distribution is well known, as many come from one of another name or with another;
    and where the requirements are no full list of what is installed, only if it is known what each brings along.
    """
    installed = _installed(every, tree)
    if not own.complete or "flask" not in installed.named or not (_lists_all(own) or _is_known(own)):
        return ()
    suspects = {name for name in app.may_need() if not is_standard(name) and not installed.may_hold(name)}
    missing = []
    for module in app.needs() if suspects else ():
        providers = _providers(module.value)
        if not providers and not _can_only_be_ours(module.value, installed.named, evidence):
            continue
        if module.value not in suspects or _is_in_tree(module.value, tree):
            continue
        names = (*providers, module.value)
        if not any(evidence.installs(name, images=runs.manager != "procfile") for name in names):
            missing.append(module)
    return tuple(missing)


class _Installed:
    """What all requirements of a tree name, and what may be installed because of them."""

    def __init__(self, every: Iterable[Requirements]) -> None:
        self.named = frozenset(want.name for one in every for want in one.wanted)
        self._all = self.named | {brought for name in self.named for brought in _closure(name)}
        self._holds: dict[str, bool] = {}

    def may_hold(self, module: str) -> bool:
        """Whether a distribution that is installed may hold the module: one of the usual ones, or one named so."""
        if module not in self._holds:
            providers, name = _providers(module), module.lower().replace("_", "-")
            self._holds[module] = any(one in providers or name in one for one in self._all)
        return self._holds[module]


def _installed(every: Iterable[Requirements], tree: Tree) -> _Installed:
    if (_Installed,) not in tree.memo:
        tree.memo[_Installed,] = _Installed(every)
    found: _Installed = tree.memo[_Installed,]
    return found


def _providers(module: str) -> list[str]:
    """The distributions that are known to hold a module."""
    from .distributions import PROVIDERS

    return PROVIDERS.get(module, "").split()


def _can_only_be_ours(module: str, named: Iterable[str], evidence: Evidence) -> bool:
    """Whether a module of no well-known distribution is surely one that the repository forgets: all requirements
    are known, and it is nothing that people leave out on purpose."""
    from .distributions import BRINGS

    if is_standard(module) or any(word in module.lower() for word in _LEFT_OUT):
        return False
    return all(name in BRINGS for name in named) and not evidence.makes(module)


def _lists_all(requirements: Requirements) -> bool:
    """Whether they name everything that is installed: a lock file, or what `pip freeze` writes."""
    if any(source.path.endswith(_LOCKS) for source in requirements.files):
        return True
    names = {want.name for want in requirements.wanted}
    return {"flask", "werkzeug", "jinja2", "itsdangerous", "click", "markupsafe"} <= names and all(
        want.version for want in requirements.wanted
    )


def _is_known(requirements: Requirements) -> bool:
    """Whether it is known of every requirement what it brings along."""
    from .distributions import BRINGS

    return all(want.name in BRINGS and not want.extras and "@" not in want.range for want in requirements.wanted)


def _closure(name: str) -> set[str]:
    """A distribution and all that it brings along."""
    from .distributions import BRINGS

    found, waiting = set[str](), [name]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += BRINGS.get(one, "").split()
    return found


def _is_in_tree(module: str, tree: Tree) -> bool:
    """Whether the module lies somewhere in the tree, from where something may bring it."""
    return bool(tree.named(f"{module}.py")) or any(folder.rpartition("/")[2] == module for folder in tree.folders())
