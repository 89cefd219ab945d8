"""PATH names the virtual environment only

`Environment=PATH=/srv/shop/venv/bin` replaces the search path, it does not add to it, and systemd expands no `$PATH`
there. Gunicorn still starts, but `git`, `ffmpeg` or `wkhtmltopdf` are found no more when the application calls them:
`FileNotFoundError: [Errno 2] No such file or directory: 'ffmpeg'`, in production only.

Only an application that surely calls a program of the system is told.

Fix: append the system's folders, `PATH=/srv/shop/venv/bin:/usr/local/bin:/usr/bin:/bin`.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.deployment.programs import OF_DISTRIBUTIONS
from flasklint.deployment.providers import in_force, wsgi_services
from flasklint.deployment.venv import SYSTEM_BINS, is_environment
from flasklint.facts import Variable
from flasklint.finding import Edit, Finding, Fix, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known, has_hole

_SYSTEM = "/usr/local/bin:/usr/bin:/bin"
_LITERAL = ("${PATH}", "$PATH")  # systemd takes them for names of folders


@rule(
    "path-env-drops-system-dirs",
    severity=Severity.WARNING,
    group="environment",
    since="0.2",
    links=["https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#%24PATH"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service in wsgi_services(deployment):
        variable = in_force("PATH", service)
        if variable is None or not isinstance(variable.value, Known) or not _is_narrow(variable, service):
            continue
        called = next((one for one in _programs(service) if one.value in OF_DISTRIBUTIONS), None)
        if called:
            yield finding(
                variable.value,
                f"PATH of {service.name} holds none of the system's folders, and the application calls {called.value}: "
                f"No such file or directory: '{called.value}'",
                label="replaces the search path",
                because=[(called, f"{called.value} is looked up in PATH")],
                repair=f"append :{_SYSTEM}",
                fix=_fix(variable.value),
            )


def _programs(service: Service) -> tuple[Known[str], ...]:
    return app.programs() if (app := service.app) and app.state == "found" else ()


def _is_narrow(variable: Variable, service: Service) -> bool:
    """Whether every folder of a path is the `bin` of a virtual environment."""
    written = variable.value.value if isinstance(variable.value, Known) else ""
    if service.unit and variable.at.source in service.unit.files:
        for name in _LITERAL:
            written = written.replace(name, "")
    folders = [folder.rstrip("/") for folder in written.split(":") if folder]
    if has_hole(written) or "$" in written or not SYSTEM_BINS.isdisjoint(folders):
        return False
    return bool(folders) and all(_is_bin_of_environment(folder) for folder in folders)


def _is_bin_of_environment(folder: str) -> bool:
    home, _, last = folder.rpartition("/")
    return folder.startswith("/") and last in ("bin", "Scripts") and is_environment(home)


def _fix(path: Known[str]) -> Fix | None:
    from flasklint.edits import replace_within

    written = path.value
    for name in _LITERAL:
        written = written.replace(name, "")
    kept = ":".join(folder for folder in written.split(":") if folder)
    edit: Edit | None = replace_within(path, f"{kept}:{_SYSTEM}")
    return Fix((edit,)) if edit else None


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
Environment="PATH=/srv/shop/venv/bin"    # finding: the application calls git
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
-- wsgi.py --
import subprocess
from flask import Flask
app = Flask(__name__)
@app.route("/version")
def version():
    return subprocess.run(["git", "describe"], capture_output=True).stdout
"""

FIXED = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
Environment="PATH=/srv/shop/venv/bin:/usr/local/bin:/usr/bin:/bin"
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
-- wsgi.py --
import subprocess
from flask import Flask
app = Flask(__name__)
@app.route("/version")
def version():
    return subprocess.run(["git", "describe"], capture_output=True).stdout
"""

GOOD = FIXED
