"""The wallboard with a log-in: sessions, forged forms, guesses, HTTPS."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientConnectionError

from gateway.config.lock_out import FREE
from gateway.config.passwords import hashed
from gateway.wallboard.server import ServerError
from gateway.wallboard.tls import Certificate
from tests.broker import PATIENCE
from tests.service.wallboard_scene import CALL, KEPT, PASSWORD, Scene, certificate, next_event, serving, until

pytestmark = pytest.mark.service


@pytest.fixture
async def guarded(tmp_path: Path) -> AsyncIterator[Scene]:
    """With one; this machine is a proxy."""
    file = tmp_path / "people"
    file.write_text(f"wall:{KEPT}\n")
    async with serving(tmp_path, password_file=str(file), proxies=("127.0.0.1",)) as scene:
        yield scene


async def test_nothing_is_shown_before_the_log_in(guarded: Scene) -> None:
    assert (await guarded.get("/stream")).status == 401
    for path in ("/", f"/call/{CALL}"):
        answer = await guarded.get(path)
        assert (answer.status, answer.headers["Location"]) == (303, "/login")
    assert (await guarded.get("/login")).status == 200


async def test_log_in_and_out(guarded: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "gateway")
    answer = await guarded.log_in()
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    cookie = answer.headers["Set-Cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Strict", "Path=/"))
    assert (await guarded.get("/")).status == 200
    [kept] = list(guarded.browser.cookie_jar)
    async with guarded.browser.get(f"{guarded.url}/stream") as stream:
        assert (await next_event(stream))[0] == "snapshot"
        assert (await guarded.post("/logout")).headers["Location"] == "/login"
        guarded.server.hub.take({"line/a/state": {"text": "later"}})
        with contextlib.suppress(ClientConnectionError):
            assert b"later" not in await asyncio.wait_for(stream.content.read(), PATIENCE), "it ends at once"
    assert (await guarded.get("/stream")).status == 401
    assert (await guarded.get("/", headers={"Cookie": f"{kept.key}={kept.value}"})).status == 303, "it is over"
    assert PASSWORD not in caplog.text
    assert kept.value not in caplog.text


@pytest.mark.parametrize("changed", [False, True])
async def test_after_a_restart_who_was_logged_in_is_unless_the_password_is_another(
    tmp_path: Path, changed: bool
) -> None:
    file = tmp_path / "people"
    file.write_text(f"wall:{KEPT}\n")
    async with serving(tmp_path, password_file=str(file)) as scene:
        cookie = (await scene.log_in()).cookies["sansheng"].value
    if changed:
        file.write_text(f"wall:{hashed('another')}\n")
    async with serving(tmp_path, password_file=str(file)) as scene:
        answer = await scene.get("/", headers={"Cookie": f"sansheng={cookie}"})
        assert answer.status == (303 if changed else 200)


async def test_a_session_that_somebody_planted_is_not_taken_over(guarded: Scene) -> None:
    answer = await guarded.log_in(Cookie="sansheng=planted")
    assert "planted" not in answer.headers["Set-Cookie"]
    guarded.browser.cookie_jar.clear()
    assert (await guarded.get("/", headers={"Cookie": "sansheng=planted"})).status == 303


async def test_who_logs_in_again_has_a_new_session_and_the_old_one_is_over(guarded: Scene) -> None:
    first = (await guarded.log_in()).cookies["sansheng"].value
    assert (await guarded.log_in()).cookies["sansheng"].value != first
    guarded.browser.cookie_jar.clear()
    assert (await guarded.get("/", headers={"Cookie": f"sansheng={first}"})).status == 303


@pytest.mark.parametrize(
    ("user", "password"), [("wall", "four rings"), ("nobody", PASSWORD), ("", ""), ("wall", "")]
)
async def test_a_wrong_password_or_name_is_refused(guarded: Scene, user: str, password: str) -> None:
    answer = await guarded.log_in(password, user)
    assert (answer.status, answer.headers["Location"]) == (303, "/login?failed=1")
    assert "Set-Cookie" not in answer.headers


async def test_guesses_are_locked_out_by_the_address_that_the_proxy_tells(guarded: Scene) -> None:
    guesser, other = {"X-Forwarded-For": "198.51.100.7"}, {"X-Forwarded-For": "198.51.100.8"}
    answers = await asyncio.gather(*(guarded.log_in("guess", **guesser) for _ in range(FREE)))
    assert any("locked=" in answer.headers["Location"] for answer in answers)
    locked = await guarded.log_in(**guesser)
    assert "/login?locked=" in locked.headers["Location"], "the right password, too"
    assert int(locked.headers["Retry-After"]) > 0
    forged = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}
    assert "locked=" in (await guarded.log_in(**forged)).headers["Location"], (
        "what it claims for itself is nothing"
    )
    twice = {"X-Forwarded-For": "198.51.100.7, 127.0.0.1"}
    assert "locked=" in (await guarded.log_in(**twice)).headers["Location"], "one proxy behind another"
    assert (await guarded.log_in(**other)).headers["Location"] == "/"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
async def test_a_form_of_another_site_is_refused(guarded: Scene, headers: dict[str, str]) -> None:
    assert (await guarded.log_in(**headers)).status == 403
    await guarded.log_in()
    assert (await guarded.post("/logout", **headers)).status == 403
    assert (await guarded.get("/")).status == 200, "still logged in"


async def test_the_name_that_a_form_came_to_is_not_for_whoever_asks_to_tell(guarded: Scene) -> None:
    told = {"X-Forwarded-Host": "evil.example", "Origin": "http://evil.example"}
    assert (await guarded.log_in(**told)).status == 403


async def test_a_form_of_the_same_name_by_another_scheme_is_refused(guarded: Scene) -> None:
    other = guarded.url.replace("http:", "https:")
    assert (await guarded.log_in(Origin=other)).status == 403
    answer = await guarded.log_in(Origin=other, **{"X-Forwarded-For": "198.51.100.7"})
    assert answer.status == 303, "a proxy that does not tell which one its browser speaks"


async def test_a_form_without_any_origin_is_refused(guarded: Scene) -> None:
    async with guarded.browser.post(f"{guarded.url}/login", data={"password": PASSWORD}) as answer:
        assert answer.status == 403


async def test_a_form_that_is_too_large_or_no_form_is_refused(guarded: Scene) -> None:
    assert (await guarded.log_in("x" * 1_000_000)).status == 413
    assert (await guarded.post("/login", **{"Content-Type": "text/plain"})).status == 415
    many = {str(number): "" for number in range(20)}
    assert (await guarded.post("/login", many)).status == 400


async def test_no_get_changes_anything(guarded: Scene) -> None:
    await guarded.log_in()
    assert (await guarded.get("/logout")).status == 405
    assert (await guarded.get(f"/login?user=wall&password={PASSWORD}")).status == 200
    assert (await guarded.get("/")).status == 200


async def test_behind_an_https_proxy_the_cookie_is_for_https_alone(guarded: Scene) -> None:
    told = {"X-Forwarded-Proto": "https", "Host": "wall.example", "Origin": "https://wall.example"}
    answer = await guarded.log_in(**told)
    assert answer.headers["Set-Cookie"].startswith("__Host-sansheng=")
    assert "Secure" in answer.headers["Set-Cookie"]


async def test_https(tmp_path: Path) -> None:
    (tmp_path / "people").write_text(KEPT)
    files = await certificate(tmp_path)
    trusting = ssl.create_default_context(cafile=files["certificate_file"])
    trusting.check_hostname = False
    async with serving(tmp_path, tls=trusting, password_file=str(tmp_path / "people"), **files) as scene:
        assert scene.url.startswith("https:")
        answer = await scene.log_in(user="")
        assert answer.headers["Set-Cookie"].startswith("__Host-sansheng=")
        assert "Secure" in answer.headers["Set-Cookie"]
        assert (await scene.events(1))[0][0] == "snapshot"


async def test_a_renewed_certificate_is_taken_and_a_half_written_one_is_not(tmp_path: Path) -> None:
    files = [Path(name) for name in (await certificate(tmp_path)).values()]
    kept = Certificate(*files)
    looking = asyncio.create_task(kept.keep(0.01))
    try:
        before = await served(kept)
        files[0].write_text("-----BEGIN CERTI")
        await until(lambda: "goes on" in str(kept.problem))
        assert await served(kept) == before
        await certificate(tmp_path, days=9)
        await until(lambda: kept.problem is None)
        assert await served(kept) != before
    finally:
        looking.cancel()


async def served(kept: Certificate) -> str:
    """The certificate that a browser sees."""
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=kept.context)
    try:
        port = server.sockets[0].getsockname()[1]
        return await asyncio.to_thread(ssl.get_server_certificate, ("127.0.0.1", port))
    finally:
        server.close()


async def test_a_certificate_that_is_none_is_told_with_the_cure(tmp_path: Path) -> None:
    for name in ("c", "k"):
        (tmp_path / name).write_text("no")
    with pytest.raises(ServerError, match=r"\[wallboard\] certificate_file holds no certificate .* a PEM file"):
        async with serving(tmp_path, certificate_file=str(tmp_path / "c"), key_file=str(tmp_path / "k")):
            pass
