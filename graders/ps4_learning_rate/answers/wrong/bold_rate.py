# why: A rate so large that the network is thrown about.
# fails: test_budget_network_has_not_learnt_mistakes, test_budget_network_reaches_the_target, test_budget_training_uses_its_arguments
# %% budget-answer
def train_in_budget(x, y, seed=SEED):
    model = new_network(seed)
    model.compile(optimizer=keras.optimizers.RMSprop(1.0), loss="sparse_categorical_crossentropy")
    model.fit(x, y, batch_size=32, epochs=BUDGET, verbose=0)
    return model
