"""Where the documentation is published."""

SITE = "https://flasklint.readthedocs.io/en/stable/"  # as [project.urls] of pyproject.toml has it; "" for nowhere


def rule_page(name: str) -> str:
    """Return the address of a built-in rule's page, "" where nothing is published."""
    return f"{SITE}rules/{name}.html" if SITE else ""
