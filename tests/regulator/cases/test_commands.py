"""Steps taken on a real log: two officers at once, a rebuild, alerts that are told once."""

from datetime import timedelta
from threading import Thread
from uuid import UUID

import pytest
from django.db import connection

from alerts.models import Alert
from eventlog.subscriptions import catch_up, rebuild
from kernel import clock
from kernel.errors import NotFound
from regulator import contracts_cases as words
from regulator import queries_cases
from regulator.cases import commands, overdue, projection
from regulator.cases.commands import CaseMovedOn
from regulator.cases.steps import State, StepIncomplete
from regulator.contracts_cases import About, AboutKind, Decision, Outcome
from regulator.models import CaseFile, CaseHead, CaseStep
from tests.eventlog.events import settle

OLGA, MIA = "a" * 32, "b" * 32
ABOUT = About(kind=AboutKind.ANOMALY, id="a-1", title="Silent", operator="lucky")
DECISION = {"decision": Decision(outcome=Outcome.WARNING, reasons="Late.")}


def opened(title="Silence", about=ABOUT):
    now = clock.now()
    return commands.open_case(operator="lucky", title=title, about=(about,), actor=OLGA, now=now)


def take(case, kind, *, actor=OLGA, seen=None, now=None, **fields):
    return commands.take(case, kind, fields, actor=actor, now=now or clock.now(), seen=seen)


def project():
    settle()
    catch_up(projection.NAME)


def test_steps_reach_the_rows_and_a_rebuild_makes_the_same(authority):
    case = opened()
    project()
    take(case, words.CaseAssigned, officer=MIA)
    take(case, words.CaseDecided, actor=MIA, **DECISION)
    other = opened(
        "Another", About(kind=AboutKind.OPERATOR, id="lucky", title="x", operator="lucky")
    )
    project()
    seen = [list(model.objects.order_by("pk").values()) for model in (CaseFile,)]
    steps = list(CaseStep.objects.order_by("case", "step").values("case", "step", "event", "body"))

    assert queries_cases.case(case) == commands.held(case)
    assert [each.step.actor for each in queries_cases.timeline(case)] == [OLGA, OLGA, MIA]
    assert [each.id for each in queries_cases.cases().items] == [str(other), str(case)]
    assert [each.id for each in queries_cases.about(["a-1", "x"])] == [str(case)]
    rebuild(projection.NAME)
    assert [list(model.objects.order_by("pk").values()) for model in (CaseFile,)] == seen
    again = CaseStep.objects.order_by("case", "step").values("case", "step", "event", "body")
    assert list(again) == steps


def test_a_stale_page_decides_nothing_but_a_note_is_kept(authority):
    case = opened()
    take(case, words.CaseAssigned, officer=MIA, seen=1)

    with pytest.raises(CaseMovedOn):
        take(case, words.CaseDecided, seen=1, **DECISION)
    assert take(case, words.CaseNoted, seen=1, text="Call them.").steps == 3
    assert commands.held(case).state is State.OPEN


def test_two_officers_at_once_lose_nothing(authority):
    case, failed = opened(), []

    def write(actor):
        connection.set_tenant(authority)
        try:
            for number in range(5):
                take(case, words.CaseNoted, actor=actor, text=f"{actor[0]} {number}")
        except Exception as error:  # noqa: BLE001  # told below
            failed.append(error)
        finally:
            connection.close()

    officers = [Thread(target=write, args=(actor,)) for actor in (OLGA, MIA)]
    for each in officers:
        each.start()
    for each in officers:
        each.join()
    project()

    assert failed == []
    timeline = queries_cases.timeline(case)
    assert [each.number for each in timeline] == list(range(1, 12))
    told = {each.step.text for each in timeline[1:]}
    assert told == {f"{actor[0]} {number}" for actor in (OLGA, MIA) for number in range(5)}
    assert queries_cases.case(case) == commands.held(case)


def test_lists_turn_their_pages_open_cases_first(authority):
    numbers = [opened(f"Case {number}") for number in range(4)]
    take(numbers[3], words.CaseDecided, **DECISION)
    take(numbers[3], words.CaseClosed, reasons="Done.")
    project()

    first = queries_cases.cases(limit=2)
    second = queries_cases.cases(limit=2, cursor=first.next_cursor)
    shown = [UUID(each.id) for page in (first, second) for each in page.items]
    assert shown == [numbers[2], numbers[1], numbers[0], numbers[3]]
    assert second.next_cursor is None
    assert len(queries_cases.cases(state="open").items) == 3
    assert len(queries_cases.cases(officer="nobody", state="closed").items) == 1


def test_an_explanation_that_does_not_come_is_told_once_and_settled_when_it_did(authority):
    case, now = opened(), clock.now()
    due = now.date() + timedelta(days=7)
    take(case, words.ExplanationRequested, question="Why?", due=due)
    project()
    late = now + timedelta(days=9)

    overdue.look(now=now)
    assert Alert.objects.count() == 0
    overdue.look(now=late)
    overdue.look(now=late + timedelta(hours=1))
    alert = Alert.objects.get()
    assert (alert.seen, alert.path) == (2, f"/cases/{case}/")
    assert "2 days ago" in alert.text

    take(case, words.ExplanationReceived, now=late, text="A power cut.", received=late.date())
    project()
    overdue.look(now=late)
    assert Alert.objects.get().resolved_at is not None


def test_what_cant_be_opened_leaves_nothing(authority):
    with pytest.raises(NotFound):
        commands.open_case(operator="nobody", title="x", about=(ABOUT,), actor=OLGA,
                           now=clock.now())  # fmt: skip
    with pytest.raises(StepIncomplete):
        opened(title="  ")
    assert CaseHead.objects.count() == 0
