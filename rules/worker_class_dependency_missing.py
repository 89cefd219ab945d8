"""Gunicorn's worker class needs a library that nothing installs

`-k gevent`, `-k eventlet`, `-k tornado` and the worker classes of other projects (`uvicorn.workers.UvicornWorker`) import
their library when Gunicorn starts. Without it Gunicorn ends at once with status 1: `Error: class uri 'gevent' invalid or
not found:` and `ModuleNotFoundError: No module named 'gevent'`.

Fix: add the library to the requirements (`gunicorn[gevent]` brings gevent), or use a worker class that comes with
Gunicorn: sync, or gthread through `--threads`.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.facts import Requirements
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule
from flasklint.source import Source
from flasklint.value import Known

# The distribution that a worker class is imported from, by the first part of its name.
LIBRARIES = {
    "gevent": "gevent", "gevent_wsgi": "gevent", "gevent_pywsgi": "gevent", "eventlet": "eventlet", "tornado": "tornado",
    "uvicorn": "uvicorn", "uvicorn_worker": "uvicorn-worker", "geventwebsocket": "gevent-websocket",
    "meinheld": "meinheld", "aiohttp": "aiohttp",
}  # fmt: skip
# Distributions that bring such a library, with an extra or by themselves.
BRINGS = {
    "gevent": ("gevent-websocket", "flask-sockets", "locust", "grequests", "geventhttpclient", "zerorpc", "gipc"),
    "eventlet": ("nameko", "oslo-messaging"),
    "tornado": ("notebook", "jupyter", "jupyter-server", "jupyterlab", "ipykernel", "bokeh", "panel", "streamlit", "flower",
                "distributed", "livereload", "python-telegram-bot", "sockjs-tornado"),
    "uvicorn": ("uvicorn-worker", "fastapi", "fastapi-cli", "connexion", "gradio", "chromadb", "prefect", "mlflow", "ray"),
    "aiohttp": ("aiohttp-cors", "discord-py", "aiobotocore", "langchain"),
}  # fmt: skip


@rule(
    "worker-class-dependency-missing",
    severity=Severity.ERROR,
    group="environment",
    since="0.2",
    links=["https://docs.gunicorn.org/en/stable/settings.html#worker-class"],
)
def check(deployment: Deployment) -> Iterator[Finding]:
    for service in deployment.of_kind("gunicorn"):
        worker, wants = service.setting("worker_class"), service.requirements
        if not isinstance(worker, Known) or wants is None:
            continue
        library = LIBRARIES.get(str(worker.value).partition(".")[0], "")
        if not library or not _installs_all(service, wants) or _names(wants, library):
            continue
        if not _speaks_of(library, service, deployment):
            yield _finding(service, worker, library, wants.files[0])


def _finding(service: Service, worker: Known[object], library: str, listing: Source) -> Finding:
    is_asgi = library.startswith("uvicorn")
    return finding(
        worker,
        f"{service.name} asks for worker class {worker.value}, and {listing.path} does not name {library}: Error: class uri "
        f"'{worker.value}' invalid or not found (No module named '{library.replace('-', '_')}')",
        label=f"needs {library}",
        because=[(listing.whole(), f"no {library} in this file")],
        repair="leave the worker class out: Flask is no ASGI application"
        if is_asgi
        else f"add {library} to {listing.path}",
        fix=None if is_asgi else _fix(service.requirements, library),
    )


def _installs_all(service: Service, wants: Requirements) -> bool:
    """Whether the command's packages are those of the requirements, and no others."""
    own = service.runs.manager == "procfile" or service.command.venv is not None
    return own and service.on_host and service.installed == "requirements" and wants.complete


def _names(wants: Requirements, library: str) -> bool:
    """Whether the library is asked for: by name, as an extra of Gunicorn, or by something that needs it."""
    if any(library in want.extras for want in wants.wanted):
        return True
    return any(wants.get(name) for name in (library, *BRINGS.get(library, ())))


def _speaks_of(library: str, service: Service, deployment: Deployment) -> bool:
    """Whether anything but the files that start Gunicorn names the library: a script may install it."""
    own = {service.command.at.path, service.runs.place.path, *(source.path for source in service.server.files)}
    return not set(deployment.surroundings.mentions(library)) <= own


def _fix(wants: Requirements | None, library: str) -> Fix | None:
    from flasklint.edits import add_after

    gunicorn = wants.get("gunicorn") if wants else None
    if gunicorn is None or not gunicorn.at.path.endswith((".txt", ".in")) or "--hash" in gunicorn.at.source.text:
        return None
    return Fix((add_after(gunicorn.at, library),))


BAD = """
-- shop.service --
[Service]
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn -k gevent --bind 127.0.0.1:8000 shop:app    # finding: No module named 'gevent'
-- requirements.txt --
Flask==3.1.3
gunicorn==23.0.0
"""

GOOD = """
-- shop.service --
[Service]
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn -k gevent --bind 127.0.0.1:8000 shop:app
-- requirements.txt --
Flask==3.1.3
gunicorn==23.0.0
gevent
"""

FIXED = GOOD
