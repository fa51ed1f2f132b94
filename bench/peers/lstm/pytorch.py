"""PyTorch: one training step of the LSTM, eager, batch first, fused Adam."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from common import config, peak_megabytes, tell, time_per_call
import torch
from torch import nn

torch.set_num_threads(config['threads'])
lstm, head = nn.LSTM(config['features'], config['hidden'], batch_first=True), nn.Linear(config['hidden'], 1)
optimizer = torch.optim.Adam([*lstm.parameters(), *head.parameters()], lr=1e-3, eps=1e-7, fused=True)
x, y = torch.rand(config['batch'], config['length'], config['features']) - 0.5, torch.rand(config['batch'], 1)


def step():
    loss = nn.functional.mse_loss(head(lstm(x)[0][:, -1]), y)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
    return loss.item()


tell([
    {'case': 'train-step', 'metric': 'step_us', 'value': time_per_call(step, batches=21, batch_seconds=0.01, warm=2.0) * 1e6},
    {'case': 'lstm', 'metric': 'peak_mb', 'value': peak_megabytes()},
])
