"""What a query means: what networks are asked, what to beware of, what it finds in texts and in the store."""
