"""The narrow waist: the only words a reader has.

Readers turn files into these; the joiner turns these into a `Deployment`. Everything is frozen and
carries its place.
"""

from .app import App, ProxyFix, Requirement, Requirements
from .commands import Command, Compose, Runs
from .nginx import (
    Forwards,
    Header,
    Headers,
    NginxConfig,
    NginxListen,
    NginxLocation,
    NginxServer,
    NginxUpstream,
    ServesFiles,
)
from .problem import Problem, internal
from .server import Bind, ServerFacts
from .systemd import Entry, Environment, Exec, Unit, Variable, Word

__all__ = [
    "App",
    "Bind",
    "Command",
    "Compose",
    "Entry",
    "Environment",
    "Exec",
    "Forwards",
    "Header",
    "Headers",
    "NginxConfig",
    "NginxListen",
    "NginxLocation",
    "NginxServer",
    "NginxUpstream",
    "Problem",
    "ProxyFix",
    "Requirement",
    "Requirements",
    "Runs",
    "ServerFacts",
    "ServesFiles",
    "Unit",
    "Variable",
    "Word",
    "internal",
]
