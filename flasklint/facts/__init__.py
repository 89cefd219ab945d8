"""The narrow waist: the only words a reader has.

Readers turn files into these; the joiner turns these into a `Deployment`. Everything is frozen and
carries its place.
"""

from .app import App, ProxyFix, Rebound, Rendered, Requirement, Requirements
from .commands import Child, Command, Compose, Runs
from .environ import DotEnv, IdleConfig, VariableRead
from .gathered import NO_PATHS, Facts, Given, NginxRead
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
from .provisioning import Provisioning
from .server import Bind, ServerFacts
from .systemd import Entry, EnvFile, Environment, Exec, Unit, Variable, Word

__all__ = [
    "NO_PATHS",
    "App",
    "Bind",
    "Child",
    "Command",
    "Compose",
    "DotEnv",
    "Entry",
    "EnvFile",
    "Environment",
    "Exec",
    "Facts",
    "Forwards",
    "Given",
    "Header",
    "Headers",
    "IdleConfig",
    "NginxConfig",
    "NginxListen",
    "NginxLocation",
    "NginxRead",
    "NginxServer",
    "NginxUpstream",
    "Problem",
    "Provisioning",
    "ProxyFix",
    "Rebound",
    "Rendered",
    "Requirement",
    "Requirements",
    "Runs",
    "ServerFacts",
    "ServesFiles",
    "Unit",
    "Variable",
    "VariableRead",
    "Word",
    "internal",
]
