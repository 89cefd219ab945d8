"""Rules that a project brings along: folders of rule files, and installed packages of them.

They are Python code and are run. So a settings file that lies beside what is linted may name them and
nothing more: they are loaded where the command line names them, or says `--allow-plugins`.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from hashlib import sha256
from importlib import import_module, invalidate_caches
from importlib.util import module_from_spec, spec_from_file_location
from traceback import extract_tb
from types import ModuleType

from . import rule as rules
from .rule import Rule
from .settings import Settings

NOT_ALLOWED = (
    "{where}names rules of its own ({what}). They are Python code, and are not run unless you say so: --allow-plugins "
    "runs them, --no-plugins goes without"
)


class RuleFileError(ValueError):
    """A rule file that cannot be used: the text says which, where in it, and why."""


class NotAllowedError(ValueError):
    """The settings name code that nobody has allowed to run."""


def wanted(settings: Settings) -> tuple[Rule, ...]:
    """Load what the settings name. Raises NotAllowedError, RuleFileError and FileNotFoundError."""
    if not (settings.rule_folders or settings.plugins) or settings.allow_plugins == "no":
        return ()
    if settings.allow_plugins != "yes":
        what = ", ".join((*settings.rule_folders, *settings.plugins))
        where = f"{settings.config_file}: " if settings.config_file else "the configuration "
        raise NotAllowedError(NOT_ALLOWED.format(where=where, what=what))
    return load(settings.rule_folders, settings.plugins)


def load(folders: Iterable[str] = (), plugins: Iterable[str] = ()) -> tuple[Rule, ...]:
    """Load the rules of folders (or single files) and packages, and make them known to `rule.get`.

    Raises RuleFileError, FileNotFoundError for a folder that is not there.
    """
    places = [(path, _from_file(path)) for folder in folders for path in _files(folder)]
    places += [pair for name in plugins for pair in _from_package(name)]
    built_in = set(rules.names())
    homes: dict[str, str] = {}
    for path, one in places:
        if one.name in built_in:
            raise RuleFileError(f"{path}: a rule of flasklint's own has the name {one.name}: choose another one")
        if os.path.realpath(homes.setdefault(one.name, path)) != os.path.realpath(path):
            raise RuleFileError(f"{path}: the rule {one.name} is defined in {homes[one.name]} already")
    found = {one.name: one for _, one in places}
    rules.add(found.values())
    return tuple(found.values())


def _files(folder: str) -> list[str]:
    """Return the rule files of a folder; names that begin with an underscore are helpers'."""
    if os.path.isfile(folder):
        return [folder]
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if _is_rule_file(name)]


def _is_rule_file(name: str) -> bool:
    return name.endswith(".py") and not name.startswith(("_", "."))


# ----------------------------------------------------------------------------------------- folders

_loaded: dict[str, tuple[tuple[int, int], Rule]] = {}  # by path, with the state of the file


def _from_file(path: str) -> Rule:
    """Run a rule file, once as long as it stays as it is; files of one folder may import each other with `.`."""
    status = os.stat(path)
    state = status.st_mtime_ns, status.st_size
    real = os.path.realpath(path)
    if real in _loaded and _loaded[real][0] == state:
        return _loaded[real][1]
    package = _package(os.path.dirname(real))
    stem = os.path.basename(path)[:-3]
    spec = spec_from_file_location(f"{package}.{stem}", real)
    if spec is None or spec.loader is None:
        raise RuleFileError(f"{path}: not a Python file")
    module = sys.modules[spec.name] = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException as error:
        del sys.modules[spec.name]
        if isinstance(error, KeyboardInterrupt):
            raise
        raise RuleFileError(_said(error, path)) from error
    found = _checked(module, path)
    _loaded[real] = state, found
    return found


def _package(folder: str) -> str:
    """Return the name of a package that stands for a folder, whatever that is called."""
    name = f"flasklint_rules_{sha256(os.fsencode(folder)).hexdigest()[:12]}"
    if name not in sys.modules:
        sys.modules[name] = ModuleType(name)
        sys.modules[name].__path__ = [folder]
    return name


# ---------------------------------------------------------------------------------------- packages


def _from_package(name: str) -> Iterator[tuple[str, Rule]]:
    """Import an installed package and yield the rules of its modules, or a module that is a rule itself."""
    invalidate_caches()
    package = _imported(name)
    folders = [folder for folder in getattr(package, "__path__", ()) if os.path.isdir(folder)]
    if not folders:
        path = package.__file__ or name
        yield path, _checked(package, path)
    for folder in folders:
        for file in sorted(os.listdir(folder)):
            if _is_rule_file(file):
                path = os.path.join(folder, file)
                yield path, _checked(_imported(f"{name}.{file[:-3]}", path), path)


def _imported(name: str, path: str = "") -> ModuleType:
    try:
        return import_module(name)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        missing = isinstance(error, ModuleNotFoundError) and name.startswith(f"{error.name}")
        if missing:
            raise RuleFileError(f"the plugin {name} is not installed where flasklint is ({sys.prefix})") from error
        raise RuleFileError(_said(error, path or f"the plugin {name}")) from error


# ------------------------------------------------------------------------------------------- checks


def _checked(module: ModuleType, path: str) -> Rule:
    """Return the rule of a module, which is named like its file."""
    found = getattr(module, "check", None)
    if not isinstance(found, Rule):
        what = "no function named check" if found is None else "check is no rule: put @rule(...) above it"
        raise RuleFileError(f"{path}: {what}. A file whose name begins with _ is left alone")
    named = os.path.basename(path)[:-3].replace("_", "-")
    if found.name != named:
        raise RuleFileError(f"{path}: the rule is named {found.name}, and its file {named}: they must agree")
    return found


def _said(error: BaseException, path: str) -> str:
    """Name the line of the file, and what is wrong there."""
    line = 0
    if isinstance(error, SyntaxError) and error.filename:
        path, line = (path if os.path.samefile(error.filename, path) else error.filename), error.lineno or 0
    else:
        inside = [frame for frame in extract_tb(error.__traceback__) if os.path.realpath(path) == frame.filename]
        line = (inside[-1].lineno or 0) if inside else 0
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    return f"{path}:{line or 1}: {type(error).__name__}: {text}".rstrip(": ")
