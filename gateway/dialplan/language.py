"""The words of a text: forbidden phrases (JH-16, JS-8), 您 for 你, greetings, questions with 请 (JH-17). Pure.

A forbidden phrase counts where it stands as words of its own, whatever its punctuation, spaces, width or script.
The same characters inside other words are no finding: 听不清楚, 知不知道, 怎么了解, 伴随便利店.
"""

import re
import unicodedata

FORBIDDEN = (
    "你声音大一点,我听不清",
    "真啰嗦",
    "刚才和你说过了,怎么还问",
    "刚才不是和你说过了吗",
    "先生/女士,我这听着呢",
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
"""服务禁语, the phrases no prompt may contain, as the standards write them."""

_SIMPLIFIED = str.maketrans(
    "聲點聽囉羅剛說説過還問嗎這著個話麼麽給記錄領導幹處們沒關係辦決隨應該誰願訴歸別須靜電來講妳恆裡對請時間號",
    "声点听啰罗刚说说过还问吗这着个话么么给记录领导干处们没关系办决随应该谁愿诉归别须静电来讲你恒里对请时间号",
)
"""Traditional characters of the forbidden phrases and of greetings and questions."""
_COMMA = re.compile(r"[,、;:]")
_STOP = re.compile(r"[。!?]")
_SOFT = re.compile(r"[^\w,。]|_")
_SENTENCE = re.compile(r"[^。!?]*[。!?]?")

_PARTICLES = "呀啊么吗嘛呢哪吧"
"""What may end a reproach: one stands for another."""
_LONG = 6
"""Characters. So long a phrase is a reproach whoever is called 您 or 你 in it, and with or without its particle;
a shorter one (你等着, 我忙着呢) is what it is only in the standard's very words."""

_CONDITION = r"(?:(?<![例比])如(?!何)|若|要是|万一|倘)[^,。我]{0,16}$"
"""A condition about the customer: 「如果您不知道户号,请按2」 says nothing of us."""
_UNCLEAR_POINT = r"(?:有|有什么|有任何|有哪些|哪里|哪些)$"
_UNCLEAR_POINT_AFTER = r"(?:的地方|之处|的可以|的请|[^,。我]{0,8}(?<![说讲])的话(?:[,。]|$))"
_TOO_FAINT = (
    r"(?:[听看瞧说讲读念写记印弄搞辨得]|(?<![部百十成])分|(?<!确)认|显示|识别|表达|描述|表述|交代|说明|解释|记录"
    r"|(?:声音|话音|语音|录音|音质|信号|通话|图像|图片|照片|画面|字迹|笔迹|传真)(?:有点|有些|还是|仍然|比较|[仍还都也])?)$"
)
"""听不清楚 and the like: what can't be done clearly, or does not come over clearly."""
_NO_MATTER = r"[理辖控]|(?:何|什么|多|怎|哪|谁|几|如何|是|您|在|有没有|能不能)[^。]*(?:都|也|均|一定|总|始终)"
"""我们不管多忙,都…: 不管 is "no matter" here; 我们不管理小区内的管道 has 管理."""

_NOTHING = r"(?!)"

_OTHER_WORDS: dict[str, tuple[str, str]] = {
    "不知道": (rf"知$|知道$|{_CONDITION}|{_UNCLEAR_POINT}", _UNCLEAR_POINT_AFTER),
    "不清楚": (rf"清$|清楚$|{_TOO_FAINT}|{_CONDITION}|{_UNCLEAR_POINT}", _UNCLEAR_POINT_AFTER),
    "没办法解决": (_CONDITION, _NOTHING),
    "怎么了": (_NOTHING, r"解(?![决答释])|结(?![果算账])|断(?![电网线水气])|却|然|不起"),
    "随便": (
        r"(?:不|不要|不会|勿|别|不能|不可|不得|不应)$",
        r"利(?!用(?!户))|民|捷|宜|服(?!务)|条(?!件)|签(?![字名约署收订])|携(?=[式设机电])",
    ),
    "冷静点": (_NOTHING, r"[击评选名头心餐]|播(?!放)"),
    "我们不管": (_NOTHING, _NO_MATTER),
}
"""Phrases whose characters may belong to other words, or to a sentence that is no fault: what then stands before
them, what after them. Neither reaches over a comma, but for 不管, whose second half comes after one."""

_GREETING = re.compile(
    r"(?:您好(?!像)|欢迎(?:您|致电|拨打|来电)|大家好|(?:早上|上午|中午|下午|晚上|早|晚)[好安]|您早"
    r"|(?:节日|元旦|新年|春节|劳动节|端午节?|中秋节?|国庆节?)(?:好|快乐)"
    r"|[^,。不]{2,8}(?:好|快乐|愉快|安康|吉祥)(?=[,。]|$))"
)
"""您好, the time of day, or a feast's wish, alone before the first comma: 节日好, 元旦快乐, 端午安康."""
_ASKS = re.compile(r"(?:[?]|吗[。,!]?)$")
_ONLY_A_TAG = re.compile(r"(?:好|可以|行|对|是|能|方便)(?:吗|么|不|吧)[?]?$|好不好[?]?$")
_PLEASE = re.compile(r"(?<![申邀聘])请(?![假柬])")
_NOT_YOU = "迷你"
_IDEOGRAPH = re.compile(r"[\u4e00-\u9fff]")


def forbidden_in(text: str) -> list[str]:
    """The forbidden phrases in `text`, in its order, each once, in the standard's writing.

    Where one holds another (我不知道, 不知道), the longer is told.
    """
    plain = _plain(text)
    hits = [(match.start(), -match.end(), words) for words, match in _matches(plain)]
    found: dict[str, None] = {}
    reached = 0
    for _start, end, words in sorted(hits):
        if -end > reached:
            reached = -end
            found.setdefault(words)
    return list(found)


def impolite_in(text: str, *, opens_call: bool = False, asks: bool = False) -> list[str]:
    """What is impolite in `text`, in words: 你 for 您, a question without 请, no greeting where it opens the call.

    `asks`: it is a question, even without a question mark.
    """
    found = []
    simple = unicodedata.normalize("NFKC", "".join(text.split())).translate(_SIMPLIFIED)
    if "你" in simple.replace(_NOT_YOU, ""):
        found.append("says 你; allowed: 您 alone")
    asked = _questions(simple, asks) if _IDEOGRAPH.search(simple) else []
    if any(not _PLEASE.search(question) for question in asked):
        found.append("asks without 请; allowed: a question with 请")
    if opens_call and not _GREETING.match(_plain(text)):
        found.append("does not begin with a greeting; allowed: one like 您好, 节日好 or 欢迎致电 first")
    return found


def spoken_characters(text: str) -> int:
    """Characters that take a syllable to say: CJK ideographs, 〇 and digits."""
    return len(re.findall(r"[\u3007\u3400-\u9fff0-9]", unicodedata.normalize("NFKC", text)))


def _plain(text: str) -> str:
    """`text` in simplified characters of common width, one `,` or `。` between sentences."""
    simple = unicodedata.normalize("NFKC", "".join(text.split())).translate(_SIMPLIFIED)
    bare = _SOFT.sub("", _COMMA.sub(",", _STOP.sub("。", simple)))
    return re.sub(r"[,。]*。[,。]*", "。", re.sub(r",+", ",", bare)).strip(",。")


def _core(words: str) -> str:
    """What must be there of a phrase: 「先生/女士,我这听着呢」 is said to the one or the other, or to neither."""
    core = words.partition(",")[2] if "/" in words else words
    return core.replace(",", "")


def _pattern(words: str) -> re.Pattern[str]:
    core = _core(words)
    last = core[-1]
    letters = [
        f"[{_PARTICLES}]" if index and letter in _PARTICLES else letter for index, letter in enumerate(core)
    ]
    if len(core) >= _LONG:
        letters = ["[你您]" if letter in "你您" else letter for letter in letters]
    body = "[,。]?".join(letters[:-1])
    optional = "?" if last in _PARTICLES and len(core) >= _LONG else ""
    return re.compile(f"{body}(?:[,。]?{letters[-1]}){optional}")


_PATTERNS = {words: _pattern(words) for words in FORBIDDEN}


def _matches(plain: str) -> list[tuple[str, re.Match[str]]]:
    return [
        (words, match)
        for words, pattern in _PATTERNS.items()
        for match in pattern.finditer(plain)
        if _is_one_saying(words, plain, match) and not _is_of_other_words(words, plain, match)
    ]


def _is_one_saying(words: str, plain: str, match: re.Match[str]) -> bool:
    """Whether commas and stops inside are the phrase's own, or nothing but decoration: 不,知,道.

    「请您跟随,便可…」 has two words there, of which the phrase is no part.
    """
    said = match.group()
    inside = [index for index, letter in enumerate(said) if letter in ",。"]
    own = _core_commas(words)
    letters_before = [len(re.sub(r"[,。]", "", said[:index])) for index in inside]
    foreign = [count for count in letters_before if count not in own]
    stands_alone = plain[: match.start()][-1:] in ("", ",", "。") and plain[match.end() :][:1] in ("", ",", "。")
    return not foreign or len(foreign) > 1 or stands_alone


def _core_commas(words: str) -> set[int]:
    """After how many letters of the core the standard itself has a comma."""
    if "/" in words:
        return set()
    return {len(words[:index].replace(",", "")) for index, letter in enumerate(words) if letter == ","}


def _is_of_other_words(words: str, plain: str, match: re.Match[str]) -> bool:
    if words not in _OTHER_WORDS:
        return False
    before, after = _OTHER_WORDS[words]
    rest = plain[match.end() :]
    return bool(re.search(before, plain[: match.start()]) or re.match(after, rest))


def _questions(simple: str, asks: bool) -> list[str]:
    """The sentences that ask, a mere 「好吗?」 with the one before it; all of the text if `asks`."""
    if asks:
        return [simple]
    questions: list[str] = []
    before = ""
    for sentence in _SENTENCE.findall(simple):
        if _ONLY_A_TAG.match(sentence):
            questions.append(before + sentence)
        elif _ASKS.search(sentence):
            questions.append(sentence)
        before = sentence
    return questions
