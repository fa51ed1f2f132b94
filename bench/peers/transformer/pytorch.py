"""PyTorch: one training step of the transformer, eager, fused attention, fused Adam (its quickest settings on a CPU)."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from common import config, peak_megabytes, tell, time_per_call
import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(config['threads'])
WIDTH, HEADS, LENGTH, BATCH, CLASSES = config['width'], config['heads'], config['length'], config['batch'], config['classes']


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH, eps=1e-3), nn.LayerNorm(WIDTH, eps=1e-3)
        self.qkv, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.wide, self.narrow = nn.Linear(WIDTH, config['hidden']), nn.Linear(config['hidden'], WIDTH)

    def forward(self, x):
        b, t, _ = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(b, t, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        seen = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(seen.transpose(1, 2).reshape(b, t, WIDTH))
        return x + self.narrow(F.gelu(self.wide(self.norm2(x))))


net = nn.Sequential(*[Block() for _ in range(config['blocks'])], nn.LayerNorm(WIDTH, eps=1e-3), nn.Linear(WIDTH, CLASSES))
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3, eps=1e-7, fused=True)
x = torch.rand(BATCH, LENGTH, WIDTH) * 2 - 1
y = torch.arange(BATCH * LENGTH).remainder(CLASSES)


def step():
    loss = F.cross_entropy(net(x).view(-1, CLASSES), y)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
    return loss.item()


tell([
    {'case': 'train-step', 'metric': 'step_us', 'value': time_per_call(step, batches=21, batch_seconds=0.01, warm=2.0) * 1e6},
    {'case': 'transformer', 'metric': 'peak_mb', 'value': peak_megabytes()},
])
