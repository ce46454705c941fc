"""What the page shows of lines, queue, figures, alerts, agents and calls."""

import re

import pytest
from playwright.async_api import Locator, expect

from tests.browser import board
from tests.browser.child import Wallboard
from tests.browser.conftest import TV, OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

STATES = {
    "dialling": "呼出",
    "ringing": "振铃",
    "greeting": "问候",
    "listening": "聆听",
    "prompting": "播报",
    "waiting": "等待",
    "talking": "通话",
    "closing": "结束语",
}


async def seconds(time: Locator) -> int:
    """What a counter shows."""
    minutes, rest = (await time.inner_text()).split(":")
    return int(minutes) * 60 + int(rest)


async def test_a_tile_follows_its_call_through_all_states(wallboard: Wallboard, open_page: OpenPage) -> None:
    wallboard.show(board.line("sip1"))
    page = (await open_page(wallboard.url)).page
    tile = page.locator('[data-line="sip1"]')
    await expect(tile).to_contain_text("空闲")
    for state, word in STATES.items():
        wallboard.show(board.line("sip1", board.call("c1", state, agent="801", verdict="faint", rings=3)))
        await expect(tile).to_have_attribute("data-state", state)
        await expect(tile.locator(".call-word").last).to_have_text(word)
        await expect(tile.locator(".agent-number")).to_have_text("801" if state in ("waiting", "talking") else "")
        await expect(tile.locator(".verdict")).to_have_text("声小")
        await expect(tile.locator(".rings-count")).to_be_visible(visible=state == "ringing")
        await expect(tile).to_have_attribute("aria-label", re.compile(f"sip1; {word}, .*801"))
    await expect(tile.locator(".rings-count")).to_have_text("3")
    wallboard.show(board.line("sip1", state="offline"))
    await expect(tile).to_contain_text("停用")
    wallboard.show({"line/sip1/state": None})
    await expect(tile).to_have_count(0)


async def test_seconds_are_counted_by_the_gateways_clock(wallboard: Wallboard, open_page: OpenPage) -> None:
    wallboard.show(board.line("sip1", board.call("c1", "talking", seconds=125)))
    # The television set is in Paris, and its clock an hour slow.
    opened = await open_page("about:blank", timezone_id="Europe/Paris")
    page = opened.page
    await page.add_init_script("const now = Date.now; Date.now = () => now() - 3600000;")
    opened.forgiven = ("asked 127.0.0.1",)
    await page.goto(wallboard.url)
    time = page.locator('[data-line="sip1"] .time').last
    await expect(time).to_have_text(re.compile(r"2:\d\d"))
    first = await seconds(time)
    assert first >= 125
    await page.wait_for_function(
        "before => document.querySelector('[data-line=sip1] .figures .time').textContent !== before",
        arg=f"{first // 60}:{first % 60:02}",
    )
    assert await seconds(time) > first
    await expect(page.locator("#clock")).to_have_text(re.compile("^14:"))


async def test_several_calls_of_one_line_each_have_a_row(wallboard: Wallboard, open_page: OpenPage) -> None:
    calls = [board.call(f"c{n}", state, caller=f"13{n}****0000") for n, state in enumerate(STATES)]
    wallboard.show(board.line("sip1", *calls[1:4]))
    page = (await open_page(wallboard.url)).page
    tile = page.locator('[data-line="sip1"]')
    await expect(tile.locator(".call")).to_have_count(3)
    await expect(tile).to_contain_text("3 个通话")
    await tile.click()
    await expect(page.locator("#line-dialog .call-head")).to_have_count(3)
    wallboard.show(board.line("sip1", *calls))
    await expect(tile.locator(".call")).to_have_count(4)
    await expect(tile).to_contain_text("8 个通话")
    await expect(page.locator("#line-dialog .call-head")).to_have_count(8)  # it is kept up while it is open


async def test_who_waits_stands_in_order_with_the_time_to_his_reassurance(
    wallboard: Wallboard, open_page: OpenPage
) -> None:
    second = board.waiting("c1", 2, seconds=90, left=1000, caller="131****0001", agent="802")
    first = board.waiting("c2", 1, seconds=30, left=-60, caller="132****0002")
    agents = board.waiting("c3", None, seconds=300, left=500, caller="133****0003", agent="801")
    wallboard.show(board.line("sip1", second) | board.line("sip2", first) | board.line("sip3", agents))
    page = (await open_page(wallboard.url)).page
    places = page.locator("#queue > li")
    await expect(places.locator(".who")).to_have_text(["132****0002", "131****0001", "133****0003"])
    await expect(places.locator(".position")).to_have_text(["1", "2", "–"])
    await expect(places.nth(0)).to_contain_text(re.compile(r"安抚超时 [67]\d 秒"))  # JH-8 is broken, and looks it
    await expect(page.locator("#queue > .late")).to_have_count(1)
    await expect(places.locator(".soft")).to_have_text(["sip2", "sip1", "sip3 · 座席 801"])
    await expect(page.locator("#queue-figures")).to_have_text(re.compile(r"^3人等待5:\d\d最长$"))
    await expect(places.nth(1)).to_contain_text(re.compile(r"下次安抚 9\d\d 秒"))
    await expect(places.nth(1).locator(".waited")).to_have_text(re.compile(r"1:3\d"))
    wallboard.show(board.line("sip1") | board.line("sip2") | board.line("sip3"))
    await expect(page.locator("#queue")).to_have_text("无人等待")


async def test_the_answer_rate_stands_against_its_goal(wallboard: Wallboard, open_page: OpenPage) -> None:
    wallboard.show(board.kpi(board.hour(9, 47, 3), board.hour(13, 50)))
    page = (await open_page(wallboard.url)).page
    await expect(page.locator(".rate")).to_have_text("97%")
    await expect(page.locator("#gauge")).to_contain_text("未达标目标 98%")
    await expect(page.locator("#gauge")).to_contain_text("接通 97 / 100")
    below = page.locator("#hours .below")
    await expect(below.locator(".unseen")).to_have_text("9 时:接通 47 / 50, 94%")
    wallboard.show(board.kpi(board.hour(9, 100)))
    await expect(page.locator("#gauge")).to_contain_text("100%达标目标 98%")
    await expect(below).to_have_count(0)


async def test_the_gauge_has_one_scale_whatever_the_rate(wallboard: Wallboard, open_page: OpenPage) -> None:
    page = (await open_page(wallboard.url)).page
    filled = "document.querySelector('.gauge-value').getAttribute('stroke-dasharray').split(' ')[0] * 1"
    shown = []
    for answered in (79, 81, 90):
        wallboard.show(board.kpi(board.hour(9, answered, 100 - answered)))
        await expect(page.locator(".rate")).to_have_text(f"{answered}%")
        shown.append((await page.evaluate(filled), await page.locator(".gauge-goal").get_attribute("x1")))
    arcs, marks = zip(*shown, strict=True)
    assert arcs == tuple(sorted(arcs))
    assert arcs[0] < 5
    assert abs(arcs[2] - 50) < 1
    assert len(set(marks)) == 1
    await expect(page.locator(".hour-rate").filter(has_text="%")).to_have_text(["90%"])


async def test_alerts_come_with_words_and_go_when_cured(wallboard: Wallboard, open_page: OpenPage) -> None:
    alerts = board.alert("records_unwritten", "disk full") | board.alert("no_dial_tone", "for 6 min", line="fxo1")
    wallboard.show(board.line("fxo1") | alerts)
    page = (await open_page(wallboard.url)).page
    shown = page.locator("#alert-list > li")
    gateways, lines = re.compile("网关.*通话记录无法写入.*disk full"), re.compile("fxo1.*无拨号音.*for 6 min")
    await expect(shown).to_have_text([lines, gateways])
    await expect(page.locator("#alerts-count")).to_have_text("2 个告警")
    await expect(page.locator('[data-line="fxo1"]')).to_contain_text("无拨号音")
    wallboard.show(dict.fromkeys(alerts))
    await expect(page.locator("#alerts")).to_be_hidden()
    await expect(page.locator('[data-line="fxo1"] .tile-alert')).to_be_hidden()


async def test_of_many_alerts_the_gravest_are_named_and_all_are_counted(
    wallboard: Wallboard, open_page: OpenPage
) -> None:
    alerts = board.alert("answer_rate_day", "89%") | board.alert("records_lost", "disk full")
    for number in range(1, 14):
        alerts |= board.alert("no_dial_tone", "for 6 min", line=f"fxo{number}")
    alerts |= board.alert("not_answering", "rings on", line="fxo13")
    wallboard.show(board.line("fxo13", driver="fxo") | alerts)
    page = (await open_page(wallboard.url, size=TV)).page
    await expect(page.locator("#alerts-count")).to_have_text("16 个告警")
    shown = page.locator("#alert-list > li")
    await expect(shown.first).to_have_text(re.compile("fxo13.*未能应答来电"))
    named = await shown.count() - 1
    await expect(shown.last).to_have_text(f"另有 {16 - named} 个")
    cut = """() => [...document.querySelectorAll("#alert-list > li")].filter((card) =>
      card.scrollWidth > card.clientWidth + 1 || card.scrollHeight > card.clientHeight + 1
      || card.getBoundingClientRect().bottom > document.querySelector("#alerts").getBoundingClientRect().bottom + 1
    ).length"""
    assert await page.evaluate(cut) == 0
    await expect(page.locator('[data-line="fxo13"] .tile-alert')).to_have_text("+1")
    await shown.last.locator("button").click()
    await expect(page.locator("#alerts-dialog li")).to_have_count(16)
    await expect(page.locator("#alerts-dialog li").last).to_contain_text("89%")
    await page.keyboard.press("Escape")
    await expect(page.locator("#alerts-dialog li")).to_have_count(0)


async def test_who_only_greeted_is_not_shown_as_who_talked(wallboard: Wallboard, open_page: OpenPage) -> None:
    calls = (
        board.ended("c2", minutes=1, agent="801", attended_by=None),
        board.ended("c1", minutes=2, agent="802"),
    )
    greeted = board.line("sip1", board.call("c3", "greeting", agent="801"))
    wallboard.show(greeted | board.calls(*calls, board.ended("c0", minutes=60 * 24)))
    page = (await open_page(wallboard.url)).page
    await expect(page.locator("#calls tbody .calls-agent")).to_have_text(["–", "802", "801"])
    await expect(page.locator('[data-line="sip1"] .facts')).to_have_text("报号 801")
    await expect(page.locator('[data-line="sip1"] .agent')).to_be_hidden()
    await expect(page.locator("#calls .open").first).to_have_text(re.compile(r"^\d\d:\d\d:\d\d$"))
    await expect(page.locator("#calls .open").last).to_have_text(re.compile(r"^\d\d-\d\d \d\d:\d\d$"))


async def test_of_thirty_who_wait_it_is_told_how_many_are_not_shown(
    wallboard: Wallboard, open_page: OpenPage
) -> None:
    for number in range(1, 31):
        its = board.waiting(f"c{number}", number, seconds=600 - number, left=9)
        wallboard.show(board.line(f"sip{number}", its))
    for number in (80100001, 80100002):
        wallboard.show(board.agent(str(number), "after_call", seconds=97200))
    page = (await open_page(wallboard.url)).page
    await expect(page.locator(".queue-count")).to_have_text("30")
    rows = page.locator("#queue > li:not(.more-waiting)")
    await expect(page.locator(".more-waiting")).to_have_text(
        re.compile(rf"另有 {30 - await rows.count()} 人,最长 9:\d\d")
    )
    inside = """() => document.querySelector(".more-waiting").getBoundingClientRect().bottom
      <= document.querySelector(".panel.queue").getBoundingClientRect().bottom"""
    assert await page.evaluate(inside)
    cut = """() => [...document.querySelectorAll("#agents li")].filter((agent) =>
      [...agent.querySelectorAll(".agent-number, .agent-word")].some((part) =>
        part.scrollWidth > part.clientWidth + 1
        || part.getBoundingClientRect().top > agent.getBoundingClientRect().bottom - 5)).length"""
    await expect(page.locator("#agents li .time")).to_have_text(["27 小时", "27 小时"])
    assert await page.evaluate(cut) == 0


async def test_calls_have_their_marks_and_open_their_timeline(wallboard: Wallboard, open_page: OpenPage) -> None:
    good = board.ended("20260218-093000-sip1-5f03ab", minutes=2)
    bad = board.ended(
        "20260218-093100-sip1-5f03ac", minutes=1, broken=["JH-1", "JH-8"], kept=[], not_applicable=[]
    )
    wallboard.show(board.calls(bad, good) | board.agent("801", "away"))
    opened = await open_page(wallboard.url)
    page = opened.page
    rows = page.locator("#calls tbody tr")
    await expect(rows.nth(0).locator(".mark")).to_have_text(["违反 JH-1 JH-8"])
    await expect(rows.nth(1).locator(".mark")).to_have_text(["符合 5"])
    await expect(page.locator("#agents li")).to_have_text(re.compile("801离席"))
    opened.forgiven = ("404",)  # there is no such call on record
    await rows.nth(0).locator("button").press("Enter")
    frame = page.locator("#call-dialog iframe")
    await expect(frame).to_have_attribute("src", "/call/20260218-093100-sip1-5f03ac?lang=zh")
    await expect(page.frame_locator("#call-dialog iframe").locator("p")).to_have_text("没有这个通话的记录。")
    await page.keyboard.press("Escape")
    await expect(frame).to_have_count(0)
    await expect(rows.nth(0).locator("button")).to_be_focused()


@pytest.mark.parametrize("busy", [200, 24])  # the 25th, with which lines become many, is idle
async def test_two_hundred_lines_are_all_seen_at_once(
    wallboard: Wallboard, open_page: OpenPage, busy: int
) -> None:
    wallboard.show(board.crowd(200, busy=busy))
    page = (await open_page(wallboard.url, size=TV)).page
    await expect(page.locator(".tile")).to_have_count(200)
    idle = page.locator('#busy .tile[data-state="idle"]')
    assert await idle.count() == 0, "an idle one stands among the busy ones"
    await expect(page.locator("#busy .tile")).to_have_count(busy)
    hidden = """() => [...document.querySelectorAll(".tile")].filter((tile) => {
      const box = tile.getBoundingClientRect();
      return tile !== document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)?.closest(".tile");
    }).length"""
    assert await page.evaluate(hidden) == 0
