"""nginx configurations: main files, site files, snippets and `nginx -T` dumps.

`looks_like` tells which files are nginx configuration, `read` turns them into `NginxConfig`s. What
nginx refuses is in `NginxConfig.problems`, in nginx's own words, with these kinds:

  "syntax"              braces, quotes, stray `;`: the file's structure
  "missing-semicolon"   a directive swallows the next one, or a `}`
  "swallowed-directive" the same where nginx takes it, and says nothing
  "unknown-directive"   a near miss of a known name, or no directive at all
  "wrong-context"       not allowed here
  "arguments"           wrong number of arguments, not on/off, an invalid time or size
  "invalid-parameter"   of `listen` or an upstream's `server`
  "invalid-location"    a modifier that is none, a location outside its parent
  "missing-location"    a named location to which `try_files` falls back; nginx takes it until then
  "invalid-listen"      a port out of range
  "invalid-proxy-pass"  no http:// or https://, a URI where none may be, a port at an upstream's name
  "empty-upstream"      no servers inside
  "duplicate"           location, upstream, directive, default server
  "no-events"           a nginx.conf without its `events` section
  "unknown-variable"    a near miss of a built-in variable that nothing defines

Files without a server, such as a snippet that nobody includes, give a configuration without servers.
"""

from collections.abc import Sequence

from ...facts import NginxConfig
from ...source import Source
from ...tree import Tree
from .detect import looks_like

__all__ = ["looks_like", "read"]


def read(sources: Sequence[Source], tree: Tree, prefix: str = "/etc/nginx") -> tuple[NginxConfig, ...]:
    """Turn all nginx files of the input into configurations; never raises on any text.

    `prefix` is the folder of the target that holds them, beside the usual ones.
    """
    from .config import configurations

    return configurations(sources, tree, prefix)
