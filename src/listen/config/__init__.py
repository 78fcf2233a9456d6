"""The config file: which words, which networks, with which secrets."""

from listen.config.load import Config, default_path, load, store_path

__all__ = ["Config", "default_path", "load", "store_path"]
