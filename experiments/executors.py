"""Where jobs run: here, or in a pool of processes that is never given more than it can chew."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from itertools import islice

from experiments.runs import Finished, Job, run

WINDOW = 4
"""Jobs waiting or running per worker; more would only fill memory."""


def workers_at_hand() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_all(jobs: Iterable[Job], workers: int) -> Iterator[tuple[Job, Finished]]:
    """Run jobs and yield each as it is done, in any order.

    The first job runs here: compiled kernels then lie on disk before workers ask for them. Closing the iterator (or an error in
    a job, which is raised) cancels what has not begun.
    """
    queue = iter(jobs)
    for job in islice(queue, 1):
        yield job, run(job)
    if workers > 1:
        yield from _run_in_pool(queue, workers)
    else:
        yield from ((job, run(job)) for job in queue)


def _run_in_pool(queue: Iterator[Job], workers: int) -> Iterator[tuple[Job, Finished]]:
    pool = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_belong_to_parent)
    running: dict[Future[Finished], Job] = {}
    try:
        while True:
            running |= {pool.submit(run, job): job for job in islice(queue, max(0, WINDOW * workers - len(running)))}
            if not running:
                return
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield running.pop(future), future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _belong_to_parent() -> None:
    """Leave Ctrl-C to the parent, and end with it however it ends: a worker whose parent was killed would wait for ever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)
