"""TensorFlow through Keras 3: the residual network as a tf.function, without training."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from common import config, peak_megabytes, tell, time_per_call
os.environ['KERAS_BACKEND'] = 'tensorflow'
import tensorflow as tf
import keras
from keras import layers

tf.config.threading.set_intra_op_parallelism_threads(config['threads'])


def normalized(x, filters, kernel, strides=1):
    return layers.BatchNormalization()(layers.Conv2D(filters, kernel, strides, padding='same', use_bias=False)(x))


image = layers.Input((32, 32, 3))
x = layers.ReLU()(normalized(image, config['widths'][0], 3))
for stage, filters in enumerate(config['widths']):
    for block in range(config['blocks']):
        strides = 2 if stage > 0 and block == 0 else 1
        shortcut = x if strides == 1 else normalized(x, filters, 1, strides)
        inner = normalized(layers.ReLU()(normalized(x, filters, 3, strides)), filters, 3)
        x = layers.ReLU()(layers.Add()([inner, shortcut]))
net = keras.Model(image, layers.Dense(10, activation='softmax')(layers.GlobalAveragePooling2D()(x)))
run = tf.function(lambda images: net(images, training=False))
samples = []
for batch in config['batches']:
    images = tf.random.uniform((batch, 32, 32, 3))
    samples.append({'case': f'batch-{batch}', 'metric': 'predict_us', 'value': time_per_call(lambda: run(images).numpy()) * 1e6})
tell([*samples, {'case': 'resnet', 'metric': 'peak_mb', 'value': peak_megabytes()}])
