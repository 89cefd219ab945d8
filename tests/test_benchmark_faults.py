"""The faults of the benchmark are what they are called: each is found by the rule that is named."""

from pathlib import Path

import pytest

from benchmarks.faults import FAULTS, REFERENCE, Fault, planted
from tests.deployments import lint_files


def test_thirty_faults_with_names_of_their_own() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) == 30


def test_the_reference_is_clean(tmp_path: Path) -> None:
    assert not lint_files(REFERENCE, tmp_path).findings


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault_raises_its_rule(fault: Fault, tmp_path: Path) -> None:
    for old, _ in fault.changes:
        assert any(old in text for text in (REFERENCE | fault.files).values()), old
    found = [one.rule for one in lint_files(planted(fault), tmp_path).findings]
    assert fault.rule in found
    assert len(found) == 1 or fault.name == "debugger on", found  # which the development server brings
