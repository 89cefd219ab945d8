"""The reader of proofs: what it makes of a file, and what it refuses."""

import pytest

from ..reality.machine.plan import Mode
from ..reality.verdict import Verdict
from .format import MalformedError, apply, parse
from .host import plan

PROOF = """seen: fails to start: exec: status=203/EXEC
engine: systemd
# a remark
mode: /home/shop 0750 shop:shop
mode: /srv/shop/static 0700
user: www-data shop
ask: restart shop.service
request: /static/site.css
place: /opt/shop = code
venv: /opt/shop/venv without waitress, gunicorn==22.0.0
answer: body
== broken ==
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/env/bin/gunicorn app:app
-- /etc/shop.env --
A=1
-- static/site.css --
== repaired ==
-- systemd/shop.service --
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/venv/bin/gunicorn app:app
"""


def test_a_proof_is_read() -> None:
    proof = parse("a-rule/a-variant", PROOF)
    assert (proof.rule, proof.seen, proof.words) == ("a-rule", Verdict.EXEC, "status=203/EXEC")
    assert "static/site.css" not in proof.broken and "app.py" in proof.broken
    assert proof.repaired is not None
    assert {path for path in proof.broken if proof.broken[path] != proof.repaired[path]} == {"systemd/shop.service"}


def test_the_host_of_a_proof() -> None:
    planned = plan(proof := parse("a-rule", PROOF), proof.broken)
    assert planned.world.places == {"/srv/shop": "", "/opt/shop": "code"}
    assert planned.world.venvs["/opt/shop/venv"] == ("flask", "gunicorn==22.0.0")
    assert planned.world.venvs["/srv/shop/venv"] == ("flask", "gunicorn", "waitress")
    assert planned.world.supplied == {"/etc/shop.env": "A=1\n"}
    assert planned.modes == (Mode("/home/shop", "0750", "shop:shop"), Mode("/srv/shop/static", "0700", ""))
    assert (planned.members, planned.actions) == ((("www-data", ("shop",)),), ("restart shop.service",))
    (site,) = planned.world.sites
    assert (site.host, site.requests, site.answer) == ("shop.test", ("/static/site.css",), ("body",))


def test_flasklint_may_be_asked_for_the_repair() -> None:
    assert parse("a-rule", f"{PROOF.partition('== repaired')[0]}== repaired ==\n--fix\n").repaired is None


def test_a_file_without_text_is_taken_away() -> None:
    assert apply({"a": "1\n", "b": "2\n", "c": "\n"}, {"a": "", "b": "3\n"}) == {"b": "3\n", "c": "\n"}


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("seen: fails", "seen: falls", "not one of"),
        ("engine: systemd", "engine: docker", "is none of"),
        ("engine: systemd\n", "", "needs 'engine: systemd'"),
        ("ask: restart", "act: restart", "no such key"),
        ("request:", "engine:", "two lines 'engine'"),
        ("== repaired ==\n", "", "after the header"),
        ("0750 shop:shop", "rwxr-x---", "is not '/path 0750 user:group'"),
        ("without waitress", "waitress", "is neither"),
    ],
)
def test_what_cannot_be_read_is_refused(before: str, after: str, words: str) -> None:
    with pytest.raises(MalformedError, match=words):
        plan(proof := parse("a-rule", PROOF.replace(before, after, 1)), proof.broken)
