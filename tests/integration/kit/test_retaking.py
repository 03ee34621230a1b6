"""Jobs whose worker died too often: people are told before the job is over, so that a kill between loses nothing."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from procrastinate.jobs import Status

from opspact.kit import retaking


class Jobs:
    """The job manager's part, with one job whose worker died for the last time."""

    def __init__(self) -> None:
        self.job = SimpleNamespace(id=7, task_name="test.lost", task_kwargs={"batch": 3}, attempts=2)
        self.ended: list[Status] = []

    async def get_stalled_jobs(self) -> list[Any]:
        return [] if self.ended else [self.job]

    async def finish_job(self, job: Any, status: Status, *, delete_job: bool) -> None:
        self.ended.append(status)


def test_a_kill_before_people_were_told_leaves_the_job_to_be_given_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    jobs, told = Jobs(), []

    def killed(given: retaking.Given) -> None:
        raise SystemExit

    def look() -> int:
        context: Any = SimpleNamespace(app=SimpleNamespace(job_manager=jobs))
        return asyncio.run(retaking.retake_lost.func(context, 0))

    monkeypatch.setitem(retaking._given_up, "test.lost", killed)
    with pytest.raises(SystemExit):
        look()
    monkeypatch.setitem(retaking._given_up, "test.lost", lambda given: told.append(given["batch"]))
    assert (look(), look()) == (1, 0)
    assert (told, jobs.ended) == ([3], [Status.FAILED])
