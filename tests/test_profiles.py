from pathlib import Path

import pytest

from installer import oui
from installer.domain.cabling import Rj11Jack, Rj21Position
from installer.domain.mac import MacAddress
from installer.domain.registrar import Registrar
from installer.errors import InvalidValue, UsageFault
from installer.profiles import Profiles

SHEET = """account site gateway mac model fxs_port port_state line_name line_use
    caller_id e911_callback calling_plan inbound_number sip_username sip_password
    location jack notes
    job sheet_revision row_state serial label_id connector pair device_type
    line_id device_id sip_domain registrar registrar_port transport registered
    gateway_label_id"""
"""The sheet as offices and the provisioning partner know it: a new column goes to the end."""


def override(folder: Path, kind: str, name: str, text: str) -> Profiles:
    (folder / kind).mkdir(exist_ok=True)
    (folder / kind / f"{name}.toml").write_text(text, encoding="utf-8")
    return Profiles.load(folder)


def test_the_kits_own_profiles_are_whole(tmp_path: Path) -> None:
    own = Profiles.load()
    assert list(own.platforms) == ["beta", "production", "rehearsal"]
    assert list(own.gateways) == ["4", "8", "24", "50"]
    assert {"elevator", "fire-panel", "fax", "voice"} <= own.uses.keys()
    assert list(own.labels) == ["avery-5160", "avery-l7160"]
    assert own.sheets["credential"] == tuple(SHEET.split())
    assert Profiles.load(tmp_path / "absent").uses == own.uses


def test_models_have_their_sockets() -> None:
    models = Profiles.load().gateways
    assert {name: model.fxs_ports for name, model in models.items()} == {"4": 4, "8": 8, "24": 24, "50": 50}
    assert {name: model.device_type for name, model in models.items()} == {
        name: f"SIP_{name}_Port_MTA" for name in models
    }
    assert models["8"].jacks[7] == Rj11Jack("8")
    sockets = [jack for jack in models["50"].jacks if isinstance(jack, Rj21Position)]
    assert [(jack.connector, jack.pair.number) for jack in sockets] == [
        (connector, pair) for connector in "AB" for pair in range(1, 26)
    ]
    assert [model.id for model in models.values() if not model.confirmed] == ["50"]


@pytest.mark.parametrize("text", ["24", " 24 ", "SIP_24_Port_MTA", "sip_24_port_mta"])
def test_a_model_is_named_by_id_or_device_type(text: str) -> None:
    assert Profiles.load().model(text).id == "24"


def test_an_unknown_model_names_the_known_ones() -> None:
    with pytest.raises(InvalidValue, match="no gateway model") as raised:
        Profiles.load().model("\x1b[2J16")
    assert "SIP_50_Port_MTA" in raised.value.wanted
    assert "\x1b" not in raised.value.message


def test_label_stocks_have_the_makers_geometry() -> None:
    labels = Profiles.load().labels
    letter, a4 = labels["avery-5160"], labels["avery-l7160"]
    assert (letter.cells, letter.cell, letter.page) == (30, (66.675, 25.4), (215.9, 279.4))
    assert (a4.cells, a4.cell, a4.page) == (21, (63.5, 38.1), (210.0, 297.0))
    assert letter.origin(0) == (4.7625, 12.7)
    assert letter.origin(4) == pytest.approx((4.7625 + 69.85, 12.7 + 25.4))
    for stock in (letter, a4):  # as much margin on the right and below as on the left and above
        left, top = stock.origin(stock.cells - 1)
        assert left + stock.cell[0] + stock.margin[0] == pytest.approx(stock.page[0])
        assert top + stock.cell[1] + stock.margin[1] == pytest.approx(stock.page[1])


def test_life_safety_uses_are_marked() -> None:
    uses = Profiles.load().uses
    assert {name for name, use in uses.items() if not use.life_safety} == {
        "door", "fax", "intercom", "modem", "pos", "voice",
    }  # fmt: skip
    assert all(use.symbol.isascii() for use in uses.values())


def test_no_registrar_is_assumed_for_a_real_platform() -> None:
    platforms = Profiles.load().platforms
    for name in ("production", "beta"):
        assert platforms[name].registrar == Registrar()
        assert platforms[name].base_url.startswith("https://")
    assert platforms["rehearsal"].embedded
    assert not platforms["rehearsal"].base_url


@pytest.mark.parametrize(
    "url", ["https://api.alianza.com", "HTTPS://API.alianza.com/", "https://api.alianza.com.:443/v2"]
)
def test_a_platform_is_known_by_its_address_however_spelled(url: str) -> None:
    found = Profiles.load().platform_at(url)
    assert found is not None
    assert found.name == "production"


@pytest.mark.parametrize(
    "url",
    ["", "https://", "https://api.alianza.com:8443", "https://api.example", "https://api.alianza.com:x"],
)
def test_another_address_is_no_platform_of_ours(url: str) -> None:
    assert Profiles.load().platform_at(url) is None


def test_a_home_profile_replaces_and_adds(tmp_path: Path) -> None:
    text = (
        'title = "Ours"\nbase_url = "https://api.example"\nregistrar = "sip.example"\n'
        'registrar_port = 5061\nsip_domain = "sip.example"\ntransport = "tls"\n'
    )
    platforms = override(tmp_path, "platforms", "Production", text).platforms
    assert platforms["production"].registrar == Registrar("sip.example", 5061, "sip.example", "tls")
    assert platforms["production"].title == "Ours"
    uses = override(tmp_path, "uses", "atm", 'name = "ATM"\nsymbol = "ATM"\nlife_safety = false\n').uses
    assert uses["atm"].name == "ATM"
    assert "elevator" in uses


GATEWAY = 'device_type = "X"\nname = "X"\nconfirmed = true\n'
GRID = 'name = "X"\npage = [100, 100]\ncolumns = 2\nrows = 1\n'
LABEL = GRID + "cell = [{}, 10]\nmargin = [{}, 0]\npitch = [{}, 10]\n"


@pytest.mark.parametrize(
    "kind,text,words",
    [
        ("uses", "name = ", "not TOML"),
        ("uses", 'name = "X"\nsymbol = "X"\n', "life_safety: Field required"),
        ("uses", 'name = "X"\nsymbol = "X"\nlife_safety = true\ncolour = 1\n', "colour: Extra inputs"),
        ("uses", 'name = "X"\nsymbol = "a b"\nlife_safety = "perhaps"\n', "symbol: "),
        ("uses", "#" * 100_001, "longer than"),
        ("platforms", 'title = "X"\n', "the file: Value error, either embedded"),
        ("platforms", 'title = "X"\nbase_url = "ftp://x"\n', "base_url: "),
        ("platforms", 'title = "X"\nembedded = true\nregistrar = "a b"\n', "registrar: "),
        ("gateways", GATEWAY, "either rj11_jacks or"),
        (
            "gateways",
            GATEWAY + 'rj11_jacks = 2\nrj21 = [{connector = "A", pairs = 2}]\n',
            "either rj11_jacks or",
        ),
        ("gateways", GATEWAY + 'rj21 = [{connector = "A", pairs = 26}]\n', "rj21.0.pairs: "),
        (
            "gateways",
            GATEWAY + 'rj21 = [{connector = "A", pairs = 2}, {connector = "A", pairs = 2}]\n',
            "twice",
        ),
        ("labels", LABEL.format(40, 30, 40), "do not fit"),
        ("labels", LABEL.format(0, 0, 40), "do not fit"),
        ("labels", LABEL.format(40, 0, 30), "overlap"),
        ("labels", LABEL.format("nan", 0, 30), "cell.0: "),
        ("sheets", 'columns = ["mac", "mac"]\n', "stands twice"),
    ],
)
def test_a_faulty_profile_is_named_by_file_and_key(tmp_path: Path, kind: str, text: str, words: str) -> None:
    with pytest.raises(UsageFault) as raised:
        getattr(override(tmp_path, kind, "mine", text), kind)
    assert f"{kind}/mine.toml: " in raised.value.message
    assert words in raised.value.message


def test_every_faulty_profile_of_a_kind_is_named_at_once(tmp_path: Path) -> None:
    override(tmp_path, "uses", "one", "name = 1")
    (tmp_path / "uses" / "two.toml").write_bytes(b"\xff")
    (tmp_path / "uses" / "three.toml").mkdir()
    with pytest.raises(UsageFault) as raised:
        _ = Profiles.load(tmp_path).uses
    for words in (
        "one.toml: name: ",
        "one.toml: symbol: ",
        "two.toml: not UTF-8",
        "three.toml: cannot be read",
    ):
        assert words in raised.value.message
    assert Profiles.load(tmp_path).gateways  # another kind is not touched


def test_an_address_block_names_its_vendor() -> None:
    assert "sangoma" in (oui.vendor(MacAddress("005058123456")) or "").casefold()
    assert oui.vendor(MacAddress("020000000001")) is None
