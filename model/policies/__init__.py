"""Ways of leading; importing this package registers the ones that ship."""

from model.policies import clubs, governance, growth, pull, weaving
from model.policies.policy import DIALS, POLICIES, SETTABLE, TRIGGERS, Policy, find_policy, parse_policy

__all__ = [
    "DIALS", "POLICIES", "SETTABLE", "TRIGGERS", "Policy", "clubs", "find_policy", "governance", "growth", "parse_policy", "pull",
    "weaving",
]  # fmt: skip
