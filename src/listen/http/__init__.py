"""The one way out to the network: requests, event streams and WebSockets with the same manners everywhere."""

from listen.http.answer import Answer
from listen.http.client import Client
from listen.http.form import Form, basic
from listen.http.lease import Lease, Term
from listen.http.meter import QUOTA, Books, Budget, Meter
from listen.http.secret import Secret
from listen.http.spending import Allowance, Quota, Spending

__all__ = [
    "QUOTA", "Allowance", "Answer", "Books", "Budget", "Client", "Form", "Lease", "Meter", "Quota", "Secret",
    "Spending", "Term", "basic",
]  # fmt: skip
