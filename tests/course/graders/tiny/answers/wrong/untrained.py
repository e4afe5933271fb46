# why: The model is built and never trained.
# fails: test_separates_the_points
# %% model-answer
def train(seed):
    """Return a Keras classifier of the points that was never fitted."""
    import keras

    keras.utils.set_random_seed(seed)
    return keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, activation="softmax")])
