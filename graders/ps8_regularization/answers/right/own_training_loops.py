# why: Training by hand: batches, train_on_batch with one-hot labels and RMSprop, and a gradient tape; no record of it is kept.
# %% small-answer
def turning_point(losses, every=1):
    best = int(np.argmin(losses))
    return every * (best + 1), float(losses[-1] - losses[best])


def batches(x, y, epochs, size=100):
    for _ in range(epochs):
        order = np.random.permutation(len(x))
        for start in range(0, len(x), size):
            rows = order[start : start + size]
            yield x[rows], y[rows]


def train_small_network(x, y, epochs=EPOCHS, seed=SEED):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((196,)), layers.Dense(20, activation="tanh"), layers.Dense(10, activation="softmax")])
    model.compile(optimizer=keras.optimizers.RMSprop(0.005), loss="categorical_crossentropy")
    for xb, yb in batches(x, keras.utils.to_categorical(y, 10), epochs):
        model.train_on_batch(xb, yb)
    return model
# %% penalised-answer
import tensorflow as tf


def train_penalised_network(x, y, l1, l2, epochs=EPOCHS, seed=SEED):
    keras.utils.set_random_seed(seed)
    net = keras.Sequential([
        keras.Input((196,)),
        layers.Dense(128, activation="relu", kernel_regularizer=keras.regularizers.L1L2(l1, l2)),
        layers.Dense(128, activation="relu", kernel_regularizer=keras.regularizers.L1L2(l1, l2)),
        layers.Dense(10, activation="softmax"),
    ])
    optimizer = keras.optimizers.Adam(0.004)
    entropy = keras.losses.SparseCategoricalCrossentropy()

    @tf.function
    def step(xb, yb):
        with tf.GradientTape() as tape:
            loss = entropy(yb, net(xb, training=True)) + sum(net.losses)
        optimizer.apply(tape.gradient(loss, net.trainable_variables), net.trainable_variables)

    optimizer.build(net.trainable_variables)
    for xb, yb in batches(x, y, epochs):
        step(xb, yb)
    return net


def plain_cross_entropy(model, x, y):
    return keras.losses.SparseCategoricalCrossentropy()(y, model.predict(x, verbose=0))
# %% drop-model-answer
def train_dropout_network(x, y, rate=0.5, epochs=EPOCHS, seed=SEED):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([
        keras.Input((196,)),
        layers.Dense(128, activation="relu"),
        layers.Dropout(rate),
        layers.Dense(128, activation="relu"),
        layers.Dropout(rate),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="categorical_crossentropy")
    for xb, yb in batches(x, keras.utils.to_categorical(y, 10), epochs, size=60):
        model.train_on_batch(xb, yb)
    return model
