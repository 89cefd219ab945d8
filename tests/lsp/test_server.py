"""A client talks to the server over its standard streams, as an editor does."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.lsp.client import ROOT, SERVER, Client, apply

if not os.environ.get("CI"):
    pytest.importorskip("pygls", reason="the extra `lsp` is not installed")

NGINX, UNIT, APP = "nginx/flaskapp.conf", "systemd/flaskapp.service", "app.py"
CORPUS = ROOT / "corpus" / "gunicorn-tcp"


def unstarted(unit: Path) -> str:
    """Return a unit's text without what restarts the service."""
    return "".join(line for line in unit.read_text().splitlines(keepends=True) if not line.startswith("Restart"))


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CORPUS, tmp_path / "shop"))


@pytest.fixture
def client(shop: Path) -> Iterator[Client]:
    with Client() as one:
        one.start(shop)
        one.quiet(0.2)
        yield one


def test_a_fault_appears_in_the_other_file_while_typing_and_goes(client: Client, shop: Path):
    unit, nginx = shop / UNIT, (shop / NGINX).as_uri()
    text = unit.read_text()
    client.open(unit)
    client.change(unit, text.replace("127.0.0.1:8000", "127.0.0.1:8001"), 2)
    client.wait(lambda: client.codes(nginx) == ["upstream-bind-mismatch"])
    (found,) = client.diagnostics[nginx]
    assert (found["severity"], found["source"]) == (1, "flasklint")
    assert found["codeDescription"]["href"].endswith("/rules/upstream-bind-mismatch.html")
    (related,) = found["relatedInformation"]
    assert related["location"]["uri"] == unit.as_uri() and related["message"] == "gunicorn listens on 127.0.0.1:8001"
    client.change(unit, text, 3)
    client.wait(lambda: client.codes(nginx) == [])
    assert unit.read_text() == text
    assert client.end() == 0


def test_a_quick_fix_clears_what_it_repairs(client: Client, shop: Path):
    unit, nginx = shop / UNIT, shop / NGINX
    texts = {path.as_uri(): path.read_text() for path in (unit, nginx)}
    wrong = texts[unit.as_uri()].replace("127.0.0.1:8000", "127.0.0.1:8001")
    client.open(nginx, version=7)
    client.open(unit, wrong, version=3)
    client.wait(lambda: bool(client.codes(nginx.as_uri())))
    (found,) = client.diagnostics[nginx.as_uri()]
    repair, ignore = client.actions(nginx.as_uri(), found["range"])
    assert repair["kind"] == "quickfix" and repair["isPreferred"]
    assert repair["diagnostics"] == [found]
    assert not ignore["isPreferred"]
    (edit,) = repair["edit"]["documentChanges"]
    assert edit["textDocument"] == {"uri": nginx.as_uri(), "version": 7}
    (beside,) = found["relatedInformation"]  # the other side of the fault offers the same
    assert client.actions(unit.as_uri(), beside["location"]["range"])[0]["edit"] == repair["edit"]
    client.change(nginx, apply(repair["edit"], texts)[nginx.as_uri()], 8)
    client.wait(lambda: not client.codes(nginx.as_uri()))


def test_a_fix_of_several_files_is_one_edit_with_versions(client: Client, shop: Path):
    unit, nginx = shop / UNIT, shop / NGINX
    bind, service = "127.0.0.1:8000", unit.read_text().replace("127.0.0.1:8000", "unix:/tmp/shop.sock")
    site = nginx.read_text().replace(f"http://{bind}", "http://unix:/tmp/shop.sock")
    client.open(unit, service.replace("[Service]", "[Service]\nPrivateTmp=true"), version=1)
    client.open(nginx, site, version=2)
    everything = {path.as_uri(): "" for path in (unit, nginx)}
    client.wait(lambda: any(client.codes(uri) for uri in everything))
    edits = [
        action["edit"]["documentChanges"]
        for uri in everything
        for found in client.diagnostics[uri]
        for action in client.actions(uri, found["range"])
    ]
    both = [edit for edit in edits if len(edit) == 2]
    assert both
    assert {(one["textDocument"]["uri"], one["textDocument"]["version"]) for one in both[0]} == {
        (unit.as_uri(), 1),
        (nginx.as_uri(), 2),
    }


def test_fix_all_makes_every_safe_repair_of_unsaved_text(client: Client, shop: Path):
    unit, nginx = shop / UNIT, shop / NGINX
    wrong = unstarted(unit).replace("127.0.0.1:8000", "127.0.0.1:8001")
    client.open(unit, wrong)
    client.wait(lambda: client.codes(unit.as_uri()) == ["missing-restart"] and bool(client.codes(nginx.as_uri())))
    (action,) = client.actions(
        unit.as_uri(), {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}, ["source.fixAll"]
    )
    assert action["kind"] == "source.fixAll.flasklint"
    texts = apply(action["edit"], {unit.as_uri(): wrong, nginx.as_uri(): nginx.read_text()})
    assert "Restart=on-failure" in texts[unit.as_uri()] and "127.0.0.1:8001" in texts[nginx.as_uri()]
    client.change(unit, texts[unit.as_uri()], 2)
    client.open(nginx, texts[nginx.as_uri()])
    client.wait(lambda: not client.codes(unit.as_uri()) and not client.codes(nginx.as_uri()))


def test_a_client_that_resolves_gets_fix_all_among_the_rest(shop: Path):
    abilities = {"textDocument": {"codeAction": {"resolveSupport": {"properties": ["edit"]}}}}
    unit = shop / UNIT
    with Client() as client:
        client.start(shop, capabilities=abilities)
        client.open(unit, unstarted(unit))
        client.wait(lambda: bool(client.codes(unit.as_uri())))
        (found,) = client.diagnostics[unit.as_uri()]
        offered = client.actions(unit.as_uri(), found["range"])
        assert list(offered[0]["edit"]) == ["changes"]  # the client cannot do with documentChanges
        (later,) = [one for one in offered if one["kind"] == "source.fixAll.flasklint"]
        assert "edit" not in later
        assert unit.as_uri() in client.request("codeAction/resolve", later)["edit"]["changes"]


def test_hover_shows_the_manual_page(client: Client, shop: Path):
    unit = shop / UNIT
    client.open(unit, unstarted(unit))
    client.wait(lambda: bool(client.codes(unit.as_uri())))
    place = client.diagnostics[unit.as_uri()][0]["range"]["start"]
    shown = client.request("textDocument/hover", {"textDocument": {"uri": unit.as_uri()}, "position": place})
    assert shown["contents"]["kind"] == "markdown"
    assert shown["contents"]["value"].startswith("**Nothing restarts the server after a crash**")
    assert "**Fix:** write `Restart=on-failure`" in shown["contents"]["value"]
    nowhere = {"textDocument": {"uri": unit.as_uri()}, "position": {"line": 0, "character": 0}}
    assert client.request("textDocument/hover", nowhere) is None


@pytest.mark.parametrize(
    ("file", "old", "new", "rule"),
    [
        (NGINX, "proxy_pass http://127.0.0.1:8000", "proxy_pass http://127.0.0.1:8009", "upstream-bind-mismatch"),
        (UNIT, "Restart=", "# Restart=", "missing-restart"),
        (APP, 'if __name__ == "__main__":\n    app.run', "app.run", "app-run-at-import"),
    ],
)
def test_the_comment_that_ignores_silences(client: Client, shop: Path, file: str, old: str, new: str, rule: str):
    path = shop / file
    wrong = path.read_text().replace(old, new)
    assert wrong != path.read_text()
    uri = client.open(path, wrong)
    client.wait(lambda: rule in client.codes(uri))
    (found,) = [one for one in client.diagnostics[uri] if one["code"] == rule]
    (ignore,) = [one for one in client.actions(uri, found["range"]) if one["title"].startswith(f"Ignore {rule} ")]
    after = apply(ignore["edit"], {uri: wrong})[uri]
    assert f"# flasklint: ignore[{rule}] say why\n" in after
    client.change(path, after, 2)
    client.wait(lambda: rule not in client.codes(uri))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8", "utf-32"])
def test_positions_are_counted_as_agreed(shop: Path, encoding: str):
    nginx = shop / NGINX
    before = "proxy_set_header X-Note '𝄞é\x0c\u2028';\r# a lone carriage return\r\n"
    text = before + "  proxy_set_header X-Other '𝄞'; proxy_pass http://127.0.0.1:8009;\r\n"
    abilities = {"general": {"positionEncodings": [encoding]}}
    with Client() as client:
        assert client.start(shop, capabilities=abilities)["capabilities"]["positionEncoding"] == encoding
        uri = client.open(nginx, f"server {{\r\nlocation / {{\r\n{text}}}\r\n}}\r\n")
        client.wait(lambda: "upstream-bind-mismatch" in client.codes(uri))
        (found,) = [one for one in client.diagnostics[uri] if one["code"] == "upstream-bind-mismatch"]
    clef = {"utf-16": 2, "utf-8": 4, "utf-32": 1}[encoding]
    start = len("  proxy_set_header X-Other '") + clef + len("'; proxy_pass ")
    assert found["range"]["start"] == {"line": 4, "character": start}
    assert found["range"]["end"] == {"line": 4, "character": start + len("http://127.0.0.1:8009")}


def test_what_happens_on_the_disk_is_seen(client: Client, shop: Path):
    unit, nginx = shop / UNIT, shop / NGINX
    good = unit.read_text()

    def touched(path: Path, kind: int) -> None:
        client.notify("workspace/didChangeWatchedFiles", changes=[{"uri": path.as_uri(), "type": kind}])

    unit.write_text(good.replace("127.0.0.1:8000", "127.0.0.1:8001"))
    touched(unit, 2)
    client.wait(lambda: client.codes(nginx.as_uri()) == ["upstream-bind-mismatch"])
    nginx.rename(moved := nginx.with_name("other.conf"))
    client.notify("workspace/didRenameFiles", files=[{"oldUri": nginx.as_uri(), "newUri": moved.as_uri()}])
    client.wait(lambda: bool(client.codes(moved.as_uri())) and not client.codes(nginx.as_uri()))
    moved.unlink()
    touched(moved, 3)
    client.wait(lambda: not client.codes(moved.as_uri()))


def test_it_asks_to_be_told_of_changed_files(shop: Path):
    with Client() as client:
        client.start(shop, capabilities={"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}})
        client.wait(lambda: client.asked == ["client/registerCapability"])


def test_a_closed_document_counts_as_it_is_on_the_disk(client: Client, shop: Path):
    unit = shop / UNIT
    client.open(unit, unstarted(unit))
    client.wait(lambda: bool(client.codes(unit.as_uri())))
    client.close(unit)
    client.wait(lambda: not client.codes(unit.as_uri()))


def test_settings_are_read_again(client: Client, shop: Path):
    unit, settings = shop / UNIT, shop / "flasklint.toml"
    uri = client.open(unit, unstarted(unit))
    client.wait(lambda: bool(client.codes(uri)))
    settings.write_text('ignore = ["missing-restart"]\n')
    client.notify("workspace/didChangeWatchedFiles", changes=[{"uri": settings.as_uri(), "type": 1}])
    client.wait(lambda: not client.codes(uri))
    settings.write_text('ignore = ["mising-restart"]\n')
    client.notify("textDocument/didSave", textDocument={"uri": settings.as_uri()})
    client.wait(lambda: client.codes(settings.as_uri()) == ["settings"])
    (found,) = client.diagnostics[settings.as_uri()]
    assert found["range"]["start"]["line"] == 0 and "mising-restart" in found["message"]
    settings.unlink()
    client.notify("workspace/didChangeConfiguration", settings={})
    client.wait(lambda: not client.codes(settings.as_uri()) and bool(client.codes(uri)))


def own_rule(folder: Path, code: str = "") -> None:
    folder.mkdir()
    done = subprocess.run(
        [*SERVER[:-1], "new", "unit-without-manual", "--folder", str(folder)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == 0
    with (folder / "unit_without_manual.py").open("a") as file:
        file.write(code)


def test_rules_that_the_folder_brings_along_are_not_run_unasked(shop: Path, tmp_path: Path):
    own_rule(shop / "lint", f"open({str(tmp_path / 'ran')!r}, 'w')\nprint('in between')\n")
    (shop / "flasklint.toml").write_text('rule-folders = ["lint"]\n')
    unit = shop / UNIT
    with Client() as client:
        client.start(shop)
        client.open(unit, unstarted(unit))
        client.wait(lambda: client.codes(unit.as_uri()) == ["missing-restart"] and bool(client.shown))
        assert "--allow-plugins" in client.shown[0]
        assert not (tmp_path / "ran").exists()
    with Client("--allow-plugins") as client:
        client.start(shop)
        client.wait(lambda: "unit-without-manual" in client.codes(unit.as_uri()))
        (found,) = client.diagnostics[unit.as_uri()]
        assert "codeDescription" not in found
        assert (tmp_path / "ran").exists()


def test_folders_come_and_go(client: Client, shop: Path, tmp_path: Path):
    other = Path(shutil.copytree(ROOT / "corpus" / "wrong-port", tmp_path / "other"))
    folder = {"uri": other.as_uri(), "name": "other"}
    client.notify("workspace/didChangeWorkspaceFolders", event={"added": [folder], "removed": []})
    client.wait(lambda: client.codes((other / NGINX).as_uri()) == ["upstream-bind-mismatch"])
    client.notify("workspace/didChangeWorkspaceFolders", event={"added": [], "removed": [folder]})
    client.wait(lambda: not client.codes((other / NGINX).as_uri()))


def test_a_file_outside_of_every_folder_is_looked_at_alone(shop: Path):
    unit = shop / UNIT
    with Client() as client:
        client.start()
        uri = client.open(unit, unstarted(unit))
        client.wait(lambda: client.codes(uri) == ["missing-restart"])
        client.close(unit)
        client.wait(lambda: not client.codes(uri))


def test_a_link_to_the_folder_keeps_the_name_that_the_client_uses(shop: Path, tmp_path: Path):
    (link := tmp_path / "link").symlink_to(shop)
    unit = shop / UNIT
    unit.write_text(unstarted(unit))
    with Client() as client:
        client.start(link)
        client.wait(lambda: client.codes((link / UNIT).as_uri()) == ["missing-restart"])
        client.open(link / UNIT, (CORPUS / UNIT).read_text())
        client.wait(lambda: not client.codes((link / UNIT).as_uri()))


def test_half_typed_and_hostile_texts_end_nothing(client: Client, shop: Path):
    version = 1
    for file in (NGINX, UNIT, APP):
        path = shop / file
        text = path.read_text()
        client.open(path)
        odd = [
            "",
            "\0",
            "\ud800",
            "{" * 5000,
            "(" * 5000,
            "[" * 5000 + "\n",
            "\\\n" * 999,
            "'" * 3001,
            "\r" * 99,
            "\x1b]0;x\x07" * 9,
            "x" * 300_000,
        ]
        for part in (*(text[: len(text) * n // 12] for n in range(12)), *odd, *(one + text for one in odd)):
            version += 1
            client.change(path, part, version)
            if version % 5 == 0:
                everywhere = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
                client.actions(path.as_uri(), everywhere)
        client.change(path, text, version + 1)
        version += 1
    client.quiet()
    client.wait(lambda: not any(client.diagnostics.values()))
    assert client.end() == 0


def test_nonsense_ends_nothing(client: Client, shop: Path):
    client.raw(b"{not json")
    client.raw(b"[]")
    client.notify("textDocument/hover", textDocument={})
    with pytest.raises(RuntimeError):
        client.request("textDocument/nothing", {})
    client.notify(
        "textDocument/didOpen",
        textDocument={"uri": "untitled:Untitled-1", "languageId": "x", "version": 1, "text": "[Service]\n"},
    )
    client.notify(
        "textDocument/didOpen", textDocument={"uri": "file:///%00", "languageId": "x", "version": 1, "text": ""}
    )
    nowhere: dict[str, Any] = {"start": {"line": 10**6, "character": 10**6}, "end": {"line": 10**6, "character": 10**6}}
    assert client.actions((shop / UNIT).as_uri(), nowhere) == []
    assert client.end() == 0


def test_no_process_is_forked(tmp_path: Path):
    for number in range(60):
        shutil.copytree(CORPUS, tmp_path / "many" / f"shop{number}")
        unit = tmp_path / "many" / f"shop{number}" / UNIT
        unit.write_text(unstarted(unit))
    code = (
        "import os, sys\n"
        f"os.fork = lambda: open({str(tmp_path / 'forked')!r}, 'w')\n"
        "from flasklint.cli import run\n"
        "sys.exit(run(['lsp']))\n"
    )
    with Client(command=[sys.executable, "-c", code]) as client:
        client.start(tmp_path / "many")
        client.wait(lambda: len(client.diagnostics) >= 60)
        assert client.end() == 0
    assert not (tmp_path / "forked").exists()


def test_it_ends_with_1_where_nobody_asked_it_to_shut_down(client: Client):
    client._send({"method": "exit"})
    assert client.process.wait(timeout=60) == 1


def test_it_ends_when_the_client_is_gone(client: Client):
    assert client.process.stdin
    client.process.stdin.close()
    assert client.process.wait(timeout=60) == 1


def test_what_to_install_is_said():
    code = "import sys\nsys.modules['pygls'] = None\nfrom flasklint.cli import run\nsys.exit(run(['lsp']))\n"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False, timeout=30
    )
    assert done.returncode == 2 and "pip install 'flasklint[lsp]'" in done.stderr


def test_a_module_in_the_folder_is_not_taken_for_a_library(shop: Path, tmp_path: Path):
    for name in ("lsprotocol", "pygls", "yaml", "libcst", "attrs", "cattrs"):
        (shop / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    with Client(cwd=shop) as client:
        client.start(shop)
        client.open(shop / UNIT)
        client.wait(lambda: (shop / UNIT).as_uri() in client.diagnostics)
        assert client.end() == 0
    assert not (tmp_path / "ran").exists()
