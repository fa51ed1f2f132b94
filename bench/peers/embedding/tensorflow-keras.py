"""TensorFlow through Keras 3: train_on_batch of the same network; Keras's Adam moves every row of the table."""
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
WIDTH, BATCH, LENGTH = config['width'], config['batch'], config['length']
y = (np.arange(BATCH) % 2).astype('float32').reshape(-1, 1)
results = []
for rows in config['catalogues']:
    net = keras.Sequential([layers.Input((LENGTH,), dtype='int32'), layers.Embedding(rows, WIDTH, embeddings_initializer='zeros'), layers.GlobalAveragePooling1D(), layers.Dense(1, activation='sigmoid')])
    net.compile(optimizer='adam', loss='binary_crossentropy')
    x = np.random.randint(rows, size=(BATCH, LENGTH)).astype('int32')
    results.append({'case': f'rows-{rows}', 'metric': 'step_us', 'value': time_per_call(lambda: net.train_on_batch(x, y), batches=9, batch_seconds=0.02, warm=0.5) * 1e6})
tell([*results, {'case': 'embedding', 'metric': 'peak_mb', 'value': peak_megabytes()}])
