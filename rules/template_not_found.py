"""A view renders a template that is not there

`render_template("about.html")` finds no file of that name, which often has another case or was never committed: visitors of the page
get `500 Internal Server Error`, and the log says `jinja2.exceptions.TemplateNotFound: about.html`.

It is an error where every visitor of the page gets that and the folder of templates holds others, else a warning: what
the repository leaves out may be on the target.

Fix: write the name of a file in the folder of templates, or commit the file.
"""

from collections.abc import Iterator
from posixpath import basename

from flasklint.deployment import Deployment
from flasklint.deployment.providers import is_named, wsgi_services
from flasklint.facts import Rendered
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule


@rule(
    "template-not-found",
    severity=Severity.WARNING,
    group="import-path",
    since="0.2",
    links=["https://flask.palletsprojects.com/en/stable/quickstart/#rendering-templates"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    told: set[tuple[str, str]] = set()
    for service in wsgi_services(deployment) if deployment.whole else ():
        lacking = app.lacks() if (app := service.app) and app.state == "found" else ()
        for one in sorted(lacking, key=lambda one: not one.sure):
            key = (one.folder, one.name.value)
            if key not in told and not (deployment.surroundings.is_built or _is_made(one, lacking, deployment)):
                told.add(key)
                yield _finding(one)


def _is_made(one: Rendered, lacking: tuple[Rendered, ...], deployment: Deployment) -> bool:
    """Whether a script of the tree knows of the file: it may write it."""
    views = {each.name.at.path for each in lacking}
    return is_named(basename(one.name.value), deployment, but=tuple(views), documents=False)


def _finding(one: Rendered) -> Finding:
    name, folder = one.name.value, f"{one.folder}/"
    return finding(
        one.name,
        f"the view {one.view} renders {name}, and {folder} {'holds no such file' if one.holds else 'is not there'}: "
        f"500 Internal Server Error (jinja2.exceptions.TemplateNotFound: {name})",
        label="no file of this name",
        repair=f"add {folder}{name}, or write the name of another template",
        severity=Severity.ERROR if one.sure and one.holds else None,
    )


BAD = """
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 app:app
Restart=always
[Install]
WantedBy=multi-user.target
-- app.py --
from flask import Flask, render_template

app = Flask(__name__)


@app.get("/")
def index():
    return render_template("index.html")    # finding: TemplateNotFound: index.html
"""

GOOD = """
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 app:app
Restart=always
[Install]
WantedBy=multi-user.target
-- app.py --
from flask import Flask, render_template

app = Flask(__name__)


@app.get("/")
def index():
    return render_template("index.html")
-- templates/index.html --
<p>the shop is open</p>
"""
