"""What a frozen call shows of itself."""

from installer.provisioning.attempt import Call


def test_a_frozen_call_prints_without_its_body() -> None:
    shown = repr(Call("POST", "/v2/line", b'{"sipPassword": "hunter2"}', "L1"))
    assert "hunter2" not in shown
    assert "/v2/line" in shown
