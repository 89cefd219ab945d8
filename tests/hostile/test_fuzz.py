"""A short run of the fuzzer, the same one on every machine."""

from .fuzz import run


def test_mutated_deployments():
    assert list(run(range(1, 401))) == []
