"""What a record remembers of a job's steps."""

from dataclasses import replace

from installer.domain.gateway import GatewayPlace
from installer.planning.outcome import StepState
from installer.planning.steps import Action, LineRef
from tests.planning.jobs import OTHER, PLACE, draft, gateway, job, port, record, step

SECOND = GatewayPlace("GW-2")


def test_a_line_of_no_port_names_itself() -> None:
    assert str(LineRef("L7")) == "line L7"


def test_a_record_tells_generations_and_what_is_open() -> None:
    first, second = step(StepState.REFUSED, port(1)), step(StepState.UNKNOWN, port(1), generation=2)
    known = record(job(draft(1)), steps=[first, second])
    assert list(known.generations(port(1), Action.CREATE_LINE)) == [first, second]
    assert known.latest(port(1), Action.CREATE_LINE) == second
    assert known.latest(port(2), Action.CREATE_LINE) is None
    assert known.next_key(port(1), Action.CREATE_LINE).generation == 3
    assert known.next_key(port(2), Action.CREATE_LINE).generation == 1
    assert list(known.unknown_steps()) == [second]
    assert known.create_was_sent(port(1))
    assert not known.create_was_sent(port(2))


def test_an_intent_alone_is_open_and_fixes_the_username() -> None:
    alone = step(StepState.INTENT, port(1))
    known = record(job(draft(1)), steps=[alone])
    assert list(known.unknown_steps()) == [alone]
    assert known.create_was_sent(port(1))


def test_a_job_whose_ports_were_all_taken_back_wants_nothing() -> None:
    known = record(job(draft(1), None, None, None, draft(2), gateways=(gateway(), gateway(OTHER, SECOND))))
    places = [set(), {SECOND}, {PLACE, SECOND}]
    taken = [{plan.port for plan in known.job.ports if plan.port.gateway in each} for each in places]
    jobs = [replace(known, taken_back=frozenset(ports)) for ports in taken]
    assert [set(each.wanted) for each in jobs] == [{PLACE, SECOND}, {PLACE}, set()]
    assert [len(list(each.wanted_drafts())) for each in jobs] == [2, 1, 0]
    assert [each.is_taken_back for each in jobs] == [False, False, True]
    assert [each.is_unfinished for each in jobs] == [True, True, False]
    assert all(each.anew() == known for each in jobs)
