# why: The notebook's SEED is used in place of the argument.
# fails: test_budget_training_uses_its_arguments
# %% budget-answer
def train_in_budget(x, y, seed=SEED):
    model = new_network(SEED)
    model.compile(optimizer=keras.optimizers.RMSprop(0.003), loss="sparse_categorical_crossentropy")
    model.fit(x, y, batch_size=32, epochs=BUDGET, verbose=0)
    return model
