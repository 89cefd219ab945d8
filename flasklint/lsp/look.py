"""One look at the whole workspace: every folder linted, with the texts that the editor holds."""

import os
from collections.abc import Mapping
from typing import Any

from ..config import settle
from ..finding import Finding
from ..ownrules import NotAllowedError
from ..record import Record
from ..run import lint
from ..settings import ConfigError, Settings
from .places import Document

SETTINGS = "settings"  # what a mistake in a settings file is called, beside the names of rules


class Options(Record):
    """What the command line of the server gives: fields of `Settings`, and the settings file, if any."""

    given: Mapping[str, Any]
    file: str = ""
    isolated: bool = False


class Job(Record):
    """What is to be looked at: folders, files opened outside of them, and documents by real path."""

    folders: tuple[str, ...]
    alone: tuple[str, ...]
    documents: Mapping[str, Document]

    @property
    def held(self) -> dict[str, bytes]:
        """What open files hold, as bytes; half a surrogate pair, which no file can hold, becomes a question mark."""
        return {path: one.text.encode("utf-8", "replace") for path, one in self.documents.items()}


class Seen(Record):
    """What a look came to. `mistakes` are those in settings files; `said` is for the user, `settings` are by folder."""

    job: Job
    findings: tuple[Finding, ...] = ()
    mistakes: tuple[Finding, ...] = ()
    said: tuple[str, ...] = ()
    settings: Mapping[str, Settings] = {}


def look(job: Job, options: Options) -> Seen:
    """Lint everything. What goes wrong in one folder is said, and costs that folder only."""
    findings: list[Finding] = []
    mistakes: list[Finding] = []
    said: list[str] = []
    settings: dict[str, Settings] = {}
    held = job.held
    for place in (*job.folders, *job.alone):
        try:
            settings[place] = _settings(place, options, said)
            findings += lint([place], settings[place], held).findings
        except ConfigError as error:
            mistakes += (mistake._replace(rule=SETTINGS) for mistake in error.mistakes)
        except FileNotFoundError:
            continue  # a folder that was deleted, a file that is not saved yet
        except Exception as error:  # whatever it is, the server goes on
            said.append(f"{place}: {type(error).__name__}: {error}")
    return Seen(job, _once(findings), _once(mistakes), tuple(said), settings)


def _settings(place: str, options: Options, said: list[str]) -> Settings:
    """Settle what holds for a folder; rules of its own are left out unless the server was told to run them."""
    try:
        return settle(options.given, [place], file=options.file, isolated=options.isolated).settings
    except NotAllowedError as error:
        said.append(str(error))
        given = {**options.given, "allow_plugins": "no"}
        return settle(given, [place], file=options.file, isolated=options.isolated).settings


def _once(findings: list[Finding]) -> tuple[Finding, ...]:
    """Leave out what two folders, one of them in the other, both say."""
    seen = {(one.rule, one.at.source.target, one.at.start, one.at.end, one.message): one for one in reversed(findings)}
    return tuple(reversed(seen.values()))


def job(folders: Mapping[str, str], documents: Mapping[str, Document]) -> Job:
    """Name what is to be looked at: a file that lies outside of all folders is looked at alone."""
    shown = tuple(dict.fromkeys(folders.values()))
    roots = [os.path.join(os.path.realpath(folder), "") for folder in shown]
    alone = tuple(path for path in documents if not any(path.startswith(root) for root in roots))
    return Job(shown, alone, dict(documents))
