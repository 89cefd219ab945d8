"""Gunicorn itself computes the settings of seeded command lines; the reader must agree."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flasklint.facts import Environment, Runs, ServerFacts, Variable, Word
from flasklint.read import command, gunicorn
from flasklint.source import Source
from flasklint.tree import Tree
from flasklint.value import Default, Known, Unknown

NAMES = ("workers", "threads", "timeout", "worker_class", "preload_app", "umask", "keepalive", "loglevel")

# One process for all cases: every case runs in a forked child of it.
ORACLE = """
import json, os, sys
from gunicorn.app.wsgiapp import WSGIApplication
from gunicorn import config, util
for line in sys.stdin:
    case = json.loads(line)
    r, w = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(r)
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1); os.dup2(null, 2)
        answer = {"ok": False}
        try:
            os.chdir(case["cwd"])
            config.Chdir.default = case["cwd"]  # computed when Gunicorn is imported
            os.environ.update(case["env"])
            if "PORT" in case["env"]:
                config.Bind.default = ["0.0.0.0:" + case["env"]["PORT"]]
            if "WEB_CONCURRENCY" in case["env"]:
                config.Workers.default = int(case["env"]["WEB_CONCURRENCY"])
            sys.argv = ["gunicorn", *case["argv"]]
            app = WSGIApplication("%(prog)s", prog="gunicorn")
            answer = {name: getattr(app.cfg, name) for name in case["names"] if name != "worker_class"}
            answer["worker_class"] = app.cfg.settings["worker_class"].get()
            answer["address"] = [list(a) if isinstance(a, tuple) else a for a in app.cfg.address]
            answer.update(ok=True, spec=app.app_uri, chdir=app.cfg.chdir)
        except BaseException:
            answer = {"ok": False}
        os.write(w, json.dumps(answer).encode())
        os._exit(0)
    os.close(w)
    with os.fdopen(r, "rb") as told:
        print(told.read().decode(), flush=True)
    os.waitpid(pid, 0)
"""


@pytest.fixture(scope="module")
def oracle() -> Iterator["subprocess.Popen[str]"]:
    pytest.importorskip("gunicorn")
    clean = {name: value for name, value in os.environ.items() if name not in ("PORT", "WEB_CONCURRENCY", "PWD")}
    process = subprocess.Popen(
        [sys.executable, "-c", ORACLE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=clean
    )
    yield process
    process.stdin.close()  # type: ignore[union-attr]
    process.wait(10)


def ask(process: "subprocess.Popen[str]", **case: object) -> Any:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(json.dumps(case) + "\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


def facts(argv: list[str], env: dict[str, str], cwd: Path) -> ServerFacts:
    """Read a command line, its words written one after the other."""
    source = Source("case", " ".join(["gunicorn", *argv]))
    at, words = 0, []
    for text in ["gunicorn", *argv]:
        words.append(Word(text, source.span(at, at + len(text))))
        at += len(text) + 1
    whole = source.whole()
    variables = tuple(Variable(name, Known(value, Source("env", value).whole()), whole) for name, value in env.items())
    runs = Runs(
        "case",
        "systemd",
        tuple(words),
        whole,
        whole,
        Default("root", ""),
        Default("root", ""),
        Known(str(cwd), whole),
        Environment(variables),
    )
    tree = Tree(str(cwd))
    return gunicorn.read(command.unwrap(runs, tree, ""), tree, "", None)


OPTIONS = [
    ["-w", "3"],
    ["-w4"],
    ["--workers=2"],
    ["--worker", "2"],
    ["-w", "auto"],
    ["-w", "-1"],
    ["--threads", "2"],
    ["--timeout=60"],
    ["-t", "5"],
    ["-k", "gthread"],
    ["--worker-class=gevent"],
    ["--preload"],
    ["-m", "007"],
    ["-m", "0o22"],
    ["--keep-alive", "7"],
    ["--log-level=debug"],
    ["-b", "127.0.0.1:8001"],
    ["--bind=:8002"],
    ["-b", "0:8003"],
    ["-b", "[::1]:8004"],
    ["-b", "unix:x.sock"],
    ["-b", "unix:///run/x.sock"],
    ["--bind", ""],
    ["-b", "localhost"],
    ["-b", "127.0.0.1:"],
    ["-b", "tcp://1.2.3.4:5"],
    ["-b", "1.2.3.4:5:6"],
    ["-b", "HOST:80"],
    ["--bin", "127.0.0.1:9"],
    ["-D"],
    ["--chdir", "sub"],
    ["--nonsense"],
    ["-c", "other.py"],
    ["-e", "A=b"],
    ["--reload=x"],
    ["-b"],
    ["-R", "-D"],
    ["-DR"],
    ["-w=3"],
    ["--no-sendfile"],
    ["-k", "nosuchworker"],
]
CONFIGS = [
    "workers = 2\ntimeout = 10 * 6\n",
    "import os\nbind = f\"0.0.0.0:{os.environ.get('PORT', '9000')}\"\nthreads = int(os.getenv('T', '3'))\n",
    "bind = ['127.0.0.1:1', 'unix:y.sock']\nwsgi_app = 'conf:app'\n",
    "HOST, PORT = '10.0.0.1', 81\nbind = '%s:%d' % (HOST, PORT)\nworkers = '0x10'\n",
    "bind = '{}:{}'.format('h', 8)\nif True:\n    timeout = 7\nelse:\n    timeout = 8\nloglevel = ' info '\n",
    "chdir = 'sub'\nbind = 'unix:z.sock'\npreload_app = True\n",
    "workers = 2.0\n",
    "keepalive = max(3, 4)\nworkers = 1 if 'X' in ('X',) else 5\nthreads = 1\nthreads += 1\n",
    "workers = 'x'\n",
    "def = 3\n",
    "x = {'a': 5}\ntimeout = x['a']\nthreads = x.get('b', 6)\nworker_class = 'sync'.upper().lower()\n",
]


def test_seeded_command_lines(oracle: "subprocess.Popen[str]", tmp_path: Path) -> None:
    dice = random.Random(20_1)
    for number in range(300):
        cwd = tmp_path / str(number)
        (cwd / "sub").mkdir(parents=True)
        if dice.random() < 0.4:
            (cwd / "gunicorn.conf.py").write_text(dice.choice(CONFIGS))
        (cwd / "other.py").write_text(dice.choice(CONFIGS))
        env = {name: value for name, value in ENVIRONMENT.items() if dice.random() < 0.15}
        argv = [word for option in dice.sample(OPTIONS, dice.randrange(4)) for word in option]
        argv.insert(dice.choice((0, len(argv))), "shop.wsgi:app")
        real = ask(oracle, argv=argv, env=env, cwd=str(cwd), names=NAMES)
        compare(facts(argv, env, cwd), real, f"{argv} {env} {cwd}")


ENVIRONMENT = {
    "PORT": "7000",
    "WEB_CONCURRENCY": "6",
    "GUNICORN_CMD_ARGS": "--timeout 99 -b 1.1.1.1:11",
    "T": "8",
}


def compare(ours: ServerFacts, real: Any, shown: str) -> None:
    refused = [problem for problem in ours.problems if problem.kind != "invalid-bind"]
    invalid = [problem for problem in ours.problems if "port number" in problem.message]
    late = [problem for problem in ours.problems if "class uri" in problem.message]  # found when it starts
    if not real["ok"]:
        assert refused or invalid, (shown, ours)
        return
    assert not invalid and len(refused) == len(late), (shown, ours.problems)
    for name in NAMES:
        value = ours.settings[name]
        if not late:
            assert not isinstance(value, Unknown) and value.value == real[name], (
                shown,
                name,
                value,
                real[name],
            )
    told = [address(bind.address.value) for bind in ours.binds if not isinstance(bind.address, Unknown)]
    assert len(told) == len(ours.binds), (shown, ours.binds)
    expected = [a if isinstance(a, list) else os.path.normpath(os.path.join(real["chdir"], a)) for a in real["address"]]
    assert told == [["0.0.0.0" if a[0] in ("", "0") else a[0], a[1]] if isinstance(a, list) else a for a in expected], (
        shown
    )
    assert not isinstance(ours.spec, Unknown) and ours.spec.value == real["spec"], shown
    assert not isinstance(ours.directory, Unknown) and ours.directory.value == real["chdir"], shown


def address(value: Any) -> object:
    return value.path if value.is_unix else [value.host, int(value.port)]
