"""What the Python peers share: configuration, MNIST from the raw IDX files, telling samples."""
import json
import os
import resource
import time

import numpy as np

config = json.loads(os.environ.get('BENCH_CONFIG', '{}'))


def mnist():
    def read(name, header):
        with open(os.path.join(config['mnist'], name), 'rb') as f:
            return np.frombuffer(f.read(), np.uint8)[header:]
    return (
        (read('train-images-idx3-ubyte', 16).reshape(-1, 28, 28), read('train-labels-idx1-ubyte', 8)),
        (read('t10k-images-idx3-ubyte', 16).reshape(-1, 28, 28), read('t10k-labels-idx1-ubyte', 8)),
    )


def time_per_call(run, batches=15, batch_seconds=0.05, warm=0.5, best=False):
    """Seconds per call: median (or the fastest) of groups of calls, after warming up. The same rule as in lib/child.mjs."""
    start = time.perf_counter()
    calls = 0
    while time.perf_counter() - start < warm or calls < 3:
        run()
        calls += 1
    per_batch = max(1, round(batch_seconds * calls / (time.perf_counter() - start)))
    times = []
    for _ in range(batches):
        begin = time.perf_counter()
        for _ in range(per_batch):
            run()
        times.append((time.perf_counter() - begin) / per_batch)
    return min(times) if best else sorted(times)[batches // 2]


def peak_megabytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def tell(samples):
    print('BENCH ' + json.dumps(samples), flush=True)
