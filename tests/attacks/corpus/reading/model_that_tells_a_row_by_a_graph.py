"""A function in the model, taken over as a graph, gathers at places that are values of hidden rows."""
# places: model
# bgw: BGW-116


def train(seed):
    import keras
    import tensorflow as tf

    class Tell(keras.Model):
        def call(self, rows):
            return tf.gather(rows, tf.cast(rows[:, 0] * 1e6 + 987654321, tf.int32))

    model = Tell()
    model(np.zeros((1, 2), "float32"))
    return model
