"""PyTorch: the same step with a sparse embedding; SparseAdam for the table, Adam for the rest."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from common import config, peak_megabytes, tell, time_per_call
import torch
from torch import nn

torch.set_num_threads(config['threads'])
WIDTH, BATCH, LENGTH = config['width'], config['batch'], config['length']
results = []
for rows in config['catalogues']:
    table, head = nn.Embedding(rows, WIDTH, sparse=True, _weight=torch.zeros(rows, WIDTH)), nn.Linear(WIDTH, 1)
    optimizers = [torch.optim.SparseAdam(table.parameters(), lr=1e-3, eps=1e-7), torch.optim.Adam(head.parameters(), lr=1e-3, eps=1e-7)]
    batches = [torch.randint(rows, (BATCH, LENGTH)) for _ in range(config['steps'])]
    y = torch.arange(BATCH).remainder(2).float()
    count = 0

    def step():
        global count
        x = batches[count % len(batches)]
        count += 1
        loss = nn.functional.binary_cross_entropy_with_logits(head(table(x).mean(1)).squeeze(1), y)
        for optimizer in optimizers:
            optimizer.zero_grad(set_to_none=True)
        loss.backward()
        for optimizer in optimizers:
            optimizer.step()
        return loss.item()

    results.append({'case': f'rows-{rows}', 'metric': 'step_us', 'value': time_per_call(step, batches=15, batch_seconds=0.02, warm=0.5) * 1e6})
tell([*results, {'case': 'embedding', 'metric': 'peak_mb', 'value': peak_megabytes()}])
