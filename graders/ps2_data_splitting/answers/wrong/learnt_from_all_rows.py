# why: Medians, means and deviations are learnt from training and new rows together.
# fails: test_learns_from_the_training_rows_only, test_judges_the_held_out_rows
# %% holdout-answer
def prepare(x_train, x_new):
    both = np.concatenate([x_train, x_new])
    both = np.where(np.isnan(both), np.nanmedian(both, axis=0), both)
    std = both.std(axis=0)
    ready = (both - both.mean(axis=0)) / np.where(std == 0, 1, std)
    return ready[: len(x_train)], ready[len(x_train) :]



def holdout_accuracy(build_model, x, y, train, held_out):
    train_ready, held_out_ready = prepare(x[train], x[held_out])
    model = build_model()
    model.fit(train_ready, y[train])
    return float(np.mean(model.predict(held_out_ready) == y[held_out]))
