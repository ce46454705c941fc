"""gateway.toml: the goals that the figures are held against, and the monthly score."""

from pydantic import Field

from gateway.config.table import Table


class KpiConfig(Table):
    """`[kpi]`: when the answer rate rings (JH-21), and how the monthly score is reckoned (JH-22)."""

    answer_rate_goal: float = Field(0.98, gt=0, le=1, description="a share above 0 and up to 1; JH-21 wants 0.98")
    alarm_from_calls: int = Field(1, ge=1, le=100_000, description="a whole number from 1 to 100000")
    score: str | None = Field(None, description="a formula over the names in docs/kpi.md; left out: the default")
