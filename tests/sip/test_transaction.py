"""The non-INVITE client transaction, RFC 3261 section 17.1.2."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.sip.transaction import Due, NonInvite, Phase, Timers


def _sends(transaction: NonInvite) -> tuple[list[float], Due]:
    """When it was sent again, and how it ended, with nobody answering."""
    sent, due = [], Due.NOTHING
    while (at := transaction.next_at) is not None:
        transaction, due = transaction.tick(at)
        if due is Due.RESEND:
            sent.append(at)
    return sent, due


def test_an_unanswered_request_is_sent_again_at_the_times_of_the_rfc() -> None:
    sent, end = _sends(NonInvite.start(0.0, Timers()))
    assert sent == [0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5]
    assert end is Due.TIMED_OUT


def test_a_reliable_transport_never_sends_again() -> None:
    transaction = NonInvite.start(10.0, Timers(), reliable=True)
    assert transaction.next_at == 42.0
    assert _sends(transaction) == ([], Due.TIMED_OUT)


def test_a_provisional_answer_slows_the_sending_to_t2() -> None:
    transaction = NonInvite.start(0.0, Timers()).received(100, 0.1)
    assert transaction.phase is Phase.PROCEEDING
    assert _sends(transaction)[0] == [0.5, 4.5, 8.5, 12.5, 16.5, 20.5, 24.5, 28.5]


def test_a_final_answer_stops_it_and_late_ones_change_nothing() -> None:
    transaction = NonInvite.start(0.0, Timers()).received(200, 0.2)
    assert transaction.next_at == 5.2
    assert transaction.received(401, 1.0) == transaction
    ended, due = transaction.tick(5.2)
    assert (ended.phase, due, ended.next_at) == (Phase.TERMINATED, Due.NOTHING, None)
    assert ended.received(200, 6.0) == ended
    assert ended.tick(7.0) == (ended, Due.NOTHING)


def test_on_a_reliable_transport_a_final_answer_ends_it_at_once() -> None:
    assert NonInvite.start(0.0, Timers(), reliable=True).received(503, 0.2).next_at is None


def test_nothing_is_due_before_its_time() -> None:
    transaction = NonInvite.start(0.0, Timers())
    assert transaction.tick(0.49) == (transaction, Due.NOTHING)


@pytest.mark.parametrize("reliable", [True, False])
@given(st.lists(st.tuples(st.floats(0, 50), st.none() | st.integers(100, 699)), max_size=30))
def test_whatever_comes_it_is_over_after_timer_f_and_k(
    reliable: bool, happenings: list[tuple[float, int | None]]
) -> None:
    transaction, now = NonInvite.start(0.0, Timers(), reliable=reliable), 0.0
    for step, status in happenings:
        now += step
        transaction = transaction.tick(now)[0] if status is None else transaction.received(status, now)
    transaction = transaction.tick(now + 64 * 0.5)[0]
    assert transaction.tick(now + 64 * 0.5 + 5.0)[0].next_at is None
