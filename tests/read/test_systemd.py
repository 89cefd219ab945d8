"""What the systemd reader makes of hand-written units; the messages are compared with systemd's own."""

from pathlib import Path

import pytest

from flasklint.facts import Environment, Exec, Unit, Variable, Word
from flasklint.read import systemd
from flasklint.read.systemd.names import unit_name
from flasklint.source import Source
from flasklint.tree import Tree
from flasklint.value import Default, Known, Unknown
from tests.programs import SYSTEMD, needs

from .systemd_oracle import ask

START = "[Service]\nExecStart=/bin/x\n"


def read(tmp_path, files: dict[str, str]) -> list[Unit]:
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    tree = Tree(str(tmp_path))
    names = [path for path in tree.paths if systemd.looks_like(path, tree.head(path))]
    return list(systemd.read([source for path in names if (source := tree.read(path))], tree))


def one(tmp_path, text: str, name: str = "shop.service", **more: str) -> Unit:
    return next(unit for unit in read(tmp_path, {name: text, **more}) if unit.source.path.endswith(name))


def kinds(unit: Unit) -> list[str]:
    return [problem.kind for problem in unit.problems]


def words(unit: Unit) -> list[str]:
    return [word.text for word in unit.exec_start[0].words]


# ------------------------------------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("a.service", "[Unit]\n", True),
        ("a.service", "# c\r\n[Service]\r\n", True),
        ("deploy/a@.service.j2", "{{ managed }}\n[Unit]\n", True),
        ("a.service.template", "[Service]\n", True),
        ("a.service.d/x.conf", "[Service]\n", True),
        ("units/shop", "[Unit]\nDescription=x\n[Service]\nExecStart=/x\n", True),
        ("flask.service", "#!/bin/sh\n### BEGIN INIT INFO\n", False),
        ("nginx.service.j2", "server {\n listen 80;\n}\n", False),
        ("org.x.service", "[D-BUS Service]\nName=x\nExec=/x\n", False),
        ("avahi.service", "<service-group>[x]</service-group>", False),
        ("x.conf", "[program:x]\ncommand=/x\n", False),
        ("README.md", "# Set up\n```\n[Unit]\n[Service]\nExecStart=/x\n```\n", False),
        ("install.sh", "#!/bin/sh\ncat > x <<E\n[Service]\nExecStart=/x\nE\n", False),
        ("service", "[Service]\nx\n", False),
    ],
)
def test_looks_like(name, head, expected):
    assert systemd.looks_like(name, head.encode()) is expected


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("x/shop.service.j2", "shop.service"),
        ("flask_app.service.template", "flask_app.service"),
        ("shop@.socket", "shop@.socket"),
        ("units/shop", "shop.service"),
        ("shop.service.example.j2", "shop.service"),
    ],
)
def test_unit_name(path, name):
    assert unit_name(path) == name


# ------------------------------------------------------------------------------------------- lines


def test_every_word_has_its_place_also_in_continued_lines(tmp_path):
    text = '[Service]\nExecStart=/bin/x one \\\n  # a comment\n  --bind="a b" \\\n\t%n\n'
    unit = one(tmp_path, text)
    assert words(unit) == ["/bin/x", "one", "--bind=a b", "shop.service"]
    assert [word.at.text for word in unit.exec_start[0].words] == ["/bin/x", "one", '--bind="a b"', "%n"]
    assert [word.at.line for word in unit.exec_start[0].words] == [2, 2, 4, 5]
    assert unit.entries[0].at.text.startswith("/bin/x one") and unit.entries[0].at.text.endswith("%n")


def test_prefixes_are_not_part_of_the_first_word(tmp_path):
    command = one(tmp_path, "[Service]\nExecStart=-@:+/bin/x name a\n").exec_start[0]
    assert command.prefixes == "-@:+"
    assert [(word.text, word.at.text) for word in command.words] == [("/bin/x", "/bin/x"), ("a", "a")]


def test_a_value_keeps_its_case_its_colons_and_semicolons(tmp_path):
    unit = one(tmp_path, START + "RemainAfterExit=yes\nRestart: always\nDescription=x\nUser=a ;b\n")
    assert [entry.key for entry in unit.entries] == ["ExecStart", "RemainAfterExit", "User"]
    assert unit.last("Service", "User").value == "a ;b"


def test_crlf_and_byte_order_mark(tmp_path):
    unit = one(tmp_path, "\ufeff[Service]\r\nExecStart=/bin/x \\\r\n  a\r\nUser=www-data\r\n")
    assert words(unit) == ["/bin/x", "a"]
    assert unit.last("Service", "User").value == "www-data"
    assert kinds(unit) == []


def test_empty_assignment_resets(tmp_path):
    unit = one(tmp_path, START + "User=a\nUser=\nExecStart=\nExecStart=/bin/y\nEnvironment=A=1\nEnvironment=\n")
    assert unit.last("Service", "User") is None
    assert words(unit) == ["/bin/y"]
    assert unit.environment.get("A") is None
    assert kinds(unit) == []


# --------------------------------------------------------------------------------------- templates


def test_templates_keep_their_holes_and_make_no_problems(tmp_path):
    text = (
        "# {{ ansible_managed }}\n{{ ansible_managed | comment }}\n{# ExecStart=/old #}\n[Service]\n"
        "ExecStart={{ venv  }}/bin/gunicorn -b {{ host | default('a b') }}:{{ port }} \\\n{% if x %}\n  --reload \\\n{% endif %}\n"
        "  app:app\n{% if a %}\nExecStart=/x\n{% endif %}\nUser={{ user }}\n{{ extra }}\nType=<%= t %>\n"
    )
    unit = one(tmp_path, text, "shop.service.j2")
    assert kinds(unit) == []
    assert words(unit)[0] == "{{venv}}/bin/gunicorn"
    assert words(unit)[1:] == ["-b", "{{host | default('a b')}}:{{port}}", "--reload", "app:app"]
    assert unit.last("Service", "User").value == "{{user}}"


def test_envsubst_in_the_program_is_no_fault_unless_the_unit_sets_the_variable(tmp_path):
    text = "[Service]\nExecStart=${VENV}/bin/gunicorn app:app\n"
    assert kinds(one(tmp_path, text)) == []
    assert kinds(one(tmp_path, text + "Environment=VENV=/srv/v\n")) == ["refused-exec-not-absolute"]


@pytest.mark.parametrize(
    "text",
    [
        "{{",
        "[Service]\nA={{ {% <% \\\n",
        "{#" * 2000,
        "[Service]\nExecStart=" + '"{{a" ' * 20000,
        "\\\n" * 50000,
    ],
)
def test_hostile_text_is_read_in_linear_time(tmp_path, text):
    one(tmp_path, "[Unit]\n" + text)


# ------------------------------------------------------------------------------------- environment


def test_environment_file_beats_environment_and_is_found_by_its_ending(tmp_path):
    unit = read(
        tmp_path,
        {
            "deploy/shop.service": START
            + "EnvironmentFile=-/etc/default/shop\nEnvironment=A=unit B=unit\nEnvironmentFile=/srv/shop/.env\n",
            "etc/default/shop": "A=default\nexport X=1\n# c\nH=val # t\nQ='a b'\"c\"\nE=a\\$b \\\n  c\n",
            ".env": "C=env\n",
            "other/env": "",
        },
    )[0]
    known = {name: unit.environment.get(name) for name in "ABCHQE"}
    assert {name: value.value for name, value in known.items() if isinstance(value, Known)} == {
        "A": "default", "B": "unit", "C": "env", "H": "val # t", "Q": "a bc", "E": "a$b   c",
    }  # fmt: skip
    assert known["H"].at.text == "val # t" and known["H"].at.path.endswith("etc/default/shop")
    assert unit.environment.complete and unit.environment.get("X") is None
    assert kinds(unit) == ["env-file-export"]


def test_a_file_that_is_not_here_leaves_the_environment_open(tmp_path):
    unit = one(tmp_path, START + "EnvironmentFile=/etc/shop/env\nPassEnvironment=P\n")
    assert unit.environment.unseen == ("/etc/shop/env",)
    assert isinstance(unit.environment.get("ANY"), Unknown)
    assert isinstance(unit.environment.get("P"), Unknown)


def test_what_the_manager_sets(tmp_path):
    unit = one(tmp_path, START + 'User=www-data\nRuntimeDirectory=a b\nUnsetEnvironment=PATH\nEnvironment="A=b=c"\n')
    environment = unit.environment
    assert environment.known("USER").value == "www-data"
    assert environment.known("RUNTIME_DIRECTORY").value == "/run/a:/run/b"
    assert environment.known("A").value == "b=c"
    assert environment.get("PATH") is None
    assert isinstance(one(tmp_path, START).environment.get("PATH"), Default)


# ------------------------------------------------------------------------------------- $ and %


SOURCE = Source("x", "x")
AT = SOURCE.whole()


def expanded(*arguments: str, prefixes: str = "", complete: bool = True, **variables: str) -> list[str]:
    command = Exec("ExecStart", prefixes, tuple(Word(text, AT) for text in ("/bin/x", *arguments)), AT)
    environment = Environment(
        tuple(Variable(name, Known(value, AT), AT) for name, value in variables.items()), complete
    )
    words = [word for _, got in systemd.expand_each(command, environment) for word in got]
    return [word.text if word.fixed else f"?{word.text}" for word in words][1:]


@pytest.mark.parametrize(
    ("word", "result"),
    [
        ("${A}", ["a b"]), ("x${A}y${A}", ["xa bya b"]), ("$A", ["a", "b"]), ("$Q", ["c d", "e"]), ("pre$A", ["pre$A"]),
        ("unix:$A", ["unix:$A"]), ("$A:$B", []), ("$NONE", []), ("${NONE}", [""]), ("${A:-x}", ["${A:-x}"]), ("$$A", ["$A"]),
        ("$", []), ("a$", ["a$"]), ("${A", ["${A"]), ("$(date)", []), ("$MAINPID", ["?$MAINPID"]), ("${{{x}}}", ["?${{{x}}}"]),
    ],
)  # fmt: skip
def test_variables_of_a_command(word, result):
    assert expanded(word, A="a b", Q="'c d' e") == result


def test_what_cannot_be_told_stays_as_written():
    assert expanded("$A", "${A}x", complete=False) == ["?$A", "?${A}x"]
    assert expanded("$A", prefixes=":", A="1") == ["$A"]


@pytest.mark.parametrize(
    ("unit", "text", "result"),
    [
        ("a-b.service", "%n %N %p %j %i %%", "a-b.service a-b a-b b  %"),
        ("a@x-y.service", "%i %I %p %f", "x-y x/y a /x/y"),
        ("a@.service", "%i%n", "{{%i}}{{%n}}"),
        ("a.service", "%t%S%C%L%E%T%V%h%u", "/run/var/lib/var/cache/var/log/etc/tmp/var/tmp/rootroot"),
        ("a.service", "%(h)s 100% %z {%if x%}", "%(h)s 100% %z {%if x%}"),
        ("a.service", "%H %m", "{{%H}} {{%m}}"),
    ],
)
def test_specifiers(unit, text, result):
    assert systemd.expand(unit, text) == result


def test_specifiers_of_a_user_unit():
    assert systemd.expand("a.service", "%h %t %T", "user") == "{{%h}} {{%t}} /tmp"


# ---------------------------------------------------------------------------------------- drop-ins


def test_drop_ins_are_applied_by_name_and_nearness(tmp_path):
    units = read(
        tmp_path,
        {
            "a/shop.service": START,
            "a/shop.service.d/20-b.conf": "[Service]\nUser=twenty\n",
            "a/shop.service.d/5-z.conf": "[Service]\nUser=five\n",
            "a/service.d/all.conf": "[Service]\nUMask=077\n",
            "b/shop.service": START,
            "b/conf/shop.service.d/x.conf": "[Service]\nUser=b\nExecStart=\nExecStart=/bin/y\n",
            "nginx.service.d/x.conf": "[Service]\nPrivateTmp=no\n",
        },
    )
    users = {unit.source.path.rpartition("test_")[0] + unit.name: unit for unit in units}
    assert len(units) == 3 and len(users) <= 3
    one_, two, other = units
    assert one_.last("Service", "User").value == "five"  # bytewise: "5" comes after "2"
    assert one_.last("Service", "UMask") and not two.last("Service", "UMask")
    assert two.last("Service", "User").value == "b" and words(two) == ["/bin/y"]
    assert other.partial and other.name == "nginx.service" and kinds(other) == []


def test_a_fatal_line_of_a_drop_in_costs_only_the_rest_of_it(tmp_path):
    unit = read(
        tmp_path,
        {"a.service": START, "a.service.d/x.conf": "[Service]\nUMask=077\nWorkingDirectory=rel\nUser=x\n"},
    )[0]
    assert kinds(unit) == ["drop-in-cut"]
    assert [entry.key for entry in unit.entries] == ["ExecStart", "UMask"]


# ---------------------------------------------------------------------------------------- problems


CASES = {
    "unknown-key": "RestartSecs=3\n",
    "unknown-section": "[Instal]\nWantedBy=x.target\n",
    "missing-equals": "Restart always\n",
    "bad-value": "Restart=allways\n",
    "bad-environment": "Environment=A = 1\n",
    "bad-escape": "ExecStartPre=/bin/x a\\ b\n",
    "bad-path": "EnvironmentFile=.env\n",
    "bad-specifier": "Environment=P=a%zb\n",
    "bad-dependency": "[Unit]\nAfter=network\n",
    "bad-exec": "ExecStartPre=-/bin/\n",
    "bad-exec-not-absolute": "ExecStartPre=-venv/bin/x\n",
    "trailing-comment": "RestartSec=5 # seconds\n",
    "refused-section-header": "[Install] # c\n",
    "refused-exec-not-absolute": "ExecStartPre=venv/bin/x\n",
    "refused-exec-empty": 'ExecStartPre="" a\n',
    "refused-exec-directory": "ExecStartPre=/srv/\n",
    "refused-exec-special": "ExecStartPre='/srv/\"x'\n",
    "refused-unbalanced-quote": 'ExecStartPre=/bin/x "a\n',
    "refused-specifier": "ExecStartPre=/bin/x %z\n",
    "refused-working-directory": "WorkingDirectory=~/x\n",
    "refused-root-directory": "RootDirectory=x\n",
    "refused-user": "User=a:b\n",
}


@pytest.mark.parametrize("kind", CASES)
def test_one_problem_per_cause(tmp_path, kind):
    assert set(kinds(one(tmp_path, START + CASES[kind]))) == {kind}


@needs(SYSTEMD)
def test_the_messages_are_systemds_own(tmp_path):
    files = {f"{kind}.service": START + text for kind, text in CASES.items()}
    answer = ask(files)
    for unit in read(tmp_path, files):
        for problem in unit.problems:
            assert (problem.at.line, problem.message) in answer.messages[unit.name]
        refused = any(kind.startswith("refused") for kind in kinds(unit))
        assert refused == (answer.units[unit.name].state != "loaded")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (START + "ExecStart=/bin/y\n", ["refused-two-exec-start"]),
        ("[Service]\nUser=x\n", ["refused-no-exec-start"]),
        ("[Unit]\nExecStart=/bin/x\n[Service]\nUser=x\n", ["unknown-key"]),
        ("[Sevice]\nExecStart=/bin/x\n", ["unknown-section"]),
        (START + "Type=oneshot\nRestart=always\n", ["refused-oneshot-restart"]),
        (START + "Type=oneshot\nExecStart=/bin/y\n", []),
        ("[Service]\nExecStart=/bin/x a \\\nEnvironment=A=1\n", ["dangling-continuation"]),
        ("[Service]\nExecStart=/bin/x a \\\n[Install]\n", ["dangling-continuation"]),
        ("[Service]\nExecStart=/usr/bin/env \\\n A=1 /bin/x\n", []),
        ("[Service]\nExecStart=/bin/x a # the app\n", ["trailing-comment"]),
        ("[Service]\nExecStart=/bin/x --colour #fff --x '# y' http://a/#b\n", ["trailing-comment"]),
        ("[Service]\nExecStart=/bin/sh -c 'a # b' '#!x'\n", []),
        (START + "WorkingDirectory=/srv # c\n", ["trailing-comment"]),
        (START + "Environment=A=1 # c\n", ["trailing-comment"]),
        (START + 'Environment="PW=a #b" U=http://x/#y P=#1\n', []),
        ("[Unit]\nDescription=The # 1 shop ; really\n" + START, []),
        (START + "X-Mine=1\n[X-Mine]\nA=1\n", []),
        (START + "RestartSteps=3\nType=notify-reload\nPrivateTmp=disconnected\nFooFromTheFuture=1\n", []),
        (
            START + "StartLimitInterval=0\nStandardOutput=append:/x\nStandardError=syslog\nKillSignal=QUIT\n",
            [],
        ),
        (START + "TimeoutStopSec=1min 30s\nRestartSec=100ms\nWatchdogSec=infinity\nLimitNOFILE=1:2\n", []),
        (START + "StartLimitIntervalSec=0\n", ["unknown-key"]),
        ("[Service]\nExecStart=_TARGET_DIR/bin/x\nWorkingDirectory=<dir>/x\n", []),
        ("User=x\n" + START, ["outside-section"]),
        ("Unit]\nUser=x\n" + START, ["outside-section"]),
    ],
)
def test_kinds(tmp_path, text, expected):
    assert kinds(one(tmp_path, text)) == expected


def test_repairs(tmp_path):
    said = {
        problem.at.text: problem.repair
        for problem in one(
            tmp_path, START + "StartLimitIntervalSec=0\nexecstop=/x\nRestart=allways\n[Unit]\nAfter=network\n"
        ).problems
    }
    assert said["StartLimitIntervalSec"] == "StartLimitIntervalSec= belongs in [Unit]"
    assert said["execstop"] == "write ExecStop="
    assert said["allways"] == "write Restart=always"
    assert said["network"] == "write network.target"


@pytest.mark.parametrize(
    ("listen", "bad"),
    [
        ("8000", False), ("127.0.0.1:8000", False), ("[::1]:8000", False), ("/run/x.sock", False), ("%t/x.sock", False), ("@x", False),
        ("localhost:8000", True), ("*:8000", True), (":8000", True), ("unix:/x", True), ("99999", True), ("run/x", True), ("²", True),
    ],
)  # fmt: skip
def test_listen_stream(tmp_path, listen, bad):
    unit = one(tmp_path, f"[Socket]\nListenStream={listen}\n", "shop.socket")
    assert kinds(unit) == (["refused-no-listen"] if bad else [])


def test_an_address_that_is_none_is_ignored_where_another_is_left(tmp_path):
    unit = one(tmp_path, "[Socket]\nListenStream=*:8000\nListenStream=8000\n", "shop.socket")
    assert kinds(unit) == ["bad-address"]


def test_a_file_that_is_not_utf8_is_refused_for_its_assignments_only(tmp_path):
    for line, expected in (("# caf\xe9", []), ("Description=caf\xe9", ["refused-encoding"])):
        (tmp_path / "shop.service").write_bytes(f"[Unit]\n{line}\n[Service]\nExecStart=/bin/x\n".encode("latin-1"))
        tree = Tree(str(tmp_path))
        source = tree.read("shop.service")
        assert source is not None
        assert kinds(systemd.read([source], tree)[0]) == expected


def test_scope(tmp_path):
    assert one(tmp_path, START).scope == "system"
    assert one(tmp_path, START + "[Install]\nWantedBy=default.target\n").scope == "user"
    assert read(tmp_path / "u", {"systemd/user/a.service": START})[0].scope == "user"


@needs(SYSTEMD)
@pytest.mark.parametrize(
    ("key", "value", "is_refused"),
    [
        ("User", "\xa0shop", False), ("User", "\x0cshop", True), ("User", "\x0c1000", False), ("User", "sh\top", True),
        ("Group", "..", True), ("WorkingDirectory", "\x0b/srv", True), ("Description", "\xa0", False),
    ],
)  # fmt: skip
def test_what_is_no_blank_to_systemd(key: str, value: str, is_refused: bool, tmp_path: Path) -> None:
    text = f"[Service]\nExecStart=/bin/true\n{key}={value}\n"
    (tmp_path / "a.service").write_text(text)
    tree = Tree(str(tmp_path))
    source = tree.read("a.service")
    assert source is not None
    (unit,) = systemd.read([source], tree)
    assert (ask({"a.service": text}).units["a.service"].state == "bad-setting") is is_refused
    assert any(problem.refuses for problem in unit.problems) is is_refused
