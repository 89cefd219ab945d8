"""What scripts, playbooks and documents do to the host: groups, modes, folders below /run.

A reader of hints, and a generous one: what it finds only ever makes a rule silent. `read` never raises.
"""

from .hints import read

__all__ = ["read"]
