"""Networks that answer JSON, described instead of programmed: where the posts are, their fields, and the next page.

The platform `json` reads such descriptions from the config; platforms whose answers need no more than that have theirs
in their own file.
"""
