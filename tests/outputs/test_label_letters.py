"""What the labels' font cannot spell is said before anybody sticks a lozenge to the wall."""

from installer.outputs.labels import unprintable
from tests.outputs.jobs import site_job


def test_each_text_with_letters_that_the_font_lacks_is_named_with_its_port() -> None:
    found = list(unprintable(site_job(4, site="東京", place="閣", name="宴会厅 1")))
    assert {each.code for each in found} == {"label-letters"}
    assert [(each.gateway, each.fxs_port) for each in found[:1]] == [(None, None)]
    assert "the site “東京” as “◊◊”" in found[0].message
    lines = [each for each in found if "the line" in each.message]
    assert lines
    assert all(each.gateway and each.fxs_port and "“宴会厅 1” as “◊◊◊ 1”" in each.message for each in lines)


def test_what_is_spelled_with_base_letters_is_nothing_to_be_said() -> None:
    assert list(unprintable(site_job(4, site="Phở Tràng Tiền", name="Ascenseur nº 2 é"))) == []
