"""The hooks of .pre-commit-hooks.yaml, run by pre-commit in a repository of its own."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from flasklint.discover import BY_NAME, BY_SUFFIX, REQUIREMENTS, SCRIPTS
from flasklint.filenames import TEMPLATES
from tests.programs import needs_package

ROOT = Path(__file__).parents[2]
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
SHIPPED = (
    "flasklint",
    "rules",
    "man",
    "pyproject.toml",
    "hatch_build.py",
    "README.md",
    "LICENSE",
    ".pre-commit-hooks.yaml",
)
UNIT = "[Service]\nUser=shop\nRestart=on-failure\nExecStart=/srv/shop/venv/bin/gunicorn -b 127.0.0.1:8000 app:app\n"
NGINX = (ROOT / "corpus/wrong-port/nginx/flaskapp.conf").read_text()
ALONE = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "GIT_TERMINAL_PROMPT": "0"}
WHO = {f"GIT_{role}_{what}": "a@example.com" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}

READ = [
    *(f"deploy/x.{suffix}" for suffix in (*BY_SUFFIX, *SCRIPTS)),
    *(f"deploy/shop.service{template}" for template in TEMPLATES if template != ".in"),
    *BY_NAME,
    *REQUIREMENTS - {"environment.yml"},
    "Dockerfile.prod", "Procfile.dev", "sites-enabled/shop", "nginx/sites-available/shop.example.com", "bin/start",
    "requirements.txt", "requirements/base.txt", "dev-requirements.in", "gunicorn.conf.py", "app/views.py",
    "shop.service.d/override.conf", "docker-compose.prod.yml", ".env", ".env.production", "flasklint.toml",
]  # fmt: skip
UNREAD = ["README.md", "static/site.css", "logo.png", "docs/index.rst", "package.json", "notes.txt", "data/x.csv"]


@pytest.mark.parametrize("hook", HOOKS, ids=[hook["id"] for hook in HOOKS])
def test_the_hooks_start_for_what_is_read(hook: dict[str, str]):
    files = re.compile(hook["files"])
    assert [path for path in READ if not files.search(path)] == []
    assert [path for path in UNREAD if files.search(path)] == []


def run(folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env={**{k: v for k, v in os.environ.items() if not k.startswith("GIT_")}, **ALONE, **WHO, **environment},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def commit(folder: Path) -> str:
    """Commit everything without hooks, and return the commit's name."""
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "x", "--no-verify")):
        done = run(folder, "git", *words)
        assert done.returncode == 0, done.stderr
    return run(folder, "git", "rev-parse", "HEAD").stdout.strip()


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A deployment under pre-commit, with flasklint as of this checkout installed into pre-commit's own environment."""
    folder = tmp_path_factory.mktemp("pre-commit")
    (folder / "flasklint").mkdir()
    for name in SHIPPED:
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, folder / "flasklint" / name)
    hooks = [{"id": hook["id"], "args": ["--select", "upstream-bind-mismatch"]} for hook in HOOKS]
    config = {"repos": [{"repo": str(folder / "flasklint"), "rev": commit(folder / "flasklint"), "hooks": hooks[:1]}]}
    shop = folder / "shop"
    files = {"shop.service": UNIT, "nginx/shop": NGINX.replace("8080", "8000"), "notes.txt": "", "app.py": ""}
    for path, text in {**files, ".pre-commit-config.yaml": yaml.safe_dump(config)}.items():
        (shop / path).parent.mkdir(parents=True, exist_ok=True)
        (shop / path).write_text(text)
    commit(shop)
    config["repos"][0]["hooks"] = hooks[1:]
    (folder / "fix.yaml").write_text(yaml.safe_dump(config))
    done = pre_commit(shop, "install", "--install-hooks")
    if (
        done.returncode
        and run(shop, sys.executable, "-m", "pip", "download", "-q", "--no-deps", "hatchling").returncode
    ):
        pytest.skip("no package index can be reached")
    assert done.returncode == 0, done.stdout + done.stderr
    return shop


def pre_commit(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return run(folder, sys.executable, "-m", "pre_commit", *words, PRE_COMMIT_HOME=str(folder.parent / "home"))


def committed(folder: Path, changed: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Change files, and commit that as a developer does."""
    for path, text in changed.items():
        (folder / path).write_text(text)
    run(folder, "git", "add", "-A")
    return run(folder, "git", "commit", "-m", "change", PRE_COMMIT_HOME=str(folder.parent / "home"))


@needs_package("pre_commit")
def test_commits(repository: Path):
    wrong = committed(repository, {"shop.service": UNIT.replace("8000", "9000")})
    assert wrong.returncode == 1, wrong.stderr
    assert "error[upstream-bind-mismatch]" in wrong.stdout + wrong.stderr, "in a file that is not changed"
    good = committed(repository, {"shop.service": UNIT + "# fine\n"})
    assert good.returncode == 0, good.stderr
    assert re.search(r"flasklint\.+Passed", good.stdout + good.stderr)
    unrelated = committed(repository, {"notes.txt": "more\n"})
    assert unrelated.returncode == 0
    assert re.search(r"flasklint\.+.*Skipped", unrelated.stdout + unrelated.stderr)


@needs_package("pre_commit")
def test_fix(repository: Path):
    (repository / "nginx/shop").write_text(NGINX)
    done = pre_commit(repository, "run", "--config", str(repository.parent / "fix.yaml"), "--all-files")
    assert done.returncode == 1
    assert "files were modified by this hook" in done.stdout
    assert "127.0.0.1:8000" in (repository / "nginx/shop").read_text()
    run(repository, "git", "checkout", "-q", ".")
