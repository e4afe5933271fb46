# why: The notebook's arrays are used in place of the arguments.
# fails: test_budget_training_uses_its_arguments
# %% budget-answer
def train_in_budget(x, y, seed=SEED):
    model = new_network(seed)
    model.compile(optimizer=keras.optimizers.RMSprop(0.003), loss="sparse_categorical_crossentropy")
    model.fit(x_train, y_hasty, batch_size=32, epochs=BUDGET, verbose=0)
    return model
