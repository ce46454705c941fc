"""The shipped dialplans say word for word what their standards order, under the clause that orders it."""

import pytest

from gateway.dialplan import load_dialplan, phrases_of
from gateway.dialplan.clauses import STANDARDS, standard_of
from gateway.dialplan.phrases import Phrase, raw_text

pytestmark = pytest.mark.unit

DIALPLANS = {standard: load_dialplan(standard.dialplan) for standard in STANDARDS}

ORDERED = [
    # clause, prompt, wording; {agent} is the number, {promised_time} the time that a standard leaves open
    ("JH-3", "greeting", "您好!济华热线{agent}号为您服务,请问有什么可以帮您吗?"),
    ("JH-4", "trainee-greeting", "您好,实习话务员为您服务。"),
    ("JH-5", "overflow-greeting", "您好,请讲"),
    ("JH-6", "silent-1", "您的电话已接通。"),
    ("JH-6", "silent-2", "您的电话已接通,请讲话。"),
    ("JH-6", "silent-final", "很抱歉,听不到您的声音,请挂机后重拨,再见!"),
    ("JH-7", "noisy-1", "您好,请讲"),
    ("JH-7", "noisy-2", "您好,请讲"),
    ("JH-7", "noisy-final", "很抱歉,听不清您讲话,请您挂机后重拨,再见"),
    ("JH-8", "waiting-first", "请您稍等,正在把您说的问题记录并向相关部门咨询"),
    ("JH-8", "waiting-again", "请稍等,正在为您查询。"),
    ("JH-9", "waiting-thanks", "感谢您的耐心等待"),
    ("JH-9", "waiting-sorry", "很抱歉,让您久等了"),
    ("JH-9", "phrase-sorry-for-waiting", "很抱歉,让您久等了"),
    ("JH-10", "further", "请问还有其他需要咨询的吗?"),
    ("JH-10", "phrase-farewell-enquiry", "欢迎您再次来电,再见!"),
    ("JH-10", "phrase-farewell-thanks", "感谢您的来电。再见!"),
    (
        "JH-11",
        "farewell",
        "感谢您的来电,您反映的问题我们会尽快转相关部门进行落实,欢迎您以后随时拨打济华热线提出您的宝贵意见,再见!",
    ),
    ("JH-12", "holiday-greeting", "节日好,很高兴为您服务"),
    ("JH-12", "holiday-greeting-spring-festival", "春节好,很高兴为您服务"),
    ("JH-13", "phrase-nuisance", "如果您没有其它服务需求,请挂机,谢谢!"),
    ("JH-14", "phrase-foul-language", "先生(女士),请您使用文明言语。"),
    ("JH-14", "phrase-dialect", "对不起,您的方言我听不太懂,为了避免出现错误,请您尽量使用普通话,讲慢一点好吗?"),
    ("JH-14", "phrase-not-heard", "很抱歉,请您将刚才的问题重复一遍好吗?"),
    ("JH-18", "phrase-number-only", "对不起,工作时我们只报工号,我的工号是{agent}号。"),
    ("WD-3", "greeting", "您好!{agent}号为您服务"),
    ("WD-4", "holiday-greeting-new-year", "元旦快乐"),
    ("WD-4", "holiday-greeting-spring-festival", "春节好"),
    ("WD-4", "holiday-greeting-dragon-boat", "端午节好"),
    ("WD-4", "holiday-greeting-labour-day", "劳动节好"),
    ("WD-4", "holiday-greeting-national-day", "国庆好"),
    ("WD-4", "holiday-greeting", "节日好"),
    ("WD-5", "further", "请问您还有其它需要提供帮助的吗?"),
    ("WD-5", "farewell", "感谢您来电,祝您工作顺利,再见"),
    ("WD-5", "farewell-holiday", "感谢您来电,祝您节日快乐,再见"),
    ("WD-5", "farewell-weekend", "感谢您来电,祝您周末愉快,再见"),
    ("WD-6", "faint-1", "对不起,请您声音稍大一些"),
    ("WD-6", "faint-2", "对不起,请您再说一遍,好吗"),
    ("WD-7", "loud-1", "对不起,请您声音稍微小一些,好吗"),
    ("WD-8", "silent-1", "您好,您的电话已接通,请讲话?"),
    ("WD-8", "silent-2", "您好,我无法听见您讲话,请您重新再打一遍,好吗?"),
    ("WD-8", "silent-final", "无需服务请挂机,再见。"),
    ("WD-9", "phrase-dialect", "对不起,请您使用普通话,好吗?"),
    ("WD-9", "phrase-please-wait", "对不起,请您稍等,我帮您查询"),
    ("WD-9", "phrase-nuisance", "对不起,上班时间不闲聊,谢谢合作"),
    ("WD-10", "phrase-number-only", "我是{agent}号客服,如服务不周,请您多提宝贵意见。"),
    ("JS-4", "text-promise", "等我们有了确切结果后会尽快和您联系"),
    ("ET-2", "question-from-where", "您是哪里?"),
    ("ET-2", "question-for-whom", "请问您需要找哪位?"),
    ("ET-2", "phrase-transfer", "请您稍等,我帮您转接电话"),
    ("ET-3", "text-promise", "您的问题我已经记录下来了,{promised_time}内给您回复"),
    ("ET-3", "phrase-engineer", "您的问题我已经记录下来了,我们将尽快安排工程师与您联系"),
    ("ET-3", "phrase-manager", "您的问题我已经记录下来了,我会马上向部门经理汇报"),
    ("ET-4", "phrase-our-fault", "不好意思,由于我们的工作失误给您的工作带来了不便,请您谅解"),
]
BEGINS = [
    # clause, prompt, how the standard says that it begins
    ("JS-1", "greeting", "您好,金穗公司"),
    ("JS-2", "overflow-greeting", "您好,金穗公司"),
]
CONTAINS = [
    # clause, prompt, what is in it
    ("ET-1", "greeting", "有什么可以帮到您?"),
    ("ET-4", "farewell", "谢谢您的来电"),
    ("ET-4", "farewell", "再见"),
    ("WD-5", "farewell", "再见"),  # WD-2: the line is hung up after it
]


def said(clause: str, key: str) -> tuple[str, Phrase]:
    """A prompt of the dialplan that keeps the clause's standard: its text as in the file, and the phrase."""
    standard = standard_of(clause)
    assert standard is not None
    dialplan = DIALPLANS[standard]
    phrase = phrases_of(dialplan)[key]
    return raw_text(dialplan, phrase.path), phrase


@pytest.mark.parametrize(("clause", "key", "wording"), ORDERED)
def test_an_ordered_wording_is_said_word_for_word(clause: str, key: str, wording: str) -> None:
    text, phrase = said(clause, key)
    assert (text, phrase.clause) == (wording, clause)


@pytest.mark.parametrize(("clause", "key", "wording"), BEGINS)
def test_a_greeting_begins_as_ordered(clause: str, key: str, wording: str) -> None:
    text, phrase = said(clause, key)
    assert text.startswith(wording)
    assert phrase.clause == clause


@pytest.mark.parametrize(("clause", "key", "wording"), CONTAINS)
def test_an_ordered_wording_is_part_of_what_is_said(clause: str, key: str, wording: str) -> None:
    text, phrase = said(clause, key)
    assert wording in text
    assert phrase.clause == clause


@pytest.mark.parametrize(
    ("given", "greeting"),
    [
        ({"organisation": "港口公司"}, "您好,港口公司,有什么可以帮到您?"),
        ({"organisation": "", "department": "技术部"}, "您好,技术部,有什么可以帮到您?"),
    ],
)
def test_et_1_greets_with_the_company_or_the_department(given: dict[str, str], greeting: str) -> None:
    dialplan = load_dialplan("service-desk", parameters=given)
    assert phrases_of(dialplan)["greeting"].text == greeting


def test_et_3_promises_with_its_time() -> None:
    dialplan = load_dialplan("service-desk", parameters={"promised_time": "2小时"})
    assert phrases_of(dialplan)["text-promise"].text == "您的问题我已经记录下来了,2小时内给您回复"


def test_js_3_asks_in_the_standards_order() -> None:
    dialplan = load_dialplan("jinsui-tax")
    assert dialplan.flow is not None
    order = ("enterprise", "telephone", "tax_office")
    fault = ("lamps", "memory", "printer", "card_date", "first_report", "account_month")
    assert dialplan.flows[dialplan.flow].ask == order + fault


def test_tt_2_takes_a_complaint_in_the_standards_order() -> None:
    flow = load_dialplan("tietong-keyaccount").flows["complaint"]
    assert (flow.open, flow.say) == ("listening", ("apology", "recorded", "deadline", "apology_again"))
    assert not flow.further
