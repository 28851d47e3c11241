"""Credentials: made and checked behind a vault, shown one at a time, chosen port by port."""

from pathlib import Path

from installer.domain.finding import Acceptable
from installer.rehearsal.faults import Kind
from installer.session import Answers, Settings
from tests.session.office import PASSPHRASE, fxs
from tests.tui.beta import ada, beta, planned, submit, with_vault
from tests.tui.stage import TOWER, Stage, screen, stage
from tests.tui.test_visits import kept
from tui.screens.credentials import SHOWN_FOR, Credentials
from tui.screens.dialog import Choice
from tui.screens.own import OwnCredential
from tui.screens.secrets import PassphraseAsked
from tui.widgets.grid import Grid
from tui.widgets.plain import Plain


async def opened(on: Stage) -> Credentials:
    await on.go("Credentials")
    assert isinstance(on.app.step, Credentials)
    return on.app.step


def password(on: Stage, port: int = 1) -> str:
    held = on.app.session.credentials.reveal(on.app.job_id or "", fxs(port))
    return held.password.reveal() if held else ""


def shown(on: Stage) -> str:
    return str(on.app.screen.query_one("#shown", Plain).render())


async def choose(on: Stage, key: str) -> None:
    """That choice for the port under the cursor."""
    await on.press("enter")
    await on.seen(Choice)
    assert on.app.screen.query_one(Grid).find(key)
    await on.press("enter")


async def test_a_new_vault_is_asked_for_twice_and_credentials_are_made_and_checked(folder: Path) -> None:
    home = folder / "home"
    with beta(home) as town:
        async with screen(ada(home, passphrase=None)) as on:
            draft = planned(on.app.session)
            on.app.draft_visit(TOWER, draft.site)
            await opened(on)
            assert "2 credentials to make" in on.text
            await on.press("enter")
            await on.seen(PassphraseAsked)
            await submit(on, "a long passphrase")
            await submit(on, "another passphrase")
            await on.until(lambda: "the second one differs" in on.text)
            await submit(on, "a long passphrase")
            await on.until(lambda: "2 ports with a credential" in on.text, 30)
            assert on.app.job_id is not None
            assert on.app.session.drafting.drafts() == ((), ())
            assert password(on) not in on.text
            assert "•••" in on.text
        assert not town.writes()


async def test_a_locked_vault_is_asked_for_and_a_wrong_passphrase_said(folder: Path) -> None:
    home = folder / "home"
    with beta(home):
        with_vault(home)
        job_id = await kept(ada(home), "prepare")
        async with screen(Settings(home, platform="beta")) as on:
            on.app.open_visit(job_id)
            await opened(on)
            await on.press("ctrl+r")
            await on.seen(PassphraseAsked)
            first = on.app.screen
            await submit(on, "not the passphrase")
            await on.until(lambda: isinstance(on.app.screen, PassphraseAsked) and on.app.screen is not first)
            await on.seen(PassphraseAsked)
            await submit(on, PASSPHRASE.reveal())
            await on.until(lambda: "masked in" in shown(on))
            assert password(on) in shown(on)


async def test_leaving_the_passphrase_does_nothing(folder: Path) -> None:
    home = folder / "home"
    with beta(home):
        with_vault(home)
        job_id = await kept(ada(home), "prepare")
        async with screen(Settings(home, platform="beta")) as on:
            on.app.open_visit(job_id)
            await opened(on)
            await on.press("ctrl+r")
            await on.seen(PassphraseAsked)
            await on.press("escape")
            await on.until(lambda: "stays locked" in on.text)
            assert shown(on) == ""


async def test_one_is_shown_at_a_time_and_masked_again(folder: Path) -> None:
    home = folder / "home"
    with beta(home):
        with_vault(home)
        job_id = await kept(ada(home), "prepare")
        async with screen(ada(home)) as on:
            on.app.open_visit(job_id)
            step = await opened(on)
            await on.press("ctrl+r")
            await on.until(lambda: f"masked in {SHOWN_FOR} s" in shown(on))
            first, second = password(on, 1), password(on, 2)
            assert first in on.text
            await on.press("down")
            assert (shown(on), first in on.text) == ("", False)
            await on.press("ctrl+r")
            await on.until(lambda: second in on.text)
            for _ in range(SHOWN_FOR):
                step._count()
            assert shown(on) == ""
            await on.press("ctrl+r")
            await on.until(lambda: second in on.text)
            await on.go("Review")
            await opened(on)
            assert shown(on) == ""
            assert not any(second in text for _, text, _ in on.app.said)


async def test_an_own_credential_is_checked_while_it_is_typed_and_sealed(folder: Path) -> None:
    home = folder / "home"
    with beta(home):
        with_vault(home)
        job_id = await kept(ada(home), "prepare")
        async with screen(ada(home)) as on:
            on.app.open_visit(job_id)
            await opened(on)
            await choose(on, "own")
            await on.seen(OwnCredential)
            await on.paste("no")
            await on.until(lambda: "8 to 36 letters" in " ".join(on.text.split()))
            await on.press("backspace", "backspace")
            await on.paste("lobby-east-1")
            await on.until(lambda: "● free" in on.text)
            await on.press("enter")
            await on.paste("short-one")
            await on.until(lambda: "shorter than 16" in on.text)
            assert "short-one" not in on.text
            await on.press("enter")
            await on.until(lambda: "lobby-east-1" in on.text and "your own" in on.text)
            assert password(on) == "short-one"
        files = [path for path in home.rglob("*") if path.is_file() and path.suffix != ".xlsx"]
        assert files
        assert not any(b"short-one" in path.read_bytes() for path in files)


async def test_a_username_that_is_in_use_is_said_while_it_is_typed(folder: Path) -> None:
    home = folder / "home"
    with beta(home) as town:
        with_vault(home)
        await kept(ada(home), "apply")
        async with screen(ada(home)) as on:
            on.app.open_visit(on.app.session.kept.jobs()[0].job.id)
            step = await opened(on)
            port = next(iter(step._ports.values()))
            on.app.push_screen(OwnCredential(on.app.session.credentials, port))
            await on.seen(OwnCredential)
            await on.paste(town.at(2).sip_username or "")
            await on.until(lambda: "■ in use on the platform" in on.text)


async def test_the_platforms_own_and_back(folder: Path) -> None:
    home = folder / "home"
    with beta(home):
        with_vault(home)
        job_id = await kept(ada(home), "prepare")
        async with screen(ada(home)) as on:
            on.app.open_visit(job_id)
            await opened(on)
            await choose(on, "platform")
            await on.until(lambda: "with the line" in on.text)
            await choose(on, "generated")
            await on.until(lambda: "with the line" not in on.text)
            assert password(on)


async def test_without_an_answer_nothing_is_called_free(folder: Path) -> None:
    home = folder / "home"
    with beta(home) as town:
        with_vault(home)
        job_id = await kept(ada(home), "prepare")
        async with screen(ada(home)) as on:
            await on.app.session.login.enter()
            on.app.open_visit(job_id)
            await opened(on)
            town.fault(Kind.STATUS, "*", "*sip-username*", status=403, count=None)
            await choose(on, "own")
            await on.seen(OwnCredential)
            await on.paste("lobby-east-1")
            await on.until(lambda: "? not asked" in on.text or "● free" in on.text)
            assert "● free" not in on.text


def offered(on: Stage) -> list[str]:
    return [each.key for each in on.app.screen.query_one(Grid).rows]


async def test_what_was_generated_is_made_once_and_offered_in_place_of_another(folder: Path) -> None:
    async with stage(folder) as on:
        await on.prepared()
        await opened(on)
        await on.press("enter")
        await on.seen(Choice)
        assert offered(on) == ["show", "own", "platform"]
        await on.press("escape")
        await choose(on, "platform")
        await on.press("enter")
        await on.seen(Choice)
        assert offered(on) == ["own", "generated"]


async def test_what_a_create_made_that_is_not_known_yet_is_nothing_to_choose(folder: Path) -> None:
    async with stage(folder) as on:
        await on.prepared(lines=1)
        on.app.session.credentials.by_platform(on.app.job_id or "", fxs(1))
        on.fault(Kind.STATUS, "*/specialty-line", "POST", status=500)
        answers = Answers(yes=True, accept=frozenset(Acceptable))
        await on.app.session.new_visits().apply(on.app.job_id, answers)
        await opened(on)
        await on.press("enter")
        await on.until(lambda: "what its create made is not known yet" in on.text)
        assert on.app.screen is on.app.step
