"""The one way out to the network: requests, event streams and WebSockets with the same manners everywhere."""

from listen.http.answer import Answer
from listen.http.client import Client
from listen.http.form import Form, basic
from listen.http.lease import Lease, Term
from listen.http.meter import QUOTA, Books, Budget, Meter, Quota
from listen.http.secret import Secret

__all__ = [
    "QUOTA", "Answer", "Books", "Budget", "Client", "Form", "Lease", "Meter", "Quota", "Secret", "Term", "basic",
]  # fmt: skip
