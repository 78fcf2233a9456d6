"""A record of what is done with people's data, as Article 30 of the GDPR wants it, from the config as it is.

It knows what the program does. What only its users can know (who they are, why they may) it leaves open and says so.
"""

from listen.processing.facts import Facts, Host, Stored, facts_of
from listen.processing.record import LANGUAGES, markdown

__all__ = ["LANGUAGES", "Facts", "Host", "Stored", "facts_of", "markdown"]
