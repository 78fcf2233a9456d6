"""The tests of `listen`; nothing here touches the internet."""
