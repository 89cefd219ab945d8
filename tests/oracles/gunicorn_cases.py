"""Generated deployments of Gunicorn: command line, GUNICORN_CMD_ARGS, variables and config file."""

import random
import shlex
from pathlib import Path
from typing import NamedTuple

from .gunicorn import Case

OPTIONS = [
    ["-w", "3"], ["-w4"], ["--workers=2"], ["--worker", "2"], ["-w=3"], ["--workers", "0"], ["--workers", "1_0"], ["-w", " 5"],
    ["--threads", "2"], ["--thread=4"], ["--timeout=60"], ["-t", "5"], ["--timeout", "0"], ["--graceful-timeout", "7"],
    ["-k", "gthread"], ["--worker-class=gevent"], ["-k", "eventlet"], ["-k", "asgi"], ["-ktornado"],
    ["-k", "gunicorn.workers.sync.SyncWorker"], ["--preload"], ["--prel"], ["-m", "007"], ["-m", "0o22"], ["--umask=0x1f"], ["-m", "18"],
    ["--keep-alive", "7"], ["--log-level=debug"], ["--max-requests", "1000"], ["--max-requests-jitter=50"], ["--worker-con", "9"],
    ["-b", "127.0.0.1:8001"], ["--bind=:8002"], ["-b", "0:8003"], ["-b", "[::1]:8004"], ["-b", "[::]"], ["-b0.0.0.0:1"],
    ["-b", "unix:x.sock"], ["-b", "unix:///run/x.sock"], ["-b", "unix:/run/../run/y.sock"], ["-b", "unix:@abstract"],
    ["--bind", ""], ["-b", "localhost"], ["-b", "LocalHost:80"], ["-b", "tcp://1.2.3.4:5"], ["-b", "1.2.3.4:5:6"], ["-b", "HOST:80"],
    ["--bin", "127.0.0.1:9"], ["-b", "127.0.0.1:0"], ["-b", "127.0.0.1:080"], ["-b", "127.0.0.1: 81"], ["-b", "h-1.example.org:65535"],
    ["-D"], ["--chdir", "sub"], ["--chdir=sub/../sub"], ["--chd", "."], ["-c", "other.py"], ["--config=conf/prod.py"], ["-c", "file:other.py"],
    ["-c", "python:conf.prod"], ["-c", "./other.py"], ["-e", "A=b"], ["--env=A=c=d"], ["-R", "-D"], ["-DR"], ["-Rw2"], ["--no-sendfile"],
    ["-u", "nobody"], ["--user=0"], ["-u", "root", "-g", "root"], ["-g", "0"], ["-n", "shop"], ["--name=a b"], ["-p", "x.pid"],
    ["--reload"], ["--reuse-port"], ["--access-logfile", "-"], ["--access-logfile=-"], ["--error-logfile", "e.log"], ["--log-file=l.log"],
    ["--access-logformat", "%(h)s %(l)s"], ["--forwarded-allow-ips", "*"], ["--forwarded-allow-ips=10.0.0.1, 10.0.0.2"],
    ["--limit-request-line", "0"], ["--limit-request-field_size=100"], ["--pythonpath", "a,b"], ["--capture-output"], ["--backlog=10"],
    ["--proxy-allow-from=1.2.3.4"], ["--worker-tmp-dir", "/dev/shm"], ["--spew"], ["--", "x:y"], ["--no-send"], ["--strip-header-spaces"],
    ["--log-syslog"], ["--log-syslog-to=udp://localhost:514"], ["--statsd-prefix", "p"], ["--certfile", "c.pem"], ["--initgroups"],
]  # fmt: skip
NASTY = [
    ["-w", "auto"], ["-w", "-1"], ["-w", "2.5"], ["-t", "30s"], ["--timeout=-1"], ["-m", "9z"], ["-m", "099"], ["-b", "127.0.0.1:"],
    ["-b", "127.0.0.1:99999"], ["-b", "::1"], ["-b", "http://1.2.3.4:5"], ["-b", "UNIX:/x"], ["-b", "a:1,b:2"], ["--nonsense"],
    ["--reload=x"], ["-b"], ["-k", "nosuchworker"], ["-e", "FOO"], ["--worker_class", "sync"], ["--workers"], ["-x"], ["-Dx"], ["--log", "x"],
    ["-c", "missing.py"], ["--no"], ["--p", "x"], ["--forward", "*"], ["--h"], ["-wx"], ["extra:app"], ["&"],
    ["--forwarded-allow-ips", "nohost"], ["--forwarded-allow-ips", "10.0.0.1/8"],
    ["--proxy-allow-from", "localhost"], ["--reload-engine", "nosuch"], ["--log-level"], ["--threads", "-2"], ["--daemon=1"], ["--w", "2"],
]  # fmt: skip
LATER = [
    ["--header-map=dangerous"], ["--header-map", "nosuch"], ["--permit-obsolete-folding"], ["--tolerate-dangerous-framing"],
    ["--proxy-protocol"], ["--proxy-protocol=v2"], ["--proxy-protocol=off"], ["--proxy-protocol", "off"], ["--proxy-protocol", "v3"], ["--casefold-http-method"],
    ["--protocol", "uwsgi"], ["--root-path=/x"], ["--http-protocols", "h1"], ["--dirty-workers=2"], ["--no-control-socket"],
    ["--log-config-json", "x"], ["--forwarder-headers=A,B"], ["--asgi-loop", "auto"], ["--asgi-loop=x"], ["--asgi-lifespan", "off"],
    ["--http2-cleartext=off"], ["--websocket-max-message-size", "5"], ["--http2-max-frame-size", "16384"],
    ["--control-socket", "x"], ["--control-socket-mode", "0660"], ["--http-parser=auto"], ["--permit-unconventional-http-method"],
]  # fmt: skip
UNJUDGED = [["--chdir", "missing"], ["--forwarded-allow-ips=10.0.0.0/8"], ["--http2-max-frame-size=5"]]
LATE = [["-b", "8080"], ["-b", "*:8001"], ["-b", "/run/x.sock"], ["-b", "x.sock"]]


class Idiom(NamedTuple):
    """How people write a setting: the lines, the settings they give, and whether the reader has to tell them."""

    lines: str
    names: str
    told: bool = True


IDIOMS = [
    Idiom("workers = 2", "workers"),
    Idiom("workers = 2 * 2 + 1", "workers"),
    Idiom("workers = '0x10'", "workers"),
    Idiom("workers = True", "workers"),
    Idiom("import multiprocessing\nworkers = multiprocessing.cpu_count() * 2 + 1", "workers", False),
    Idiom("from multiprocessing import cpu_count\nworkers = min(cpu_count(), 4)", "workers", False),
    Idiom("import os\nworkers = int(os.environ.get('WORKERS', '3'))", "workers"),
    Idiom("import os\nworkers = os.getenv('WORKERS', 4)", "workers"),
    Idiom("import os\nworkers = int(os.environ.get('WEB_CONCURRENCY', 2))", "workers"),
    Idiom("import os\nworkers = os.environ.get('WORKERS') or 7", "workers"),
    Idiom("from settings import workers", "workers", False),
    Idiom("from settings import bind, threads as t\nthreads = t", "bind threads", False),
    Idiom("import settings\ntimeout = settings.timeout", "timeout", False),
    Idiom("threads = 1\nthreads += 1", "threads"),
    Idiom("threads = max(2, 4)", "threads"),
    Idiom("threads = 1 if 'X' in ('X',) else 5", "threads"),
    Idiom("x = {'a': 5}\ntimeout = x['a']\nthreads = x.get('b', 6)", "timeout threads"),
    Idiom("timeout = 10 * 6", "timeout"),
    Idiom("timeout = graceful_timeout = 45", "timeout graceful_timeout"),
    Idiom("timeout, keepalive = 11, 12", "timeout keepalive"),
    Idiom("import os\ntimeout = int(os.getenv('TIMEOUT') or 90)", "timeout"),
    Idiom("timeout: int = 33", "timeout"),
    Idiom("import os\nif os.environ.get('DEBUG'):\n    timeout = 0\n    reload = True\nelse:\n    timeout = 20", "timeout reload"),
    Idiom("import os\ndebug = os.environ.get('DEBUG', '').lower() in ('1', 'true')\nloglevel = 'debug' if debug else 'info'", "loglevel"),
    Idiom("import os\nbind = f\"0.0.0.0:{os.environ.get('PORT', '9000')}\"", "bind"),
    Idiom("import os\nbind = '0.0.0.0:' + os.getenv('PORT', '9001')", "bind"),
    Idiom("import os\nbind = os.environ.get('BIND', 'unix:conf.sock')", "bind"),
    Idiom("bind = ['127.0.0.1:1', 'unix:y.sock']", "bind"),
    Idiom("bind = ('127.0.0.1:2', '[::1]:2')", "bind"),
    Idiom("HOST, PORT = '10.0.0.1', 81\nbind = '%s:%d' % (HOST, PORT)", "bind"),
    Idiom("bind = '{}:{}'.format('h', 8)", "bind"),
    Idiom("host = 'localhost'\nport = 5000\nbind = f'{host}:{port}'", "bind"),
    Idiom("port = 7\nbind = f'0.0.0.0:{port:04d}'", "bind", False),
    Idiom("bind = ' 127.0.0.1:8005 '", "bind"),
    Idiom("import os\nhere = os.path.dirname(os.path.abspath(__file__))\nbind = 'unix:' + os.path.join(here, 'x.sock')", "bind", False),
    Idiom("bind = 'unix:' + '/run/shop' + '/shop.sock'", "bind"),
    Idiom("bind = '127.0.0.1:' + str(8000 + 6)", "bind"),
    Idiom("worker_class = 'sync'.upper().lower()", "worker_class"),
    Idiom("worker_class = 'gthread'", "worker_class"),
    Idiom("import os\nworker_class = os.environ.get('WORKER_CLASS', 'gevent')", "worker_class"),
    Idiom("umask = 0o007", "umask"),
    Idiom("umask = '0o22'", "umask"),
    Idiom("user = 'nobody'\ngroup = 0", "user"),
    Idiom("user = 0", "user"),
    Idiom("preload_app = True", "preload_app"),
    Idiom("preload_app = 'TRUE '", "preload_app"),
    Idiom("daemon = False\npidfile = 'x.pid'\nproc_name = 'shop'", "daemon pidfile proc_name"),
    Idiom("loglevel = ' info '\naccesslog = '-'\nerrorlog = '-'", "loglevel accesslog errorlog"),
    Idiom("wsgi_app = 'conf:app'", "wsgi_app"),
    Idiom("chdir = 'sub'", ""),
    Idiom("raw_env = ['A=1', 'B=2']", "raw_env"),
    Idiom("forwarded_allow_ips = '*'\nproxy_allow_ips = '127.0.0.1,10.0.0.1'", "forwarded_allow_ips proxy_allow_ips"),
    Idiom("max_requests = 1000\nmax_requests_jitter = max_requests // 10", "max_requests max_requests_jitter"),
    Idiom("try:\n    from local_gunicorn import *\nexcept ImportError:\n    pass", "", False),
    Idiom("def when_ready(server):\n    server.log.info('ready')", ""),
    Idiom("def on_exit(server): pass\ndef post_fork(server, worker): pass", ""),
    Idiom("Threads = 9\nlog_level = 'x'\nbinds = 3\nenv = 7", ""),
    Idiom("for name in ('threads',):\n    globals()[name] = 3", "", False),
    Idiom("workers = 8\ndel workers", "", False),
    Idiom("tmp = [1, 2, 3]\nworkers = len(tmp)\nthreads = tmp[-1]", "workers threads"),
    Idiom("backlog = 2 ** 11", "backlog"),
    Idiom("keepalive = int('5')\nlimit_request_line = int(4094)", "keepalive limit_request_line"),
    Idiom("statsd_host = None\ncertfile = None\nsendfile = None", "certfile"),
    Idiom("workers = 3 # noqa\n# bind = '1.2.3.4:5'\n'''\nbind = '1.2.3.4:6'\n'''", "workers"),
    Idiom("class Config:\n    workers = 9\n    bind = '9.9.9.9:9'", ""),
    Idiom("while True:\n    timeout = 77\n    break", "timeout", False),
    Idiom("with open(__file__) as f:\n    threads = 6", "threads"),
    Idiom("(workers := 5)", "workers", False),
    Idiom("workers = (lambda: 4)()", "workers", False),
    Idiom("import os\nos.environ['PORT'] = '4000'\nbind = '0.0.0.0:' + os.environ['PORT']", "bind", False),
    Idiom("import os\nos.environ.setdefault('BIND', '4.4.4.4:4')\nbind = os.environ['BIND']", "bind", False),
    Idiom("workers = threads = 2\nthreads = workers * 2", "workers threads"),
    Idiom("tolerate_dangerous_framing = True\nheader_map = 'drop'", ""),
]  # fmt: skip
BAD_IDIOMS = [
    "workers = 2.0", "workers = 'x'", "def = 3", "timeout = -5", "timeout = None", "preload_app = 'maybe'", "bind = 8000", "bind = ['a:1', 2]",
    "bind = '127.0.0.1:1,127.0.0.1:2'",
    "worker_class = 'nosuch'", "loglevel = 3", "daemon = 1", "workers = [2]", "raw_env = 'A'", "threads = '2.5'", "wsgi_app = 5",
    "forwarded_allow_ips = ['127.0.0.1']", "forwarded_allow_ips = 'here'", "proxy_protocol = 'v9'", "reload_engine = 'x'", "pidfile = True", "bind = ''", "bind = None", "umask = '8z'", "bind = b'127.0.0.1:3'",
]  # fmt: skip
UNJUDGED_IDIOMS = [
    "def timeout():\n    pass", "class user:\n    pass", "from importlib import reload", "from os import umask", "chdir = 'missing'",
    "user = 'nobody:nogroup'", "when_ready = 3", "def when_ready(): pass", "statsd_host = 'x:y:z'", "http_protocols = 'h9'", "import os\nworkers = os.environ['NOT_THERE']",
]  # fmt: skip
VARIABLES = {
    "PORT": ["7000", "7001", "", "abc", "70000"],
    "WEB_CONCURRENCY": ["6", "0", " 2 ", "1_0", "-3", "auto", ""],
    "FORWARDED_ALLOW_IPS": ["*", "10.0.0.1,10.0.0.2", "nohost", ""],
    "WORKERS": ["8", ""], "TIMEOUT": ["66", "x"], "BIND": ["5.6.7.8:9", "unix:env.sock"], "DEBUG": ["1", "", "false"],
    "WORKER_CLASS": ["gthread", "sync"],
}  # fmt: skip
SETTINGS_MODULE = "workers = 3\nbind = '6.6.6.6:6'\nthreads = 2\ntimeout = 15\n"


class Generated(NamedTuple):
    case: Case
    told: frozenset[str]  # settings of the config file in use that the reader has to tell
    shown: str


def generate(dice: random.Random, cwd: Path) -> Generated:
    """Write one deployment below `cwd` and return how it is started."""
    chosen = _options(dice, 3)
    argv = [word for option in chosen for word in option]
    if dice.random() < 0.95:
        argv.insert(dice.choice((0, 0, len(argv))), "shop.wsgi:app")
    env = {name: dice.choice(values) for name, values in VARIABLES.items() if dice.random() < 0.12}
    if dice.random() < 0.3:
        more = _options(dice, 2)
        chosen += more
        words = [word for option in more for word in option]
        env["GUNICORN_CMD_ARGS"] = shlex.join(words) if dice.random() < 0.7 else " ".join(words)
    for folder in ("sub", "conf"):
        (cwd / folder).mkdir(parents=True)
    (cwd / "settings.py").write_text(SETTINGS_MODULE)
    configs = {name: config(dice) for name in ("other.py", "conf/prod.py")}
    if dice.random() < 0.6:
        configs["gunicorn.conf.py"] = config(dice)
    for name, made in configs.items():
        (cwd / name).write_text(made.text)
    named = any("config" in word or word.startswith("-c") for word in (*argv, env.get("GUNICORN_CMD_ARGS", "")))
    told = configs["gunicorn.conf.py"].told if "gunicorn.conf.py" in configs and not named else frozenset()
    unjudged = any(option in UNJUDGED for option in chosen) or any(made.unjudged for made in configs.values())
    case = Case(argv, env, cwd, any(option in LATE for option in chosen), unjudged, any(o in LATER for o in chosen))
    files = "".join(f"--- {name}\n{made.text}" for name, made in configs.items())
    return Generated(case, told, f"{argv}\n{env}\n{files}")


def _options(dice: random.Random, most: int) -> list[list[str]]:
    kinds = dice.choices((OPTIONS, NASTY, LATER, LATE, UNJUDGED), (76, 10, 11, 2, 1), k=dice.randint(0, most))
    return [dice.choice(kind) for kind in kinds]


class Config(NamedTuple):
    text: str
    told: frozenset[str]
    unjudged: bool


def config(dice: random.Random) -> Config:
    """Return a config file: later lines may hide what earlier ones tell."""
    chosen = dice.sample(IDIOMS, dice.randint(0, 4))
    told: set[str] = set()
    for idiom in chosen:
        told = told | set(idiom.names.split()) if idiom.told else told - set(idiom.names.split() or told)
    lines = [idiom.lines for idiom in chosen]
    bad = dice.random()
    if bad < 0.15:
        lines.insert(dice.randint(0, len(lines)), dice.choice(UNJUDGED_IDIOMS if bad < 0.03 else BAD_IDIOMS))
    text = "".join(f"{line}\n" for line in lines)
    hides = any("import *" in line or "globals()" in line for line in lines)
    return Config(text, frozenset(told if bad >= 0.15 and not hides else ()), bad < 0.03 or hides)
