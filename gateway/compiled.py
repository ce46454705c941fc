"""What a dialplan and the config give one gateway to go by: its calls' plans, phrases, codes, telephones."""

from dataclasses import dataclass

from gateway.call.plan import Plan
from gateway.call.requests import CallRequest, SayPhrase
from gateway.config import GatewayConfig
from gateway.dialplan import Call, load_for
from gateway.dialplan.models import Dialplan
from gateway.dialplan.phrases import dashed, phrases_of
from gateway.dialplan.plans import Plans
from gateway.dialplan.promise import promise_of
from gateway.feed import PhraseListed
from gateway.prompts import PromptBook
from gateway.runner.reception import Compile


@dataclass(frozen=True, slots=True)
class Compiled:
    """A dialplan made ready for calls."""

    dialplan: Dialplan
    compile_call: Compile
    """Compiles the plan of each call."""
    plan: Plan
    """That of a call to the first agent, on no day in particular."""

    @classmethod
    def of(cls, config: GatewayConfig) -> "Compiled":
        """The config's; the recordings that are missing are built, so it blocks. Raises ConfigErrors."""
        dialplan = load_for(config)
        agents = tuple(agent.number for agent in config.agents)
        recordings = PromptBook(dialplan, config.data_path).build(agents)
        compile_call = Plans(dialplan, recordings).of
        return cls(dialplan, compile_call, compile_call(Call(agents[0])))

    @property
    def phrases(self) -> list[PhraseListed]:
        """What an agent can have said to his customer."""
        said = phrases_of(self.dialplan)
        return [
            PhraseListed(key, said[f"phrase-{dashed(key)}"].text, table.clause, table.code)
            for key, table in self.dialplan.phrases.items()
        ]

    @property
    def codes(self) -> dict[str, CallRequest]:
        """What an agent can dial for his customer."""
        phrases = self.dialplan.phrases.items()
        return {table.code: SayPhrase(key) for key, table in phrases if table.code is not None}

    @property
    def promised(self) -> float | None:
        """In how many seconds it promises an answer (ET-3); None: it promises none."""
        return promise_of(self.dialplan)


def extensions(config: GatewayConfig) -> dict[str, str]:
    """The agent's number by the user part of his extension, which his telephone calls as."""
    return {agent.telephone: agent.number for agent in config.agents if agent.telephone is not None}
