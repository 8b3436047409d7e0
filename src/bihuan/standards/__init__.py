"""What the house goes by besides promises: taxonomies, typical cases, rules of severity."""
