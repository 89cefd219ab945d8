"""The street, from paths to findings."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from time import perf_counter
from typing import TypeVar

from . import hints
from . import rule as rules
from .aside import MANY, Aside
from .check import check, check_fleet
from .deployment import Deployment, RuleSettings
from .discover import Found, closed, discover, git_ignored
from .facts import Facts, NginxRead, Problem, Requirements, Runs, internal
from .links import below
from .result import FoundFile, Result
from .settings import Settings
from .sift import MARK, sift
from .source import Source, Span
from .tree import Tree

T = TypeVar("T")


def lint(paths: Sequence[str], settings: Settings, changed: dict[str, bytes] | None = None) -> Result:
    """Read, join and check everything below the paths, `changed` files (absolute paths) as if they held that.

    Raises FileNotFoundError for a path that is not there, UnknownSelectorError for a selector
    that names nothing.
    """
    started = perf_counter()
    tree = _tree(paths, settings, changed)
    found = discover(tree)
    facts = read(tree, found, settings.nginx_prefix)
    try:  # now, as nginx may still be read aside
        chosen = rules.load(settings.select, settings.ignore, _own(settings), settings.extend_select)
    except Exception:
        facts.nginx()  # so that no process is left behind
        raise
    from .join import join  # now, too: a large part of what there is to import

    wanted = RuleSettings(settings.cores, settings.server, settings.targets, settings.python_version)
    try:
        deployments, findings, crashes = check_fleet(tree, join(tree, facts, wanted, hints.given(settings)), chosen)
    except Exception as error:
        deployments = (Deployment(".", problems=(internal(error, _first(found)), *facts.problems)),)
        findings, crashes = check(deployments, chosen)
    kept, ignored = sift(findings, settings)
    homes = {source: one.name for one in deployments for source in one.files}
    if not (crashes or settings.no_ignores) and any(MARK in source.text for source in homes):
        from .ignores import judge

        idle = judge(deployments, findings, chosen, check, whole=_is_whole(tree, settings))
        kept, ignored = sift([*findings, *idle], settings)
    crashes += sum(problem.kind == "internal" for one in deployments for problem in one.problems)
    unseen = tuple(dict.fromkeys([*(what for one in deployments for what in one.unseen), *closed(tree)]))
    files = _files(tree, found, homes)
    result = Result(kept, deployments, files, ignored, unseen, crashes, perf_counter() - started)
    result = result._replace(git_ignored=git_ignored(tree))
    if settings.baseline:
        from .baseline import subtract

        result = subtract(result, settings.baseline, tree, {one.name for one in chosen})
    return result


def _own(settings: Settings) -> Sequence[rules.Rule]:
    """Return the rules that the project brings along."""
    if not (settings.rule_folders or settings.plugins):
        return ()
    from .ownrules import wanted

    return wanted(settings)


def _first(found: Found) -> Span:
    """A place to speak of where no file can be blamed."""
    sources = (*found.nginx, *found.systemd, *found.compose, *found.supervisor, Source(".", ""))
    return sources[0].whole()


def _tree(paths: Sequence[str], settings: Settings, changed: dict[str, bytes] | None) -> Tree:
    """One tree that holds all paths; only they are visible."""
    real = [os.path.realpath(path) for path in paths]
    for path, given in zip(real, paths, strict=True):
        if not os.path.exists(path):
            raise FileNotFoundError(given)
    root = os.path.commonpath([path if os.path.isdir(path) else os.path.dirname(path) for path in real])
    only = [os.path.relpath(path, root) for path in real]
    return Tree(
        root,
        only,
        is_host=settings.root_is_host,
        changed=changed,
        gitignore=not settings.no_gitignore,
        excluded=hints.excluder(settings),
    )


# ----------------------------------------------------------------------------------------- reading


def read(tree: Tree, found: Found, nginx_prefix: str) -> Facts:
    """Turn the files of the tree into facts. A reader that fails costs its own file only."""
    problems: list[Problem] = []
    facts = Facts(containers=bool(found.compose or found.dockerfile))
    if found.nginx:
        facts = facts._replace(nginx=_nginx(found.nginx, tree, nginx_prefix))
    if found.systemd:
        from .read import systemd

        facts = facts._replace(units=_all(systemd.read, found.systemd, tree, problems))
    if found.compose:
        from .read import compose

        projects = _each(compose.read, found.compose, tree, problems)
        facts = facts._replace(compose=tuple(projects))
    facts = facts._replace(runs=tuple(_runs(tree, found, problems)))
    if found.requirements:
        facts = facts._replace(requirements=_requirements(found.requirements, tree, problems))
    if facts.units or facts.runs or facts.compose:
        from .read import app

        facts = facts._replace(flask=tuple(app.creates_flask(tree)))
    if found.scripts:
        from .read import windows

        facts = facts._replace(windows=tuple(one for path in found.scripts for one in windows.read(path, tree)))
    return facts._replace(problems=tuple(problems))


def _nginx(sources: Sequence[Source], tree: Tree, prefix: str) -> Callable[[], NginxRead]:
    """Read nginx files, aside where there are many: they are not needed before services are joined."""

    def work() -> tuple[NginxRead, list[Problem]]:
        from .read import nginx

        problems: list[Problem] = []
        known = len(tree.problems)
        configs = _all(lambda some, tree: nginx.read(some, tree, prefix), sources, tree, problems)
        return NginxRead(configs, tuple(problems)), tree.problems[known:]

    if len(sources) < MANY:
        read = work()[0]
        return lambda: read
    aside = Aside(work, tree)

    def result() -> NginxRead:
        read, unreadable = aside.result()
        tree.problems += [problem for problem in unreadable if problem not in tree.problems]
        return read

    return result


def _requirements(paths: Sequence[str], tree: Tree, problems: list[Problem]) -> tuple[Requirements, ...]:
    """Read requirement files; where one makes the reader fail, the others do not tell everything."""
    from .read import requirements

    try:
        return requirements.read(paths, tree)
    except Exception:
        good = []
        for path in paths:
            try:
                good += [path] if requirements.read([path], tree) else []
            except Exception as error:
                problems.append(internal(error, Source(tree.shown(path), "").whole()))
        return tuple(one._replace(complete=False) for one in requirements.read(good, tree))


def _runs(tree: Tree, found: Found, problems: list[Problem]) -> Iterable[Runs]:
    if found.supervisor:
        from .read import supervisor

        for programs in _each(supervisor.read, found.supervisor, tree, problems):
            yield from programs
    if found.procfile:
        from .read import procfile

        for processes in _each(procfile.read, found.procfile, tree, problems):
            yield from processes
    if found.dockerfile and not found.compose:  # a compose project says itself which image runs what
        from .read import dockerfile

        yield from (run for run in _each(dockerfile.read, found.dockerfile, tree, problems) if run)


def _all(
    reader: Callable[[Sequence[Source], Tree], tuple[T, ...]],
    sources: Sequence[Source],
    tree: Tree,
    problems: list[Problem],
) -> tuple[T, ...]:
    """Read files that belong together; one that makes the reader fail is left out and said."""
    try:
        return reader(sources, tree)
    except Exception as error:
        alone = list(_each(lambda source, _: (source, reader((source,), tree)), sources, tree, problems))
        if len(alone) == len(sources):
            problems.append(internal(error, sources[0].whole()))
            return ()
        return reader([source for source, _ in alone], tree)


def _each(
    reader: Callable[[Source, Tree], T], sources: Iterable[Source], tree: Tree, problems: list[Problem]
) -> Iterable[T]:
    """Read files one by one; one that makes the reader fail is left out and said."""
    done = []
    for source in sources:
        try:
            done.append(reader(source, tree))
        except Exception as error:
            problems.append(internal(error, source.whole()))
    return done


# ----------------------------------------------------------------------------------------- telling


def _is_whole(tree: Tree, settings: Settings) -> bool:
    """Whether the input is a project, as far as can be told, and not a part of one."""
    above, name = os.path.split(tree.root)
    if tree.given != ("",) or (settings.base and below(os.path.realpath(settings.base), above) is not None):
        return False
    while name:
        if os.path.lexists(os.path.join(above, ".git")):
            return False
        above, name = os.path.split(above)
    return True


def _files(tree: Tree, found: Found, homes: Mapping[Source, str]) -> tuple[FoundFile, ...]:
    """Every file that had a part in the run, or was passed over, with its deployment as `homes` names it."""
    home = {source.path: name for source, name in homes.items()}
    kinds = ("nginx", "systemd", "compose", "supervisor", "procfile", "dockerfile")
    listed = {source.path: kind for kind in kinds for source in getattr(found, kind)}
    listed |= {tree.shown(path): "requirements" for path in found.requirements}
    listed |= {path: "python" for path in home if path.endswith(".py") and path not in listed}
    listed |= {tree.shown(skipped.path): "skipped" for skipped in found.skipped}
    return tuple(FoundFile(path, kind, home.get(path, "")) for path, kind in listed.items())
