# why: The network has no softmax at its end: it is not the given one.
# fails: test_budget_network_is_the_given_one
# %% budget-answer
def train_in_budget(x, y, seed=SEED):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((196,)), layers.Dense(64, activation="relu"), layers.Dense(10)])
    model.compile(optimizer=keras.optimizers.RMSprop(0.003), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(x, y, batch_size=16, epochs=BUDGET, verbose=0)
    return model
