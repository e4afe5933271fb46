# why: The usual rate with batches of 256: fifteen updates in all.
# fails: test_budget_network_reaches_the_target, test_budget_network_has_not_learnt_mistakes, test_budget_training_uses_its_arguments
# %% budget-answer
def train_in_budget(x, y, seed=SEED):
    model = new_network(seed)
    model.compile(optimizer=keras.optimizers.RMSprop(0.001), loss="sparse_categorical_crossentropy")
    model.fit(x, y, batch_size=256, epochs=BUDGET, verbose=0)
    return model
