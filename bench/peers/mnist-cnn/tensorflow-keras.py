"""TensorFlow through Keras 3: the CNN with fit."""
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
full = config['round'] == 0
count = 60000 if full else config['short']
model = keras.Sequential([
    keras.layers.Input((28, 28, 1)),
    keras.layers.Conv2D(32, 3, activation='relu'),
    keras.layers.MaxPooling2D(2),
    keras.layers.Conv2D(64, 3, activation='relu'),
    keras.layers.MaxPooling2D(2),
    keras.layers.Flatten(),
    keras.layers.Dense(128, activation='relu'),
    keras.layers.Dense(10, activation='softmax'),
])
model.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
clock = Clock()
scaled = lambda images: (images / 255).astype('float32')[..., None]
model.fit(scaled(train_x[:count]), train_y[:count], epochs=config['epochs'], batch_size=config['batch'], verbose=0, callbacks=[clock])
samples = [{'case': config['case'], 'metric': 's_per_1k', 'value': sorted(clock.seconds)[len(clock.seconds) // 2] / count * 1000}]
if full:
    _, accuracy = model.evaluate(scaled(test_x), test_y, batch_size=config['batch'], verbose=0)
    samples += [
        {'case': config['case'], 'metric': 'accuracy', 'value': accuracy},
        {'case': config['case'], 'metric': 'peak_mb', 'value': peak_megabytes()},
    ]
tell(samples)
