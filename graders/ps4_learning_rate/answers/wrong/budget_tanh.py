# why: The hidden layer has tanh in place of the ReLU of the given network.
# fails: test_budget_network_is_the_given_one
# %% budget-answer
def train_in_budget(x, y, seed=SEED):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((196,)), layers.Dense(64, activation="tanh"), layers.Dense(10, activation="softmax")])
    model.compile(optimizer=keras.optimizers.RMSprop(0.003), loss="sparse_categorical_crossentropy")
    model.fit(x, y, batch_size=16, epochs=BUDGET, verbose=0)
    return model
