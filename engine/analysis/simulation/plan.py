"""How much is simulated: cases, replications, the seed, what is left out at both ends."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import Invalid

MOST_CASES = 10_000_000
MOST_REPLICATIONS = 10_000


class InvalidPlan(Invalid):
    """A run is asked for that makes no sense."""

    code = "invalid_plan"
    remedy = "Ask for at least one case and one replication, and no negative days."


@dataclass(frozen=True, slots=True)
class Plan:
    """So many measured `cases` in all, spread evenly over independent `replications`.

    Cases that arrive in the first `warm_up_days` (of the calendar on the wall) fill the queues
    and are not measured; so are those that follow for `cool_down_days`, so that the last measured
    ones do not meet emptier windows. Raises InvalidPlan.
    """

    cases: int = 3_000
    seed: int = 1
    replications: int = 30
    warm_up_days: float = 365.0
    cool_down_days: float = 120.0

    def __post_init__(self) -> None:
        for name, value, least, most in (
            ("cases", self.cases, 1, MOST_CASES),
            ("replications", self.replications, 1, MOST_REPLICATIONS),
            ("seed", self.seed, 0, 2**64 - 1),
            ("warm_up_days", self.warm_up_days, 0, 36_500),
            ("cool_down_days", self.cool_down_days, 0, 36_500),
        ):
            if not least <= value <= most:
                text = f"{name} must lie between {least} and {most:,}: {value}"
                raise InvalidPlan(text, field=name)

        # a replication without a case would say nothing
        object.__setattr__(self, "replications", min(self.replications, self.cases))

    def measured(self, replication: int) -> int:
        """Return the measured cases of one replication: the first ones have one more."""
        whole, left = divmod(self.cases, self.replications)
        return whole + (replication < left)
