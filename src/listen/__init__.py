"""listen: hear what people say about a brand, and know when to speak up."""

__version__ = "0.1.0"
