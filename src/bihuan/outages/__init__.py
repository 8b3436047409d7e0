"""Whether customers have supply, and whether it is good: outage notices, users counted, voltage points."""
