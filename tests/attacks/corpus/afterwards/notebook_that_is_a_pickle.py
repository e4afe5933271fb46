"""A pickle under the notebook's name, which would run code."""
# places: file
# bgw: BGW-129


def hand_in(folder, notebook):
    (folder / "tiny.ipynb").write_bytes(b"cos\nsystem\n(S'touch /tmp/goodfit-pickled'\ntR.")
