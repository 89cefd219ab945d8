"""systemd units: services, sockets and their drop-ins, as systemd 252 reads them.

Problem kinds (program "systemd"; the message is systemd's own, where it has one):

  ignored, the service runs without it
    unknown-key, unknown-section, missing-equals, outside-section
    bad-value         an enumeration, number, boolean, time or mode that does not parse
    bad-path          a path that must be absolute (or must not be)
    bad-address       a ListenStream= that is no address
    bad-dependency    After=network without a suffix
    bad-environment   a word of Environment= that is no assignment, or an open quote
    bad-env-file, env-file-export    a line of a file that EnvironmentFile= names
    bad-specifier     a `%x` that is none, in a setting where only the line is lost
    bad-exec          a command with the prefix `-` whose path is none, or an open quote in the path
    bad-exec-not-absolute            the same for a relative path
    drop-in-cut       a line of a drop-in that would refuse a unit: the rest of the drop-in is not read
  taken otherwise than it looks
    bad-escape        a backslash before a character that needs none: kept (Exec*=), or the rest of the
                      line is lost (Environment=)
    trailing-comment  text after a value that looks like a comment
    dangling-continuation    a backslash that makes the next assignment part of this one
  the unit is refused
    refused-section-header, refused-exec-not-absolute, refused-exec-empty, refused-exec-directory,
    refused-exec-special, refused-unbalanced-quote, refused-specifier, refused-two-exec-start,
    refused-no-exec-start, refused-oneshot-restart, refused-working-directory,
    refused-root-directory, refused-user, refused-no-listen, refused-encoding, refused-env-file
"""

from collections.abc import Sequence

from ...facts import Unit
from ...source import Source
from ...tree import Tree
from .commands import expand_each
from .names import looks_like
from .specifiers import expand


def read(sources: Sequence[Source], tree: Tree) -> tuple[Unit, ...]:
    """Return the units that these unit files and drop-ins make, in the order of their main files.

    A drop-in applies to the unit of its name that lies nearest; one without a unit becomes a unit of
    its own with `partial` set.
    """
    from .dropins import units

    return units(sources, tree)


__all__ = ["expand", "expand_each", "looks_like", "read"]
