"""Who reaches whom, and who stands in whose way, on Linux."""

import pytest

from flasklint.address import Address, overlaps, reaches, tcp, unix


@pytest.mark.parametrize(
    ("target", "bind", "expected"),
    [
        (tcp("127.0.0.1", 8000), tcp("127.0.0.1", 8000), True),
        (tcp("localhost", 8000), tcp("127.0.0.1", 8000), True),
        (tcp("127.0.0.1", 8000), tcp("0.0.0.0", 8000), True),
        (tcp("0.0.0.0", 8000), tcp("127.0.0.1", 8000), True),
        (tcp("127.0.0.1", 8000), tcp("::", 8000), True),
        (tcp("::1", 8000), tcp("::", 8000), True),
        (tcp("::1", 8000), tcp("0.0.0.0", 8000), False),
        (tcp("127.0.0.1", 8001), tcp("127.0.0.1", 8000), False),
        (tcp("127.0.0.1", 8000), tcp("127.0.0.2", 8000), False),
        (tcp("[::1]", 8000), tcp("127.0.0.1", 8000), False),
        (tcp("backend", 8000), tcp("127.0.0.1", 8000), None),
        (tcp("127.0.0.1", "{{ port }}"), tcp("127.0.0.1", "{{port}}"), True),
        (tcp("127.0.0.1", "{{ port }}"), tcp("127.0.0.1", 8000), None),
        (tcp("127.0.0.1", 8000), unix("/run/a.sock"), False),
        (unix("/run/a.sock"), unix("/run/a.sock"), True),
        (unix("/run/{{ name }}.sock"), unix("/run/a.sock"), None),
    ],
)
def test_reaches(target: Address, bind: Address, expected: bool | None) -> None:
    assert reaches(target, bind) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (tcp("0.0.0.0", 8000), tcp("127.0.0.1", 8000), True),
        (tcp("::", 8000), tcp("127.0.0.1", 8000), True),
        (tcp("127.0.0.1", 8000), tcp("127.0.0.2", 8000), False),
        (tcp("127.0.0.1", 8000), tcp("127.0.0.1", 8001), False),
        (tcp("127.0.0.1", "{{ port }}"), tcp("127.0.0.1", 8001), None),
        (unix("/run/a.sock"), unix("/run/a.sock"), True),
        (unix("/run/a.sock"), tcp("127.0.0.1", 8000), False),
    ],
)
def test_overlaps(one: Address, other: Address, expected: bool | None) -> None:
    assert overlaps(one, other) is expected
    assert overlaps(other, one) is expected


def test_what_is_open_to_other_machines() -> None:
    assert tcp("0.0.0.0", 80).is_public
    assert tcp("::", 80).is_public
    assert tcp("192.0.2.7", 80).is_public
    assert not tcp("127.0.0.1", 80).is_public
    assert not tcp("{{ ip }}", 80).is_public
    assert not unix("/run/a.sock").is_public
