"""Jobs whose worker died under them (killed, out of memory, the machine gone) are taken up again.

Only those that are registered: their work is one transaction or begins anew, so that doing it again does no harm.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from asgiref.sync import sync_to_async
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 3
"""A job that took its worker down so often would do so again."""
Given = Mapping[str, Any]
_given_up: dict[str, Callable[[Given], None]] = {}


def retake(task: str, given_up: Callable[[Given], None]) -> None:
    """Take up jobs of this task again; `given_up(arguments)` tells people once that has failed too often.

    It may be called again for the same job and must be harmless then.
    """
    _given_up[task] = given_up


@app.periodic(cron="* * * * *")
@app.task(name="kit.retake", queueing_lock="kit.retake", pass_context=True)
async def retake_lost(context: JobContext, timestamp: int) -> int:
    """How many jobs of dead workers were taken up or given up."""
    jobs = context.app.job_manager
    lost = [job for job in await jobs.get_stalled_jobs() if job.task_name in _given_up]
    for job in lost:
        if job.attempts + 1 < MOST_ATTEMPTS:
            log.warning("job %s (%s) lost its worker and is taken up again", job.id, job.task_name)
            await jobs.retry_job(job)
        else:
            log.error("job %s (%s) lost its worker %s times and is given up", job.id, job.task_name, MOST_ATTEMPTS)
            await sync_to_async(_given_up[job.task_name])(job.task_kwargs)
            await jobs.finish_job(job, Status.FAILED, delete_job=False)  # last: killed before it, people are told anew
    return len(lost)
