"""Feeds of any format: asked for politely, read, and followed from round to round.

Of use to every platform that offers one: RSS 0.9x to 2.0, RDF, Atom and JSON Feed, and pages that name their feed.
"""
