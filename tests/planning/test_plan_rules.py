"""Plans by rule: the same each time, on nothing foreign, and done once carried out; drift and records."""

from hypothesis import given
from hypothesis import strategies as st

from installer.domain.line import (
    LineDraft,
    SpecialtyLine,
)
from installer.domain.numbers import Reference
from installer.planning.planner import replan
from installer.planning.snapshot import Snapshot
from installer.planning.steps import CreateLine, Plan, RouteNumber, UpdateLine
from tests.planning.jobs import (
    MAC,
    OTHER,
    draft,
    held,
    job,
    line,
    record,
    ringing,
    snapshot,
    username,
)

LINES = st.lists(
    st.builds(
        lambda number, mac, at, name: line(
            number, id=f"F{number}{at}", mac=mac, fxs_port=at, sip_username=username(name)
        ),
        st.integers(1, 4),
        st.sampled_from([MAC, OTHER]),
        st.integers(1, 4),
        st.integers(1, 9),
    ),
    max_size=5,
    unique_by=lambda each: each.id,
)


RINGS = st.dictionaries(
    st.sampled_from([f"n{n}" for n in range(5)]), st.sampled_from(["L1", "L2", "F11", "X"])
)


DRAFTS = st.lists(st.none() | st.integers(1, 4).map(draft), max_size=4)


@given(DRAFTS, LINES, RINGS, st.sets(st.integers(1, 4)))
def test_a_plan_is_the_same_each_time_and_never_writes_on_what_is_not_ours(
    drafts: list[LineDraft | None], lines: list[SpecialtyLine], rings: dict[str, str], holds: set[int]
) -> None:
    wanted = record(job(*drafts), held=holds)
    seen = snapshot(*lines, numbers=ringing(**rings))
    made = replan(wanted, seen)
    assert made == replan(wanted, seen)
    ours = {each.line_id for each in wanted.lines.values()}
    ours |= {
        each.id for each in lines if each.sip_username in {c.username for c in wanted.credentials.values()}
    }
    for each in made.steps:
        if isinstance(each, UpdateLine):
            assert each.line_id in ours
        elif isinstance(each, RouteNumber):
            assert each.prior is None or each.prior.id in ours
        else:
            assert seen.at(each.slot.mac, each.slot.fxs_port) == ()


@given(DRAFTS, RINGS)
def test_a_platform_that_has_the_plan_s_effect_needs_nothing_more(
    drafts: list[LineDraft | None], rings: dict[str, str]
) -> None:
    wanted = record(job(*drafts))
    before = snapshot(numbers=ringing(**rings))
    assert replan(wanted, effect(replan(wanted, before), before)).steps == ()


def effect(made: Plan, before: Snapshot) -> Snapshot:
    """What stands once the plan was carried out."""
    lines = tuple(
        line(
            each.port.number,
            name=each.draft.name,
            caller_id=each.draft.caller_id.digits,
            e911_callback=each.draft.e911_callback.digits,
        )
        for each in made.steps
        if isinstance(each, CreateLine)
    )
    routed = {each.number: f"L{each.port.number}" for each in made.steps if isinstance(each, RouteNumber)}
    numbers = tuple(
        held(
            index,
            Reference("SPECIALTY_LINE", routed[number.number])
            if number.number in routed
            else number.reference,
        )
        for index, number in enumerate(before.numbers)
    )
    return snapshot(*lines, numbers=numbers)
