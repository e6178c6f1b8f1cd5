"""What the processes of a worker are like."""

import os
import subprocess
import sys

ASK = """
import os
from celery import signals
import config.worker
for _ in range(3):
    signals.worker_process_init.send(None)
print(os.nice(0))
"""


def test_its_processes_give_way_to_those_that_serve():
    answer = subprocess.run(
        [sys.executable, "-c", ASK],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=True,
    )

    assert int(answer.stdout) >= 10
