"""The records that a gateway.toml asks for."""

from gateway.call.plan import Plan
from gateway.config import GatewayConfig
from gateway.records.config import RecordsConfig
from gateway.records.rule_book import RuleBook
from gateway.records.rules import Rules


def records_config(config: GatewayConfig, plan: Plan | None = None) -> RecordsConfig:
    """The records of a gateway; with `plan`, judged by the standard it was made to keep."""
    return RecordsConfig(
        site=config.site,
        url=config.database_url,
        data_dir=config.data_path,
        timezone=config.timezone,
        spool_mb=config.records.spool_mb,
        rules=RuleBook({plan.dialplan: Rules.of(plan)} if plan else {}),
    )
