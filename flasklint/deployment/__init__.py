"""What rules see: the deployment as a frozen graph, and what several rules ask of it.

The graph itself is `graph`, its nodes are in `service`; each further module answers questions of one kind
and knows no rule.
"""

from .graph import Deployment, Hop, Rival, Route, RuleSettings, Stray, Unserved
from .service import Service
from .surroundings import Surroundings

__all__ = [
    "Deployment",
    "Hop",
    "Rival",
    "Route",
    "RuleSettings",
    "Service",
    "Stray",
    "Surroundings",
    "Unserved",
]
