"""Ways of leading; importing this package registers the ones that ship."""

from model.policies.growth import Nurtured, OnItsOwn, TimeFreed
from model.policies.policy import POLICIES, Policy, find_policy
from model.policies.pull import StrongPull

__all__ = ["POLICIES", "Nurtured", "OnItsOwn", "Policy", "StrongPull", "TimeFreed", "find_policy"]
