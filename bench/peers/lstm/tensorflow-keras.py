"""TensorFlow through Keras 3: train_on_batch of the same LSTM."""
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
net = keras.Sequential([layers.Input((config['length'], config['features'])), layers.LSTM(config['hidden']), layers.Dense(1)])
net.compile(optimizer='adam', loss='mse')
x = np.random.rand(config['batch'], config['length'], config['features']).astype('float32') - 0.5
y = np.random.rand(config['batch'], 1).astype('float32')
tell([
    {'case': 'train-step', 'metric': 'step_us', 'value': time_per_call(lambda: net.train_on_batch(x, y), batches=21, batch_seconds=0.01, warm=2.0) * 1e6},
    {'case': 'lstm', 'metric': 'peak_mb', 'value': peak_megabytes()},
])
