"""Generated units go through systemd's own parser and through ours, and must come to the same."""

import os
import random

from flasklint.address import unix
from flasklint.facts import Unit
from flasklint.join import units
from flasklint.join.sockets import binds_of
from flasklint.read import systemd
from flasklint.tree import Tree
from flasklint.value import Default, Known
from tests.programs import SYSTEMD, needs

from .systemd_oracle import Answer, Understood, ask

pytestmark = needs(SYSTEMD)

EXAMPLES = int(os.environ.get("FLASKLINT_EXAMPLES", "300"))

WORDS = [
    "gunicorn", "--bind", "127.0.0.1:8000", "unix:/run/x.sock", "app:app", '"a b"', "'c d'e", "f\\x20g", "h\\ti", "k\\ l",
    "%n", "%N", "%p", "%i", "%j", "%%", "%t/x.sock", "%h/x", "%(h)s", "100%", "$A", "${A}", "a;b", ";", "\\;", "#", "é",
    '"q\\"q"', "''", '""', "\\u00e9", "\\101", "--x='a b'", "--y=\"%n\"", "\\\\", "a\\\\", "=", "A=1", "\\s", "{x}", "<y>", "~",
]  # fmt: skip
NASTY = ['"open', "'open", "%z", "\\q", "\\", "tail\\", '"x\\', "%", "\\x0", "\\400", "\\xzz", "-", "@"]
PROGRAMS = [
    "/usr/bin/gunicorn", "/bin/x", "-/bin/x", "@/bin/x name", "+/bin/x", "!/bin/x", "!!/bin/x", ":/bin/x", "-@:+/bin/x n", "gunicorn",
    '"/opt/my app/x"', "/opt/%p/x", "%h/x", "/bin//x", "/opt/a\\x20b",
]  # fmt: skip
BAD_PROGRAMS = [
    "venv/bin/x",
    "./x",
    "/bin/",
    '""',
    "- /bin/x",
    "-venv/bin/x",
    "%z",
    "~/x",
    '"/bin/x',
    "+!/bin/x",
    "--/bin/x",
]
SCALARS = {
    "Type": ["simple", "exec", "notify", "simpel", "Simple", "forking", "oneshot", "idle"],
    "Restart": ["always", "on-failure", "no", "sometimes", "on-abort", "yes"],
    "User": ["www-data", "root", "", "1000", "%p", "a:b", "x # y", ".", "a\tb", "a\x7f", "a..", "a b"],
    "WorkingDirectory": [
        "/srv/x",
        "/srv/a b",
        "~",
        "-/x",
        "rel",
        '"/q"',
        "%t/x",
        "",
        "/srv/x/",
        "-rel",
        "~/x",
        "/srv # c",
        "/x/../y",
    ],
    "UMask": ["022", "0077", "999", "7", "x"],
    "KillMode": ["mixed", "process", "none", "all"],
    "PrivateTmp": ["yes", "true", "on", "1", "maybe", "NO"],
    "RestartSec": ["5", "5s", "1min 30s", "abc", "100ms", "5 foo", "1.5s", "5  s"],
    "ProtectSystem": ["full", "strict", "yes", "strictt"],
}

SEPARATORS = 8 * ["=", " = ", "= "] + ["=\xa0", "=\x0b", "=\x0c"]  # the last three are no blanks to systemd


def some_words(rng: random.Random, most: int, nasty: float) -> str:
    words = [rng.choice(NASTY if rng.random() < nasty else WORDS) for _ in range(rng.randint(0, most))]
    return "".join(word + rng.choice([" ", " ", "  ", "\t"]) for word in words)


def command(rng: random.Random) -> str:
    program = rng.choice(BAD_PROGRAMS if rng.random() < 0.08 else PROGRAMS)
    text = f"{program} {some_words(rng, 6, 0.03)}"
    if rng.random() < 0.3:  # continue it on a line or two
        parts = text.split(" ")
        at = rng.randint(1, len(parts))
        between = rng.choice(["", "", "# comment\n", "   ; comment\n", "\n", "  \n"])
        text = " ".join(parts[:at]) + rng.choice([" \\\n", "\\\n", " \\ \n"]) + between + "  " + " ".join(parts[at:])
    return text


def environment(rng: random.Random) -> str:
    choices = [
        "A=1",
        '"B=x y"',
        "C='a b'",
        "D=%n",
        "E=%%",
        "F=$A",
        "G=a\\tb",
        "H=",
        "PATH=/v/bin",
        "A = 1",
        "9x=1",
        "I=%h",
        "export J=1",
        'K="q\\"q"',
    ]
    nasty = ["L=\\q", 'M="open', "N=%z", "O=a\\ b", "x", "=y"]
    return " ".join(rng.choice(nasty if rng.random() < 0.05 else choices) for _ in range(rng.randint(0, 4)))


def line(rng: random.Random) -> str:
    what = rng.random()
    if what < 0.3:
        key, value = rng.choice(["ExecStartPre", "ExecStart", "ExecReload", "ExecStop"]), command(rng)
    elif what < 0.6:
        key, value = "Environment", environment(rng)
    elif what < 0.9:
        key = rng.choice(list(SCALARS))
        value = rng.choice(SCALARS[key])
    else:
        return rng.choice(["# comment", "  ; comment", "", "nonsense", "[Unit]\nDescription=x\n[Service]", "[X-Mine]\nA=b\n[Service]",
                           "Environment=", "ExecStartPre=", "execstart=/bin/q", "[Sevice]\nUser=q\n[Service]", "=x", "\\", "User: q"])  # fmt: skip
    return f"{rng.choice(['', '', ' '])}{key}{rng.choice(SEPARATORS)}{value}{rng.choice(['', '', ' '])}"


def unit_text(rng: random.Random) -> str:
    lines = [line(rng) for _ in range(rng.randint(0, 7))]
    text = "\n".join(["[Service]", *(["ExecStart=" + command(rng)] if rng.random() < 0.8 else []), *lines])
    text += rng.choice(["\n", "", "\\", "\n[Install]\nWantedBy=multi-user.target\n"])
    if rng.random() < 0.15:
        text = text.replace("\n", "\r\n")
    return ("\ufeff" if rng.random() < 0.05 else "") + text


LISTENS = [
    "8000", "127.0.0.1:8000", "0.0.0.0:8001", "[::1]:8002", "[::]:80", "/run/a/b.sock", "/run//c.sock", "/run/d/", "%t/x.sock", "/run/%p.sock",
    "/run/./e/f.sock", "/run/a b.sock", "/run/100%%.sock", "65535", "1", "10.0.0.1:65535",
]  # fmt: skip
BAD_LISTENS = [
    "localhost:8000", "*:8000", ":8000", "127.0.0.1", "unix:/x", "http://127.0.0.1:80", "8000 8001", "99999", "0", "rel.sock", '"/q"', "~/x",
    "127.0.0.1:080", "127.0.0.1:99999", "127.0.0.1:", "[::1]", "::1:80", "1.2.3:80", "256.0.0.1:80", "/run/x # c", "+8000", "08000", "8_0",
    "127.0.0.1:+80", "[::1]:080", "[127.0.0.1]:80", "0x1f90", "/run/%z", "/" + "a" * 110, "-/run/x", "８０", "127.0.0.1:80 ", "[::g]:80", "1.2.3.4.5:80",
]  # fmt: skip
OTHER_LISTENS = ["@abstract", "vsock::5", "@%p"]  # no address that a web server connects to


def socket_text(rng: random.Random) -> str:
    lines = ["[Socket]"]
    for _ in range(rng.randint(1, 5)):
        what = rng.random()
        choices = LISTENS if what < 0.5 else BAD_LISTENS if what < 0.85 else OTHER_LISTENS if what < 0.9 else [""]
        lines.append(f"ListenStream{rng.choice(['=', ' = '])}{rng.choice(choices)}")
    if rng.random() < 0.5:
        lines.append("ListenDatagram=/run/d.sock")
    return "\n".join([*lines, "SocketMode=0660", ""])


def encoded(text: str, rng: random.Random) -> bytes:
    """Some files come from an editor that writes Latin-1, some have a line of many thousand characters."""
    if rng.random() < 0.03:
        text = text.replace("\n", rng.choice(["\n# é\n", "\nDescription=é\n", "\nEnvironment=V=é\n", "\n[Unit]\nDescription=a \\\n# ü\n b\n[Service]\n"]), 1)  # fmt: skip
        return text.removeprefix("\ufeff").encode("latin-1", "replace")
    if rng.random() < 0.02:
        text += "\n[Service]\nEnvironment=LONG=" + "x" * rng.choice([2047, 2048, 4096, 60000])
    return text.encode()


def generate(count: int, seed: int) -> dict[str, bytes]:
    rng = random.Random(seed)
    files: dict[str, bytes] = {}
    for number in range(count):
        name = rng.choice(["u{}", "my-app{}", "t{}@x-y"]).format(number)
        files[f"{name}.service"] = encoded(unit_text(rng), rng)
        if rng.random() < 0.3:
            files[f"s{number}.socket"] = socket_text(rng).encode()
        if rng.random() < 0.25:
            owner = rng.choice([name, name.partition("@")[0] + "@" * ("@" in name)])
            files[f"{owner}.service.d/{rng.choice(['5-z', '20-b', 'A'])}.conf"] = encoded(unit_text(rng), rng)
    return files


def read(files: dict[str, bytes], folder: str) -> dict[str, Unit]:
    for name, text in files.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(text)
    tree = Tree(folder)
    sources = [source for path in tree.paths if (source := tree.read(path)) is not None]
    return {unit.name: unit for unit in systemd.read(sources, tree)}


def commands_of(unit: Unit) -> dict[str, list[list[str]]]:
    """The words of every command as systemd shows them: argv[0] first, which is the program or what `@` makes it."""
    found: dict[str, list[list[str]]] = {}
    for each in unit.commands:
        words = (each.argv0 or each.words[0], *each.words[1:])
        found.setdefault(each.key, []).append([word.text for word in words])
    return found


def environment_of(unit: Unit) -> dict[str, str]:
    return {
        variable.name: variable.value.value
        for variable in unit.environment.variables
        if isinstance(variable.value, Known) and variable.name not in ("USER", "LOGNAME")
    }


def compare(unit: Unit, understood: Understood) -> list[str]:
    """Return what differs between our reading and systemd's."""
    refused = any(problem.kind.startswith("refused") for problem in unit.problems)
    if unit.kind == "service" and not unit.exec_start and understood.state == "bad-setting":
        return []  # nothing is left to run; why, another problem says
    if refused or understood.state != "loaded":
        return [] if refused == (understood.state != "loaded") else [f"refused {refused}, but {understood.state}"]
    differs = []
    theirs = understood.commands
    if commands_of(unit) != theirs:
        differs.append(f"commands: {commands_of(unit)} != {theirs}")
    if unit.kind == "socket":
        return differs + sockets(unit, understood)
    directory = units.runs(unit)
    if directory is not None and isinstance(directory.directory, (Known, Default)):
        told, really = directory.directory.value, understood.last("WorkingDirectory")
        differs += [f"directory: {told} != {really}"] if told != really else []
    variables = dict(text.partition("=")[::2] for text in understood.settings.get("Environment", []))
    if environment_of(unit) != variables:
        differs.append(f"environment: {environment_of(unit)} != {variables}")
    for key, default in (
        ("User", None),
        ("Type", "simple"),
        ("Restart", "no"),
        ("KillMode", "control-group"),
    ):
        entry = unit.last("Service", key)
        ours = systemd.expand(unit.name, entry.value) if entry else default
        if ours != understood.last(key):
            differs.append(f"{key}: {ours} != {understood.last(key)}")
    return differs


def sockets(unit: Unit, understood: Understood) -> list[str]:
    refused = {problem.at for problem in unit.problems if problem.kind == "bad-address"}
    binds = [bind for bind in binds_of(unit) if bind.written[:1] != "@" and not bind.written.startswith("vsock")]
    told = [str(b.address.value) if isinstance(b.address, Known) else b.written for b in binds if b.at not in refused]
    opened = [text for text in understood.settings.get("ListenStream", []) if text[0] != "@" and "vsock" not in text]
    really = [str(unix(text)) if text.startswith("/") else text for text in opened]
    return [f"listens: {told} != {really}"] if told != really else []


def differences(files: dict[str, bytes], answer: Answer, ours: dict[str, Unit]) -> list[str]:
    found = []
    for name, unit in ours.items():
        if unit.partial:
            continue
        differs = compare(unit, answer.units[name])
        if differs:
            shown = [f"{source.path}: {source.text!r}" for source in unit.files]
            found.append("\n".join([name, *shown, *differs]))
    return found


def test_generated_units_mean_the_same_to_systemd(tmp_path):
    for batch, start in enumerate(range(0, EXAMPLES, 300)):
        files = generate(min(300, EXAMPLES - start), seed=20260101 + batch)
        folder = tmp_path / str(batch)
        folder.mkdir()
        found = differences(files, ask(files), read(files, str(folder)))
        assert not found, "\n\n".join(found[:5])
