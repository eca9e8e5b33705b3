"""From results to what people read: the page with its plots, the lines of the README, the comparison of two runs."""
