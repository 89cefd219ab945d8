"""What rules see: the deployment as a frozen graph, and what several rules ask of it.

The graph itself is `graph`, its nodes are in `service`; each further module answers questions of one kind
and knows no rule.
"""

from .graph import Deployment, Hop, Route, RuleSettings, Unserved
from .service import Service

__all__ = ["Deployment", "Hop", "Route", "RuleSettings", "Service", "Unserved"]
