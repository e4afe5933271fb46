# why: scikit-learn and pandas where they fit, a boosted model for suspects, and a model with a Normalization layer, trained without the suspects and without early stopping.
# %% audit-answer
def audit(x, y):
    frame = pd.DataFrame(x)
    return {
        "copies": frame.duplicated(keep="first").sum(),
        "missing": frame.isna().sum(),
        "constant": [j for j in frame if frame[j].dropna().nunique() < 2],
        "shares": pd.Series(y).value_counts(normalize=True).to_dict(),
    }
# %% split-answer
def first_copies(x, day):
    frame = pd.DataFrame(x)
    return frame.assign(day_=day).sort_values("day_", kind="stable").drop_duplicates(subset=list(frame)).index.sort_values()


def split_by_day(day, share):
    counts = pd.Series(day).value_counts().sort_index(ascending=False).cumsum()
    border = counts.index[(counts >= share * len(day) - 1e-9).to_numpy().argmax()]
    late = np.asarray(day) >= border
    if late.all():
        raise ValueError("all rows are late")
    return np.nonzero(~late)[0].astype("int32"), np.nonzero(late)[0].astype("int32")
# %% prepare-answer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler


def prepare(x_train, x_new):
    pipe = make_pipeline(SimpleImputer(strategy="median"), StandardScaler(), FunctionTransformer(lambda v: v.clip(-4, 4)))
    return [pipe.fit_transform(x_train), pipe.transform(x_new)]
# %% baseline-answer
from fractions import Fraction

from sklearn.dummy import DummyClassifier


def baseline_answers(y_train, n):
    return DummyClassifier(strategy="most_frequent").fit(np.zeros((len(y_train), 1)), y_train).predict(np.zeros((n, 1)))


def sign_test(y, ours, theirs):
    frame = pd.crosstab(pd.Categorical(ours == y, [True, False]), pd.Categorical(theirs == y, [True, False]), dropna=False).to_numpy()
    wins, losses = frame[0, 1], frame[1, 0]
    total, ways, term = int(wins + losses), 0, 1
    for k in range(total + 1):  # term is the number of ways to win k times
        ways += term if k >= wins else 0
        term = term * (total - k) // (k + 1)
    return wins, losses, float(Fraction(ways, 2**total))
# %% columns-answer
def column_score(values, y, bins=5):
    frame = pd.DataFrame({"v": values, "y": np.asarray(y, dtype=float)}).dropna()
    if frame.y.nunique() < 2:
        return 0.0
    bin_ = np.digitize(frame.v, np.quantile(frame.v, np.linspace(0, 1, bins + 1)[1:-1]))
    fitted = frame.groupby(bin_).y.transform("mean")
    return np.float64(fitted.var(ddof=0) / frame.y.var(ddof=0))


def stable_columns(x, y, day, train, blocks=3, least=0.03, bins=5):
    rows = pd.Series(day[np.sort(train)], index=np.sort(train)).sort_values(kind="stable").index.to_numpy()
    keep = np.ones(x.shape[1], dtype=bool)
    for block in np.array_split(rows, blocks):
        keep &= np.array([column_score(x[block, j], y[block], bins) >= least for j in range(x.shape[1])])
    return np.where(keep)[0]
# %% suspects-answer
def support(x, y, folds, k):
    out = np.empty(len(x))
    for fold in np.unique(folds):
        mine = folds == fold
        near = KNeighborsClassifier(k).fit(x[~mine], np.zeros((~mine).sum())).kneighbors(x[mine], return_distance=False)
        out[mine] = (y[~mine][near] == y[mine][:, None]).mean(axis=1)
    return out


from sklearn.svm import SVC


def suspects(x, y, seed):
    said = cross_val_predict(SVC(C=1.0), x, y, cv=KFold(5, shuffle=True, random_state=seed))
    return np.where(said != y)[0]
# %% model-answer
USED = [1, 3, 6, 9]
frame = pd.DataFrame(x).assign(day=day, y=y).sort_values("day", kind="stable").drop_duplicates(subset=list(range(15)))
frame = frame[frame.day < 72]
GAPS = frame[USED].median().to_numpy()
CLEAN_X = frame[USED].fillna(frame[USED].median()).to_numpy()
CLEAN_Y = frame.y.to_numpy()
RULER = CLEAN_X.std(axis=0)
VOTES = cross_val_predict(KNeighborsClassifier(15), CLEAN_X / RULER, CLEAN_Y, cv=5, method="predict_proba")
TRUSTED = VOTES[np.arange(len(CLEAN_Y)), CLEAN_Y] > 0.3


def prepare_rows(x):
    return np.where(np.isnan(x[:, USED]), GAPS, x[:, USED])


def train_model(seed):
    keras.utils.set_random_seed(seed)
    scale = layers.Normalization()
    scale.adapt(CLEAN_X)
    net = keras.Sequential([keras.Input((4,)), scale, layers.Dense(12, activation="relu", kernel_regularizer="l2"), layers.Dense(2, activation="softmax")])
    net.layers[1].kernel_regularizer = regularizers.L2(0.001)
    net.compile(optimizer=keras.optimizers.RMSprop(0.01), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    net.fit(CLEAN_X[TRUSTED], CLEAN_Y[TRUSTED], batch_size=64, epochs=35, verbose=0)
    return net
