"""nginx refuses this configuration

`nginx -t` fails with `nginx: [emerg] ...`. A running nginx keeps its old configuration when it is told to
reload; after the next restart or reboot no site of the machine is served at all. A missing `;` may also
pass the test: the directive on the next line is then an argument of the one before, and never applies.

Fix: correct the line, and run `nginx -t` before every reload.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment
from flasklint.deployment.upstreams import is_about_socket
from flasklint.edits import replace, together
from flasklint.finding import Finding, Severity, finding
from flasklint.rule import rule


@rule(
    "nginx-config-invalid",
    severity=Severity.ERROR,
    group="proxy-headers",
    since="0.1",
    links=["https://nginx.org/en/docs/beginners_guide.html#conf_structure"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for config in deployment.nginx:
        for problem in config.problems:
            if is_about_socket(problem):
                continue  # told by malformed-unix-upstream
            accepted = problem.kind in ("swallowed-directive", "missing-location")
            yield finding(
                problem.at,
                f"nginx takes this, but {problem.message}"
                if accepted
                else f"nginx refuses this: [emerg] {problem.message}",
                label=problem.label,
                because=problem.because,
                fix=together(replace(problem.at, problem.instead), safe=False) if problem.instead else None,
                repair=problem.repair,
                severity=Severity.WARNING if problem.kind == "swallowed-directive" else None,
            )


BAD = """
-- nginx/shop.conf --
server {
    listen 80;
    server_name shop.test;
    location / {
        proxy_pas http://127.0.0.1:8000;    # finding: [emerg] unknown directive "proxy_pas"
        proxy_set_header Host $host;
    }
}
"""

GOOD = """
-- nginx/shop.conf --
server {
    listen 80;
    server_name shop.test;
    location / {
        proxy_pass http://127.0.0.1:8000;
        proxy_set_header Host $host;
    }
}
"""

FIXED = GOOD
