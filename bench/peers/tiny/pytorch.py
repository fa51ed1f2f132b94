"""PyTorch: a 4-64-64-2 network in eager mode, one row predicted in inference mode; one step of 64 rows with Adam and mean squared error.
One thread and the unfused Adam are its best settings at this size: the quickest of the combinations is reported."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from common import config, peak_megabytes, tell, time_per_call
import torch
from torch import nn


def build():
    return nn.Sequential(nn.Linear(4, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 2))


def predict_seconds():
    model = build().eval()
    row = torch.rand(1, 4)

    def run():
        with torch.inference_mode():
            return model(row).numpy()
    return time_per_call(run)


def step_seconds(fused):
    model = build()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7, fused=fused)
    loss_of = nn.MSELoss()
    x, y = torch.rand(config['batch'], 4), torch.rand(config['batch'], 2)

    def run():
        loss = loss_of(model(x), y)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss.item()
    return time_per_call(run)


predict, step = [], []
for threads in {1, config['threads']}:
    torch.set_num_threads(threads)
    predict.append(predict_seconds())
    step += [step_seconds(False), step_seconds(True)]
tell([
    {'case': 'predict-1', 'metric': 'predict_us', 'value': min(predict) * 1e6},
    {'case': f"train-{config['batch']}", 'metric': 'step_us', 'value': min(step) * 1e6},
    {'case': 'tiny', 'metric': 'peak_mb', 'value': peak_megabytes()},
])
