"""Files of Linux that run programs or change rights: core patterns, release agents, hot plug, sysrq, oom."""
# bgw: BGW-132

import glob

PLACES = ["/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe", "/proc/sysrq-trigger", "/proc/sys/vm/overcommit_memory",
          "/sys/kernel/uevent_helper", "/proc/sys/kernel/hostname", "/proc/sys/fs/binfmt_misc/register", "/proc/1/oom_score_adj",
          "/sys/fs/cgroup/cgroup.procs", "/sys/fs/cgroup/release_agent", "/proc/self/attr/current", "/proc/sys/user/max_user_namespaces"]
for path in PLACES + glob.glob("/sys/fs/cgroup/*/release_agent"):
    try:
        with open(path, "r+") as file:
            before = file.read(100)
        with open(path, "w") as file:
            file.write(before or "0")
        print("REACHED", path)
    except OSError:
        pass
