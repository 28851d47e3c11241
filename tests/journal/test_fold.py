"""From rows to what is known of a job."""

from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.domain.credential import CredentialSource
from installer.domain.gateway import FxsPort, GatewayPlace
from installer.domain.label import LabelId
from installer.domain.mac import MacAddress
from installer.errors import JournalUnusable
from installer.journal import events
from installer.journal.fold import Fold, fold
from installer.planning.outcome import EDGES, Mark, StepState
from installer.planning.record import (
    ArtifactRecord,
    PortCredential,
    RegistrationRecord,
)
from installer.planning.steps import Action
from tests.journal.homes import (
    JOB,
    MODELS,
    PLACE,
    PORT,
    START,
    USERNAME,
    intended,
    key,
    opened,
    planned_port,
    rows_of,
)
from tests.journal.stories import CREATED, PREPARED, SENT, after, moved


@given(st.lists(st.sampled_from(Mark), max_size=12), st.sampled_from(Action))
def test_a_step_goes_along_the_edges_and_no_other_way(marks: list[Mark], action: Action) -> None:
    step = key(action)
    folded = Fold(MODELS)
    rows = rows_of([*PREPARED, *(moved(mark, step) for mark in marks)])
    for row in rows[: len(PREPARED)]:
        folded.add(row)
    state = StepState.PLANNED
    for mark, row in zip(marks, rows[len(PREPARED) :], strict=True):
        reached = EDGES.get((state, mark))
        if reached is None:
            with pytest.raises(JournalUnusable) as caught:
                folded.add(row)
            assert caught.value.code == "journal-damaged"
            return
        folded.add(row)
        state = reached
        record = folded.record(JOB)
        assert record.steps[step].state is state
        assert not record.finished
        if action is Action.CREATE_LINE:
            standing = {StepState.DONE, StepState.UNDO_INTENT, StepState.UNDO_UNKNOWN}
            assert (PORT in record.lines) == (state in standing)
            assert record.create_was_sent(PORT)


def test_a_prepared_job_is_as_it_was_written() -> None:
    record = after()
    assert [gateway.place for gateway in record.job.gateways] == [PLACE]
    assert [plan.port.number for plan in record.job.ports] == [1, 2, 3, 4]
    assert record.job.mac_of(PORT) == MacAddress("005058123456")
    binding = record.job.gateway(PLACE).binding
    assert binding is not None
    assert (binding.serial, binding.why, binding.at) == ("S1", "first", record.last_event_at)
    assert record.credentials == {PORT: PortCredential(USERNAME, CredentialSource.GENERATED, 7)}
    assert (record.user, record.last_write_at, record.finished, dict(record.steps)) == (None, None, False, {})
    assert record.opened_at == rows_of(PREPARED)[0].at


def test_a_step_remembers_its_rows_and_its_last_word() -> None:
    step = after(*SENT, events.StepUnknown(key(), "http-502", "bad gateway", 502)).steps[key()]
    assert (step.intent_row, step.attempts, step.code, step.message, step.status) == (
        9,
        1,
        "http-502",
        "bad gateway",
        502,
    )
    step = after(*SENT, moved(Mark.UNKNOWN, key()), events.StepSent(key(), 2)).steps[key()]
    assert (step.attempts, step.code, step.message, step.status) == (2, None, "", None)
    step = after(*CREATED).steps[key()]
    assert (step.line_id, step.device_id) == ("L1", "D1")
    step = after(*CREATED, moved(Mark.UNDO_INTENT, key()), moved(Mark.UNDO_REFUSED, key())).steps[key()]
    assert (step.state, step.code) == (StepState.DONE, "busy")


def test_generations_follow_each_other() -> None:
    again = key(generation=2)
    record = after(*SENT, moved(Mark.REFUSED, key()), intended(again))
    assert [step.key.generation for step in record.generations(PORT, Action.CREATE_LINE)] == [1, 2]
    for bad in (intended(key(generation=3)), intended(key())):
        with pytest.raises(JournalUnusable):
            after(*SENT, bad)


def test_a_job_is_finished_by_a_clean_audit_until_something_changes() -> None:
    clean = events.Audited(clean=True, differences=0)
    record = after(*CREATED, clean)
    assert record.finished
    assert record.audited_at == record.last_event_at
    quiet = (events.Noted("x"), events.RegistrationSeen(PORT, registered=True), planned_port(1), PREPARED[1])
    assert after(*CREATED, clean, *quiet).finished
    for change in (
        events.Audited(clean=False, differences=1),
        planned_port(1, name="Other"),
        events.GatewayPlanned(PLACE, "4", LabelId("PD-333333333")),
        events.GatewayBound(PLACE, MacAddress("005058123457"), "", "swap"),
        intended(key(generation=2)),
    ):
        assert not after(*CREATED, clean, change).finished


def test_bindings_are_kept_oldest_first() -> None:
    record = after(events.GatewayBound(PLACE, MacAddress("005058123457"), "S2", "swap"))
    assert [binding.serial for binding in record.job.gateway(PLACE).bindings] == ["S1", "S2"]


def test_another_model_before_the_first_write_changes_the_ports() -> None:
    larger = events.GatewayPlanned(PLACE, "8", LabelId("PD-222222222"))
    more = [planned_port(number) for number in range(5, 9)]
    assert len(after(larger, *more).job.ports) == 8
    smaller = replace(larger, model_id="4")
    assert [plan.port.number for plan in after(larger, *more, smaller).job.ports] == [1, 2, 3, 4]
    with pytest.raises(JournalUnusable) as caught:
        after(larger)
    assert caught.value.code == "journal-damaged"


def test_places_stay_in_the_order_they_were_planned() -> None:
    second = GatewayPlace("A-closet")
    ports = [planned_port(number, second) for number in range(1, 5)]
    record = after(events.GatewayPlanned(second, "4", LabelId("PD-444444444")), *ports)
    assert [gateway.place for gateway in record.job.gateways] == [PLACE, second]
    assert record.job.ports[-1].port == FxsPort(second, 4)
    assert record.job.mac_of(record.job.ports[-1].port) is None


def test_registration_counts_how_often_it_was_lost() -> None:
    seen = [events.RegistrationSeen(PORT, registered=up) for up in (True, True, False, False, True)]
    rows = rows_of([*PREPARED, *seen])
    record = fold(rows, MODELS)[JOB]
    assert record.registrations == {PORT: RegistrationRecord(True, rows[-1].at, 1)}
    assert after(events.RegistrationSeen(PORT, registered=False)).registrations[PORT].flaps == 0


def test_when_registration_was_last_looked_at_is_kept() -> None:
    looks = [events.RegistrationsLooked(registered, 4) for registered in (3, 4)]
    rows = rows_of([*PREPARED, *looks])
    assert fold(rows, MODELS)[JOB].looked_at == rows[-1].at
    assert after().looked_at is None


def test_what_people_did_is_kept() -> None:
    written = events.ArtifactWritten("labels", "labels.pdf", "ab", 2)
    record = after(
        events.UserFixed("ada"),
        events.UserFixed("bob"),
        events.Acknowledged("x", "one"),
        events.Acknowledged("y", "two"),
        written,
    )
    assert record.user == "bob"
    assert record.acknowledged == {("x", "one"), ("y", "two")}
    assert record.last_event_at is not None
    assert record.artifacts == {
        "labels": ArtifactRecord("labels", "labels.pdf", "ab", 2, record.last_event_at)
    }


def test_a_credential_without_a_password_has_no_row() -> None:
    rows = rows_of([*PREPARED, events.CredentialMade(PORT, None, CredentialSource.PLATFORM)])
    rows[-1] = replace(rows[-1], sealed=None)
    assert fold(rows, MODELS)[JOB].credentials[PORT] == PortCredential(None, CredentialSource.PLATFORM, None)


def test_rows_of_a_newer_kit_change_nothing() -> None:
    record = after(*CREATED, events.Opaque("line-blessed", "{}"))
    assert record.steps == after(*CREATED).steps


@pytest.mark.parametrize(
    "happened", [[PREPARED[1]], [opened(), opened()], [opened(), events.StepSent(key(), 1)]]
)
def test_rows_that_cannot_follow_are_damage(happened: list[events.Event | events.Opaque]) -> None:
    with pytest.raises(JournalUnusable) as caught:
        fold(rows_of(happened), MODELS)
    assert caught.value.code == "journal-damaged"


def test_a_model_without_a_profile_is_named() -> None:
    with pytest.raises(JournalUnusable, match="“4”") as caught:
        fold(rows_of(PREPARED), {})
    assert caught.value.code == "journal-unknown-model"


def test_jobs_do_not_mix_and_records_are_live_views() -> None:
    folded = Fold(MODELS)
    for job_id in ("one", "two"):
        for row in rows_of(PREPARED, job_id):
            folded.add(row)
    record = folded.record("one")
    job = record.job
    for row in rows_of([*PREPARED, *CREATED], "one")[len(PREPARED) :]:
        folded.add(row)
    assert PORT in record.lines
    assert isinstance(record.lines, MappingProxyType)
    assert folded.record("one").job is job
    assert [(each.job.id, len(each.lines)) for each in folded.records()] == [("one", 1), ("two", 0)]
    assert record.opened_at > START
    with pytest.raises(KeyError):
        folded.record("three")
