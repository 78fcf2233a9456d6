"""English cues: who is content, thanks for good work, or recommends.

How to write them stands in `listen/judge/cues.py`.
"""

from __future__ import annotations

from listen.judge.cues import Table

TABLE: Table = (
    ("praise", 3.0, """
        in love; impressed; game changer; life saver; lifesaver; two thumbs up
        (never|not) [ever] (had|have|having|a|once had) [a|any|one|a single] (problem|problems|issue|issues|trouble|
            complaint|complaints)
        (no|zero) (problems|issues|complaints|regrets) [at all|so far|here|whatsoever]
        (never|not) (been|once) disappointed
        never (disappoints|lets me down|let me down|fails to)
        (can't|cannot|could not|couldn't) (complain|be happier|recommend .. enough|fault|live without|go wrong|
            praise|get enough|stop using|beat)
        (love|loving|loved|adore|in love with|luv) [absolutely|really|how|that|all] (my|this|these|your|the|it|you|
            our|them|u|how)
        (absolutely|really|just|still|totally|seriously|I|we|i|so much) love
        (works|working|worked|runs|fits|arrived) (great|perfectly|flawlessly|like a charm|wonderfully|beautifully|
            perfect|amazing|brilliantly|as advertised|early|like a dream|super)
        (highly|definitely|would|can only|strongly|thoroughly|wholeheartedly) (recommend|recommended)
        (worth every|worth the) (penny|cent|money|wait|price)
        (best|greatest|finest|awesomest) .. (ever|in the world|in town|customer service|investment|purchase|
            decision|I've|service|company|hands down|on the market|phone|airline|thing)
        (great|excellent|amazing|awesome|fantastic|outstanding|brilliant|superb|wonderful|incredible|stellar|
            exceptional|top notch|lovely|good|fabulous|phenomenal|impressive|first class|best) [customer|job|
            and friendly|and fast] (service|support|experience|product|quality|job|staff|team|company|care|app|
            value|work|flight|crew|help|customer service|device|phone)
        (thank you|thanks) [so much|very much|a million|again] (for|to) (making|being|a great|an amazing|
            a wonderful|helping|the great|the amazing|the awesome|such|taking care|fixing|always|the free|sending|
            getting|my)
        (thank you|thanks) so much
        (shout out|shoutout|kudos|props|hats off|big thanks|well done|congrats|bravo|huge thanks|thumbs up|
            big ups) [to]
        (so|very|really|extremely|super|more than|pretty|absolutely|beyond|totally|most) (happy|pleased|impressed|
            satisfied|grateful|helpful|excited|delighted|thankful|thrilled|good|great|nice|friendly|easy|comfy|
            awesome|amazing|beautiful|pretty|cool|comfortable|sweet|fun)
        (happy|pleased|impressed|delighted|thrilled|satisfied|obsessed) with
        (made|makes|making) my (day|week|life|year|night|morning)
        you (rock|guys rock|guys are the best|are the best|are awesome|guys are awesome|guys are great|are amazing|
            are great|guys are amazing|da best|'re the best)
        (you're|ur|you are) (the best|awesome|amazing|great|fantastic)
        (exceeded|exceeds) .. expectations
        (happy|loyal|satisfied) customer
        (customer|fan) for life
        will (definitely|certainly) (buy|order|be back|return|use|shop|fly)
        (5|five) stars
    """),
    ("praise", 2.0, """
        love; loves; loving; awesome; amazing; fantastic; excellent; brilliant; wonderful; outstanding; superb
        perfect; perfectly; flawless; gorgeous; beautiful; fabulous; delicious; incredible; stunning; phenomenal
        impressive; recommend; obsessed; delighted; addicted to; my favourite; favorite; favourite; enjoying
        enjoyed; yum; yummy; sexy; dope; slick; sleek; kudos; bravo; genius; epic; so excited; hell yeah; woohoo
        woo hoo; wow; grateful; appreciate
        not [too|half|so] bad
        (nothing|can't say anything) bad
        (my|new) favorite
        (looks|look|feels|sounds|tastes|smells|seems|looking|is) (great|good|amazing|nice|awesome|beautiful|
            fantastic|cool|incredible)
        good (one|stuff|work|deal|price|food)
        nice (job|work|touch|one)
    """),
    ("praise", 1.5, """
        great; best
    """),
    ("praise", 1.0, """
        thank you; thanks; thx; thankyou; ty; glad; sweet; blessed; winning; good; nice; cool; neat; solid
        fun; easy; fast; quick; quickly; friendly; helpful; happy; pretty; smooth; comfy; comfortable; cheap; yay
        yes; yeah; yep; win; wins; winner; works; like my; liked; better; fine; lol; haha; hahaha; cheers; fave
        cute; fresh; worth; well; enjoy; kind; exciting; excited
        (rocks|rock)
        excited (for|about)
        (can't|cannot) wait
        like (it|this|the)
    """),
)  # fmt: skip
