"""PyTorch: the plain training loop, the whole set as one tensor, batches by index, fused Adam (its fastest on CPU), Keras's epsilon."""
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from common import config, mnist, peak_megabytes, tell
import torch
from torch import nn

torch.set_num_threads(config['threads'])
(train_x, train_y), (test_x, test_y) = mnist()
x = torch.tensor(train_x).float().div_(255)
y = torch.tensor(train_y).long()
model = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Dropout(0.2), nn.Linear(128, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7, fused=True)
loss_of = nn.CrossEntropyLoss()
seconds = []
for _ in range(config['epochs']):
    start = time.perf_counter()
    model.train()
    right = 0
    total = 0.0
    order = torch.randperm(len(x))
    for rows in order.split(config['batch']):
        batch, labels = x[rows], y[rows]
        logits = model(batch)
        loss = loss_of(logits, labels)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            right += (logits.argmax(1) == labels).sum()
            total += loss.detach() * len(rows)
    float(total)
    seconds.append(time.perf_counter() - start)
model.eval()
with torch.inference_mode():
    logits = model(torch.tensor(test_x).float().div_(255))
    accuracy = (logits.argmax(1) == torch.tensor(test_y).long()).float().mean().item()
tell([
    {'case': config['case'], 'metric': 'epoch_s', 'value': sorted(seconds)[len(seconds) // 2]},
    {'case': config['case'], 'metric': 'accuracy', 'value': accuracy},
    {'case': config['case'], 'metric': 'peak_mb', 'value': peak_megabytes()},
])
