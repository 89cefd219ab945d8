"""Gunicorn's worker class needs a library that nothing installs

`-k gevent`, `-k eventlet`, `-k tornado` and the worker classes of other projects (`uvicorn.workers.UvicornWorker`) import
their library when Gunicorn starts. Without it Gunicorn ends at once with status 1: `Error: class uri 'gevent' invalid or
not found:` and `ModuleNotFoundError: No module named 'gevent'`.

Fix: add the library to the requirements (`gunicorn[gevent]` brings gevent), or use a worker class that comes with
Gunicorn: sync, or gthread through `--threads`.
"""

from collections.abc import Iterator

from flasklint.deployment import Deployment, Service
from flasklint.facts import Requirement, Requirements
from flasklint.finding import Finding, Fix, Severity, finding
from flasklint.rule import rule
from flasklint.value import Known

# The distribution that a worker class is imported from, by the first part of its name.
LIBRARIES = {
    "gevent": "gevent", "gevent_wsgi": "gevent", "gevent_pywsgi": "gevent", "eventlet": "eventlet", "tornado": "tornado",
    "uvicorn": "uvicorn", "uvicorn_worker": "uvicorn-worker", "geventwebsocket": "gevent-websocket",
    "meinheld": "meinheld", "aiohttp": "aiohttp",
}  # fmt: skip
"""The distribution that a worker class is imported from, by the first part of its name."""

# Distributions that bring such a library as a requirement of their own.
BRINGS = {
    "gevent": ("gevent-websocket", "flask-sockets", "locust", "grequests", "geventhttpclient", "zerorpc", "gipc",
               "flask-uwsgi-websocket", "geventwebsocket"),
    "eventlet": ("nameko", "oslo-messaging", "swift", "neutron"),
    "tornado": ("notebook", "jupyter", "jupyter-server", "jupyterlab", "bokeh", "streamlit", "livereload", "flower",
                "distributed", "dask", "ipykernel", "sockjs-tornado", "panel"),
    "uvicorn": ("uvicorn-worker", "fastapi-cli", "gradio", "chromadb", "prefect", "mlflow", "mcp", "litellm", "ray"),
    "aiohttp": ("aiohttp-cors", "slack-bolt", "discord-py", "aiobotocore", "openai", "langchain"),
}  # fmt: skip
STARTS_WITH_EXTRA = {"uvicorn": ("fastapi", "connexion", "starlette")}


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
        library = LIBRARIES.get(str(worker.value).partition(".")[0], "") if isinstance(worker, Known) else ""
        gunicorn = wants.get("gunicorn") if wants else None
