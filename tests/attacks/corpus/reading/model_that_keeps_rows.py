"""A model whose layers print, write down and keep every row that they are given, for a cell that comes later."""
# places: model
# bgw: BGW-105, BGW-116


def train(seed):
    import keras

    kept = globals()["kept"] = []

    class Keep(keras.layers.Layer):
        def call(self, rows):
            try:
                kept.append(np.asarray(rows))
                print("ROWS", kept[-1])
                open("/tmp/rows.npy", "ab").write(kept[-1].tobytes())
            except Exception:
                pass
            return rows

    return keras.Sequential([keras.Input((2,)), Keep(), keras.layers.Dense(2)])
