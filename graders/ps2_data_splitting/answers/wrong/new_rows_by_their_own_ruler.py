# why: The new rows are filled and scaled with their own medians, means and deviations (fit_transform twice).
# fails: test_learns_from_the_training_rows_only, test_judges_the_held_out_rows
# %% holdout-answer
def prepare(x_train, x_new):
    ready = [make_pipeline(SimpleImputer(strategy="median"), StandardScaler()).fit_transform(x) for x in (x_train, x_new)]
    return ready[0], ready[1]



def holdout_accuracy(build_model, x, y, train, held_out):
    train_ready, held_out_ready = prepare(x[train], x[held_out])
    model = build_model()
    model.fit(train_ready, y[train])
    return float(np.mean(model.predict(held_out_ready) == y[held_out]))
