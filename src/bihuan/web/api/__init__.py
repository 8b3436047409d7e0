"""The door for machines: tokens, JSON, problem details."""
