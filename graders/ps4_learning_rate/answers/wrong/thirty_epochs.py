# why: Ten times the budget: the network learns wrong labels by heart.
# fails: test_budget_network_reaches_the_target, test_budget_network_has_not_learnt_mistakes
# %% budget-answer
def train_in_budget(x, y, seed=SEED):
    model = new_network(seed)
    model.compile(optimizer=keras.optimizers.RMSprop(0.01), loss="sparse_categorical_crossentropy")
    model.fit(x, y, batch_size=32, epochs=30, verbose=0)
    return model
