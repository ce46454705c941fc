"""People: who answers and when he was there, who calls and what is known of his number."""

from gateway.people.accounts_file import AccountsFile, read_accounts
from gateway.people.agent_log import AgentLog, AgentsOnRecord, wished
from gateway.people.numbers import Numbers
from gateway.people.numbers_book import NumberNoted, NumbersBook, NumberUnknown, NumberWrong
from gateway.people.people import People

__all__ = [
    "AccountsFile",
    "AgentLog",
    "AgentsOnRecord",
    "NumberNoted",
    "NumberUnknown",
    "NumberWrong",
    "Numbers",
    "NumbersBook",
    "People",
    "read_accounts",
    "wished",
]
