"""What is drawn and written."""
