"""Rule names that a terminal opens: hyperlinks by OSC 8, for terminals that are known to take them.

The sequence: https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda. Others print it or swallow it,
so `auto` asks for colour, a terminal and a sign of one that links.
"""

import os
import sys
from collections.abc import Mapping

_SIGNS = ("WT_SESSION", "KONSOLE_VERSION", "KITTY_WINDOW_ID", "WEZTERM_PANE", "GHOSTTY_RESOURCES_DIR", "DOMTERM")
_PROGRAMS = frozenset({"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby", "rio", "zed"})
_TERMS = frozenset({"xterm-kitty", "xterm-ghostty", "alacritty", "foot", "foot-extra", "wezterm", "contour"})
_BETWEEN = ("TMUX", "STY", "CI", "TEAMCITY_VERSION")  # what shows the text is not what the other variables name
_VTE_FAULTY = 5000  # VTE 0.50.0 crashes at a hyperlink


def wants_links(choice: str, color: bool, environment: Mapping[str, str] = os.environ) -> bool:
    """Decide whether rule names become hyperlinks; `choice` is auto, always or never."""
    if choice != "auto":
        return choice == "always"
    forced = environment.get("FORCE_HYPERLINK")
    if forced is not None:
        return forced not in ("", "0")
    return color and sys.stdout.isatty() and _takes_links(environment)


def _takes_links(environment: Mapping[str, str]) -> bool:
    if any(environment.get(name) for name in _BETWEEN) or environment.get("TERM") == "dumb":
        return False
    vte = environment.get("VTE_VERSION", "")
    return (
        any(environment.get(name) for name in _SIGNS)
        or environment.get("TERM_PROGRAM") in _PROGRAMS
        or environment.get("TERM") in _TERMS
        or (vte.isdecimal() and int(vte[:9]) > _VTE_FAULTY)
    )


def linked(rule: str, links: bool) -> str:
    """Return a rule's name, which is `visible`, as a link to its page if it has one."""
    if not links:
        return rule
    from ..rule import names
    from ..site import rule_page

    page = rule_page(rule) if rule in names() else ""
    return f"\x1b]8;;{page}\x1b\\{rule}\x1b]8;;\x1b\\" if page else rule
