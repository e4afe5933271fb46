# why: The standard deviation is taken with ddof=1, as pandas does.
# fails: test_prepares_by_the_recipe
# %% holdout-answer
import pandas as pd


def prepare(x_train, x_new):
    old, new = pd.DataFrame(x_train), pd.DataFrame(x_new)
    old, new = old.fillna(old.median()), new.fillna(old.median())
    spread = old.std().replace(0, 1)
    return ((old - old.mean()) / spread).to_numpy(), ((new - old.mean()) / spread).to_numpy()



def holdout_accuracy(build_model, x, y, train, held_out):
    train_ready, held_out_ready = prepare(x[train], x[held_out])
    model = build_model()
    model.fit(train_ready, y[train])
    return float(np.mean(model.predict(held_out_ready) == y[held_out]))
