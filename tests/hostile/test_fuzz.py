"""A short run of the fuzzer, the same one each time."""

from .fuzz import run


def test_mutated_deployments():
    assert list(run(4, seed=1)) == []
