"""Makes keras-fit.json: a small training run of Keras 3 (weights before and after, history) that training.keras.test.ts repeats.

Run: python keras-fit.py > keras-fit.json   (keras 3.15, tensorflow-cpu 2.21)
"""
import json
import numpy as np
import keras

n = 45
i = np.arange(n)
angle = 2 * np.pi * (i % 3) / 3
x = np.stack([np.cos(angle) + 0.3 * np.sin(i * 12.9898), np.sin(angle) + 0.3 * np.cos(i * 78.233)], axis=1).astype("float32")
y = (i % 3).astype("int32")
weight = (0.5 + (i % 4) * 0.5).astype("float32")
rng = np.random.default_rng(1)
out = {"x": x.flatten().tolist(), "y": y.tolist(), "sampleWeight": weight.tolist(), "runs": []}


def run(name, optimizer, fit_options, compile_options, loss="sparse_categorical_crossentropy"):
    model = keras.Sequential([
        keras.layers.Input((2,)),
        keras.layers.Dense(8, activation="tanh", kernel_regularizer=keras.regularizers.L2(0.01)),
        keras.layers.Dense(3, activation="softmax"),
    ])
    start = [rng.normal(size=w.shape).astype("float32") for w in model.get_weights()]
    model.set_weights(start)
    model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"], **compile_options)
    labels = keras.utils.to_categorical(y, 3) if loss == "categorical_crossentropy" else y
    history = model.fit(x, labels, epochs=3, batch_size=16, shuffle=False, verbose=0, **fit_options)
    out["runs"].append({
        "name": name,
        "before": [w.flatten().tolist() for w in start],
        "after": [w.flatten().tolist() for w in model.get_weights()],
        "history": {k: [float(v) for v in values] for k, values in history.history.items()},
        "predicted": model.predict(x[:4], verbose=0).flatten().tolist(),
    })


run("adam with a validation split", keras.optimizers.Adam(0.05), {"validation_split": 0.2}, {})
run("sgd with sample and weighted metrics", keras.optimizers.SGD(0.1, momentum=0.9), {"sample_weight": weight}, {"weighted_metrics": ["sparse_categorical_crossentropy"]})
run("rmsprop with class weights, one-hot labels", keras.optimizers.RMSprop(0.01), {"class_weight": {0: 2.0, 1: 1.0, 2: 0.25}}, {}, loss="categorical_crossentropy")
print(json.dumps(out))
