"""The server: messages of the protocol to the desk, what is seen there back as diagnostics, actions and hovers."""

import os
import sys
import threading
from collections.abc import Iterable
from typing import Any

from lsprotocol import types
from pygls.capabilities import get_capability
from pygls.lsp.server import LanguageServer

from .. import __version__
from ..filenames import SKIPPED_FOLDERS
from .answers import actions, hover, resolved
from .desk import Desk
from .diagnostics import NAME, by_file
from .look import Options, Seen
from .places import Places, path_of

STACK = 64 * 1024 * 1024  # bytes of the thread that parses: some systems give threads half a megabyte
ANY_FILE = types.FileOperationRegistrationOptions(
    [types.FileOperationFilter(types.FileOperationPattern("**/*"), "file")]
)
KINDS = [types.CodeActionKind.QuickFix, types.CodeActionKind.SourceFixAll]


class Server(LanguageServer):
    """The state of one connection. Documents come whole: positions in a change are counted anew by every client."""

    def __init__(self, options: Options) -> None:
        super().__init__(NAME, __version__, types.TextDocumentSyncKind.Full, max_workers=2)
        self.desk = Desk(options, self.show)
        self._published: dict[str, tuple[int | None, list[types.Diagnostic]]] = {}
        self._said: set[str] = set()
        self.may_end = False  # the client has asked to shut down

    def places(self, seen: Seen) -> Places:
        """Return the way from our places to the client's."""
        encoding = self.workspace.position_encoding
        return Places(getattr(encoding, "value", encoding) or "", seen.job.documents, seen.job.folders)

    def can(self, what: str) -> bool:
        """Tell whether the client has a capability."""
        return bool(get_capability(self.client_capabilities, what, False))

    def show(self, seen: Seen) -> None:
        """Publish what differs from what was published last, also that nothing is left to say of a file."""
        listed = by_file((*seen.mistakes, *seen.findings), self.places(seen))
        versions = {one.uri: one.version for one in seen.job.documents.values()}
        for uri in {**self._published, **versions, **listed}:
            told = (versions.get(uri), listed.get(uri, []))
            if self._published.get(uri) != told:
                self._publish(uri, *told)
            if uri in listed or uri in versions:
                self._published[uri] = told
            else:
                self._published.pop(uri, None)
        self._say(seen.said)

    def _publish(self, uri: str, version: int | None, listed: list[types.Diagnostic]) -> None:
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, listed, version))

    def _say(self, said: Iterable[str]) -> None:
        """Show what could not be done, each once until it is over."""
        said = set(said)
        for text in sorted(said - self._said):
            self.window_show_message(types.ShowMessageParams(types.MessageType.Warning, f"flasklint: {text}"))
        self._said = said


def serve(options: Options) -> int:
    """Speak the protocol on standard input and output until the client ends it.

    Returns 0 where the client has asked to shut down before, else 1, as the protocol wants it.
    """
    threading.stack_size(STACK)
    channel = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever prints must not speak in between
    server = Server(options)
    _documents(server)
    _workspace(server)
    _requests(server)
    server.start_io(sys.stdin.buffer, channel)
    return int(not server.may_end)


def _documents(server: Server) -> None:
    """Listen to what the user does to open files."""

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        server.desk.put(document.uri, document.version, document.text)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def edited(params: types.DidChangeTextDocumentParams) -> None:
        document = params.text_document
        server.desk.put(document.uri, document.version, params.content_changes[-1].text)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: types.DidSaveTextDocumentParams) -> None:
        server.desk.changed()

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        server.desk.close(params.text_document.uri)


def _workspace(server: Server) -> None:
    """Listen to what happens to the session, to folders and to files on the disk."""

    @server.feature(types.SHUTDOWN)
    def ending(params: None) -> None:
        server.may_end = True

    @server.feature(types.INITIALIZED)
    def ready(params: types.InitializedParams) -> None:
        folders = [one.uri for one in server.workspace.folders.values()] or [server.workspace.root_uri or ""]
        if len(folders) == 1 and os.path.isdir(path_of(folders[0]) or os.curdir):
            os.chdir(path_of(folders[0]) or os.curdir)  # paths in messages begin there
        for uri in folders:
            server.desk.add_folder(uri)
        if server.can("workspace.did_change_watched_files.dynamic_registration"):
            watched = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher("**/*")])
            wish = types.Registration("flasklint-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, watched)
            server.client_register_capability(types.RegistrationParams([wish]))

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def rearranged(params: types.DidChangeWorkspaceFoldersParams) -> None:
        for folder in params.event.removed:
            server.desk.remove_folder(folder.uri)
        for folder in params.event.added:
            server.desk.add_folder(folder.uri)

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def touched(params: types.DidChangeWatchedFilesParams) -> None:
        if any(_concerns(path_of(change.uri)) for change in params.changes):
            server.desk.changed()

    @server.feature(types.WORKSPACE_DID_CREATE_FILES, ANY_FILE)
    @server.feature(types.WORKSPACE_DID_RENAME_FILES, ANY_FILE)
    @server.feature(types.WORKSPACE_DID_DELETE_FILES, ANY_FILE)
    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def changed(params: Any) -> None:
        server.desk.changed()


def _concerns(path: str) -> bool:
    """Whether a file that changed on the disk may be part of a deployment: version control writes all the time."""
    return bool(path) and not any(part in SKIPPED_FOLDERS or part == ".git" for part in path.split(os.sep))


def _requests(server: Server) -> None:
    """Answer what the client asks, always about the text that it has now."""

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(KINDS, resolve_provider=True))
    async def code_action(params: types.CodeActionParams) -> list[types.CodeAction]:
        seen = await server.desk.current()
        return await server.desk.aside(lambda: actions(server, seen, params))

    @server.feature(types.CODE_ACTION_RESOLVE)
    async def resolve(action: types.CodeAction) -> types.CodeAction:
        seen = await server.desk.current()
        return await server.desk.aside(lambda: resolved(server, seen, action))

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hovered(params: types.HoverParams) -> types.Hover | None:
        return hover(server, await server.desk.current(), params)
