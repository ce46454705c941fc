"""Who speaks through the synthesiser in each half, and what they say."""

from dataclasses import dataclass

from benchmarks.corpus.scene import Split


@dataclass(frozen=True, slots=True)
class Synthesised:
    """One synthesised speaker: an espeak-ng voice with a variant (another throat), pitch and speed."""

    voice: str
    pitch: int = 50
    words_per_minute: int = 175

    @property
    def variant(self) -> str:
        """The throat; empty for the engine's plain one."""
        return self.voice.partition("+")[2]

    @property
    def language(self) -> str:
        """The espeak-ng language, without the variant."""
        return self.voice.partition("+")[0]


SYNTHESISED = {
    Split.TRAIN: (
        Synthesised("cmn"),
        Synthesised("cmn+f3", 60, 190),
        Synthesised("cmn+m4", 35, 160),
        Synthesised("cmn+f5", 75, 210),
        Synthesised("cmn+klatt2", 45, 180),
        Synthesised("cmn+m1", 55, 240),
        Synthesised("en-us+f1", 50, 165),
        Synthesised("en-gb-x-rp+m3", 30, 180),
        Synthesised("de", 45, 170),
        Synthesised("de+f5", 65, 200),
        Synthesised("pt+m4", 50, 170),
        Synthesised("hi+f3", 55, 160),
        Synthesised("ko+m1", 60, 180),
        Synthesised("ja+f1", 70, 190),
    ),
    Split.HELD_OUT: (
        Synthesised("cmn+f2", 55, 175),
        Synthesised("cmn+m7", 40, 170),
        Synthesised("cmn+f4", 70, 220),
        Synthesised("cmn+m2", 30, 150),
        Synthesised("cmn+klatt4", 60, 200),
        Synthesised("cmn+Annie", 50, 185),
        Synthesised("yue+m5", 50, 165),
        Synthesised("yue+f2", 65, 190),
        Synthesised("ar+m7", 40, 165),
        Synthesised("ar+f4", 60, 185),
        Synthesised("vi+m2", 50, 170),
        Synthesised("vi+f2", 60, 200),
        Synthesised("tr+m6", 45, 180),
        Synthesised("sw+f4", 55, 160),
    ),
}
"""By half; no variant (the plain voice is one too), no language but Mandarin and no sentence is in both."""

_TRAIN_TEXTS = {
    "cmn": (
        "您好,我想咨询一下天然气的缴费问题,上个月的账单好像不对,麻烦您帮我查一下,谢谢。",
        "我家住在解放路三十八号,昨天晚上开始停水了,请问什么时候能修好?",
        "喂,你好,我是前几天报修的用户,师傅说今天下午过来,到现在还没有到。",
        "我的户号是六零二五七一三,手机号码是一三八零零一二三四五六。",
    ),
    "en-us": (
        "Hello, I would like to ask about my gas bill, last month's amount does not look right to me.",
        "The water has been off since this morning and nobody could tell us when it will be back.",
    ),
    "en-gb-x-rp": (
        "Good afternoon, I am calling because the meter in our cellar has been ticking loudly since Tuesday.",
        "Could you please put me through to somebody who knows about moving house?",
    ),
    "de": (
        "Guten Tag, ich habe eine Frage zu meiner Gasrechnung vom letzten Monat.",
        "Seit gestern Abend haben wir kein warmes Wasser mehr, und im Keller riecht es seltsam.",
    ),
    "pt": (
        "Bom dia, queria saber por que a minha conta de gás aumentou tanto este mês.",
        "O técnico ficou de vir hoje de manhã, mas até agora ninguém apareceu.",
    ),
    "hi": (
        "नमस्ते, मुझे पिछले महीने के गैस के बिल के बारे में पूछना है।",
        "कल रात से हमारे घर में पानी नहीं आ रहा है, कृपया किसी को भेजिए।",
    ),
    "ko": (
        "안녕하세요, 지난달 가스 요금에 대해서 문의하고 싶습니다.",
        "어제 저녁부터 물이 나오지 않는데 언제 고쳐질까요?",
    ),
    "ja": (
        "もしもし、せんげつの ガスの せいきゅうについて おききしたいのですが。",
        "きのうの よるから みずが でません。いつ なおりますか。",
    ),
}
_HELD_OUT_TEXTS = {
    "cmn": (
        "请问你们营业厅几点开门?我想办理过户手续,需要带什么证件?",
        "我要投诉,你们的工作人员态度很不好,电话打了三次都没有人处理。",
        "师傅您好,厨房里有一股煤气味,窗户我已经打开了,您看要不要先关总阀门?",
        "去年冬天的供暖费我已经交过了,为什么又收到了催缴通知?",
    ),
    "yue": (
        "唔该,我想搬屋,想知道点样将个煤气户口转去新地址。",
        "我屋企由琴晚开始冇水,请问几时先可以整好呀?",
    ),
    "ar": (
        "صباح الخير، أريد أن أعرف متى يصل الفني لإصلاح السخان في بيتنا.",
        "انقطعت المياه عن منزلنا منذ مساء أمس، متى سيتم إصلاحها من فضلكم؟",
    ),
    "vi": (
        "Xin chào, tôi muốn hỏi về hóa đơn tiền điện tháng trước của gia đình tôi.",
        "Nhà tôi bị mất nước từ tối hôm qua, bao giờ thì sửa xong?",
    ),
    "tr": (
        "İyi günler, geçen ayki doğal gaz faturam hakkında bilgi almak istiyorum.",
        "Dün akşamdan beri evimizde su akmıyor, ne zaman düzelecek acaba?",
    ),
    "sw": (
        "Habari za asubuhi, ningependa kuuliza kuhusu ankara yangu ya maji ya mwezi uliopita.",
        "Tangu jana jioni hatuna umeme nyumbani, mafundi watakuja lini?",
    ),
}
TEXTS = {Split.TRAIN: _TRAIN_TEXTS, Split.HELD_OUT: _HELD_OUT_TEXTS}
"""What callers say, by half and language."""
WORDS = ("喂", "喂喂", "好", "嗯")
"""What callers say by itself, in Mandarin."""
