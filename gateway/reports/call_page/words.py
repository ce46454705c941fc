"""The words of a drawn call in both languages: for each value that a record holds, and the drawing's own."""

from gateway.reports.pages import Words

VERDICTS = {
    "speech": Words("讲话", "speech"),
    "silent": Words("无声", "silent"),
    "noisy": Words("噪声", "noisy"),
    "faint": Words("声小", "faint"),
    "loud": Words("声大", "loud"),
}
LETTERS = {
    "speech": Words("讲", "S"),
    "silent": Words("静", "–"),
    "noisy": Words("噪", "N"),
    "faint": Words("弱", "F"),
    "loud": Words("响", "L"),
}
"""Of a verdict, where its word has no room."""

OUTCOMES = {
    "answered": Words("已接听", "answered"),
    "abandoned": Words("客户放弃", "abandoned"),
    "failed": Words("失败", "failed"),
    "unreached": Words("未联系上", "not reached"),
}
RELEASED_BY = {
    "customer": Words("客户", "the customer"),
    "standard": Words("规范条款", "the standard"),
    "guard": Words("保护定时器", "the guard timer"),
    "handset": Words("并机话机", "a parallel telephone"),
    "unreached": Words("未联系上", "not reached"),
    "fault": Words("故障", "a fault"),
    "shutdown": Words("网关停机", "the shutdown"),
}
SIGNS = {
    "bye": Words("挂机", "BYE"),
    "cancel": Words("振铃中放弃", "CANCEL while ringing"),
    "busy_tone": Words("忙音", "busy tone"),
    "congestion_tone": Words("拥塞音", "congestion tone"),
    "dial_tone": Words("拨号音", "dial tone"),
    "loop_drop": Words("环路断开", "loop current dropped"),
    "ring_stopped": Words("振铃停止", "ringing stopped"),
    "howler": Words("催挂音", "howler tone"),
}
CUTS = {
    "barge_in": Words("客户插话", "the customer spoke or pressed a key"),
    "far_end_hung_up": Words("客户挂机", "the customer hung up"),
    "handset": Words("并机话机摘机", "a parallel telephone was picked up"),
    "line": Words("线路中断", "the line stopped it"),
    "released": Words("通话释放", "the call was released"),
    "wait_ended": Words("等待结束", "the wait ended"),
    "agent": Words("座席接入", "the agent came"),
}
WHYS = {
    "no_answer": Words("无人接听", "no answer"),
    "busy": Words("占线", "engaged"),
    "refused": Words("拒接", "refused"),
    "vacant_number": Words("空号", "vacant number"),
    "unreachable": Words("无法接通", "unreachable"),
    "congestion": Words("网络拥塞", "congestion"),
    "no_line": Words("无可用线路", "no line could dial"),
    "hung_up": Words("挂机", "hung up"),
    "failed": Words("话机或线路故障", "telephone or line failed"),
    "no_audio": Words("无音频", "no audio"),
}
STEPS = {
    "answer": Words("接听", "answer"),
    "greeting": Words("问候", "greeting"),
    "notice": Words("告知", "notice"),
    "agent": Words("座席", "agent"),
    "menu": Words("菜单", "menu"),
    "opening": Words("开场", "opening"),
    "ladder": Words("分级提示", "ladder"),
    "correction": Words("纠正", "correction"),
    "question": Words("提问", "question"),
    "waiting": Words("等待", "waiting"),
    "patience": Words("久等致谢", "patience"),
    "call_back": Words("回访", "call-back"),
    "phrase": Words("座席用语", "phrase"),
    "last_words": Words("结束语", "last words"),
    "reply": Words("答复", "reply"),
    "closing": Words("结束", "closing"),
    "leaving": Words("座席离开", "leaving"),
    "release": Words("挂机", "release"),
}
LANES = {
    "line": Words("线路", "Line"),
    "heard": Words("客户声音", "Customer"),
    "lost": Words("音频中断", "No audio"),
    "prompts": Words("提示语", "Prompts"),
    "waits": Words("等待", "Waiting"),
    "agents": Words("座席", "Agents"),
    "holds": Words("客户保持", "On hold"),
    "keys": Words("按键", "Keys"),
    "case": Words("受理", "Case"),
    "clauses": Words("条款", "Clauses"),
}
RINGING = Words("振铃", "ringing")
DIALLING = Words("呼出", "dialling")
OFF_HOOK = Words("摘机通话", "off-hook")
ANSWERED = Words("摘机", "off-hook")
CALLER_ID = Words("来电显示", "caller ID")
ERASED = Words("已删除", "erased")
"""A number that was erased at its customer's wish."""
CALLER_ID_ERASED = Words(f"{CALLER_ID.zh}:{ERASED.zh}", f"{CALLER_ID.en}: {ERASED.en}")
NO_CALLER_ID = Words("未送号码", "no caller ID")
STILL_OPEN = Words("仍在通话", "still open")
NOT_TIMED = Words("日志中无时间", "no times in the journal")
LINE_RELEASED = Words("释放", "released")
RUNG = Words("振铃", "rung")
TALKED = Words("通话", "talks")
OVERDUE = Words("无人接待", "nobody came")
CHOSEN = Words("客户另选", "chose otherwise")
MESSAGE = Words("留言已记", "message taken")
CALL_BACK = Words("要求回电", "call-back asked")
ANSWER_GIVEN = Words("答", "answer")
ALERT = Words("紧急上报", "alert")
NOT_SAID = Words("未能播放", "not said")


def word(known: dict[str, Words], value: str | None) -> Words:
    """The words for a value; one that is not known, of another version, stands for itself."""
    text = str(value or "–")  # whatever else a damaged row of the journal holds
    return known.get(text, Words(text, text))


def named(words: Words, after: str) -> Words:
    """The words and something that is the same in both languages."""
    return Words(f"{words.zh} {after}", f"{words.en} {after}") if after else words


def word_after(before: Words, known: dict[str, Words], value: str | None) -> Words:
    """`before: value`, the value in words."""
    after = word(known, value)
    return Words(f"{before.zh}:{after.zh}", f"{before.en}: {after.en}")
