"""Names of Gunicorn's config file, against the Gunicorn that is installed."""

import importlib
import logging.config
import os

import pytest

from flasklint.facts import Environment, Problem
from flasklint.read.gunicorn import names
from flasklint.read.gunicorn.config import read
from flasklint.read.gunicorn.table import table
from flasklint.source import Source
from tests.programs import needs_package

pytestmark = needs_package("gunicorn")


def problems(text: str) -> list[Problem]:
    source, known = Source("gunicorn.conf.py", text), table(None)
    config = read(source, Environment(), frozenset(known.settings))
    return [*names.no_values(config.names, known), *names.slips(source, config.names, known)]


THINGS = {
    "reload": ("from importlib import reload", importlib.reload),
    "umask": ("from os import umask", os.umask),
    "chdir": ("from os import chdir", os.chdir),
    "config": ("from logging import config", logging.config),
    "timeout": ("from asyncio import timeout", TimeoutError),
    "workers": ("from multiprocessing import cpu_count as workers", os.cpu_count),
    "threads": ("def threads(): pass", problems),
    "bind": ("def bind(): pass", problems),
}


@pytest.mark.parametrize("name", THINGS)
def test_what_is_refused(name: str) -> None:
    from gunicorn.config import Config

    text, value = THINGS[name]
    with pytest.raises((TypeError, ValueError, AttributeError)) as refusal:
        Config().set(name, value)
    (problem,) = problems(text + "\n")
    assert problem.kind == "config-import"
    assert problem.message.partition("<")[0] == str(refusal.value).partition("<")[0]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("log_level = 'info'", "loglevel"),
        ("access_logfile = '-'", "accesslog"),
        ("error_logfile = '-'", "errorlog"),
        ("preload = True", "preload_app"),
        ("pid = '/run/shop.pid'", "pidfile"),
        ("keep_alive = 5", "keepalive"),
        ("Workers = 3", "workers"),
        ("time_out = 60", "timeout"),
        ("max_requests_jiter = 60", "max_requests_jitter"),
        ("def on_start(server): pass", ""),
        ("def when_redy(server): pass", "when_ready"),
        ("host = '127.0.0.1'", ""),
        ("env = 'production'", ""),
        ("workers_per_core = 2", ""),
        ("log_level = 'info'\nloglevel = log_level", ""),
        ("preload = 'later'", ""),
        ("_log_level = 'info'", ""),
    ],
)
def test_what_is_passed_over(text: str, meant: str) -> None:
    from gunicorn.config import KNOWN_SETTINGS

    settings = {setting.name for setting in KNOWN_SETTINGS}
    assert [problem.repair for problem in problems(text + "\n")] == ([meant] if meant else [])
    assert not meant or meant in settings
