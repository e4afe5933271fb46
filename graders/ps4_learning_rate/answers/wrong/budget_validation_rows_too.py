# why: Trains on validation rows with true labels too.
# fails: test_budget_training_uses_its_arguments
# %% budget-answer
def train_in_budget(x, y, seed=SEED):
    model = new_network(seed)
    model.compile(optimizer=keras.optimizers.RMSprop(0.005), loss="sparse_categorical_crossentropy")
    model.fit(np.concatenate([x, x_val]), np.concatenate([y, y_val]), batch_size=32, epochs=BUDGET, verbose=0)
    return model
