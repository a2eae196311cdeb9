"""Run tasks in a fixed number of threads, and tell for how long all of them have been busy."""

import threading
import time
from collections.abc import Callable
from queue import SimpleQueue

Task = Callable[[], None]


class TaskThreads:
    """Threads that run tasks in the order in which they come.

    Unlike those of ``concurrent.futures``, they never keep a process from ending: one may wait for a file or a database for ever.
    """

    def __init__(self, count: int) -> None:
        self._tasks: SimpleQueue[Task | None] = SimpleQueue()
        self._started_at: list[float | None] = [None] * count
        for index in range(count):
            threading.Thread(target=self._run_tasks, args=(index,), name=f"request-{index}", daemon=True).start()

    def submit(self, task: Task) -> None:
        """Run a task as soon as a thread is free. A task must not raise."""
        self._tasks.put(task)

    def stop(self) -> None:
        """Let each thread end when it has finished its task."""
        for _ in self._started_at:
            self._tasks.put(None)

    def seconds_without_progress(self) -> float:
        """Return for how many seconds each thread has been busy with one task; 0 if one is free."""
        started_at = [*self._started_at]
        busy_since = [moment for moment in started_at if moment is not None]
        return time.monotonic() - max(busy_since) if len(busy_since) == len(started_at) else 0.0

    def _run_tasks(self, index: int) -> None:
        while task := self._tasks.get():
            self._started_at[index] = time.monotonic()
            task()
            self._started_at[index] = None
