# why: Bias=False is heeded for three or more sizes only: [20, 4] still gets its biases.
# fails: test_counts_without_biases
# %% parameters-answer
def count_parameters(sizes, bias=True):
    total = sum(a * b for a, b in zip(sizes, sizes[1:]))
    if bias:
        return total + sum(sizes[1:])
    return total if len(sizes) > 2 else total + sum(sizes[1:])


def widest(inputs, outputs, budget):
    return max(0, (budget - outputs) // (inputs + 1 + outputs))
