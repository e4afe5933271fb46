# why: The list of sizes is emptied while it is counted.
# fails: test_counts_parameters, test_counts_without_biases
# %% parameters-answer
def count_parameters(sizes, bias=True):
    total = 0
    while len(sizes) > 1:
        a = sizes.pop(0)
        total += (a + bool(bias)) * sizes[0]
    return total


def widest(inputs, outputs, budget):
    return max(0, (budget - outputs) // (inputs + outputs + 1))
