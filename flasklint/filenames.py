"""What names and paths of files tell, without a look at any file. Paths are of the repository, with `/`."""

# What template engines append to a name, and what marks a copy that nothing reads.
TEMPLATES = (".j2", ".jinja2", ".jinja", ".erb", ".tmpl", ".template", ".tpl", ".in", ".mustache", ".hbs")
# Those of no engine: an install script puts paths in the place of whatever words its author chose.
FILLED_IN = (".template", ".tmpl", ".tpl", ".in")
COPIES = (".example", ".sample", ".bak", ".orig", ".dist", ".old", ".save", "~")
_MARKS = (*COPIES, *TEMPLATES)
# Types of systemd units; systemd(1).
UNITS = ("service", "socket", "timer", "target", "path", "mount", "automount", "slice", "swap", "scope")

# Folders that hold no deployment, in a repository and in a host's file system.
SKIPPED_FOLDERS = frozenset({"__pycache__", "node_modules", "venv", "site-packages", "bower_components"})
HOST_SKIPPED = frozenset(
    {".git", "__pycache__", "node_modules", "site-packages", "dist-packages", "proc", "sys", "dev"}
)
# What tells flasklint, and nobody else, about a project: no evidence of what the project does.
BASELINE = "flasklint-baseline.json"
OWN_FILES = frozenset({BASELINE, "flasklint.toml"})
SHOWN_FOLDERS = frozenset({".ebextensions", ".platform"})  # other hidden folders hold none either


def plain_name(name: str) -> str:
    """Take away what marks a template or a copy: `shop.service.j2` is a unit, `nginx.conf.bak` nginx's."""
    bare = name
    while bare.lower().endswith(_MARKS):
        shorter = bare[:-1] if bare.endswith("~") else bare.rpartition(".")[0]
        if not shorter:
            break
        bare = shorter
    return bare


def steps(one: str, other: str) -> int:
    """How many folders one goes up and down from one folder to the other."""
    left = one.split("/") if one else []
    right = other.split("/") if other else []
    return len(left) + len(right) - 2 * _common(left, right)


def common_tail(one: str, other: str) -> int:
    """How many of the last parts two paths have in common."""
    return _common(one.split("/")[::-1], other.split("/")[::-1])


def _common(left: list[str], right: list[str]) -> int:
    count = 0
    while count < min(len(left), len(right)) and left[count] == right[count]:
        count += 1
    return count
