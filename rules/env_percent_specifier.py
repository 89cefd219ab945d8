"""systemd takes a per cent sign for a specifier

In `Environment=` and `Exec*=` of a unit `%` begins a specifier: `%h` is the home of the manager's user, `%C` is
`/var/cache`. Of a percent-encoded password, `p%40ss`, systemd says `Failed to resolve specifiers ..., ignoring` and drops
the whole assignment; a command with `%4` in it makes it refuse the unit; `%C3` silently becomes `/var/cache3`. The
database then says `password authentication failed`, or the variable is not set at all.

A file that `EnvironmentFile=` names knows no specifiers: there `%` stays as it is.

Fix: write `%%` for every literal `%`.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.deployment.specifiers import Percent, percents
from flasklint.facts import Unit
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule


@rule(
    "env-percent-specifier",
    severity=Severity.ERROR,
    group="environment",
    since="0.2",
    links=["https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html#Specifiers"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for unit in deployment.units:
        for percent in percents(unit):
            yield _percent(percent, unit)


def _percent(percent: Percent, unit: Unit) -> Finding:
    source, sign = percent.at.source, percent.signs[0]
    written = source.text[sign : sign + (3 if percent.encoded else 2)]
    name = percent.at.text.strip("\"'").partition("=")[0]
    if percent.entry.key != "Environment":
        symptom = f"{unit.name} is refused" if ", ignoring" not in percent.refused else "the command is not run"
    else:
        symptom = f"{unit.name} starts without {name}"
    if not percent.refused:
        symptom = "another text takes its place"
    said = f": {percent.refused.partition(' in ')[0]}, Invalid slot" if percent.refused else ""
    taken = written[:2] if len(written) == 2 else f"{written[:2]} of {written}"
    return finding(
        percent.at,
        f"systemd takes {taken} for a specifier, so {symptom}{said}",
        label="a specifier to systemd",
        repair=f"write %{written} for a literal {written}",
        fix=_fix(percent),
    )


def _fix(percent: Percent) -> Fix | None:
    """Double the signs: surely what is meant of `%40`; of anything else a person has to say so."""
    from flasklint.edits import replace

    source = percent.at.source
    if "{{" in percent.at.text or "{%" in percent.at.text:
        return None
    return Fix(tuple(replace(source.span(at, at + 1), "%%") for at in percent.signs), safe=percent.encoded)


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
Environment=DATABASE_URL=postgresql://shop:p%40ss@localhost/shop    # finding: starts without DATABASE_URL
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
Restart=on-failure
"""

FIXED = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
Environment=DATABASE_URL=postgresql://shop:p%%40ss@localhost/shop
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
Restart=on-failure
"""

GOOD = FIXED
