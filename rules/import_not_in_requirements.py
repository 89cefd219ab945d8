"""A module that the application imports is not among the requirements

It is installed on the machine where the application was written, and on no other: a fresh environment made of the
requirements ends with `ModuleNotFoundError: No module named 'flask_cors'`, `Worker failed to boot.`, and nginx answers
`502 Bad Gateway`. A module often has another name than its distribution: `dotenv` comes from `python-dotenv`, `PIL` from
`pillow`, `yaml` from `PyYAML`.

Fix: add the distribution to the requirements, with a version.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.facts import Requirements
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known


@rule(
    "import-not-in-requirements",
    severity=Severity.WARNING,
    group="environment",
    since="0.2",
    links=["https://pip.pypa.io/en/stable/reference/requirements-file-format/"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    seen = set()
    for service in deployment.services:
        if service.requirements is None or not service.has_requirements_only or service.for_development:
            continue
        for module in service.unprovided():
            if module.at not in seen:
                seen.add(module.at)
                yield _finding(module, service.requirements)


def _finding(module: Known[str], wants: Requirements) -> Finding:
    listing = wants.files[0]
    return finding(
        module,
        f"{listing.path} brings no {module.value}, which is imported here: "
        f"ModuleNotFoundError: No module named '{module.value}'",
        label="not among the requirements",
        because=[(listing.whole(), f"nothing in this file brings {module.value}")],
        repair=f"add the distribution that holds {module.value} to {listing.path}",
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
-- requirements.txt --
Flask==3.1.3
gunicorn==27.0.1
-- app.py --
from flask import Flask
from flask_cors import CORS    # finding: No module named 'flask_cors'

app = Flask(__name__)
CORS(app)
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
-- requirements.txt --
Flask==3.1.3
Flask-Cors==6.0.1
gunicorn==27.0.1
-- app.py --
from flask import Flask
from flask_cors import CORS

app = Flask(__name__)
CORS(app)
"""
