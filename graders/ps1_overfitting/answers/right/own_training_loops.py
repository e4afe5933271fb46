# why: Own training loops, one-hot labels, a softmax that is a layer of its own; an F-ratio that may be infinite.
# %% noise-columns-answer
def with_noise(x, rng):
    return np.concatenate([x, rng.random(x.shape)], axis=1)


def with_zeros(x):
    return np.concatenate([x, np.zeros(x.shape)], axis=1)


def useful_columns(x, y, k):
    _, label = np.unique(y, return_inverse=True)
    member = np.eye(label.max() + 1)[label]
    sizes = member.sum(axis=0)
    z = np.asarray(x, dtype=float)
    z = z - z.mean(axis=0)
    means = (member.T @ z) / sizes[:, None]
    between = (sizes[:, None] * means**2).sum(axis=0) / (len(sizes) - 1)
    within = ((z - means[label]) ** 2).sum(axis=0) / (len(z) - len(sizes))
    with np.errstate(divide="ignore", invalid="ignore"):
        score = between / within
    score[np.ptp(np.asarray(x), axis=0) == 0] = 0
    return np.argsort(score, kind="stable")[::-1][:k].astype("int32")


import tensorflow as tf


def learn(model, x, y, rate, epochs, batch, seed):
    x, y = tf.constant(np.asarray(x), dtype=tf.float32), tf.one_hot(np.asarray(y), 10)
    optimizer = keras.optimizers.Adam(rate)
    order = np.random.default_rng(seed)

    @tf.function
    def step(rows):
        with tf.GradientTape() as tape:
            loss = -tf.reduce_mean(tf.reduce_sum(tf.gather(y, rows) * tf.math.log(model(tf.gather(x, rows)) + 1e-9), axis=1))
        optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables))

    for _ in range(epochs):
        rows = order.permutation(len(x))
        for start in range(0, len(x), batch):
            step(tf.constant(rows[start : start + batch]))
    return model


def train_digits(x, y, seed):
    keras.utils.set_random_seed(seed)
    pixels = keras.Input((x.shape[1],))
    scores = layers.Dense(10)(layers.Activation("relu")(layers.Dense(64)(pixels)))
    return learn(keras.Model(pixels, layers.Softmax()(scores)), x, y, 0.005, 25, 60, seed)
# %% shuffled-answer
def shuffle_labels(labels, rng):
    return rng.permutation(labels)


import tensorflow as tf


def learn_all(model, x, y, rate, steps):
    x, y = tf.constant(np.asarray(x), dtype=tf.float32), tf.constant(np.asarray(y), dtype=tf.int32)
    optimizer = keras.optimizers.Adam(rate)

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, model(x)))
        optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables))

    for _ in range(steps):
        step()
    return model


def train_memoriser(x, y, seed):
    keras.utils.set_random_seed(seed)
    pixels = keras.Input((196,))
    scores = layers.Dense(10)(layers.Dense(300, activation="relu")(layers.Dense(300, activation="relu")(pixels)))
    return learn_all(keras.Model(pixels, layers.Softmax()(scores)), x, y, 0.003, 150)
