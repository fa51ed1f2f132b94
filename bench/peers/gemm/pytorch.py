"""PyTorch: torch.mm into an existing result."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from common import config, tell, time_per_call
import torch

torch.set_num_threads(config['threads'])
samples = []
for m, k, n in config['sizes']:
    a, b, c = torch.rand(m, k), torch.rand(k, n), torch.empty(m, n)
    seconds = time_per_call(lambda: torch.mm(a, b, out=c), batches=300, batch_seconds=0.004, best=True)
    samples.append({'case': f'{m}x{k}x{n}', 'metric': 'gflops', 'value': 2 * m * k * n / seconds / 1e9})
tell(samples)
