"""English cues: what is broken, late or unanswered; anger; waiting; and what takes a complaint back.

How to write them stands in `listen/judge/cues.py`.
"""

from __future__ import annotations

from listen.judge.cues import Table

TABLE: Table = (
    ("complaint", 3.2, """
        fell apart; rip off; ripoff; ripped off; ripped me off; scam; scammed; scammers; scamming; money back
        unacceptable; unimpressed; disgusted; disgrace; disgraceful; appalling; appalled; shambles; pathetic
        bull shit; bullshit; fed up; had enough; been on hold; pos; f you; go fuck; false advertising
        bait and switch; buyer beware; beware
        (wont|won't|will not|doesn't|does not|didn't|isn't|is not|not|don't|refuses to|hasn't|aren't|can't|
            cant get it to) [even|always] (turn on|turning on|charge|charging|work|working|worked|connect|
            connecting|load|loading|open|opening|start|starting|boot|sync|syncing|update|updating|respond|
            responding|install|downloading|download|power on|delivered|arrived)
        (doesn't|does not|don't|didn't|isn't|not) work* (anymore|any more|at all|again|properly)
        (no longer|stopped|stops|quit) (works|working|responding|charging|loading|turning on|connecting|syncing)
        (just|has|have|it|phone|laptop|already|completely|finally|again) (died|broke|stopped|crashed|exploded)
        (died|broke|stopped working|failed|fell apart|dead|crapped out|broken) (after|within|in|again|already|on me)
        (keeps|keep|kept|constantly|always) (crashing|freezing|failing|dropping|disconnecting|breaking|restarting|
            rebooting|buffering|logging me out|shutting down|dying|telling me|saying|getting|asking|cutting out|
            cancelling)
        never (again|buying|ordering|using|flying|shopping|coming back) [buy|order|use|fly|shop]
        never .. (arrived|delivered|showed up|received|got my|replied|responded|called back|answered)
        (will|would|I'll) never (buy|order|use|fly|shop|recommend|come back|return|trust) [again]
        (still|been|I'm|am|and) waiting [for|on|over|since]
        (still|yet) (no|not) (response|reply|answer|delivery|refund|package|parcel|order|solution|luck|email|
            received|arrived|fixed|working|resolved|delivered|heard)
        (still|yet) (haven't|hasn't|not|no|can't|cant|won't|doesn't|isn't|have not|has not)
        (no|zero|not a|without) (response|reply|answer|apology|explanation|help at all|customer service) [from|yet|
            at all]
        (no one|noone|nobody|no-one|none) (answers|answered|responds|replied|replies|calls|called|cares|can help|
            knows|came|showed up|picks up|helps|helped|to help|seems)
        (worst|horrible|terrible|awful|poor|bad|shocking|appalling|disgraceful|useless|atrocious|pathetic|crap|shit|
            shitty|rude|crappy|lousy|abysmal|ridiculous|horrendous|disgusting|unacceptable|shoddy|
            piss poor) [customer|ever|damn] (service|support|experience|company|quality|product|airline|delivery|
            app|update|phone|website|customer service|staff|communication|network|care|job)
        (the|is|are|by far|absolute|literally|your) worst
        worst .. (ever|in the world|of all time|I've)
        waste of (money|time|space)
        (want|wants|need|demand|give|get|gimme|like) .. (my money back|a refund|full refund|refund)
        where (is|the hell is|tf is|the fuck is) my (order|refund|money|package|parcel|delivery|stuff|bill|item|
            items|shipment|luggage|bag|bags|response|phone|code|purchase)
        where's my (order|refund|money|package|parcel|delivery|stuff|bill)
        wheres my (order|refund|money|package|parcel)
        thanks for (nothing|ruining|wasting|the delay|breaking|losing|canceling|cancelling|not|making me|leaving|
            screwing|the terrible|absolutely nothing|ignoring)
        thank you for (nothing|ruining|wasting|not|losing|ignoring)
        (so|very|really|extremely|pretty|beyond|bitterly|sorely|quite|super|a bit) (disappointed|disappointing|
            frustrated|frustrating|annoyed|annoying|upset|unhappy|dissatisfied|angry|mad|pissed|unprofessional|
            unimpressed)
        disappointed (in|with|by|at|that)
        (not|never|hardly|less than|far from) [very|really|at all|too|so] (happy|impressed|satisfied|good enough|
            acceptable|ok|okay|cool|pleased|amused|helpful|good|great)
        (absolute|total|utter|complete|what a|bloody) (joke|disgrace|shambles|rubbish|garbage|crap|mess|nightmare|
            disaster|failure|bullshit|bs|trash|farce|con|fail)
        (is|are|you're|what) [such] a (joke|nightmare|disgrace|mess|scam|disaster|ripoff|rip off|shambles|farce)
        (get|got) your (shit|act) together
        sort (it|yourselves|your|this) [life|out|app|website|service|shit]
        (fix|please fix|can you fix) (your|this|it|the|that)
        shame on (you|them)
        avoid (like the plague|this|them|at all)
        (stay|steer|keep) (away|clear) (from|of)
        (do not|don't|dont|wouldn't|would not|never|can't|cannot) (buy|recommend|order from|bother|trust|waste your|
            use this|fly with|shop at)
        (sick|tired|fed up|sick and tired|had enough) (of|with)
        not (worth|fit for|as described|as advertised|what I ordered|what I paid)
        (hung up|hangs up) on
        (on hold|hold) [for|with|over] (<n>|an hour|hours|ages|forever|over)
        (waited|waiting) .. (hours|days|weeks|months|minutes|mins|hrs)
        (over|more than) [an|a] (<n>|hour|month|week) [hours|days|weeks] (late|delay|delayed|wait|waiting|on hold)
        (lost|losing) my (luggage|bag|bags|package|order|parcel|business|custom|reservation|money|data)
        (missing|wrong|incorrect|damaged|broken|defective|faulty|expired|dirty) (item|items|order|part|parts|size|
            product|address|package|food|bill|charge|charger|screen|units|one)
        arrived (broken|damaged|late|smashed|empty|dead|open|wrong|cold)
        (overcharged|double charged|charged me|charging me|charged twice|charge me)
        (stole|stealing|took) .. my money
        (lied|lying|lies) [to] [me|us|about]
        no (apology|excuse|help|refund|signal|service|internet|stock|hot water|wifi|connection|customer service)
        (can't|cannot|cant|couldn't|could not|unable to|not able to|impossible to) [even|seem to|still] (log in|
            login|sign in|access|connect|open|download|install|use my|use the|get through|get in|reach|pay|book|
            check in|get a|get hold of|get any|order|play|watch|make a|send|update|activate|find a|speak|talk|view|
            see my|contact|cancel|register|redeem|reset|hear|get hold)
        why (is it|is this|are you|is your|is my|does my|does the|do you|does your|can't|won't|don't|doesn't|isn't|
            is the|hasn't|haven't|the hell|tf|the fuck|cant|do I|are your|did you|did my|has my|is there no|am I|
            would you|must) .. [so hard|keep|always|not|still|never|no]
        (how|why) (is|can|could|hard) .. (so hard|this legal|still|even allowed|acceptable|difficult|possible|
            allowed)
        how (hard|difficult) (is|can) it
        what the (hell|fuck|heck|actual)
        what (a load|kind) of
        what kind of (company|business|service|customer service)
        seriously (guys|people|though)
        (are you|you) [fucking] (kidding|serious|joking)
        (lost|losing) a customer
        you (just|have|have just|'ve) lost [a|my|me]
        (cancelled|canceled|cancelling|canceling|closing|delayed|denied) my (flight|order|account|card|booking|
            claim|train|reservation|subscription|application)
        (flight|train|order|delivery) .. (delayed|cancelled|canceled|late)
        (sucks|suck|sucked|blows)
        piece of (shit|crap|junk|garbage|trash)
        (fuck|screw|damn|fucking|freaking|bloody) (you|off|this|your|up|ridiculous|useless|annoying|joke)
        hate (you|your|this|my|it when|the|how|these|that)
        (ripping|rips) .. off
        (complaint|complain|complaining|complained) [to|about]
        (reporting|report) you to
        (see you|take you|you) .. in court
        (ignored|ignoring) (me|my|us|customers)
        (terrible|horrible|awful|horrendous|atrocious|abysmal|dreadful)
        (ruined|destroyed|wrecked) my
        (any chance|when will) .. (fix|fixed|sorted|resolved|back up)
        (third|3rd|fourth|4th|second|2nd|fifth) time .. (this|in|week|month|broken|called|happened|replaced)
    """),
    ("complaint", 2.1, """
        (second|third|fourth|fifth|2nd|3rd|4th|5th) .. in (<n>|a|one) (year|years|month|months|week|weeks|day|days)
        dead battery; battery (dead|is dead|was dead|died); so done with; I'm done with (you|this|them|it)
        impossible to; broken; broke; busted; defective; faulty; crashes; crashed
        crashing; freezes; frozen; freezing; glitch; glitches; glitchy; glitching; bug; bugs; buggy; laggy; lagging
        malfunction*; failed; fails; failing; failure; #fail; outage; down again; issue with; issues with
        problem with; problems with; disappointed; disappointing; disappointment; frustrated; frustrating
        frustration; annoyed; annoying; unhappy; angry; furious; livid; ridiculous; outrageous; useless; worthless
        garbage; rubbish; crap; crappy; shitty; bs; nightmare; disaster; rude; unprofessional; incompetent
        incompetence; unreliable; misleading; misled; dishonest; fraud; fraudulent; overpriced; slower; overdue
        refunded; return this; damaged; incorrect; poorly; badly; worst; hate; hates; hated; wtf; wth; ffs; ugh
        ughh; argh; meh; grr; fucked; pissed; screwed; sucky; cancelled; canceled; rejected; declined; refused
        refuse; refuses; ignored; ignoring; ignore; unanswered; unresolved; unhelpful; on hold; hold for
        supposed to; how come; disconnect*; unsubscribe; spamming; help me; is there a problem
        (let|letting) .. down
        (is|are|servers|server|site|website|app|network|internet|been|service|was) down
        not (working|loading|responding|available|charging|opening|showing|delivered|found|recognized|shipped|
            received|able|helpful)
        (doesn't|does not|didn't|don't|won't|wont|wouldn't|isn't|haven't|hasn't|couldn't) (work|help|load|respond|
            fit|get|seem|show|let|even|recognize|answer|have any|want to|care|make|received|arrived|support|know|
            got)
        (doesnt|didnt|wont|cant) (work|help|load|even|let|get)
        (won't|doesn't|wouldn't|didn't) let me
        (having|have|had|huge|major|serious|big|same|another|still|any|an|the) (issue|issues|problem|problems|
            trouble|difficulty)
        (trouble|difficulty) (with|getting|logging)
        (too|way too|so|very) (expensive|slow|loud|complicated|small|late|hard|difficult|buggy|long)
        (hours|days|weeks|months) (late|later|overdue|ago)
        (for|after|over|been|past) (<n>|an|a|hours|days|weeks|months) (hours|hour|days|weeks|months|minutes|mins|
            hrs|month|week) [now|and|already|straight]
        returning (it|this|them)
        sent (it|them) back
        replace (it|this|them|my)
        (no|zero) (help|response|reply|answer|luck|idea|service|way|longer|reason|one|clue)
        should (be|have) .. (by now|already|yesterday|working)
        (paid|pay|paying|spent) .. (for this|and still|but)
        (over|scratch|scratches|cracked|leaks|leaking|peeling|overheats|overheating|smells|rattles)
        not (what|even|really|cool|fair|right|as|an option|seeing)
        nothing (works|happens|happened|helps|yet|but)
        (lack|lacks|lacking) [of]
        (cold|stale|soggy|hair|raw|mold) .. (food|pizza|fries|burger|burrito)
        (deleted|removed) my
        (locked out|hacked)
        (I've|have) (called|emailed|tried|contacted|asked|sent|been trying|been waiting|dm'd|messaged|reported)
        (tried|trying) to .. (but|for|call|contact|reach|get)
        (need|needs) (to be fixed|fixing|to fix|your help|help|to sort)
        (reply|respond|answer) .. (please|then|my|to me)
        (what|what's) (happened|going on|wrong) [to|with]
        (anyone else|any one else) .. (having|getting|problem|issue|can't|down)
    """),
    ("complaint", 1.0, """
        seriously; why; unfortunately; stolen; smh
        spam; absurd; insane; worse; stuck; bloody; fail; errors; error; slow; delays; delayed; delay; replacement
        refund; waited; waiting; junk; trash; upset; shame; joke; mess; fucking; fuck; shit; damn; crash; sadly; sad
        poor; bad; offline; dead; missing; wrong; lost; late; issue; issues; problem; problems; trouble; weird
        strange; confusing; confused; expensive; stopped; died; dying; dies; smells; noisy; loud; scratched; leak
        blame; excuse; excuses; apology; charged; emailed; complaint; complaints; unable; cancel
        (please|pls|plz) (fix|help|sort|respond|reply|stop|bring back|update|explain)
        (again|yet again|once again|as usual|third time|second time)
        why (is|are|does|do|did|has|have|can|would|was|were|am)
    """),
    ("complaint", 0.5, """
        crazy; still; yet; never; ever; wait; longer; hour; hours; weeks; days; sorry; stop; explain; cost me
        charge; called; email; hello; hey; really; seriously; come on; nope; even; fix; fixed; no; nothing; not
        can't; cannot; don't; doesn't; didn't; won't; isn't; haven't; hasn't; help; without; instead; warranty
        ticket; service
    """),
    # Also raises urgency.
    ("waiting", 2.8, """
        (waiting|waited|on hold|been waiting|still waiting) [for|over|since|almost|nearly|on|my] .. (<n>|hours|days|
            weeks|months) [hours|days|weeks|months|minutes]
        (no|without) (reply|response|answer|refund|delivery) (in|for|after) (<n>|a) (hours|days|weeks|months|week|
            month)
    """),
    ("waiting", 1.2, """
        (for|after|over|since|been|past) (<n>|an|a|a few) (hours|hour|days|weeks|months|minutes|mins|hrs|month|week|
            years)
        (for|in|after) (hours|days|weeks|months|ages|forever)
        <n> (hours|days|weeks|months) (later|late|now|and counting|overdue|on hold)
    """),
    ("insult", 2.0, """
        (assholes|asshole|idiots|idiot|morons|moron|crooks|thieves|liars|liar|bastards|dickheads|fuck you|fuckers|
            scumbags|clowns)
    """),
    # Repaired, helped, solved: takes back what was said before.
    ("relief", 1.8, """
        back up and running; will do; will try
        (problem|issue|it's|it is|its|all|been|got it|was|is|finally) [now|been|all] (solved|resolved|sorted|
            fixed) [now|thanks]
        (works|working) (now|again|fine now)
        (got|found) (it|them) (working|fixed|back|thanks)
        it's (ok|okay|fine|all good)
        (no worries|all good|never mind|nevermind|nvm)
        thanks for (your|the|all|all your|all the) (help|reply|response|quick|fast|assistance|info|update|support|
            prompt|advice)
        thank you for (your|the|all) (help|reply|response|quick|fast|assistance|info|update|support|prompt)
        (helped|fixed|sorted|solved|resolved|replaced) (me|it|my|everything|this|us) [out]
    """),
)  # fmt: skip
