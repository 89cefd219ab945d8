"""Runs inside the stand-in virtual environments, at the start of every Python.

Flask applications get one more route, `.../__echo`, which says as JSON what Flask sees of a request.
Default ports are those of the world (`reality_ports.MAP`), default addresses loopback.
"""

import os
import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import PathFinder
from typing import Any

from reality_ports import MAP  # written beside this file


def _flask(module: Any) -> None:
    wsgi_app, run = module.Flask.wsgi_app, module.Flask.run

    def echo(self: Any, environ: dict[str, Any], start_response: Any) -> Any:
        if not environ["PATH_INFO"].endswith("/__echo"):
            return wsgi_app(self, environ, start_response)
        import json

        request = self.request_class(environ)
        seen = {
            "folder": self.root_path,
            "path": request.path,
            "root": request.script_root,
            "host": request.host,
            "scheme": request.scheme,
            "client": [request.remote_addr or "", *request.headers.get("X-Forwarded-For", "").split(", ")],
            "forwarded_scheme": request.headers.get("X-Forwarded-Proto", ""),
        }
        location = request.url_root + "landed"
        start_response("302 Found", [("Content-Type", "application/json"), ("Location", location)])
        return [json.dumps(seen).encode()]

    def run_here(self: Any, host: Any = None, port: Any = None, *args: Any, **options: Any) -> Any:
        return run(self, host, MAP[5000] if port is None else port, *args, **options)

    module.Flask.wsgi_app, module.Flask.run = echo, run_here


def _gunicorn(module: Any) -> None:
    module.Bind.default = [f"127.0.0.1:{os.environ.get('PORT', MAP[8000])}"]


def _waitress(module: Any) -> None:
    module.Adjustments.host = module._str_marker("127.0.0.1")  # marked: what tells a default from an option
    module.Adjustments.port = module._int_marker(MAP[8080])
    module.Adjustments.listen = [f"127.0.0.1:{MAP[8080]}"]


def _flask_cli(module: Any) -> None:
    for option in module.run_command.params:
        if option.name == "port":
            option.default = MAP[5000]


_CHANGES = {
    "flask.app": _flask,
    "flask.cli": _flask_cli,
    "gunicorn.config": _gunicorn,
    "waitress.adjustments": _waitress,
}


class _Changer(MetaPathFinder):
    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        if name not in _CHANGES:
            return None
        spec = PathFinder.find_spec(name, path)
        if spec is not None and spec.loader is not None:
            loader: Any = spec.loader
            execute = loader.exec_module

            def changed(module: Any) -> None:
                execute(module)
                _CHANGES[name](module)

            loader.exec_module = changed
        return spec


sys.meta_path.insert(0, _Changer())
