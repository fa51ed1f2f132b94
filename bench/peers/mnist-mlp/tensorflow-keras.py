"""TensorFlow through Keras 3: the program of the Keras beginner's page, from the same raw files."""
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from common import config, mnist, peak_megabytes, tell
os.environ['KERAS_BACKEND'] = 'tensorflow'
import tensorflow as tf
import keras

tf.config.threading.set_intra_op_parallelism_threads(config['threads'])


class Clock(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.seconds = []

    def on_epoch_begin(self, epoch, logs=None):
        self.start = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.seconds.append(time.perf_counter() - self.start)


(train_x, train_y), (test_x, test_y) = mnist()
model = keras.Sequential([
    keras.layers.Input((28, 28)),
    keras.layers.Flatten(),
    keras.layers.Dense(128, activation='relu'),
    keras.layers.Dropout(0.2),
    keras.layers.Dense(10, activation='softmax'),
])
model.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
clock = Clock()
model.fit((train_x / 255).astype('float32'), train_y, epochs=config['epochs'], batch_size=config['batch'], verbose=0, callbacks=[clock])
_, accuracy = model.evaluate((test_x / 255).astype('float32'), test_y, batch_size=config['batch'], verbose=0)
tell([
    {'case': config['case'], 'metric': 'epoch_s', 'value': sorted(clock.seconds)[len(clock.seconds) // 2]},
    {'case': config['case'], 'metric': 'accuracy', 'value': accuracy},
    {'case': config['case'], 'metric': 'peak_mb', 'value': peak_megabytes()},
])
