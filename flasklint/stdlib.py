"""Which modules come with Python, whatever release flasklint itself runs on."""

import sys

# What's New in Python 3.12 and 3.13, "Removed": an older one on the target has them.
_REMOVED = frozenset(
    {"asynchat", "asyncore", "distutils", "imp", "smtpd",
     "aifc", "audioop", "cgi", "cgitb", "chunk", "crypt", "imghdr", "lib2to3", "mailcap", "msilib", "nis", "nntplib",
     "ossaudiodev", "pipes", "sndhdr", "spwd", "sunau", "telnetlib", "uu", "xdrlib"}
)  # fmt: skip


def is_standard(module: str) -> bool:
    """Tell whether a top-level module comes with a release that is in use."""
    return module in sys.stdlib_module_names or module in _REMOVED
