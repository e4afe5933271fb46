"""Time stands still, sleeping takes none, and counters of the processor say zero."""
# bgw: BGW-113

import time

time.sleep = lambda seconds: None
time.time = time.monotonic = time.perf_counter = time.process_time = lambda: 0.0
time.time_ns = time.monotonic_ns = time.perf_counter_ns = lambda: 0
