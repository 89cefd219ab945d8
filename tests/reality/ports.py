"""Free ports that no other judge, in this process or another, hands out at the same time."""

import random
import socket
from collections.abc import Iterator
from contextlib import contextmanager

FIRST, LAST, BLOCK = 15000, 32000, 16  # below the ports that the kernel hands out itself


class Ports:
    """Maps each port of the target to a free one: the same number to the same port."""

    def __init__(self, base: int) -> None:
        self._free = iter([port for port in range(base + 1, base + BLOCK) if _is_free(port)])
        self._map: dict[int, int] = {}

    def __getitem__(self, port: int) -> int:
        if port not in self._map and 0 < port < 65536:
            self._map[port] = next(self._free)
        return self._map.get(port, port)


@contextmanager
def ports() -> Iterator[Ports]:
    """Reserve a block of ports: whoever listens on its first one owns the others."""
    with socket.socket() as guard:
        for base in random.sample(range(FIRST, LAST, BLOCK), 200):
            try:
                guard.bind(("127.0.0.1", base))
            except OSError:
                continue
            guard.listen(1)
            yield Ports(base)
            return
    raise RuntimeError("no free ports")


def _is_free(port: int) -> bool:
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(("0.0.0.0", port))
        except OSError:
            return False
    return True
