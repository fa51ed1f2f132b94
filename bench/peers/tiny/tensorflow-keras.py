"""TensorFlow through Keras 3: predict_on_batch of one row (its quickest way with the model API) and train_on_batch of 64 rows."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from common import config, peak_megabytes, tell, time_per_call
os.environ['KERAS_BACKEND'] = 'tensorflow'
import keras
import numpy as np

model = keras.Sequential([
    keras.layers.Input((4,)), keras.layers.Dense(64, activation='relu'), keras.layers.Dense(64, activation='relu'), keras.layers.Dense(2),
])
model.compile(optimizer='adam', loss='mse')
row = np.random.rand(1, 4).astype('float32')
x, y = np.random.rand(config['batch'], 4).astype('float32'), np.random.rand(config['batch'], 2).astype('float32')
predict = time_per_call(lambda: model.predict_on_batch(row))
step = time_per_call(lambda: model.train_on_batch(x, y))
tell([
    {'case': 'predict-1', 'metric': 'predict_us', 'value': predict * 1e6},
    {'case': f"train-{config['batch']}", 'metric': 'step_us', 'value': step * 1e6},
    {'case': 'tiny', 'metric': 'peak_mb', 'value': peak_megabytes()},
])
