"""What a running nginx does is what the facts say: who answers, what is sent where, which file is served."""

import json
import socket
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from flasklint.facts import NginxConfig
from flasklint.read import nginx
from flasklint.tree import Tree

from .echo import MARK, echoes
from .nginx_choice import Site, choose_server
from .nginx_expect import Expected, Request, expect
from .nginx_program import EXAMPLES, HEAD, HTTP, free_port, need_nginx, running
from .nginx_scenes import FILES, PATTERNS, TAILS, Batch, Scenes

PER_BATCH = 10
CONFIGS = int(EXAMPLES) // 2 if EXAMPLES else 60


class Answer:
    """What came back: the status, the mark of the location, and what the upstream or the file said."""

    def __init__(self, raw: bytes) -> None:
        head, _, body = raw.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        self.status = first.split(" ")[1] if " " in first else "none"
        self.place = headers.get("x-place", "")
        self.echo = json.loads(body) if MARK.lower() in headers else None
        self.body = body.decode("latin-1")


def ask(port: int, request: Request) -> Answer:
    head = f"GET {request.target} HTTP/1.1\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in request.headers)
    if request.body:
        head += f"Content-Length: {request.body}\r\n"
    with socket.create_connection(("127.0.0.1", port), 60) as connection:
        connection.settimeout(60)
        connection.sendall(f"{head}Connection: close\r\n\r\n{'b' * request.body}".encode("latin-1"))
        chunks = []
        while chunk := connection.recv(65536):
            chunks.append(chunk)
    return Answer(b"".join(chunks))


def some_request(random: Random, number: int, hosts: list[str]) -> Request:
    host = f"s{number}.test"
    if random.random() < 0.3:
        others = [
            "www.both.test",
            "both.test",
            "a.b.both.test",
            "nobody.test",
            f"a.s{number}.test",
            f"www.s{number}.de",
            "re1.test",
            "_",
        ]
        host = random.choice([*others, random.choice(hosts).upper(), f"{host}:99"])
    target = random.choice(PATTERNS) + random.choice(TAILS)
    if random.random() < 0.15:
        target = target.partition("?")[0] + "?go=1"
    given = [
        ("X-Client", "c"),
        ("X-Real-IP", "9.9.9.9"),
        ("X-Forwarded-For", "8.8.8.8"),
        ("Upgrade", "websocket"),
        ("X-Other", "o"),
    ]
    headers = [("Host", host), *random.sample(given, random.randint(0, 3))]
    return Request(target, tuple(headers), random.choice([0, 0, 0, 7, 120, 300]))


def lay_out(folder: Path, batch: Batch) -> NginxConfig:
    for name in FILES:
        path = folder / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(str(path))
    for name, text in batch.files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{HEAD}http {{\n{HTTP}{text}}}\n" if name == "nginx.conf" else text)
    tree = Tree(str(folder), list(batch.files))
    source = tree.read("nginx.conf")
    assert source is not None
    (config,) = nginx.read([source], tree)
    # Nothing is wrong but that `@app` may be missing, of which nginx says nothing before it is needed.
    assert {problem.kind for problem in config.problems} <= {"missing-location"}
    return config


def differs(site: Site, expected: Expected, answer: Answer) -> str:
    """Say in which way an answer is not the expected one; "" where it is."""
    place = expected.place
    forwarding = {_mark(each) for each in site.server.locations if each.forwards}
    if answer.status == "413" and answer.place not in forwarding:
        return ""  # the facts tell the limit only where something is forwarded
    if place is not None and answer.place not in ("", _mark(place)):
        return f"answered by {answer.place}, not {_mark(place)}"
    if expected.kind == "upstream":
        return _differs_upstream(expected, answer)
    if answer.echo is not None:
        return f"an upstream answered, not {expected.kind}"
    if expected.kind == "file":
        same = answer.status == "200" and Path(answer.body).samefile(expected.file)
        return "" if same else f"{answer.status} {answer.body[:80]!r}, not the file {expected.file}"
    return "" if expected.kind in ("answer", answer.status) else f"{answer.status}, not {expected.kind}"


def _mark(place: object) -> str:
    """The mark that the generator wrote first into the block of this place."""
    at = place.at
    return str(at.source.text[at.end :].partition('X-Place "')[2].partition('"')[0])


def _differs_upstream(expected: Expected, answer: Answer) -> str:
    if answer.echo is None:
        return f"{answer.status} {answer.body[:60]!r}, not the upstream"
    if answer.echo["to"] not in expected.members:
        return f"sent to {answer.echo['to']}, not to one of {sorted(expected.members)}"
    passed = answer.echo["line"].split(" ", 1)[1].rpartition(" ")[0]
    if passed != expected.line:
        return f"passed {passed}, not {expected.line}"
    headers = sorted((name.lower(), value) for name, value in answer.echo["headers"])
    return "" if headers == list(expected.headers) else f"sent {headers}, not {list(expected.headers)}"


def misplaced(config: NginxConfig) -> Iterator[str]:
    """Headers whose value says that they were written elsewhere than the facts have it."""
    for location in (location for server in config.servers for location in server.locations if location.forwards):
        assert location.forwards is not None
        headers = location.forwards.headers
        if not headers.complete:
            yield f"{location.at.text}: everything was read, and the headers are not complete"
        for header in headers.sent:
            level, name, *_ = [*header.value.split("|"), ""]
            if "|" in header.value and (level != headers.level or (name and not header.at.path.endswith(name))):
                yield f"{header.value} is said to be of {headers.level} in {header.at.path}"
            if header.value not in header.at.text:
                yield f"{header.value} is not at {header.at.text}"


@pytest.fixture(scope="module")
def upstreams(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    need_nginx()
    with echoes(tmp_path_factory.mktemp("echo")) as addresses:
        yield addresses


def test_nginx_does_what_the_facts_say(tmp_path: Path, upstreams: list[str]) -> None:
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    tmp_path.chmod(0o755)
    for seed in range(-(-CONFIGS // PER_BATCH)):
        random, port, folder = Random(seed), free_port(), tmp_path / str(seed)
        folder.mkdir()
        batch = Scenes(random, folder, port, upstreams).batch(PER_BATCH)
        config = lay_out(folder, batch)
        wrong += [f"batch {seed}: {each}" for each in misplaced(config)]
        with running(folder, folder / "nginx.conf", [port]):
            for number in range(PER_BATCH * 3):
                request = some_request(random, number // 3, batch.hosts)
                site = Site(config, choose_server(config, port, request.host), str(folder), port)
                expected = expect(site, request)
                said = differs(site, expected, ask(port, request))
                counts[expected.kind] += 1
                if said:
                    wrong.append(f"batch {seed}: {request}: {said}")
    print(*(f"{count:6} {name}" for name, count in sorted(counts.items())), sep="\n")
    assert not wrong, "\n".join(wrong)
