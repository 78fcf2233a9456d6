"""Getting the key of a network, step by step, keeping it outside of the config, and renewing what ends."""

from listen.login.grant import Grant
from listen.login.key import KeyLogin
from listen.login.login import Door, Login, Question, Seen, Talk
from listen.login.vault import Vault, vault_path

__all__ = ["Door", "Grant", "KeyLogin", "Login", "Question", "Seen", "Talk", "Vault", "vault_path"]
