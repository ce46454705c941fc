"""Calls with agents as far as most of their stories begin: talking, or waiting for one."""

from gateway.call.states import CallState
from tests.scenarios.hotlines import gas
from tests.scenarios.story import Story

CALLER = "13812345678"


def talking(call: Story | None = None) -> Story:
    """An agent has answered during the greeting, and has talked with the customer for a minute."""
    call = call or gas()
    call.off_hook().is_offered_to(call.plan.agent)
    call.agent_answers(call.plan.agent)
    call.passes(30)
    call.customer_speaks(30)
    assert call.engine.state is CallState.TALKING
    return call


def waiting(call: Story | None = None, number: str | None = CALLER) -> Story:
    """He has told his case, and waits for an agent."""
    call = call or gas()
    call.greeted(number).is_offered_to("801")
    call.customer_speaks(10)
    while call.engine.state is not CallState.WAITING:
        call.passes(0.1)
    return call


def its_prompt_said(call: Story) -> Story:
    """The prompt that runs is said to its end."""
    while call.engine.state is CallState.PROMPTING:
        call.passes(0.1)
    return call
