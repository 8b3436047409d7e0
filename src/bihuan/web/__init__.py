"""Floor 9: the doors for people and machines. They parse, call one action or query, and render."""
