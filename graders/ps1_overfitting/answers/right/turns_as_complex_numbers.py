# why: Turns as complex numbers, and scikit-learn's nearest distances.
# %% clocks-answer
def blend(first, second, steps):
    return np.stack([first * (1 - i / (steps - 1)) + second * (i / (steps - 1)) for i in range(steps)])


def walk(first, second, steps):
    a, b = np.exp(1j * np.radians(first)), np.exp(1j * np.radians(second))
    turn = np.angle(b / a)
    return np.degrees(np.angle(a * np.exp(1j * turn * np.linspace(0, 1, steps)))) % 360


def distance_to_nearest(images, gallery):
    from sklearn.metrics import pairwise_distances_argmin_min
    return pairwise_distances_argmin_min(images.reshape(len(images), -1), gallery.reshape(len(gallery), -1))[1]
