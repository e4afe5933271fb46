# why: Penalty, gradient and cross-entropy by Keras and TensorFlow; the output layer pays too.
# %% penalty-answer
def weight_penalty(weights, l1=0.0, l2=0.0):
    price = regularizers.L1L2(l1=l1, l2=l2)
    return sum(price(w) for w in weights if np.ndim(w) > 1) + 0.0
# %% gradient-answer
import tensorflow as tf


def penalty_gradient(weights, l1=0.0, l2=0.0):
    variables = [tf.Variable(w) for w in weights]
    with tf.GradientTape() as tape:
        penalty = sum(
            l1 * tf.cast(tf.reduce_sum(tf.abs(v)), "float64") + l2 * tf.cast(tf.reduce_sum(v**2), "float64")
            for v in variables
            if len(v.shape) > 1
        )
    return tape.gradient(penalty, variables, unconnected_gradients="zero")
# %% dropout-answer
def dropout(values, rate, rng, training=True):
    kept = values.copy()
    if training:
        kept[rng.random(kept.shape) < rate] = 0
        kept /= 1 - rate
    return kept
# %% small-answer
def turning_point(losses, every=1):
    losses = list(losses)
    return np.array([(losses.index(min(losses)) + 1) * every, losses[-1] - min(losses)])


def train_small_network(x, y, epochs=EPOCHS, seed=SEED):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([layers.Input(shape=(196,)), layers.Dense(24, "relu"), layers.Dense(24, "relu"), layers.Dense(10, "softmax")])
    fit(model, x, y, epochs)
    return model
# %% penalised-answer
def train_penalised_network(x, y, l1, l2, epochs=EPOCHS, seed=SEED):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential()
    model.add(keras.Input((196,)))
    for units, activation in ((128, "relu"), (128, "relu"), (10, "softmax")):
        model.add(layers.Dense(units, activation=activation, kernel_regularizer=regularizers.l1_l2(l1=l1, l2=l2)))
    fit(model, x, y, epochs)
    return model


def plain_cross_entropy(model, x, y):
    return float(np.mean(keras.losses.sparse_categorical_crossentropy(y, model.predict(x, verbose=0))))
