"""Words: every forbidden phrase is found however it is written; the same characters in other words are not."""

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.config.places import shipped_dialplans
from gateway.dialplan import load_dialplan, phrases_of
from gateway.dialplan.language import FORBIDDEN, forbidden_in, impolite_in, spoken_characters

pytestmark = pytest.mark.unit

CLEAN = (
    "很抱歉,听不清楚您的声音,请挂机后重拨。",
    "对不起,您的声音不清楚,请您换个地方再说一遍。",
    "对不起,您的声音有点不清楚。",
    "您的传真看不清楚,请重新发送。",
    "照片上的表号辨不清楚,请再拍一张。",
    "请问您听得清楚不清楚?",
    "请问您清不清楚户号在哪里?",
    "如有不清楚的地方,请您随时来电。",
    "如果您不清楚户号,请按2。",
    "如果您不知道自己的户号,请按井号键。",
    "若您暂时不知道税务所的名称,请说出所在的区。",
    "请问您知不知道我们的营业时间?",
    "请问您知道不知道阀门的位置?",
    "请问您怎么了解到我们的?",
    "您是怎么了结上次那件事的,请讲。",
    "伴随便利店送水服务的开通,欢迎您来电。",
    "您可以跟随便民服务车领取水票。",
    "随便携式读卡器附送说明书。",
    "请您跟随,便可听到提示音。",
    "请您不要随便透露密码。",
    "请勿随便拆动燃气表。",
    "请您冷静,点击确认键即可。",
    "欢迎随时联系我们,不管何时我们都会为您服务。",
    "我们不管多忙,都会尽快给您答复。",
    "如果没办法,解决方案请见网站。",
    "如果您按以上步骤仍没办法解决,请再次来电。",
    "这件事您可以去营业厅办理。",
    "请您等着听完提示音。",
    "您必须先关闭阀门,请您注意安全。",
    "请您记录一下我们的电话。",
    "您的问题我已经记录下来了。",
    "很抱歉,让您久等了。",
    "请问您有什么意见?",
    "迷你读卡器的红灯亮吗,请您看一下。",
    "对不起,我听不太清,请您讲慢一点好吗?",
    "我这就给您记录,请稍等。",
    "行不行请您告诉我们。",
    "您想好了,请按1。",
    "请您放心,这件事归我们管。",
    "我们不管理小区内的管道,请您联系物业。",
    "我们不会随便透露您的信息。",
    "地址写得不清楚,请您再说一遍。",
    "不清楚的可以随时再问我们。",
    "不知道户号的话,请按0。",
    "敬请您放心。",
    "我们从不随便更改价格。",
    "您的户号不知是否道对了,请再念一遍。",
)
"""Sentences that hotlines say; not one breaks the list."""

FAULTY = {
    "对不起,这个不知道。": "不知道",
    "这个我不清楚,您问别人吧。": "这个我不清楚",
    "我们也不清楚。": "不清楚",
    "这部分不清楚。": "不清楚",
    "费用预算不清楚。": "不清楚",
    "对不起,我不知道。": "我不知道",
    "我们不知道。": "不知道",
    "您怎么了?": "怎么了",
    "您怎么了。解答如下。": "怎么了",
    "问题怎么了解决了吗": "怎么了",
    "随便。": "随便",
    "随便您怎么选。": "随便",
    "您随便利用。": "随便",
    "我们不管。": "我们不管",
    "这件事我们不管,您找物业。": "我们不管",
    "这跟我们没关系。": "跟我们没关系",
    "没办法解决。": "没办法解决",
    "如果我不知道呢": "我不知道",
    "比如不知道": "不知道",
    "冷静点,慢慢说。": "冷静点",
    "先生,我这听着呢!": "先生/女士,我这听着呢",
    "女士,我这听着呢": "先生/女士,我这听着呢",
    "先生(女士),我这听着呢": "先生/女士,我这听着呢",
    "我这听着呢": "先生/女士,我这听着呢",
    "喂?说话呀!": "喂,说话呀",
    "喂,说话啊": "喂,说话呀",
    "这我怎么知道": "这我怎么知道呀",
    "刚才和您说过了,怎么还问?": "刚才和你说过了,怎么还问",
    "我告诉您好几遍了": "我告诉你好几遍了",
    "不是告诉您了嘛,怎么还不明白": "不是告诉你了吗,怎么还不明白",
    "急什么?我这不是给您记录了吗": "急什么,我这不是给你记录了么",
    "我忙著呢": "我忙着呢",
    "這我怎麼知道呀": "这我怎么知道呀",
    "隨便": "随便",
    "没辦法解決": "没办法解决",
    "您好,不,知,道!": "不知道",
    "不 知 道": "不知道",
    "我们不知道您说的话。": "不知道",
    "不知道您说的话": "不知道",
    "不 知\u3000道": "不知道",
    "不·知·道": "不知道",
    "“不知道”": "不知道",
    "这个(不)清楚": "不清楚",
    "不—清—楚": "不清楚",
    "您好。不,知道。": "不知道",
}


@pytest.mark.parametrize("text", CLEAN)
def test_what_hotlines_say_is_clean(text: str) -> None:
    assert forbidden_in(text) == []


@pytest.mark.parametrize(("text", "words"), FAULTY.items())
def test_what_nobody_may_say_is_found(text: str, words: str) -> None:
    assert words in forbidden_in(text)


@pytest.mark.parametrize("words", FORBIDDEN)
@pytest.mark.parametrize("frame", ["{}", "您好,{}!", "对不起{}", "先生,{}。谢谢", "您好。{}。再见", "{},请讲"])
def test_every_phrase_is_found_in_every_place(words: str, frame: str) -> None:
    assert words in forbidden_in(frame.format(words))


@given(st.sampled_from(FORBIDDEN), st.data())
def test_a_phrase_is_found_whatever_its_punctuation_spaces_and_width(words: str, data: st.DataObject) -> None:
    between = st.sampled_from(["", " ", "\u3000", "…", "·", "-", "—", "”", "(", "~", "*"])
    comma = data.draw(st.sampled_from([",", ",", "。", "!", " ", "", "、", "……"]))
    letters = [comma if letter == "," else letter + data.draw(between) for letter in words]
    assert words in forbidden_in("您好," + "".join(letters))


def test_a_phrase_is_told_once_and_the_longer_of_two() -> None:
    assert forbidden_in("我不知道") == ["我不知道"]
    assert forbidden_in("不知道,不知道") == ["不知道"]
    assert forbidden_in("随便,我不知道,怎么了") == ["随便", "我不知道", "怎么了"]


def test_compatibility_forms_are_the_same_characters() -> None:
    assert unicodedata.normalize("NFKC", "\uf967") == "不"
    assert forbidden_in("\uf967知道") == ["不知道"]


@given(st.text(alphabet="不知道清楚怎么了随便我们管你您好,。 听利解", max_size=30))
def test_any_text_is_judged(text: str) -> None:
    assert set(forbidden_in(text)) <= set(FORBIDDEN)
    if "".join(text.split()) and "你" not in text:
        assert not any("says 你" in found for found in impolite_in(text))


def test_no_shipped_text_is_found() -> None:
    for name in shipped_dialplans():
        for phrase in phrases_of(load_dialplan(name)).values():
            assert forbidden_in(phrase.text) == []


class TestPoliteness:
    @pytest.mark.parametrize(
        "text",
        [
            "您好!请问有什么可以帮您吗?",
            "迷你读卡器请按1。",
            "请您慢一点讲。好吗?",
            "您好,您的电话已接通,请讲话?",
            "对不起,请您声音稍微小一些,好吗",
            "正在为您查询呢。",
            "这种情况没有什么问题。",
        ],
    )
    def test_polite(self, text: str) -> None:
        assert impolite_in(text) == []

    @pytest.mark.parametrize("text", ["你好", "祢和你", "您好,你的电话", "迷你机你有", "妳的電話", "你"])
    def test_ni_is_told(self, text: str) -> None:
        assert impolite_in(text) == ["says 你; allowed: 您 alone"]

    @pytest.mark.parametrize(
        "text",
        [
            "您是哪里?",
            "还有其他需要吗",
            "请讲。您贵姓?",
            "您贵姓?请讲。",
            "您要申请退费吗?",
            "您邀请了谁?",
            "您有事吗,请讲。您姓什么?",
            "好吗?",
            "您慢一点。好吗?",
            "您貴姓嗎?",
        ],
    )
    def test_a_question_without_please_is_told(self, text: str) -> None:
        assert impolite_in(text) == ["asks without 请; allowed: a question with 请"]

    def test_what_is_known_to_ask_needs_no_question_mark(self) -> None:
        assert impolite_in("您的企业全称", asks=True)
        assert not impolite_in("请讲您的企业全称", asks=True)

    @pytest.mark.parametrize(
        "text",
        [
            "您好,请讲",
            "您 好!请讲",
            " 您好",
            "“您好”,请讲",
            "节日好,很高兴为您服务",
            "元旦快乐",
            "国庆好",
            "端午安康,您好",
            "新年快乐!",
            "早上好,请讲",
            "晚上好",
            "节日好很高兴为您服务",
            "厂庆三十周年快乐,",
            "節日好",
        ],
    )
    def test_a_greeting(self, text: str) -> None:
        assert impolite_in(text, opens_call=True) == []

    @pytest.mark.parametrize("text", ["实习话务员为您服务。", "请讲", "喂,您好", "您好像打错了", "状态不好,请讲"])
    def test_no_greeting(self, text: str) -> None:
        assert any("does not begin with a greeting" in found for found in impolite_in(text, opens_call=True))


def test_what_takes_a_syllable() -> None:
    assert spoken_characters("您好!请在24小时内,〇。") == 10
    assert spoken_characters("您好!济华热线,请讲。(ok)") == 8
    assert spoken_characters("24小时内给您回复") == 9


DOCUMENTED = re.findall(r"^\| (.*\*\*.*) \| (.*\*\*.*) \|$", Path("docs/lint.md").read_text(), re.MULTILINE)


@pytest.mark.parametrize(("clean", "found"), DOCUMENTED)
def test_the_examples_of_the_documentation(clean: str, found: str) -> None:
    for text in clean.replace("*", "").split(", "):
        assert not forbidden_in(text)
        assert not any("says 你" in message for message in impolite_in(text))
    text = found.replace("*", "")
    assert forbidden_in(text) or "says 你; allowed: 您 alone" in impolite_in(text)


def test_the_documentation_has_examples() -> None:
    assert len(DOCUMENTED) == 6
