"""The passes: choose, apply, lint again, keep or take back."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from time import perf_counter
from types import MappingProxyType

from ..finding import Finding, Severity
from ..result import Change, Result, Unfixed
from ..run import lint
from ..settings import Settings
from .choose import Repair, choose
from .files import Files
from .ignores import commented, why_not
from .write import CHANGED, Refused, write

MAX_PASSES = 10
MAX_LINTS = 100  # of one run; a folder of hostile files may make every fix fail
NOTHING_HELD: Mapping[str, bytes] = MappingProxyType({})
_Key = tuple[str, str]


def fix(paths: Sequence[str], settings: Settings, held: Mapping[str, bytes] = NOTHING_HELD, only: str = "") -> Result:
    """Lint, repair what can be repaired, and return what remains, with what was done.

    `held` is what files (absolute paths) hold in place of the disk's content; with `only` nothing but that file
    (an absolute path) is changed. Writes only where `settings.fixes` is "make". Raises what `lint` does, and
    OSError where a file cannot be written: then none is.
    """
    started = perf_counter()
    run = _Run(paths, settings, held, only)
    run.repair()
    result, left = run.result, set[str]()
    if settings.fixes == "make":
        left = {change.target for change in write(run.files.groups())}
        if left:  # what it comes to without them is for the disk to say
            result = lint(paths, settings)
    if settings.add_ignores:
        return _silenced(run, left, perf_counter() - started)
    still = {_name(finding) for finding in result.findings}
    fixed = [one for one in run.fixed if not one.targets & left]
    unfixed = [one for name, one in run.unfixed.items() if name in still]
    unfixed += (Unfixed(one.finding, CHANGED) for one in run.fixed if one.targets & left)
    changes = tuple(one for one in run.files.changes() if one.target not in left)
    return result._replace(
        fixed=tuple(one.finding for one in fixed),
        unfixed=tuple(unfixed),
        changes=changes,
        seconds=perf_counter() - started,
    )


def planned(paths: Sequence[str], settings: Settings, held: Mapping[str, bytes]) -> tuple[Change, ...]:
    """Return what `--fix` would change where files (absolute paths) hold what an editor does. Writes nothing."""
    run = _Run(paths, settings, held)
    run.repair()
    return tuple(run.files.changes())


def _silenced(run: "_Run", left: set[str], seconds: float) -> Result:
    """Return what remains after comments were put above findings: those are ignored now, and not fixed."""
    changes = tuple(one for one in run.files.changes() if one.target not in left)
    held = {**run.held, **{change.target: change.new for change in changes}}
    result = lint(run.paths, run.settings, held)
    whys = {name: one.why for name, one in run.unfixed.items()}
    unfixed = tuple(Unfixed(one, whys.get(_name(one)) or why_not(one)) for one in result.findings)
    return result._replace(unfixed=unfixed, changes=changes, seconds=seconds)


class _Run:
    """The files and findings after the fixes made so far; `held` is what files hold in place of the disk's content."""

    def __init__(self, paths: Sequence[str], settings: Settings, held: Mapping[str, bytes], only: str = "") -> None:
        self.paths, self.settings, self.only = paths, settings, only
        self.held = held
        self.files = Files(held)
        self.result = self.look(dict(held))
        self.fixed: list[Repair] = []
        self.unfixed: dict[str, Unfixed] = {}
        self.lints = 0
        self.tried = self.result  # of the last attempt that went well

    def look(self, changed: dict[str, bytes]) -> Result:
        """Lint; where comments are asked for, they stand in the place of the fixes."""
        result = lint(self.paths, self.settings, changed)
        if not self.settings.add_ignores:
            return result
        return result._replace(findings=commented(result.findings, self.settings.add_ignores))

    def repair(self) -> None:
        """Make passes until nothing is left to fix."""
        for _ in range(MAX_PASSES):
            accepted = self.settle([], choose(self.wanted()))
            if not accepted:
                return
            self.files.keep(accepted)
            self.fixed += accepted
            self.result = self.tried
            self.unfixed.clear()  # what failed may do now
        for repair in self.wanted():
            self.refuse(repair.finding, f"not done after {MAX_PASSES} passes")

    def wanted(self) -> list[Repair]:
        """The fixes that are asked for and can be made, in the order of the report."""
        repairs = []
        for finding in self.result.findings:
            if (
                not finding.fix
                or not (finding.fix.safe or self.settings.unsafe_fixes)
                or _name(finding) in self.unfixed
            ):
                continue
            try:
                repair = self.files.prepare(finding)
                if self.only and repair.targets != {self.only}:
                    raise Refused("it changes another file")
                repairs.append(repair)
            except Refused as reason:
                self.refuse(finding, str(reason))
        return repairs

    def settle(self, accepted: list[Repair], batch: list[Repair]) -> list[Repair]:
        """Add to the accepted fixes those of a batch that do what they should; one that fails is halved."""
        if not batch:
            return accepted
        why = self.attempt([*accepted, *batch])
        if not why:
            return [*accepted, *batch]
        if len(batch) == 1:
            self.refuse(batch[0].finding, why)
            return accepted
        middle = len(batch) // 2
        return self.settle(self.settle(accepted, batch[:middle]), batch[middle:])

    def attempt(self, repairs: list[Repair]) -> str:
        """Lint the files as they would be after fixes, and say what speaks against these."""
        if self.lints >= MAX_LINTS:
            return "too many fixes fail"
        self.lints += 1
        after = self.look(self.files.after(repairs))
        why = _objection(self.result, after, repairs)
        if not why and self.settings.add_ignores and not _only_silenced(self.result, after):
            why = "a comment here would change what it says"
        if not why:
            self.tried = after
        return why

    def refuse(self, finding: Finding, why: str) -> None:
        self.unfixed[_name(finding)] = Unfixed(finding, why)


def _name(finding: Finding) -> str:
    """Tell a finding again in the next pass, where its line may be another."""
    return f"{finding.fingerprint} {finding.message}"


def _objection(before: Result, after: Result, repairs: list[Repair]) -> str:
    """Say why fixes must not be made: their findings are still there, or a new error is. Empty if they may."""
    if after.internal_errors > before.internal_errors:
        return "flasklint fails on what it comes to"
    had, has = _counts(before.findings), _counts(after.findings)
    gone = _counts(repair.finding for repair in repairs)
    for finding in after.findings:
        key = _key(finding)
        if has[key] <= had[key] - gone[key]:
            continue
        if key in gone:
            return "it would not help"
        if finding.level is Severity.ERROR:
            return f"it would bring {finding.rule}: {finding.message}"
    return ""


def _only_silenced(before: Result, after: Result) -> bool:
    """Whether everything that was found is still found, silenced or not."""
    told, ignored = _counts(before.findings) + _counts(before.ignored), _counts(after.findings) + _counts(after.ignored)
    return not told - ignored


def _counts(findings: Iterable[Finding]) -> Counter[_Key]:
    return Counter(map(_key, findings))


def _key(finding: Finding) -> _Key:
    return finding.rule, finding.at.path
