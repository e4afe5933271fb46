"""The set's own data is replaced by rows of one's own, and by an archive that unpickles code."""
# places: file
# bgw: BGW-114


def hand_in(folder, notebook):
    import io
    import zipfile

    import numpy as np

    (folder / "data").mkdir()
    pickled = io.BytesIO()
    np.save(pickled, np.array([print], dtype=object), allow_pickle=True)
    with zipfile.ZipFile(folder / "data" / "points.npz", "w") as archive:
        archive.writestr("x.npy", pickled.getvalue())
        archive.writestr("y.npy", pickled.getvalue())
