# why: No network is wider than 1,000 units.
# fails: test_widest_within_the_budget
# %% parameters-answer
def count_parameters(sizes, bias=True):
    return sum(a * b + (b if bias else 0) for a, b in zip(sizes, sizes[1:]))


def widest(inputs, outputs, budget):
    return min(1000, max(0, (budget - outputs) // (inputs + outputs + 1)))
