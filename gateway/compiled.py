"""What a dialplan and the config give one gateway to go by: its calls' plans, phrases, codes, telephones."""

from gateway.call.requests import CallRequest, SayPhrase
from gateway.config import GatewayConfig
from gateway.dialplan import compile_plan
from gateway.dialplan.models import Dialplan
from gateway.dialplan.phrases import dashed, phrases_of
from gateway.feed import PhraseListed
from gateway.prompts import PromptBook
from gateway.runner.reception import Compile


def compiler(config: GatewayConfig, dialplan: Dialplan, agents: tuple[str, ...]) -> Compile:
    """Compiles the plan of each call; the recordings that are missing are built. Raises ConfigErrors."""
    recordings = PromptBook(dialplan, config.data_path).build(agents)
    return lambda call: compile_plan(dialplan, recordings, call)


def phrases(dialplan: Dialplan) -> list[PhraseListed]:
    """What an agent can have said to his customer."""
    said = phrases_of(dialplan)
    return [
        PhraseListed(key, said[f"phrase-{dashed(key)}"].text, table.clause, table.code)
        for key, table in dialplan.phrases.items()
    ]


def codes(dialplan: Dialplan) -> dict[str, CallRequest]:
    """What an agent can dial for his customer."""
    return {table.code: SayPhrase(key) for key, table in dialplan.phrases.items() if table.code is not None}


def extensions(config: GatewayConfig) -> dict[str, str]:
    """The agent's number by the user part of his extension, which his telephone calls as."""
    return {agent.telephone: agent.number for agent in config.agents if agent.telephone is not None}
