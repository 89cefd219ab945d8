"""A command of the unit is written for a shell

systemd starts the program itself; there is no shell that would know `source`, `cd`, `&&`, `|`, `>`, `~` or
`$(...)`. A unit that begins with `source` or `cd` ends in `status=203/EXEC`, one that begins with `~/` is
refused (`Neither a valid executable name nor an absolute path`), and anything further on reaches the
program as an argument. (Gunicorn ignores what stands behind the application: a warning, as the log is not written.)

Fix: name the program of the virtual environment by its absolute path and use `WorkingDirectory=`,
`Environment=` and `StandardOutput=`; where a shell is really needed, `ExecStart=/bin/bash -c '...'`.
"""

import re
from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.deployment.shellwords import BUILTINS, OPERATORS, REDIRECTS, has_signs, in_shell, is_ignored, is_lost
from flasklint.deployment.venv import activated
from flasklint.edits import replace, together
from flasklint.facts import Exec, Unit, Word
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule

_INSTEAD = {
    "cd": ", and WorkingDirectory= for the folder",
    "source": " in the virtual environment (/.../venv/bin/gunicorn)",
    "export": ", and Environment= for the variable",
}


@rule(
    "exec-shell-syntax",
    severity=Severity.ERROR,
    group="service",
    since="0.1",
    links=["https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#Command%20lines"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for unit in deployment.units:
        for command in unit.commands:
            found = _in_program(unit, command) or _in_arguments(command)
            if found:
                ignored = any(is_ignored(service, command, found.at) for service in deployment.services)
                yield found._replace(severity=Severity.WARNING) if ignored else found


def _in_program(unit: Unit, command: Exec) -> Finding | None:
    """What stands where the program should be: a builtin, an assignment, `~/`, a variable, all of it in quotes."""
    word = command.words[0]
    name, equals, _ = word.text.partition("=")
    if len(command.words) == 1 and " -" in word.text and word.text.startswith("/") and word.at.text[:1] in "\"'":
        program = word.text.partition(" ")[0]
        message = f"systemd looks for a program of this whole name: {unit.name} fails with status=203/EXEC"
        return finding(word.at, message, label=f"not only {program}", repair=f"write {command.key}= without the quotes")
    if word.text in BUILTINS or (equals and name.isidentifier()):
        what = "a program" if equals else f"a program named {word.text!r}"
        message = f"systemd runs no shell and looks for {what}: {unit.name} fails with status=203/EXEC"
    elif word.text.startswith("~/") or (word.text.startswith("$") and _is_refused(unit, word)):
        what = "~" if word.text[0] == "~" else "variable"
        message = (
            f"systemd replaces no {what} in the program's path and refuses {unit.name}: "
            f"Neither a valid executable name nor an absolute path: {word.text}"
        )
    else:
        return None
    folder = unit.last("Service", "WorkingDirectory")
    program = activated([word.text for word in command.words[:4]], folder.value if folder else "")
    repair = f"write {command.key}= with the absolute path of the program{_INSTEAD.get(word.text, '')}"
    fix = None
    if program:
        repair = " ".join([f"write {command.key}={program}", *(each.at.text for each in command.words[4:])])
        fix = together(replace(word.at.source.span(word.at.start, command.words[3].at.end), program))
    return finding(word.at, message, label="only a shell understands this", repair=repair, fix=fix)


def _is_refused(unit: Unit, word: Word) -> bool:
    return any(p.kind == "refused-exec-not-absolute" and p.at.start == word.at.start for p in unit.problems)


def _in_arguments(command: Exec) -> Finding | None:
    """An operator of the shell, or a substitution, among the arguments."""
    program = command.words[0].text.rpartition("/")[2]
    for word in command.words[1:] if has_signs(command) else ():
        written = word.at.text
        if not word.fixed or written[:1] in "\"'":
            continue
        if written in OPERATORS or written.startswith(REDIRECTS):
            message = f"systemd runs no shell: {program} gets {written!r} as an argument"
        elif ("$(" in written or "`" in written) and not in_shell(command):
            message = f"systemd runs no shell: {written!r} is not replaced by the output of a command"
        elif ":" not in command.prefixes and is_lost(written):
            message = f"systemd takes all of {written[1:]!r} for the name of one variable and drops the word"
            repair = "write " + re.sub(r"\$(\w+)", r"${\1}", written)
            return finding(word.at, message, label="never reaches the program", repair=repair)
        else:
            continue
        repair = "use StandardOutput=, ExecStartPre= or Environment=, or /bin/bash -c '...'"
        return finding(word.at, message, label="only a shell understands this", repair=repair)
    return None


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=source venv/bin/activate && gunicorn wsgi:app    # finding: a program named 'source'
Restart=on-failure
"""

GOOD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
Restart=on-failure
"""

FIXED = GOOD
