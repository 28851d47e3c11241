"""Signing in: in the form, over a step, and for as long as nobody has to, not at all."""

from pathlib import Path

import pytest

from installer.alianza.auth import IDLE_LIMIT
from installer.clock import Clock
from installer.rehearsal.faults import Kind
from installer.session import Settings
from tests.tui.beta import ADA, ada, beta, planned, submit
from tests.tui.stage import Stage, screen
from tui.screens.secrets import LoginAsked
from tui.widgets.field import Field
from tui.widgets.frame import Top
from tui.widgets.grid import Grid
from tui.widgets.plain import Plain


async def choose(on: Stage, platform: str) -> None:
    """The cursor on that platform, then Enter."""
    grid = on.app.screen.query_one("#platforms", Grid)
    await on.until(lambda: bool(grid.rows))
    grid.find(platform)
    await on.press("enter")


def field(on: Stage, name: str) -> Field:
    return on.app.screen.query_one(f"#{name}", Field)


async def test_the_first_run_says_what_it_is_and_one_key_rehearses(folder: Path) -> None:
    async with screen(Settings(folder / "home")) as on:
        await on.until(lambda: "New here? Press Enter" in on.text)
        assert "NO PLATFORM" in on.text
        await on.press("enter")
        await on.until(lambda: on.app.step is not None and on.app.step.NAME == "Visits")
        assert "REHEARSAL" in on.text
        assert "signed in" in on.text


async def test_a_home_with_a_visit_needs_no_explaining(folder: Path) -> None:
    home = folder / "home"
    with beta(home):
        async with screen(ada(home)) as on:
            planned(on.app.session)
        async with screen(ada(home)) as on:
            await on.until(lambda: "Tower" in on.text)
            assert on.app.step is not None
            assert on.app.step.NAME == "Visits"
            await on.go("Sign in")
            assert "New here" not in on.text


async def test_a_refused_password_is_said_in_the_form_and_what_was_typed_stays(folder: Path) -> None:
    home = folder / "home"
    with beta(home):
        async with screen(Settings(home, username=ADA.username)) as on:
            assert field(on, "user").text == ADA.username
            await choose(on, "beta")
            await submit(on, "wrong-password")
            await on.until(lambda: "refused the sign-in" in on.text)
            assert "check username and password" in " ".join(on.text.split())
            assert (field(on, "user").text, field(on, "password").text) == (ADA.username, "wrong-password")
            assert "wrong-password" not in on.text
            assert on.app.user == ""
            field(on, "password").line.value = ""
            await submit(on, ADA.password)
            await on.until(lambda: on.app.user == ADA.username)


@pytest.mark.parametrize(
    "kind, status, said",
    [
        (
            Kind.PORTAL,
            200,
            "this network wants a sign-in page filled in first: open any web page in a browser",
        ),
        (Kind.STATUS, 503, "the platform asks for fewer calls (503, Injected503): try again later"),
        (Kind.DROP_BEFORE_COMMIT, 0, "broke before the whole answer came: check the network, then try again"),
    ],
)
async def test_what_stands_in_the_way_is_said_in_the_form(
    folder: Path, kind: Kind, status: int, said: str
) -> None:
    home = folder / "home"
    with beta(home) as town:
        town.fault(kind, "POST", "/v2/authorize", count=None, status=status)
        async with screen(Settings(home, username=ADA.username)) as on:
            await choose(on, "beta")
            await submit(on, ADA.password)
            await on.until(lambda: "■" in on.text, 30)
            assert said in " ".join(str(on.app.screen.query_one("#form", Plain).render()).split())
            assert on.app.user == ""
            assert field(on, "password").text == ADA.password
            town.heal()
            await on.press("f3")
            await on.until(lambda: on.app.user == ADA.username)


async def test_an_empty_form_says_what_is_missing(folder: Path) -> None:
    home = folder / "home"
    with beta(home):
        async with screen(Settings(home)) as on:
            await choose(on, "beta")
            await on.press("f3")
            assert "who signs in?" in on.text
            await submit(on, ADA.username)
            await on.press("enter")
            await on.until(lambda: "the password is missing" in on.text)


async def test_an_address_that_was_given_is_signed_in_to(folder: Path) -> None:
    home = folder / "home"
    with beta(home) as town:
        (home / "profiles" / "platforms" / "beta.toml").unlink()
        url = town.thread.platform.url
        async with screen(Settings(home, base_url=url)) as on:
            grid = on.app.screen.query_one("#platforms", Grid)
            await on.until(lambda: grid.key == url)
            assert "as given" in on.text
            await on.press("enter")
            await submit(on, ADA.username)
            await submit(on, ADA.password)
            await on.until(lambda: on.app.user == ADA.username)
            assert (on.app.settings.platform, on.app.settings.base_url) == (None, url)
            await on.go("Sign in")
            there = on.app.session
            await choose(on, "rehearsal")
            await on.until(lambda: on.app.session is not there and bool(on.app.user))
            assert (on.app.settings.platform, on.app.settings.base_url) == ("rehearsal", None)
            await on.go("Sign in")
            grid = on.app.screen.query_one("#platforms", Grid)
            await on.until(lambda: url in {row.key for row in grid.rows})
            assert grid.key == "rehearsal"


async def test_who_typed_a_name_is_not_taken_into_the_rehearsal(folder: Path) -> None:
    async with screen(Settings(folder / "home")) as on:
        grid = on.app.screen.query_one("#platforms", Grid)
        await on.until(lambda: grid.key == "rehearsal")
        await on.press("tab")
        await submit(on, "anna")
        await submit(on, "secret-word")
        await on.until(lambda: "which platform does anna sign in to?" in " ".join(on.text.split()))
        assert on.app.focused is grid
        await on.press("f3")
        assert on.app.user == ""
        assert on.app.settings.platform is None
        assert field(on, "password").text == "secret-word"
        await on.press("enter")
        await on.until(lambda: on.app.settings.platform == "rehearsal")


@pytest.mark.parametrize(
    "given", [{"base_url": "https://API.alianza.com/"}, {"platform": "ours"}, {"platform": "production"}]
)
async def test_production_is_known_by_its_address_and_by_its_profiles_warning(
    folder: Path, given: dict[str, str]
) -> None:
    own = folder / "home" / "profiles" / "platforms"
    own.mkdir(parents=True)
    (own / "ours.toml").write_text(
        'title = "Ours"\nbase_url = "https://api.example"\nwarning = "real lines"\n', "utf-8"
    )
    async with screen(Settings(folder / "home", **given), (60, 20)) as on:  # type: ignore[arg-type]
        assert "PRODUCTION: REAL TELEPHONE LINES" in on.text
        grid = on.app.screen.query_one("#platforms", Grid)
        await on.until(lambda: bool(grid.rows))
        (row,) = [each for each in grid.rows if each.key == grid.key]
        assert "real" in row.cells[1].text


async def test_production_is_said_in_words(folder: Path) -> None:
    async with screen(Settings(folder / "home", platform="production"), (60, 20)) as on:
        assert "PRODUCTION: REAL TELEPHONE LINES" in on.text


async def test_the_first_call_that_needs_it_asks_and_goes_on(folder: Path) -> None:
    home = folder / "home"
    with beta(home):
        async with screen(Settings(home, platform="beta", username=ADA.username)) as on:
            await on.go("Account")
            await submit(on, "Harbor")
            await on.seen(LoginAsked)
            assert "This needs the platform." in on.text
            await submit(on, ADA.password)
            await on.until(lambda: "Harbor Point Tower" in on.text)
            assert "signed in" in on.text


async def test_a_wrong_answer_is_asked_for_again_and_leaving_it_loses_nothing(folder: Path) -> None:
    home = folder / "home"
    with beta(home):
        async with screen(Settings(home, platform="beta", username=ADA.username)) as on:
            await on.go("Account")
            await submit(on, "Harbor")
            await on.seen(LoginAsked)
            first = on.app.screen
            await submit(on, "wrong-password")
            await on.until(lambda: isinstance(on.app.screen, LoginAsked) and on.app.screen is not first)
            await on.until(lambda: "refused the sign-in" in " ".join(on.text.split()))
            await on.press("escape")
            await on.until(lambda: on.app.screen is on.app.step)
            assert field(on, "wanted").text == "Harbor"
            assert on.app.user == ""


async def test_a_login_that_lapsed_and_is_refused_is_asked_for_over_the_step(folder: Path) -> None:
    home, ahead = folder / "home", [0.0]
    with beta(home) as town:
        async with screen(ada(home)) as on:
            real = on.app.session.rooms.clock
            on.app.session.rooms.clock = Clock(real.now, lambda: real.monotonic() + ahead[0], real.sleep)
            await on.go("Account")
            await submit(on, "Harbor")
            await on.until(lambda: "Harbor Point Tower" in on.text)
            ahead[0] = IDLE_LIMIT + 60
            town.fault(Kind.STATUS, "POST", "/v2/authorize", status=401)
            on.app.screen.query_one("#wanted Input").focus()
            await on.press("end", *["backspace"] * 6)
            await submit(on, "Cedar")
            await on.seen(LoginAsked)
            await submit(on, ADA.password)
            await on.until(lambda: "Cedar Ridge Medical" in on.text)


async def test_who_leaves_while_signing_in_sees_no_defect(folder: Path) -> None:
    async with screen(Settings(folder / "home")) as on:
        await on.until(lambda: on.app.screen.query_one("#platforms", Grid).key == "rehearsal")
        assert on.app.step is not None
        await on.app.step.query_one(Top).remove()  # as the end of the app does, before the work is ended
        await on.press("enter")
        await on.until(lambda: bool(on.app.user))
