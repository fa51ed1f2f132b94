"""PyTorch: the CNN in channels-last memory (its fastest layout on CPU), the plain loop, fused Adam, Keras's epsilon and initial weights."""
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from common import config, mnist, peak_megabytes, tell
import torch
from torch import nn

torch.set_num_threads(config['threads'])
(train_x, train_y), (test_x, test_y) = mnist()
full = config['round'] == 0
count = 60000 if full else config['short']
x = torch.tensor(train_x[:count]).float().div_(255).unsqueeze(1).contiguous(memory_format=torch.channels_last)
y = torch.tensor(train_y[:count]).long()
model = nn.Sequential(
    nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(1600, 128), nn.ReLU(), nn.Linear(128, 10),
)
for layer in model:
    if isinstance(layer, (nn.Conv2d, nn.Linear)):
        nn.init.xavier_uniform_(layer.weight)
        nn.init.zeros_(layer.bias)
model = model.to(memory_format=torch.channels_last)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7, fused=True)
loss_of = nn.CrossEntropyLoss()
seconds = []
model.train()
for _ in range(config['epochs']):
    start = time.perf_counter()
    right = 0
    total = 0.0
    for rows in torch.randperm(count).split(config['batch']):
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
samples = [{'case': config['case'], 'metric': 's_per_1k', 'value': sorted(seconds)[len(seconds) // 2] / count * 1000}]
if full:
    model.eval()
    with torch.inference_mode():
        images = torch.tensor(test_x).float().div_(255).unsqueeze(1).contiguous(memory_format=torch.channels_last)
        guesses = torch.cat([model(part).argmax(1) for part in images.split(1000)])
    samples += [
        {'case': config['case'], 'metric': 'accuracy', 'value': (guesses == torch.tensor(test_y).long()).float().mean().item()},
        {'case': config['case'], 'metric': 'peak_mb', 'value': peak_megabytes()},
    ]
tell(samples)
