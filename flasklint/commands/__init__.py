"""The commands beside `check`, one file each: `name.py` holds `command`, loaded when it is called by its name."""

import os

FOLDER = os.path.dirname(os.path.abspath(__file__))


def names() -> list[str]:
    """Return the names of all commands, without importing them."""
    return sorted(
        file[:-3].replace("_", "-") for file in os.listdir(FOLDER) if file.endswith(".py") and not file.startswith("_")
    )
