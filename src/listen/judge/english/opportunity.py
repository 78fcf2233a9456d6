"""English cues: questions, people about to buy, people about to leave; what makes a question one for a firm.

How to write them stands in `listen/judge/cues.py`.
"""

from __future__ import annotations

from listen.judge.cues import Table

TABLE: Table = (
    ("question", 2.0, """
        how much; how long; what time; let me know; quick question; what does .. mean
        (does|do|has|did|is|can) (anyone|anybody|any one|someone|somebody|any of you|anyone here|
            anyone else) [here] (know|have|tell|help|recommend|use|using|tried|own|got|able|explain)
        anyone (know|knows|have|has|tried|else tried|got|used|using|been able|here)
        (how|where|when|what time|which) (do|can|could|should|would|does|to) (I|we|you|one|i) [get|find|buy|order|
            use|change|set|turn|make|contact|reset|redeem|apply]
        (is|are) there (a|any|an|some) (way|plan|plans|chance|option|app|discount|update|store|news|code|
            possibility|setting|charge|fee)
        (can|could|would) (you|u|someone|somebody|anyone) [guys|please|pls|plz|possibly] (tell|help|advise|confirm|
            explain|clarify|let me know|point|send me|recommend|check|provide|assist)
        (do|does|will|would|can|are|is|did|have) (you|u|y'all|ya|you guys) [guys] (have|offer|sell|ship|deliver|
            accept|support|carry|take|know|plan|still|stock|do|open|price match|make|provide|going to|ever|be|any|
            all|think|need|want|still have)
        (how|wondering|curious) (long|much|many|often|far) (does|do|is|will|are|would|can|should|for|until)
        when (does|do|will|is|are|can) .. (open|close|available|release|released|back in stock|out|ship|start|
            coming|arrive|restock|get|come|launch|expected)
        (please|pls|plz|just) (let me know|advise|clarify|confirm|tell me)
        (a|one|have a|got a|my) question
        question (for|about)
        (I was|was|just|I'm|am) wondering
        wondering (if|whether|how|when|what|about)
        (any|some) (idea|ideas|advice|tips|suggestions|help|thoughts|update on|updates on|news on|info|clue|chance|
            plans|word on)
        (need|looking for|seeking|want|appreciate) [some|your|any] (advice|tips|suggestions|info|information|input)
        what's the (fix|difference|best way|deal with|price|latest|status|number|email|address)
        what is the (difference|best way|price|status|fix|number|email|process|cost|policy)
        (how to|trying to figure out|not sure (how|if|whether|which))
        how do (I|i|you|we)
        (is|are|will|was) .. (compatible|available|in stock|included|supported|coming|coming back|open|possible|
            waterproof|free|sold|supposed to)
    """),
    ("question", 1.0, """
        would love (to|if|a|some|your)
    """),
    ("buying", 3.0, """
        in search of; must have; take my money
        should I (buy|get|order|go for|upgrade|pick|purchase|switch|choose|wait|keep)
        (any|some|got any|have any|looking for|need|needs|want) [good|some] (recommendations|recommendation|recs|
            suggestions)
        recommendations (for|on|please|anyone|welcome)
        (suggestions|tips|recs|alternatives) (welcome|appreciated|please)
        (can|could|does|would) (anyone|anybody|someone|you|somebody|you guys) .. recommend
        (thinking|thought|thinking seriously|contemplating|considering|debating) (of|about|on|whether to|
            if I should|a new|an|buying|getting|the|switching to|upgrading) [getting|buying|ordering|trying|
            upgrading|purchasing|investing|a|an|new|the]
        (considering|contemplating|debating) (buying|getting|a|an|the|upgrading|purchasing|whether)
        (which|what) .. (is better|should I|would you|do you recommend|to buy|to get|is best|are best|is the best|
            are the best|worth)
        which [one] (is|should|would|do|are) [better|I|you]
        (is|are|was) (it|the|this|these|they) .. worth (it|the money|buying|getting|upgrading|the price|the hype)
        worth (buying|getting|it|upgrading|the upgrade|the money)
        (in the market|on the market|shopping|saving up|saving) for
        (looking|want|wanting|hoping|planning|ready|trying|about|tempted|going|gonna|wanna|need|dying|itching|like|
            would love|decided|decide) (to) [finally|maybe|possibly] (buy|purchase|get a|get an|get the|get one|
            get me|order|upgrade|invest|try the|pick up|get my hands|buying|preorder|pre-order|own|get this|
            get that|get some|cop)
        (gonna|wanna|finna|gotta) (buy|get a|get the|get one|get me|order|cop|upgrade|get an|get this|have|try)
        (I'll|will|might|may) (buy|be buying|get one|get the|be getting|order|definitely buy|be ordering|buy one|
            upgrade|have to get|have to buy|probably get|probably buy|switch to|pick)
        (need|want|wants|wish I had|really want|really need|I want|must have|I need) (a new|one of these|one|this|
            the new|an|to have|a|that|both|it so bad|me a|me one|in my life)
        (looking|searching|hunting) for [a|an|some|the] [good|new|decent|cheap|cheaper|better|reliable|used|best|
            great|perfect]
        (on my|to my|my|top of my) (wish list|wishlist|shopping list|christmas list|list|birthday list|bucket list)
        (where|how) (can|could|do|to|would) [I|you|i|we|one] .. (buy|order|purchase|get one|find|pre-order|get it|
            get these|get this|get some|get a)
        where to (buy|get|find|order)
        (pre-order|preorder|preordering|pre-ordering|pre ordering|preordered|pre ordered)
        (I'm|im|we're) (buying|getting|ordering) (a|an|the|one|this|my|it|me|new)
        (buying|getting) (a|an|the|one|my) [new] .. (tomorrow|today|next week|soon|for christmas|this weekend)
        shut up and take my money
        (should|shall) (I|we) [just|really] (get|buy|upgrade|switch)
        time (for|to) (a new|upgrade|get a new|an upgrade)
        (I want one|I need one|want one so bad|need one of these)
    """),
    ("switching", 3.0, """
        (alternative|alternatives) (to|for)
        (good|better|decent|cheaper|any|viable|other) (alternative|alternatives)
        (switch|switching|switched|switchin|moving|move|moved|swapping|going|migrating|changing|change|jumping|
            jump) (from|away|away from|over to|to another|to a different|carriers|providers|banks|ship|to at&t|
            to verizon|to tmobile|to t-mobile|to android|to iphone|to apple|to samsung|to spotify|back to|provider)
        (thinking|think|considering|ready|want|wanting|time|about|tempted|going|decided|might|may|looking) [of|
            about|to|I'll|I'm] (switching|switch|leaving|leave|cancelling|cancel|ditch|ditching|dumping|dump|
            moving to|quitting|dropping)
        (leaving|ditching|dumping|quitting|dropping|cancelling|canceling) [my|the] (you|you guys|for|my|account|
            subscription|contract|service|membership|order|them)
        (moving|moved|move|switching|taking) (everything|it all|all|all my) .. (to|elsewhere)
        (cancel|canceling|cancelling) my (account|subscription|contract|service|membership|plan|policy|card)
        (taking|take) my (business|money|custom) (elsewhere|to|somewhere)
        (going|shop|shopping|go|fly|look|looking) elsewhere
        (find|need|want|finding|look for|looking for|get) (another|a new|a different|a better) (provider|carrier|
            bank|airline|company|phone company|one|service|supplier|isp|internet provider|insurance)
    """),
    # What a firm can say something about.
    ("matter", 1.0, """
        price; prices; pricing; cost; costs; ship; shipping; shipped; deliver; delivery; order; ordered; ordering
        in stock; restock; stock; store; stores; available; availability; release; released; launch; open; hours
        return; returns; exchange; discount; coupon; code; sale; update; version; feature; features; setting
        settings; app; website; site; account; password; login; sign up; subscription; plan; plans; compatible
        support; supported; battery; charger; model; size; sizes; color; colors; colour; flavor; ingredients; gluten
        vegan; book; booking; reservation; flight; seat; baggage; luggage; refundable; warranty; repair; replacement
        gift card; points; rewards; upgrade; download; install; connect; bluetooth; wifi; device; phone; email
        number; contact; customer service; menu; location; locations; windows; mac; android; ios; product; products
        buy; purchase; item; items; work with; policy; fee; job; use; tracking; package; card; bill; payment; laptop
        printer; camera; game; dlc; beta
    """),
    ("opener", 0.0, """
        (how|where|when|what|which|who|whats|what's|wheres|hows)
        (is|are|does|do|did|can|could|will|would|has|have|should|was|were|any|anyone|may)
        (is there|are there|is it|do you|can I|can you|will you|does it|what is|how do|where can)
        (so|and|but|hi|hey|hello) (how|where|when|what|is|do|does|can|will|are|which)
    """),
)  # fmt: skip
