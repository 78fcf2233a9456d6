"""Networks that are heard where the user says, and whole there: nothing is searched, everything is decided here."""

from __future__ import annotations

from listen.query.dialect import Dialect

_READ = {
    "appstore": "reads the newest reviews of the apps you name and decides here",
    "facebook": "reads the pages you name and decides here",
    "files": "reads the lines of the files you name and decides here",
    "foursquare": "reads the newest tips at the places you name and decides here",
    "googleplaces": "reads five reviews of each place you name and decides here",
    "lemmy": "hears all that the servers you name get and decides here, unless told to search",
    "peertube": "reads the newest comments below videos of the servers you name and decides here",
    "telegram": "reads the channels you name and decides here",
    "trustpilot": "reads the newest reviews of the firms you name and decides here",
    "webhooks": "hears what is pushed to `listen serve-webhooks` and decides here",
    "yelp": "reads the newest reviews of the businesses you name and decides here",
    "youtube channels": "reads titles and descriptions in the channels you name and decides here",
}
WHOLE = [
    Dialect(platform=key.partition(" ")[0], way=key.partition(" ")[2], hears_all=True, limits=(limit,))
    for key, limit in _READ.items()
]
