"""Which files make one nginx configuration.

A main file and what it includes are one. A site file that no main file includes stands alone, but
files of one folder of which one names an upstream of the other belong together.
"""

import re
from collections.abc import Sequence
from posixpath import dirname

from ...facts import NginxConfig, Problem
from ...record import Record
from ...source import Source
from ...tree import Tree
from ...value import Known, Unknown, Value, has_hole
from .check import check, guess_context
from .effective import blocks, every, read_servers, read_upstreams
from .include import Expanded, Library, expand, roots_of
from .refuse import Whole, refuse
from .tree import Directive, Part
from .values import PASSES

_DUMP = "# configuration file /"
_ROOT_CAUSES = frozenset({"syntax", "missing-semicolon", "swallowed-directive", "unknown-directive"})
_TWINS = frozenset({"sites-available", "sites-enabled"})
_AS_BUILT = Unknown("no user directive: it depends on how nginx was built")
_ELSEWHERE = Unknown("nginx.conf is not in the input")


class _Site(Record):
    """A loose file: which upstreams it defines, and which bare names it forwards to."""

    part: Part
    expanded: Expanded
    defines: frozenset[str]
    names: frozenset[str]


def configurations(sources: Sequence[Source], tree: Tree, prefix: str) -> tuple[NginxConfig, ...]:
    """Turn all nginx files of an input into configurations, main files first."""
    dumps = [source for source in sources if _DUMP in source.text]
    configs = [config for source in dumps for config in _dumped(source, tree)]
    rest = [source for source in sources if source not in dumps]
    relative = {source: tree.path_of(source) for source in rest}
    parts = {path: Part(source, path, 0, len(source.text)) for source, path in relative.items()}
    library = Library(tree, parts, prefix=prefix)
    given = list(parts.values())
    mains = [part for part in given if _is_main(library.parsed(part).body)]
    folders = tuple(dict.fromkeys(dirname(part.path) for part in mains))
    whole = [expand(library, part, roots_of(part.path, tree)) for part in mains]
    configs += [_config((expanded,), main=True) for expanded in whole]
    included = frozenset[str]().union(*(expanded.paths for expanded in whole))
    loose = [part for part in given if part not in mains and part.path not in included]
    loose = _without_twins(loose, [parts[path] for path in included if path in parts])
    expanded = [expand(library, part, roots_of(part.path, tree, folders)) for part in loose]
    inner = frozenset[str]().union(*(each.paths for each in expanded))
    sites = [_site(part, each) for part, each in zip(loose, expanded, strict=True) if part.path not in inner]
    configs += [_config(tuple(site.expanded for site in group)) for group in _groups(sites)]
    return tuple(config for config in configs if config is not None)


def _is_main(body: tuple[Directive, ...]) -> bool:
    return any(directive.block is not None and directive.name in ("http", "events") for directive in body)


def _dumped(source: Source, tree: Tree) -> list[NginxConfig | None]:
    """Take an `nginx -T` dump apart into the files that it shows."""
    heads = list(re.finditer(r"^# configuration file (/\S*):[ \t\r]*$", source.text, re.M))
    ends = [head.start() for head in heads[1:]] + [len(source.text)]
    parts = {head[1]: Part(source, head[1], head.end(), end) for head, end in zip(heads, ends, strict=True)}
    if not parts:
        return []
    main = next(iter(parts.values()))
    library = Library(tree, parts, dump=True)
    return [_config((expand(library, main, (dirname(main.path),)),), main=True)]


def _without_twins(parts: list[Part], taken: list[Part]) -> list[Part]:
    """Leave out copies of one site in sites-available and sites-enabled (a link, seen as two files)."""
    kept: list[Part] = []
    seen = {_twin(part) for part in taken} - {None}
    for part in parts:
        twin = _twin(part)
        if twin is None or twin not in seen:
            kept.append(part)
            seen.add(twin)
    return kept


def _twin(part: Part) -> tuple[str, str, str] | None:
    folder, _, name = part.path.rpartition("/")
    parent, _, last = folder.rpartition("/")
    return (parent, name, part.source.text) if last in _TWINS else None


# ------------------------------------------------------------------------------------ loose files


def _site(part: Part, expanded: Expanded) -> _Site:
    body = expanded.body
    defines = frozenset(upstream.arg(0).lower() for upstream in blocks(body, "upstream"))
    names = frozenset(
        directive.arg(0).rpartition("://")[2].partition("/")[0].lower()
        for directive in every(body)
        if directive.name in PASSES
    )
    return _Site(part, expanded, defines, names)


def _groups(sites: list[_Site]) -> list[list[_Site]]:
    """Put a site together with the one file of its folder that defines the upstream it names."""
    groups: list[list[_Site]] = []
    home: dict[str, list[_Site]] = {}
    for site in sites:
        home[site.part.path] = [site]
        groups.append(home[site.part.path])
    defining: dict[tuple[str, str], list[_Site]] = {}
    for site in sites:
        for name in site.defines:
            defining.setdefault((dirname(site.part.path), name), []).append(site)
    for site in sites:
        for name in site.names - site.defines:
            makers = defining.get((dirname(site.part.path), name), [])
            if len(makers) == 1 and home[makers[0].part.path] is not home[site.part.path]:
                _merge(groups, home, home[makers[0].part.path], home[site.part.path])
    return groups


def _merge(groups: list[list[_Site]], home: dict[str, list[_Site]], one: list[_Site], other: list[_Site]) -> None:
    groups[:] = [group for group in groups if group is not other]
    one += other
    for site in other:
        home[site.part.path] = one


# ------------------------------------------------------------------------------------ one of them


def _config(pieces: tuple[Expanded, ...], main: bool = False) -> NginxConfig | None:
    """Make a configuration of a main file, or of loose files; None for files without a directive."""
    body = tuple(directive for piece in pieces for directive in piece.body)
    problems = [problem for piece in pieces for problem in piece.problems]
    if not body and not problems:
        return None
    if not main and _is_stream(body):
        body = ()
    http = tuple(inner for block in blocks(body, "http") for inner in block.block or ()) if main else body
    branches = frozenset[Source]().union(*(piece.branches for piece in pieces))
    upstreams = read_upstreams(http)
    servers = read_servers(http, upstreams, bool(branches))
    unseen = tuple(dict.fromkeys(include for piece in pieces for include in piece.unseen))
    for piece in pieces:
        context = () if main else guess_context(piece.body)
        if context is not None and body:
            problems += check(piece.body, context)
    guessed = len(pieces) > 1 or any(piece.guessed for piece in pieces)
    name = pieces[0].parsed.part.path if main else ""
    problems += refuse(Whole(body, http, upstreams, bool(unseen), guessed, main, name))
    files = tuple(dict.fromkeys(source for piece in pieces for source in piece.files))
    user = _user(body, main)
    return NginxConfig(files, servers, upstreams, user, _kept(problems, branches), unseen, _group(body))


def _is_stream(body: tuple[Directive, ...]) -> bool:
    """Whether loose servers are those of `stream`: they forward to no URL, and outside any location."""
    inner = [directive for server in blocks(body, "server") for directive in server.block or ()]
    return not any(directive.name == "location" for directive in inner) and any(
        directive.name == "proxy_pass" and "://" not in directive.arg(0) for directive in inner
    )


def _user(body: tuple[Directive, ...], main: bool) -> Value[str]:
    user = next((directive for directive in body if directive.name == "user" and directive.args), None)
    if user is None:
        return _AS_BUILT if main else _ELSEWHERE
    word = user.args[0]
    return Unknown("a template variable", word.at) if has_hole(word.text) else Known(word.text, word.at)


def _group(body: tuple[Directive, ...]) -> str:
    user = next((directive for directive in body if directive.name == "user"), None)
    return user.args[1].text if user and len(user.args) > 1 else ""


def _kept(problems: list[Problem], branches: frozenset[Source]) -> tuple[Problem, ...]:
    """One problem per place; none in files whose template statements choose among directives; no
    consequences of a brace that is missing."""
    broken = {problem.at.source for problem in problems if problem.kind == "syntax" and "unexpected" in problem.message}
    first: dict[tuple[Source, int], Problem] = {}
    for problem in problems:
        source = problem.at.source
        if source not in branches and (source not in broken or problem.kind in _ROOT_CAUSES):
            first.setdefault((source, problem.at.start), problem)
    return tuple(first.values())
