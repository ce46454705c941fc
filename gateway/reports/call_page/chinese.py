"""A call's steps in Chinese, as `gateway.records.narrate` tells them in English. Pure."""

from collections.abc import Callable
from typing import Any

from gateway.records.narrate import in_words, number_erased
from gateway.records.store import Event
from gateway.reports.call_page import words
from gateway.reports.pages import Words

Data = dict[str, Any]

WITHHELD = {"private": "来电隐藏号码", "unavailable": "未送号码"}


def _caller(data: Data) -> str:
    caller_id = data["caller_id"]
    if number_erased(data):
        return f"来电显示:{words.ERASED.zh}"
    if caller_id["number"] is None:
        return f"来电显示:{WITHHELD.get(caller_id['presentation'], caller_id['presentation'])}"
    name = f"({caller_id['name']})" if caller_id["name"] else ""
    return f"来电显示:{caller_id['number']}{name}"


def _verdict(data: Data) -> str:
    level = "" if data["level_dbfs"] is None else f",{data['level_dbfs']:.1f} dBFS"
    ratio = "" if data["snr_db"] is None else f",高于噪声 {data['snr_db']:.1f} dB"
    return f"听辨:{_of(words.VERDICTS, data['verdict'])}{level}{ratio}"


def _finished(data: Data) -> str:
    key = data["prompt"]["key"]
    return f"{key} 播完" if data["cut"] is None else f"{key} 被中断:{_of(words.CUTS, data['cut'])}"


def _kind(data: Data) -> str:
    return f"请求类别:{data['kind']}({'未按键' if data['digit'] is None else '按键 ' + data['digit']})"


def _answer(data: Data) -> str:
    question, digits = data["question"], data["digits"]
    given = [*(["口述"] if data["spoken"] else []), *([f"按键 {digits}"] if digits else [])]
    where = f",录音 {question['recording']}" if question["recording"] else ",未录音"
    return f"{question['key']} 的回答:{'、'.join(given) or '无'}{where}"


def _waited(data: Data) -> str:
    waited = "" if data["waited"] is None else f",共 {data['waited']:.1f} 秒"
    chosen, overdue = data.get("chosen"), data["overdue"]
    return f"等待结束{waited}:{'客户按键另选' if chosen else '一直无人接待' if overdue else '已有人接待'}"


def _waits(data: Data) -> str:
    position = data.get("position")
    return "客户等待接待" + ("" if position is None else f",排在第 {position} 位")


def _call_back(data: Data) -> str:
    if data["number"] is None:
        return "客户要求回电,未留号码"
    source = "取自来电显示" if data["source"] == "caller_id" else "客户按键输入"
    return f"客户要求回电 {data['number']},{source},{'已' if data['confirmed'] else '未'}确认"


def _of(known: dict[str, Words], value: str) -> str:
    return words.word(known, value).zh


_TOLD: dict[str, Callable[[Data], str]] = {
    "offered": lambda data: f"呼入线路 {data['line']}({data['driver']}),报号座席 {data['agent']}",
    "rang": lambda data: f"振铃第 {data['rings']} 声",
    "caller_identified": _caller,
    "call_answered": lambda data: f"第 {data['rings']} 声后摘机,距呼入 {data['waited']:.1f} 秒",
    "prompt_started": lambda data: f"{data['prompt']['key']}:「{data['prompt']['text']}」",
    "prompt_finished": _finished,
    "prompt_failed": lambda data: f"{data['prompt']['key']} 未能播放:线路没有开始",
    "verdict_given": _verdict,
    "digit_dialled": lambda data: f"按键 {data['digit']}",
    "kind_chosen": _kind,
    "alert_raised": lambda data: f"按 {data['clause']} 为 {data['kind']} 立即通知有关人员",
    "question_answered": _answer,
    "agent_assigned": lambda data: f"该客户由座席 {data['agent']} 负责",
    "agent_ringing": lambda data: f"座席 {data['agent']} 振铃",
    "agent_missed": lambda data: f"座席 {data['agent']} 未接:{_of(words.WHYS, data['why'])}",
    "agent_connected": lambda data: f"座席 {data['agent']} 与客户通话",
    "agent_left": lambda data: f"座席 {data['agent']} 离开:{_of(words.WHYS, data['why'])}",
    "message_taken": lambda _: "客户已说明情况,留言转交",
    "call_back_asked": _call_back,
    "dialled": lambda data: f"呼叫 {data['number']},工单 {data['ticket']} 应回电",
    "customer_rings": lambda _: "客户电话振铃",
    "dial_unanswered": lambda data: f"未联系上客户:{_of(words.WHYS, data['why'])}",
    "wait_began": _waits,
    "wait_moved": lambda data: f"排到第 {data['position']} 位",
    "wait_ended": _waited,
    "recording_started": lambda data: f"录音到 {data['path']}",
    "customer_held": lambda _: "客户将我方置于保持",
    "customer_resumed": lambda _: "客户恢复通话",
    "media_lost": lambda _: "收不到客户的音频",
    "media_restored": lambda _: "客户的音频恢复",
    "customer_hung_up": lambda data: f"客户挂机:{_of(words.SIGNS, data['sign'])}",
    "handset_lifted": lambda _: "并机话机摘机",
    "released": lambda data: f"释放,由{_of(words.RELEASED_BY, data['by'])}:{data['cause']}",
}


def in_chinese(event: Event, english: str) -> str:
    """The fact in Chinese; `english` for one that only a later version knows, or that cannot be read."""
    return in_words(_TOLD, event, english)
