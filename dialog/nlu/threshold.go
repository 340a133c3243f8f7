package nlu

// threshold is the least probability of a decision. It was set on heldout.tsv
// so that at least 95 % of what is a shop's business stays above it; the rest
// is asked back. TestHeldOut keeps the figures.
const threshold = 0.15
