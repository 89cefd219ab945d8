"""A reload keeps the old code, because the application is preloaded

With `preload_app` Gunicorn imports the application once, in its master process; on SIGHUP it starts new workers,
which are copies of that process. `systemctl reload` then succeeds, the log says `Hang up: Master`, and the site goes
on with the code of before the deployment. (Without `preload_app` every new worker imports the code anew.)

Fix: use `systemctl restart` where new code is deployed, and take `ExecReload=` out if it is there for that; or do
without `preload_app`.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.deployment.control import hup_on_reload
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known


@rule(
    "reload-does-not-load-code",
    severity=Severity.WARNING,
    group="service",
    since="0.2",
    links=["https://docs.gunicorn.org/en/stable/settings.html#preload-app"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service, unit in deployment.web_units:
        preload = service.setting("preload_app")
        if service.kind != "gunicorn" or not isinstance(preload, Known) or preload.value is not True:
            continue
        if reload := hup_on_reload(unit):
            yield finding(
                reload.at,
                f"systemctl reload {unit.name} sends SIGHUP, but Gunicorn has preloaded the application: the new "
                "workers run the old code",
                label="loads no new code",
                because=[(preload, "imported once, in the master process")],
                repair=f"deploy with systemctl restart {unit.name}, or do without preload_app",
            )


BAD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn --preload wsgi:app
ExecReload=/bin/kill -s HUP $MAINPID    # finding: the new workers run the old code
Restart=on-failure
[Install]
WantedBy=multi-user.target
"""

GOOD = """
-- shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn wsgi:app
ExecReload=/bin/kill -s HUP $MAINPID
Restart=on-failure
[Install]
WantedBy=multi-user.target
"""
