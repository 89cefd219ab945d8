"""Puts the top-level folder `rules/` into the wheel as `flasklint/rules/`.

An editable installation needs no copy: `flasklint.rules` looks into the checkout by itself.
"""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class RulesHook(BuildHookInterface):  # type: ignore[type-arg, misc, unused-ignore]
    """Adds each rule file on its own, so that the package's `rules/__init__.py` stays what it is."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        for rule in sorted(Path(self.root, "rules").glob("*.py")):
            build_data["force_include"][str(rule)] = f"flasklint/rules/{rule.name}"
