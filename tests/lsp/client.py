"""A small client of the Language Server Protocol over the standard streams of a server process."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from queue import Empty, Queue
from typing import Any

ROOT = Path(__file__).parents[2]
PATIENCE = 30  # seconds, on a busy machine too
SERVER = [sys.executable, "-m", "flasklint", "lsp"]
CAPABILITIES = {
    "workspace": {"workspaceEdit": {"documentChanges": True}, "workspaceFolders": True},
    "textDocument": {"codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}}},
}


class Client:
    """Starts a server. Everything waits a bounded time."""

    def __init__(self, *options: str, command: list[str] | None = None, cwd: Path | None = None) -> None:
        self.process = subprocess.Popen(
            [*(command or SERVER), *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        self.messages: Queue[dict[str, Any]] = Queue()
        self.diagnostics: dict[str, list[dict[str, Any]]] = {}
        self.published: list[dict[str, Any]] = []
        self.shown: list[str] = []
        self.asked: list[str] = []
        self.answers: dict[int, dict[str, Any]] = {}
        self.count = 0
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert stream
            stream.close()

    # ------------------------------------------------------------------------------------ messages

    def notify(self, method: str, **params: Any) -> None:
        self._send({"method": method, "params": params})

    def request(self, method: str, params: dict[str, Any] | None = None) -> Any:
        """Send a request and return its result; RuntimeError for an error."""
        self.count += 1
        number = self.count
        self._send({"id": number, "method": method, "params": params})
        self.wait(lambda: number in self.answers)
        answer = self.answers.pop(number)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["result"]

    def wait(self, until: Callable[[], bool], patience: float = PATIENCE) -> None:
        """Take messages until something is so."""
        while not until():
            try:
                self._take(self.messages.get(timeout=patience))
            except Empty:
                raise TimeoutError(f"{self.diagnostics}{self._last_words()}") from None

    def _last_words(self) -> str:
        """Return what a server that has ended left on stderr."""
        if self.process.poll() is None or not self.process.stderr:
            return ""
        return f" status {self.process.returncode}: {self.process.stderr.read().decode()[-2000:]}"

    def quiet(self, seconds: float = 0.4) -> None:
        """Take messages until none comes for a while."""
        while True:
            try:
                self._take(self.messages.get(timeout=seconds))
            except Empty:
                return

    def _take(self, message: dict[str, Any]) -> None:
        method = message.get("method")
        if method == "textDocument/publishDiagnostics":
            params = message["params"]
            self.published.append(params)
            self.diagnostics[params["uri"]] = params["diagnostics"]
        elif method == "window/showMessage":
            self.shown.append(message["params"]["message"])
        elif method and "id" in message:
            self.asked.append(method)
            self._send({"id": message["id"], "result": None})
        elif "id" in message:
            self.answers[message["id"]] = message

    def _send(self, message: dict[str, Any]) -> None:
        self.raw(json.dumps({"jsonrpc": "2.0", **message}).encode())

    def raw(self, body: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream
        while line := stream.readline():
            length = int(line.partition(b":")[2])
            while stream.readline().strip():
                pass
            self.messages.put(json.loads(stream.read(length)))

    # ------------------------------------------------------------------------------------- session

    def start(self, *folders: Path, capabilities: dict[str, Any] | None = None) -> dict[str, Any]:
        """Shake hands and wait for the first look."""
        result = self.request(
            "initialize",
            {
                "processId": None,
                "rootUri": folders[0].as_uri() if folders else None,
                "workspaceFolders": [{"uri": one.as_uri(), "name": one.name} for one in folders] or None,
                "capabilities": CAPABILITIES if capabilities is None else capabilities,
            },
        )
        self.notify("initialized")
        return dict(result)

    def open(self, path: Path, text: str | None = None, version: int = 1) -> str:
        uri = path.as_uri()
        text = path.read_bytes().decode() if text is None else text
        document = {"uri": uri, "languageId": "plaintext", "version": version, "text": text}
        self.notify("textDocument/didOpen", textDocument=document)
        return uri

    def change(self, path: Path, text: str, version: int) -> None:
        document = {"uri": path.as_uri(), "version": version}
        self.notify("textDocument/didChange", textDocument=document, contentChanges=[{"text": text}])

    def close(self, path: Path) -> None:
        self.notify("textDocument/didClose", textDocument={"uri": path.as_uri()})

    def actions(self, uri: str, at: dict[str, Any], only: list[str] | None = None) -> list[dict[str, Any]]:
        context = {"diagnostics": [], **({"only": only} if only else {})}
        found = self.request("textDocument/codeAction", {"textDocument": {"uri": uri}, "range": at, "context": context})
        return list(found or [])

    def codes(self, uri: str) -> list[str]:
        return [one["code"] for one in self.diagnostics.get(uri, [])]

    def end(self) -> int:
        """Shut down as a client should, and return the exit code."""
        self.request("shutdown")
        self._send({"method": "exit"})
        return self.process.wait(timeout=PATIENCE)


def apply(edit: dict[str, Any], texts: dict[str, str]) -> dict[str, str]:
    """Return texts (by URI) after a WorkspaceEdit, with positions counted in UTF-16."""
    changes = {one["textDocument"]["uri"]: one["edits"] for one in edit.get("documentChanges", [])} or edit["changes"]
    done = dict(texts)
    for uri, edits in changes.items():
        data = texts[uri]
        for one in sorted(edits, key=lambda one: _key(one["range"]["start"]), reverse=True):
            start, end = (_offset(data, one["range"][side]) for side in ("start", "end"))
            data = data[:start] + one["newText"] + data[end:]
        done[uri] = data
    return done


def _key(position: dict[str, int]) -> tuple[int, int]:
    return position["line"], position["character"]


def _offset(text: str, position: dict[str, int]) -> int:
    lines = text.split("\n")
    before = sum(len(line) + 1 for line in lines[: position["line"]])
    units = lines[position["line"]].encode("utf-16-le")[: 2 * position["character"]]
    return before + len(units.decode("utf-16-le"))
