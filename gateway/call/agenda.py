"""What comes next once the customer has been heard: questions, then replies, 「anything else?」, the farewell."""

from enum import Enum

from gateway.call.plan import Flow, Prompt, Question


class Step(Enum):
    """Steps that no flow spells out."""

    FURTHER = "further"
    FAREWELL = "farewell"


class Agenda:
    """The order of one flow. Questions and replies come once in a call, however often he has more to say."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self._questions = list(flow.questions)
        self._replies = list(flow.replies)

    def next(self) -> Question | Prompt | Step:
        """The next step; a Prompt is a reply."""
        if self._questions:
            return self._questions.pop(0)
        if self._replies:
            return self._replies.pop(0)
        return Step.FURTHER if self.flow.further else Step.FAREWELL
