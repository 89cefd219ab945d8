"""What looks like a number and is none, or is too long to be one."""

from pathlib import Path

import pytest

from flasklint.run import lint
from flasklint.settings import Settings
from tests.deployments import lay_out

UNIT = "[Service]\nWorkingDirectory=/srv/shop\nExecStart=/srv/shop/venv/bin/{}\n"
SITE = "server {{ listen {}; location / {{ proxy_pass http://127.0.0.1:{}; }} }}\n"
ODD = [
    "\u00b2",
    "\u2460",
    "\u0664",
    "--8000",
    "+-1",
    "1__0",
    "-0",
    "1e3",
    "0x1F",
    "9" * 5000,
    "0" * 5000,
    "0" * 5000 + "80",
    "\u0664" * 5000,
]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: ascii(odd[:6]))
def test_odd_numbers_are_no_bug(odd: str, tmp_path: Path) -> None:
    gunicorn = f"gunicorn -b 127.0.0.1:{odd} -w {odd} -m {odd} --timeout {odd} app:app"
    waitress = f"waitress-serve --listen=127.0.0.1:{odd} --threads={odd} --unix-socket-perms={odd} app:app"
    python = f"-m flask run --port {odd}"
    files = {f"{name}.service": UNIT.format(run) for name, run in (("g", gunicorn), ("w", waitress), ("f", python))}
    files["g.service"] += f"UMask={odd}\nRuntimeDirectoryMode={odd}\nTimeoutStopSec={odd}\nUser={odd}\n"
    files["g.socket"] = f"[Socket]\nListenStream=127.0.0.1:{odd}\nSocketMode={odd}\n"
    files["start.sh"] = f"exec gunicorn -b 127.0.0.1:${odd} app:app\n"
    files |= {
        "requirements.txt": f"gunicorn=={odd}.{odd}\nflask==2{odd}.1\nwaitress==3.{odd}\n",
        "a.conf": SITE.format(odd, odd),
        "b.conf": SITE.format(f"127.0.0.1:80-{odd}", odd) + f"client_max_body_size {odd};\nkeepalive_timeout {odd};\n",
        "uwsgi.ini": f"[uwsgi]\nsocket = :{odd}\nchmod-socket = {odd}\nmodule = app:app\n",
        "gunicorn.conf.py": f"bind = '127.0.0.1:{odd}'\nworkers = '{odd}'\numask = '{odd}'\n",
        "app.py": "import flask\napp = flask.Flask(__name__)\n",
        "compose.yml": f"services: {{web: {{image: x, command: gunicorn -b :{odd} app:app, ports: ['{odd}:{odd}']}}}}\n",
    }
    found = lint([str(lay_out(files, tmp_path))], Settings()).findings
    assert [one.message for one in found if one.rule == "internal-error"] == []
