"""Whether texts keep the standard's rules of language: forbidden phrases, and politeness."""

import re
from collections.abc import Iterator

from gateway.config.faults import Fault
from gateway.dialplan.models import Dialplan
from gateway.dialplan.phrases import Phrase, phrases_of

FORBIDDEN = (
    "你声音大一点,我听不清",
    "真啰嗦",
    "刚才和你说过了,怎么还问",
    "刚才不是和你说过了吗",
    "我这听着呢",
    "这个我不清楚",
    "喂,说话呀",
    "这我怎么知道呀",
    "急什么,我这不是给你记录了么",
    "不知道",
    "不行就是不行",
    "您想好了再打电话来",
    "有意见找领导去",
    "你这么激动干什么,我不是正在给你处理吗",
    "我不知道",
    "那不是我的工作",
    "我忙着呢",
    "你等着",
    "冷静点",
    "这件事你应该去找",
    "你必须",
    "我查不了,愿意找谁找谁去",
    "不是告诉你了吗,怎么还不明白",
    "好像解决不了",
    "这事不归我管",
    "我这记录着呢,别催我",
    "怎么了",
    "你是不是听不到我讲话",
    "我告诉你好几遍了",
    "我们不管",
    "跟我们没关系",
    "没办法解决",
    "随便",
    "不清楚",
)
"""服务禁语, the phrases no prompt may contain."""
_GREETINGS = ("您好", "节日好", "春节好", "元旦快乐", "端午节好", "劳动节好", "国庆好")
_QUESTION = re.compile(r"吗[?？]?$|[?？]$")
_NOT_A_WORD = re.compile(r"\W|_")


def forbidden_in(text: str) -> list[str]:
    """The forbidden phrases that `text` contains, whatever its punctuation and spaces."""
    bare = _bare(text)
    return [phrase for phrase in FORBIDDEN if _bare(phrase) in bare]


def impolite_in(text: str, *, opens_call: bool = False) -> list[str]:
    """What is impolite in `text`: 你 for 您, a question without 请, no greeting where it opens the call."""
    found = []
    if "你" in text:
        found.append("says 你; allowed: 您 alone")
    if _QUESTION.search(text) and "请" not in text:
        found.append("asks without 请; allowed: a question with 请")
    if opens_call and not text.startswith(_GREETINGS):
        found.append(f"does not begin with a greeting; allowed: {', '.join(_GREETINGS)}")
    return found


def lint(dialplan: Dialplan) -> Iterator[Fault]:
    """A fault for each text or value that breaks its clause."""
    for phrase in phrases_of(dialplan).values():
        for message in _broken(dialplan, phrase):
            yield dialplan.document.fault(phrase.path, message)


def _broken(dialplan: Dialplan, phrase: Phrase) -> Iterator[str]:
    language = dialplan.language
    if language.forbidden is not None:
        for forbidden in forbidden_in(phrase.text):
            yield f"「{forbidden}」 is forbidden by {language.forbidden}; allowed: any other wording"
    if language.polite is not None:
        for message in impolite_in(phrase.text, opens_call=phrase.key.endswith("greeting")):
            yield f"{message} ({language.polite})"


def _bare(text: str) -> str:
    return _NOT_A_WORD.sub("", text)
