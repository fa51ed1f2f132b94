"""TensorFlow through Keras 3: train_on_batch of the same transformer, written from Keras layers."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from common import config, peak_megabytes, tell, time_per_call
os.environ['KERAS_BACKEND'] = 'tensorflow'
import keras
from keras import layers
import numpy as np
import tensorflow as tf

tf.config.threading.set_intra_op_parallelism_threads(config['threads'])
WIDTH, HEADS, LENGTH, BATCH, CLASSES = config['width'], config['heads'], config['length'], config['batch'], config['classes']
x = h = layers.Input((LENGTH, WIDTH))
for _ in range(config['blocks']):
    n = layers.LayerNormalization()(h)
    h = layers.Add()([h, layers.MultiHeadAttention(HEADS, WIDTH // HEADS)(n, n, use_causal_mask=True)])
    n = layers.LayerNormalization()(h)
    h = layers.Add()([h, layers.Dense(WIDTH)(layers.Dense(config['hidden'], activation='gelu')(n))])
net = keras.Model(x, layers.Dense(CLASSES)(layers.LayerNormalization()(h)))
net.compile(optimizer='adam', loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
data = np.random.rand(BATCH, LENGTH, WIDTH).astype('float32') * 2 - 1
labels = np.arange(BATCH * LENGTH).reshape(BATCH, LENGTH) % CLASSES
tell([
    {'case': 'train-step', 'metric': 'step_us', 'value': time_per_call(lambda: net.train_on_batch(data, labels), batches=21, batch_seconds=0.01, warm=2.0) * 1e6},
    {'case': 'transformer', 'metric': 'peak_mb', 'value': peak_megabytes()},
])
