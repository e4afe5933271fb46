"""Better priority, real-time scheduling and other processors for itself, worse ones for everybody else."""
# bgw: BGW-132

import os

for tries in (
    lambda: os.setpriority(os.PRIO_PROCESS, 0, -10),
    lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10)),
    lambda: open("/proc/self/oom_score_adj", "w").write("-1000"),
):
    try:
        tries()
    except (OSError, ValueError):
        pass
reached = {  # a call may say that it succeeded, and have done nothing
    "priority": lambda: os.getpriority(os.PRIO_PROCESS, 0) < 0,
    "real time": lambda: os.sched_getscheduler(0) != os.SCHED_OTHER,
    "out of memory": lambda: int(open("/proc/self/oom_score_adj").read()) < 0,
}
for name, holds in reached.items():
    try:
        if holds():
            print("REACHED", name)
    except (OSError, ValueError):
        pass
try:
    os.setpriority(os.PRIO_USER, 0, 19)  # of all processes of this user that can be seen
    os.sched_setaffinity(0, range(os.cpu_count()))
except OSError:
    pass
