"""Write docs/rules.md from the rule files: `python tools/generate_rule_docs.py` (`--check` only compares)."""

import sys
from pathlib import Path

from flasklint import rule as rules

PAGE = Path(__file__).parent.parent / "docs" / "rules.md"


def page() -> str:
    """Return the page: a table of all rules, then each rule's manual page with its examples."""
    every = sorted(rules.load(), key=lambda one: (one.group, one.name))
    lines = ["# Rules", "", "Made from the files in `rules/`; `flasklint explain NAME` shows the same.", ""]
    lines += ["| rule | severity | group | in a line |", "| --- | --- | --- | --- |"]
    lines += [f"| [{one.name}](#{one.name}) | {one.severity} | {one.group} | {one.title} |" for one in every]
    for one in every:
        lines += [
            "",
            f"## {one.name}",
            "",
            f"**{one.title}** ({one.severity}, since {one.since})",
            "",
            one.why,
            "",
        ]
        lines += [f"**Fix:** {one.fix}", ""]
        if one.bad:
            lines += ["Raises a finding:", "", "```text", one.bad.strip("\n"), "```", ""]
        if one.fixed and one.fixed != one.good:
            lines += ["[Fixed](fixes.md):", "", "```text", one.fixed.strip("\n"), "```", ""]
        lines += ["Raises none:", "", "```text", one.good.strip("\n"), "```"]
        lines += ["", *(f"<{link}>" for link in one.links)] if one.links else []
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(0 if PAGE.read_text(encoding="utf-8") == page() else "docs/rules.md is out of date")
    PAGE.write_text(page(), encoding="utf-8")
