"""PyTorch: from the import to the first finished step of the MNIST network."""
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from common import config, tell

start = time.perf_counter()
import torch
from torch import nn

torch.set_num_threads(config['threads'])
model = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Dropout(0.2), nn.Linear(128, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7)
loss = nn.CrossEntropyLoss()(model(torch.rand(config['batch'], 28, 28)), torch.randint(0, 10, (config['batch'],)))
loss.backward()
optimizer.step()
loss.item()
tell([{'case': config['case'], 'metric': 'wall_s', 'value': time.perf_counter() - start}])
