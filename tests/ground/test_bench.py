import dataclasses
import math
from pathlib import Path

import pytest

from scripts import bench
from scripts.bench_kit import BenchFault, Measurement, Scale, run
from scripts.bench_screen import check_looks
from scripts.bench_site import Site, rows

TINY = Scale(
    ports=4, latency=0.005, starts=1, appends=2, gateways=2, gateways_an_account=1, labels=4, rows=50,
    changes=1, seconds=1.0, large=(4, 4),
)  # fmt: skip
LINES = {"start": 2, "ports": 4, "memory": 2, "journal": 2, "fleet": 2, "labels": 1, "sheet": 3, "screen": 10}


@pytest.mark.parametrize("name", bench.MEASURES)
def test_every_measurement_runs_and_yields_its_ratios(name: str, tmp_path: Path) -> None:
    found = bench.MEASURES[name](TINY, tmp_path)
    assert len(found) == LINES[name]
    for each in found:
        assert math.isfinite(each.ratio)
        assert each.ratio > 0
        assert f"{each.ratio:.2f}" in bench.line(each)


def test_a_smaller_size_than_meant_is_said(tmp_path: Path) -> None:
    assert "of 10000: --full" in bench.MEASURES["labels"](TINY, tmp_path)[0].name


@pytest.mark.parametrize(
    "ratio,limit,least,word",
    [
        (1.2, 1.25, False, "ok"),
        (1.3, 1.25, False, "OVER"),
        (3.1, 3.0, True, "ok"),
        (2.9, 3.0, True, "OVER"),
        (9.9, None, False, "-"),
    ],
)
def test_a_line_says_whether_its_target_holds(
    ratio: float, limit: float | None, least: bool, word: str
) -> None:
    measurement = Measurement("name", "1 s", "2 s", ratio, limit, least)
    assert bench.line(measurement).split()[-1] == word
    assert measurement.holds is (word != "OVER")


def test_what_could_not_be_measured_is_said_and_the_rest_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_scale: Scale, _folder: Path) -> list[Measurement]:
        raise BenchFault("no curl")

    def over(_scale: Scale, _folder: Path) -> list[Measurement]:
        return [Measurement("slow", "2 s", "1 s", 2.0, 1.0)]

    def sound(_scale: Scale, _folder: Path) -> list[Measurement]:
        return [dataclasses.replace(over(_scale, _folder)[0], limit=2.0)]

    monkeypatch.setattr(bench, "MEASURES", {"broken": broken, "over": over, "sound": sound})
    assert [bench.measure([name], TINY) for name in ("broken", "over", "sound")] == [1, 1, 0]
    said = capsys.readouterr().out
    assert "broken: could not be measured: no curl" in said
    assert "OVER" in said


def test_an_unknown_measurement_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["speed"]) == 2
    assert "there are start, ports" in capsys.readouterr().err


def test_what_was_not_looked_at_is_not_measured() -> None:
    scale = Scale(ports=4, seconds=10.0)
    check_looks(8, scale)
    with pytest.raises(BenchFault, match="asked 7 times, not 8"):
        check_looks(7, scale)


def test_a_child_that_fails_is_not_measured(tmp_path: Path) -> None:
    with pytest.raises(BenchFault, match="ended with"):
        run(["python3", "-c", "raise SystemExit(3)"], tmp_path)


def test_a_sheet_has_a_row_for_every_line_and_no_number_twice() -> None:
    site = Site(3, 2, 24)
    _, *lines = rows(site)
    assert len({row[9] for row in lines}) == len(lines) == site.lines
