# why: One label for every curve.
# fails: test_overflow_means_too_large, test_knows_suitable_curves, test_knows_curves_that_crawl, test_knows_curves_that_bounce, test_knows_curves_that_climbed
# %% diagnose-answer
def diagnose(start, losses):
    return "too large"
