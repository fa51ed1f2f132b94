"""PyTorch: the same model in inference mode, with a cache of keys and values written in place, and by computing the whole sequence at each step."""
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from common import config, peak_megabytes, tell
import torch
from torch import nn
from torch.nn import functional as F

WIDTH, HEADS, LENGTH, CLASSES = config['width'], config['heads'], config['length'], config['classes']


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH, eps=1e-3), nn.LayerNorm(WIDTH, eps=1e-3)
        self.qkv, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.wide, self.narrow = nn.Linear(WIDTH, config['hidden']), nn.Linear(config['hidden'], WIDTH)
        self.keys, self.values = torch.zeros(1, HEADS, LENGTH, WIDTH // HEADS), torch.zeros(1, HEADS, LENGTH, WIDTH // HEADS)

    def forward(self, x, position=None):
        b, t, _ = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(b, t, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        if position is None:
            seen = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        else:
            end = position + t
            self.keys[:, :, position:end], self.values[:, :, position:end] = k, v
            seen = F.scaled_dot_product_attention(q, self.keys[:, :, :end], self.values[:, :, :end], is_causal=t > 1)
        x = x + self.out(seen.transpose(1, 2).reshape(b, t, WIDTH))
        return x + self.narrow(F.gelu(self.wide(self.norm2(x))))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens, self.positions = nn.Embedding(CLASSES, WIDTH), nn.Embedding(LENGTH, WIDTH)
        self.blocks = nn.ModuleList(Block() for _ in range(config['blocks']))
        self.norm, self.head = nn.LayerNorm(WIDTH, eps=1e-3), nn.Linear(WIDTH, CLASSES)

    def forward(self, ids, position=None):
        start = position or 0
        h = self.tokens(ids) + self.positions.weight[start:start + ids.shape[1]]
        for block in self.blocks:
            h = block(h, position)
        return self.head(self.norm(h[:, -1]))


def rate(net, cache):
    prompt = torch.arange(config['prompt']).remainder(CLASSES)[None]
    start = time.perf_counter()
    with torch.inference_mode():
        ids, scores = prompt, net(prompt, 0) if cache else None
        for i in range(config['tokens']):
            if not cache:
                scores = net(ids)
            token = torch.multinomial(F.softmax(scores, -1), 1)
            token.item()
            if cache and i + 1 < config['tokens']:
                scores = net(token, config['prompt'] + i)
            ids = torch.cat([ids, token], 1)
    return config['tokens'] / (time.perf_counter() - start)


best = {}
for threads in {1, config['threads']}:
    torch.set_num_threads(threads)
    net = Net().eval()
    for name, cache, rounds in (('cache', True, 5), ('no-cache', False, 3)):
        rates = sorted(rate(net, cache) for _ in range(rounds))
        best[name] = max(best.get(name, 0), rates[rounds // 2])
tell([
    *({'case': name, 'metric': 'tokens_per_s', 'value': value} for name, value in best.items()),
    {'case': 'generate', 'metric': 'peak_mb', 'value': peak_megabytes()},
])
