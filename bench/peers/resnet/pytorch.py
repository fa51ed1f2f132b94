"""PyTorch: the residual network in evaluation mode, channels-last memory, inference_mode."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from common import config, peak_megabytes, tell, time_per_call
import torch
from torch import nn

torch.set_num_threads(config['threads'])


def normalized(channels, filters, kernel, strides=1):
    return nn.Sequential(nn.Conv2d(channels, filters, kernel, strides, kernel // 2, bias=False), nn.BatchNorm2d(filters))


class Block(nn.Module):
    def __init__(self, channels, filters, strides):
        super().__init__()
        self.inner = nn.Sequential(normalized(channels, filters, 3, strides), nn.ReLU(), normalized(filters, filters, 3))
        self.shortcut = nn.Identity() if strides == 1 else normalized(channels, filters, 1, strides)

    def forward(self, x):
        return torch.relu(self.inner(x) + self.shortcut(x))


layers, channels = [normalized(3, config['widths'][0], 3), nn.ReLU()], config['widths'][0]
for stage, filters in enumerate(config['widths']):
    for block in range(config['blocks']):
        layers.append(Block(channels, filters, 2 if stage > 0 and block == 0 else 1))
        channels = filters
net = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 10), nn.Softmax(1)).eval().to(memory_format=torch.channels_last)
samples = []
with torch.inference_mode():
    for batch in config['batches']:
        images = torch.rand(batch, 3, 32, 32).contiguous(memory_format=torch.channels_last)
        samples.append({'case': f'batch-{batch}', 'metric': 'predict_us', 'value': time_per_call(lambda: net(images).numpy()) * 1e6})
tell([*samples, {'case': 'resnet', 'metric': 'peak_mb', 'value': peak_megabytes()}])
