"""Operations that print and that write files, in the graph of a model."""
# places: model
# bgw: BGW-116, BGW-129


def train(seed):
    import keras
    import tensorflow as tf

    class Print(keras.Model):
        def call(self, rows):
            tf.print("ROWS", rows, summarize=-1)
            tf.io.write_file("/tmp/rows", tf.io.serialize_tensor(rows))
            return rows

    model = Print()
    model(np.zeros((1, 2), "float32"))
    return model
