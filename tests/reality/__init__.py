"""Deployments started for real: what flasklint says is held against what happens.

    python -m tests.reality            judge the corpus, its mutations and what was held back, write docs/agreement.md

A `World` (`world.py`) is a deployment and the host it is meant for. `judge` lays it out below a
temporary root, starts its services and nginx on loopback and returns what was seen (`Outcome`).
Nothing of flasklint takes part in that: units are understood by systemd's own parser, nginx
configurations by nginx. `agreement` compares the outcome with the findings: `foretold` reads in a finding's
message what will be seen. `mutations` are the faults on which flasklint was mended, `heldout` are kinds that had
never been started before.

What this cannot see: everything runs as the current user (no permissions of other users, no
sandboxing of units), and no service is restarted.
"""
