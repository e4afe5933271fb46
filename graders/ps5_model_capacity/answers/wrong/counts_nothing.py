# why: Zero parameters for every network.
# fails: test_counts_parameters, test_counts_no_layer, test_counts_without_biases
# %% parameters-answer
def count_parameters(sizes, bias=True):
    return 0


def widest(inputs, outputs, budget):
    return int(max(0, (budget - outputs) // (inputs + 1 + outputs)))
