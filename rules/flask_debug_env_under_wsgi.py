"""FLASK_DEBUG is on under a WSGI server

Flask takes `FLASK_DEBUG` from the environment whoever serves it. Under Gunicorn or Waitress there is no console of the
debugger, but `app.debug` is true: templates are read again for every request, an unhandled error passes by the
application's own 500 page and comes out as the server's bare `Internal Server Error`, and extensions turn on what they
show to developers only.

Fix: remove the variable from the environment of the service.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.deployment.providers import in_force, wsgi_services
from flasklint.facts import Variable
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule
from flasklint.source import Span
from flasklint.value import Known, has_hole

_OFF = ("", "0", "false", "no")


@rule(
    "flask-debug-env-under-wsgi",
    severity=Severity.WARNING,
    group="dev-server",
    since="0.2",
    links=["https://flask.palletsprojects.com/en/stable/config/#DEBUG"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    told = set()
    for service in wsgi_services(deployment):
        variable = _turned_on(service)
        if variable and variable.at not in told and not _turned_off_again(service):
            told.add(variable.at)
            yield finding(
                variable.at,
                f"{variable.name} turns Flask's debug mode on under {service.kind}: an error passes by the "
                "application's own 500 page",
                label="app.debug is True",
                because=[(service.command.at, f"{service.kind} serves the application")],
                repair=f"remove {variable.name} from the environment of {service.name}",
                fix=_fix(variable, service),
            )


def _turned_on(service: Service) -> Variable | None:
    """The variable that turns debug on; FLASK_ENV did so before Flask 2.3 (flask/helpers.py, `get_debug_flag`)."""
    debug = in_force("FLASK_DEBUG", service)
    if debug and isinstance(debug.value, Known):
        on = debug.value.value.lower() not in _OFF and not has_hole(debug.value.value)
        return debug if on else None
    mode = in_force("FLASK_ENV", service)
    if mode is None or not isinstance(mode.value, Known) or mode.value.value != "development":
        return None
    return mode if service.server.environment.get("FLASK_DEBUG") is None and _reads_flask_env(service) else None


def _reads_flask_env(service: Service) -> bool:
    from flasklint.versions import FLASK_ENV_READ

    return service.does(FLASK_ENV_READ) is True


def _turned_off_again(service: Service) -> bool:
    debug = service.app.config.get("DEBUG") if service.app else None
    reloads = service.server.settings.get("reload")  # nobody's production
    return debug is not None or (isinstance(reloads, Known) and reloads.value is True)


def _fix(variable: Variable, service: Service) -> Fix | None:
    """Take the assignment out of a unit or a file that it names; elsewhere the value becomes 0."""
    from flasklint.edits import remove_lines, remove_word, replace_within

    unit, at = service.unit, variable.at
    if unit and any(at.source is source for source in unit.files):
        alone = _line(at).strip() in (at.text, f"Environment={at.text}")
        return Fix((remove_lines(at) if alone else remove_word(at),))
    edit = replace_within(variable.value, "0") if isinstance(variable.value, Known) else None
    return Fix((edit,)) if edit else None


def _line(at: Span) -> str:
    return at.source.line_text(at.line)


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
Environment=FLASK_DEBUG=1    # finding: debug mode on under gunicorn
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
Restart=on-failure
"""

FIXED = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
Restart=on-failure
"""

GOOD = FIXED
