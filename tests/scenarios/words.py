"""What customers of the Jihua Gas hotline hear while they wait, are called back, or have been served."""

FIRST = "请您稍等,正在把您说的问题记录并向相关部门咨询"
AGAIN = "请稍等,正在为您查询。"
THANKS = "感谢您的耐心等待"
SORRY = "很抱歉,让您久等了"
OFFER = "您如需回电,请按1;留言请按2。"
ASK = "请输入您的电话号码,按井号键结束。"
NOTED = "您的号码已经记录,我们会尽快给您回电。"
SPEAK = "请您留言。"
FURTHER = "请问还有其他需要咨询的吗?"


def read_back(number: str) -> str:
    """What is read back, as the feed shows it: without the digits (WD-11)."""
    return f"您的电话号码是{'*' * len(number)}正确请按1,重新输入请按2。"
