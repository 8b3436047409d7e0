"""What callbacks go by: whom, when, what is asked, what two sides said, how a caller is scored. Pure decisions."""
