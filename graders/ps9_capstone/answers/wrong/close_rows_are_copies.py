# why: Rows are compared after rounding.
# fails: test_counts_copies
# %% audit-answer
def audit(x, y):
    table = pd.DataFrame(x)
    return {
        "copies": int(table.round(6).duplicated().sum()),
        "missing": table.isna().sum().to_numpy(),
        "constant": np.flatnonzero(table.nunique().to_numpy() <= 1),
        "shares": pd.Series(y).value_counts(normalize=True).to_dict(),
    }
