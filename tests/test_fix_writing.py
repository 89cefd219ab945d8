"""How changed files reach the disk: whole, together, only inside, and never over somebody else's work."""

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import chdir
from pathlib import Path

import pytest

from flasklint import atomic, cli
from flasklint.fix import engine
from flasklint.fix import write as writing
from tests.deployments import lay_out

ROOT = Path(__file__).parents[1]
NGINX = "server {\n    location /static/ {\n        alias /srv/shop/static;\n    }\n}\n"
FIXED = NGINX.replace("static;", "static/;")
# One fix in two files: the socket is named by its whole path in both.
MOVED = {
    "shop.service": "[Service]\nUser=shop\nWorkingDirectory=/srv/shop\nExecStart=/srv/shop/venv/bin/gunicorn -b unix:shop.sock shop:app\n",
    "shop.conf": "server {\n    location / {\n        proxy_pass http://unix:/run/shop.sock;\n    }\n}\n",
}
SELECT = ("--select", "alias-missing-slash,relative-socket-path-mismatch")


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Path]:
    root = tmp_path / "root"
    root.mkdir()
    with chdir(root):
        yield root


def run(*options: str) -> int:
    return cli.run([*options, *SELECT, "."])


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


# ------------------------------------------------------------------------------------- what is kept


@pytest.mark.parametrize(
    ("codec", "before"),
    [("utf-8", "# é 漢\n"), ("utf-8-sig", ""), ("latin-1", "# \xe9\n"), ("utf-16", "# é\n")],
)
def test_encoding_and_mark_stay(here: Path, codec: str, before: str) -> None:
    text, path = before + "Flask==3.1.0\r\n", here / "requirements.txt"
    path.write_bytes(text.encode(codec))
    (here / "shop.service").write_text(MOVED["shop.service"])
    cli.run(["--fix", "--select", "server-not-in-requirements", "."])
    assert path.read_bytes() == (text + "gunicorn\r\n").encode(codec)


def test_a_file_without_an_end_of_line_gets_one_where_lines_are_added(here: Path) -> None:
    (here / "requirements.txt").write_text("Flask==3.1.0")
    (here / "shop.service").write_text(MOVED["shop.service"])
    cli.run(["--fix", "--select", "server-not-in-requirements", "."])
    assert (here / "requirements.txt").read_text() == "Flask==3.1.0\ngunicorn\n"


def test_half_a_character_of_utf_16_is_left_alone(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = "Flask==3.1.0\n".encode("utf-16")[:-1]
    (here / "requirements.txt").write_bytes(data)
    (here / "shop.service").write_text(MOVED["shop.service"])
    cli.run(["--fix", "--select", "server-not-in-requirements", "."])
    assert (here / "requirements.txt").read_bytes() == data
    assert "not whole UTF-16" in capsys.readouterr().out


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o664, 0o755, 0o2750])
def test_mode_and_owner_stay(here: Path, mode: int) -> None:
    path = here / "shop.conf"
    path.write_text(NGINX)
    if os.geteuid() == 0:
        os.chown(path, 1234, 5678)
    path.chmod(mode)
    before = path.stat()
    assert run("--fix") == 0
    after = path.stat()
    assert path.read_text() == FIXED
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)
    assert stat.S_IMODE(after.st_mode) == mode


@pytest.mark.parametrize("name", ["x" * 250, "é" * 125])
def test_a_long_name_is_no_obstacle(here: Path, name: str) -> None:
    path = here / f"{name}.conf"
    path.write_text(NGINX)
    assert run("--fix") == 0
    assert path.read_text() == FIXED and len(list(here.iterdir())) == 1


# --------------------------------------------------------------------------------------------- links


def test_a_links_target_is_written_once_and_the_link_stays(here: Path) -> None:
    lay_out({"sites-available/shop.conf": NGINX, "sites-enabled/shop.conf": "-> ../sites-available/shop.conf"}, here)
    assert run("--fix") == 0
    assert (here / "sites-enabled/shop.conf").is_symlink()
    assert (here / "sites-available/shop.conf").read_text() == FIXED


def test_a_link_out_of_the_folder_is_not_followed(here: Path) -> None:
    outside = here.parent / "outside.conf"
    outside.write_text(NGINX)
    (here / "shop.conf").symlink_to(outside)
    (here / "other.conf").symlink_to("../outside.conf")
    (here / "own.conf").write_text(NGINX)
    run("--fix")
    assert outside.read_text() == NGINX
    assert (here / "own.conf").read_text() == FIXED
    assert (here / "shop.conf").is_symlink()


def test_only_what_is_named_is_changed(here: Path) -> None:
    for name in ("one.conf", "two.conf"):
        (here / name).write_text(NGINX)
    assert cli.run(["--fix", *SELECT, "one.conf"]) == 0
    assert (here / "one.conf").read_text() == FIXED
    assert (here / "two.conf").read_text() == NGINX


# ------------------------------------------------------------------------- others write at the same time


def between(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Do something between the last look at the files and writing them."""
    original = engine.write

    def late(groups: object) -> object:
        act()
        return original(groups)  # type: ignore[arg-type]

    monkeypatch.setattr(engine, "write", late)


def test_a_changed_file_is_left_alone_and_said(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("one.conf", "two.conf"):
        (here / name).write_text(NGINX)
    between(monkeypatch, lambda: (here / "one.conf").write_text("# mine\n" + NGINX))
    assert run("--fix") == 1
    assert (here / "one.conf").read_text() == "# mine\n" + NGINX
    assert (here / "two.conf").read_text() == FIXED
    said = capsys.readouterr().out
    assert "1 fixed (1 safe, 0 unsafe), 1 remains" in said
    assert "not fixed: one.conf:3 alias-missing-slash (changed while flasklint ran)" in said
    assert len(list(here.iterdir())) == 2


def test_with_a_changed_file_those_of_the_same_fix_are_left_alone(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(MOVED, here)
    between(monkeypatch, lambda: (here / "shop.service").write_text("# mine\n" + MOVED["shop.service"]))
    assert run("--fix", "--unsafe-fixes") == 1
    assert (here / "shop.conf").read_text() == MOVED["shop.conf"]


@pytest.mark.parametrize("kind", ["link", "folder", "gone", "fifo", "parent"])
def test_a_swapped_file_is_left_alone(here: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """Even where what stands there now holds the same text."""
    outside = here.parent / "outside"
    outside.mkdir()
    (outside / "shop.conf").write_text(NGINX)
    (here / "nginx").mkdir()
    path = here / "nginx/shop.conf"
    path.write_text(NGINX)

    def swap() -> None:
        path.unlink()
        if kind == "link":
            path.symlink_to(outside / "shop.conf")
        elif kind == "folder":
            path.mkdir()
        elif kind == "fifo":
            os.mkfifo(path)
        elif kind == "parent":
            path.parent.rmdir()
            path.parent.symlink_to(outside)

    between(monkeypatch, swap)
    assert run("--fix") == 2
    assert contents(outside) == {"shop.conf": NGINX.encode()}
    assert [name.name for name in here.rglob("*.tmp")] == []


# ------------------------------------------------------------------------------ it cannot be written


def failing(code: int) -> Callable[..., object]:
    def fail(*_: object, **__: object) -> object:
        raise OSError(code, os.strerror(code))

    return fail


@pytest.mark.parametrize("call", ["fsync", "open", "chmod", "replace"])
def test_a_full_or_read_only_disk_changes_nothing(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], call: str
) -> None:
    lay_out({**MOVED, "static.conf": NGINX}, here)
    before = contents(here)
    real_open = os.open

    def no_room(path: str, flags: int, *more: int) -> int:
        if flags & os.O_CREAT:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), path)
        return real_open(path, flags, *more)

    monkeypatch.setattr(os, call, no_room if call == "open" else failing(errno.ENOSPC))
    assert run("--fix", "--unsafe-fixes") == 2
    assert contents(here) == before
    said = capsys.readouterr().err
    assert said.startswith("flasklint: ") and said.count("\n") == 1 and "Traceback" not in said
    assert "no space left on device" in said or "read-only file system" in said


def test_a_read_only_file_is_left_alone(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lay_out({"a.conf": NGINX, "b.conf": NGINX}, here)
    monkeypatch.setattr(os, "access", lambda path, _: not path.endswith("b.conf"))
    assert run("--fix") == 2
    assert set(contents(here).values()) == {NGINX.encode()}
    assert capsys.readouterr().err == "flasklint: b.conf: permission denied (no file was changed)\n"


@pytest.mark.parametrize("links", [True, False], ids=["links", "copies"])
@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), OSError(errno.EIO, "Input/output error")], ids=["Ctrl-C", "EIO"]
)
@pytest.mark.parametrize("after", [True, False], ids=["after", "before"])
@pytest.mark.parametrize("number", range(3))
def test_stopped_while_renaming_everything_is_as_before(
    here: Path, monkeypatch: pytest.MonkeyPatch, number: int, after: bool, error: BaseException, links: bool
) -> None:
    lay_out({**MOVED, "static.conf": NGINX}, here)
    before, real, done = contents(here), os.replace, []

    def replace(old: str, new: str) -> None:
        stop = old.endswith(".tmp") and len(done) == number
        done.append(new)
        if stop and not after:
            raise error
        real(old, new)
        if stop:
            raise error

    monkeypatch.setattr(os, "replace", replace)
    if not links:
        monkeypatch.setattr(os, "link", failing(errno.EPERM))
    assert run("--fix", "--unsafe-fixes") == (130 if isinstance(error, KeyboardInterrupt) else 2)
    assert contents(here) == before


@pytest.mark.parametrize("number", [1, 2, 3])
def test_ctrl_c_while_staging_leaves_nothing_behind(here: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    lay_out({**MOVED, "static.conf": NGINX}, here)
    before, real, calls = contents(here), atomic.os.fsync, []

    def fsync(handle: int) -> None:
        calls.append(handle)
        if len(calls) == number:
            raise KeyboardInterrupt
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    assert run("--fix", "--unsafe-fixes") == 130
    assert contents(here) == before


def test_a_limit_of_the_system_is_met_without_harm(here: Path) -> None:
    """The real thing: the process may write no file beyond 4 kB (EFBIG), as with a quota."""
    (here / "shop.conf").write_text(NGINX + "# long\n" * 1000)
    before = contents(here)
    script = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "from flasklint.cli import run\n"
        "sys.exit(run(['--fix', '.']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (2, "flasklint: shop.conf: file too large (no file was changed)\n")
    assert contents(here) == before


def test_leftovers_of_a_killed_run_are_not_overwritten(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "shop.conf").write_text(NGINX)
    leftover = here / f".shop.conf.{os.getpid()}.tmp"
    leftover.write_text("somebody's")
    assert run("--fix") == 2
    assert leftover.read_text() == "somebody's"
    assert (here / "shop.conf").read_text() == NGINX
    assert "file exists" in capsys.readouterr().err


def test_nothing_to_write_writes_nothing(here: Path) -> None:
    (here / "shop.conf").write_text(FIXED)
    before = (here / "shop.conf").stat()
    assert run("--fix") == 0
    after = (here / "shop.conf").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert writing.write([]) == []
