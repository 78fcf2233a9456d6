"""The config file: which words, which networks, with which secrets."""

from listen.config.load import Config, load
from listen.config.places import default_path, store_path

__all__ = ["Config", "default_path", "load", "store_path"]
