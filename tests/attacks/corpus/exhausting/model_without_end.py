"""A model whose graph holds a loop that never ends, and one that fills the memory."""
# places: model


def train(seed):
    import keras
    import tensorflow as tf

    class Loop(keras.Model):
        def call(self, rows):
            return tf.while_loop(lambda x: tf.reduce_sum(x) < np.inf, lambda x: [x * 1.0], [rows])[0]

    model = Loop()
    model.built = True
    return model
