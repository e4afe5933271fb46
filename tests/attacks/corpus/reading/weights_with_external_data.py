"""Weights in HDF5 that lie, by their own word, in another file: an external link, an external storage, a virtual set."""
# places: model
# bgw: BGW-116, BGW-129


def save(path):
    import io

    import h5py

    def change(parts, config):
        file = io.BytesIO(parts["model.weights.h5"])
        with h5py.File(file, "a") as weights:
            place = weights["layers/dense/vars"]
            del place["0"]
            place["0"] = h5py.ExternalLink("/proc/self/environ", "/x")
            if "1" in place:
                del place["1"]
            place.create_dataset("1", (2,), "f4", external=[("/etc/passwd", 0, 8)])
        parts["model.weights.h5"] = file.getvalue()

    rewrite(path, change)
