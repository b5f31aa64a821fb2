"""Jobs: one of a name at a time, each on its own."""

import threading
from datetime import timedelta

from structlog.testing import capture_logs

from publisher.model.errors import StoreError
from publisher.schedule.jobs import InlineJobs, ThreadJobs

SECOND = timedelta(seconds=1)


def test_a_job_that_runs_is_not_started_again() -> None:
    jobs, go_on, started = ThreadJobs(), threading.Event(), []

    def work() -> None:
        started.append(1)
        go_on.wait(10)

    first, second = jobs.run("edition:7", work), jobs.run("edition:7", work)
    go_on.set()

    assert jobs.close(within=10 * SECOND) == []
    assert (first is second, started) == (True, [1])


def test_a_job_that_rests_is_not_started_again() -> None:
    jobs, started = ThreadJobs(), []
    for _ in range(2):
        jobs.run("settle:7", lambda: started.append(1), rest=60 * SECOND).wait(10)

    assert started == [1]


def test_jobs_that_do_not_end_in_time_are_named() -> None:
    jobs, go_on = ThreadJobs(), threading.Event()

    def work() -> None:
        go_on.wait(10)

    jobs.run("gather:site", work)

    left = jobs.close(within=SECOND / 10)
    after = jobs.run("late", lambda: None)
    go_on.set()

    assert (left, after.is_set()) == (["gather:site"], True)


def test_a_failure_is_told_once_for_each_new_reason() -> None:
    jobs, reasons = InlineJobs(), ["away", "away", "full", ""]

    def work() -> None:
        if why := reasons.pop(0):
            raise StoreError(why)

    with capture_logs() as told:
        for _ in range(4):
            jobs.run("batches", work)

    assert [(line["event"], line["why"]) for line in told] == [("job.failed", "away"), ("job.failed", "full")]
