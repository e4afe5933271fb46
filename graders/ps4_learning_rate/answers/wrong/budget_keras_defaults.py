# why: The usual 0.001 and batches of 128: too few and too small updates.
# fails: test_budget_network_reaches_the_target, test_budget_network_has_not_learnt_mistakes, test_budget_training_uses_its_arguments
# %% budget-answer
def train_in_budget(x, y, seed=SEED):
    model = new_network(seed)
    model.compile(optimizer="rmsprop", loss="sparse_categorical_crossentropy")
    model.fit(x, y, batch_size=BATCH_SIZE, epochs=BUDGET, verbose=0)
    return model
