"""Names of hosts that nginx forwards to, and upstreams that were meant by them."""

from ..address import Address
from ..facts import NginxUpstream
from ..value import Known
from .graph import Deployment, Route
from .providers import is_named


def is_bare_name(address: Address) -> bool:
    """Whether DNS of the world would hardly know it: `app`, `shop_server`."""
    host = address.host
    if address.is_unix or address.is_loopback or address.is_wildcard or address.has_hole:
        return False
    return not any(char in host for char in ".:$")


def is_misspelt(deployment: Deployment, route: Route, target: Known[Address], meant: NginxUpstream) -> bool:
    """Whether nothing but a slip of the pen explains the name: the upstream has no other use, the name none at all."""
    name = target.value.host
    if route.upstream or not target.at.text.endswith(f"//{name}") or not _is_one_letter_off(name, meant.name.value):
        return False
    if any(each.upstream is meant for each in deployment.routes):
        return False
    return not is_named(name, deployment, but=(target.at.path,)) and target.at.source.text.count(name) == 1


def _is_one_letter_off(name: str, other: str) -> bool:
    """Whether one letter is missing, too much, another, or changes places with the next; a digit tells hosts apart."""
    short, long = sorted((name, other), key=len)
    enough = len(short) > 3
    while short and short[0] == long[0]:
        short, long = short[1:], long[1:]
    while short and short[-1] == long[-1]:
        short, long = short[:-1], long[:-1]
    swapped = len(long) == 2 and short == long[::-1]
    return enough and (swapped or len(long) == 1) and not any(map(str.isdigit, short + long))
