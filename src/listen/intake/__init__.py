"""What networks push: taken in over HTTP, checked, and on disk before it is acknowledged.

A reverse proxy of the user's stands before it; it listens on loopback only. What it takes in is heard as any source is,
by the platform `webhooks`, which reads the spool.
"""

from listen.intake.server import Intake
from listen.intake.spool import Spool

__all__ = ["Intake", "Spool"]
