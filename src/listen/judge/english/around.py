"""English cues: adverts, headlines and the voice of a firm (`damp`), words that turn others round, and danger.

How to write them stands in `listen/judge/cues.py`.
"""

from __future__ import annotations

from listen.judge.cues import Table

TABLE: Table = (
    # Adverts, raffles, jobs, headlines, the firm itself: no customer speaks.
    ("damp", 2.8, """
        giveaway; giveaways; sweepstakes; use code; #hiring; #jobs; #job; #ad; #sponsored; #deal; #deals; #giveaway
        #win; let us know; you're welcome; press release; breaking
        (enter|entered|chance) (to win|for a chance|our|the)
        (promo|discount|coupon|voucher) code
        (<n>|up to <n>) off
        (buy|shop|order|book|register|sign up|apply|download|subscribe|pre-order|get yours) (now|today|here)
        limited (time|offer|edition)
        (free|fast) shipping (on|over|worldwide)
        (we're|we are|now|is) hiring
        (join|joining) our team
        apply (now|here|today|at|via)
        job (opening|alert|opportunity|opportunities|offer)
        (for|on) sale
        (check|find) out (our|my|the|this)
        (link|links) in bio
        (follow|rt|retweet) (and|us|to|&) [rt|retweet|follow|win]
        (on|via) (ebay|etsy|@ebay)
        (DM|direct message|message|email|call|contact|pm) us
        (sorry|apologies|apologize|apologise) (to hear|for the inconvenience|for any|about that|for the trouble|
            you feel|for the delay|you're having|that you|for your)
        we (apologize|apologise|appreciate|would love to|can help|can certainly|are here|certainly|will look|
            do offer|offer|hope|recommend|are happy|understand|suggest|are working|look forward|understand your|
            are unable|can look|are sorry|can check|are looking|have forwarded|will|don't|would)
        we'd (love|like|be happy)
        we'll (be|look|get|pass|let|do)
        we're (here|sorry|happy|looking|glad|working|always|unable|aware)
        (please|can you|could you|kindly) (dm|DM|send us|follow|provide|reach out|email us|visit|contact us|
            give us) [us]
        (our|the) team (will|is|would)
        (happy|glad|here) to (help|hear|assist|look|check)
        (reach|reaching) out to us
        thanks for (reaching|letting us|sharing|contacting|your feedback|following|the follow|stopping|tweeting|
            the shout|getting in touch|the mention|the rt|bringing)
        thank you for (reaching|letting us|sharing|contacting|your feedback|following|your patience|contacting us)
    """),
    ("damp", 1.4, """
        news; #news; report; reports; announces; announced; unveils; launches; introduces; according to; rumor
        rumors; analysts; percent; billion; ceo; lawsuit; police; government; president; election; senate; court
        congrats; congratulations; merry christmas; good luck; check it out; launch*
        (says|said) [that|the|he|she]
        happy (birthday|new year|holidays|friday|monday|easter)
        have a (great|good|nice|lovely|wonderful|blessed)
    """),
    ("damp", 0.5, """
        movie; song; watching; review; poem; lmao; lmfao; lol; haha; hahaha; via; million; stocks; shares
    """),
    ("strong", 0.5, """
        (very|really|so|extremely|absolutely|totally|completely|utterly|super|incredibly|fucking|freaking|such|
            always|constantly|literally|beyond|truly|highly|insanely|ridiculously|way too|damn|again)
    """),
    ("negator", 0.0, """
        (not|never|no|without|none|hardly|neither|nor|isn't|wasn't|aren't|don't|doesn't|didn't|won't|can't|cannot|
            wouldn't|ain't|nothing|barely|instead of|far from|stop|zero|lack of|less)
    """),
    ("contrast", 0.0, """
        (but|however|unfortunately|sadly|although|though|except|yet|too bad)
    """),
    # Somebody speaks of an own experience.
    ("self", 0.0, """
        (I|i|i'm|im|i've|ive|i'd|i'll|my|me|mine|myself|we|our|us|you|your|u|ur|you're|you guys|y'all)
    """),
    # Raises urgency, whatever else is said.
    ("danger", 2.0, """
        (on fire|caught fire|burned|burnt|burning|exploded|explosion|explodes|smoke coming|smoking|melted|
            fire hazard|electric shock|shocked me|sparks)
        (injured|injury|injuries|hurt my|bleeding|poisoned|food poisoning|dangerous|unsafe|hazard|hospital|
            emergency room|allergic|choking|safety issue)
        (lawyer|attorney|lawsuit|sue|suing|small claims|legal action|court|trading standards|better business bureau|
            bbb|ombudsman|ftc|consumer protection|class action|gdpr)
        (press|journalist|newspaper|going viral|the media)
        (fraud|fraudulent|scammed|phishing|hacked|data breach|identity theft|stole|stolen|unauthorized|unauthorised)
        (mold|mould|maggots|glass in|salmonella|cockroach|bugs in)
    """),
)  # fmt: skip
