"""Invented posts with the flag that a careful reader gives them; no real post is among them."""

from __future__ import annotations

COMPLAINTS_DE = (
    "Mein Lesegerät geht seit dem Update nicht mehr, der Support antwortet nicht.",
    "Danke für nichts, ihr Helden.",
    "Läuft bei euch, Paket schon wieder weg.",
    "Ist es eigentlich normal, dass der Akku nach einer Stunde leer ist?",
    "Wie kann es sein, dass niemand zurückruft?",
    "Toll, der Staubsauger ist schon wieder kaputt.",
    "Das Ding haengt sich staendig auf",
    "Das Ding hangt sich standig auf",
    "Nach zwei Wochen kaputttt 😡",
    "So ein Schas, da geht nix mehr",
    "Das gaht nöd mit dieser App!",
    "Bin sehr enttäuscht von der neuen Waschmaschine",
    "warte seit 3 wochen auf meine bestellung",
    "Reine Abzocke, Finger weg!",
    "Die Hotline ist eine Frechheit, 40 Minuten Warteschleife",
    "DIE APP STÜRZT STÄNDIG AB!!!",
    "Nie wieder kaufe ich bei diesem Laden.",
    "Ich warte immer noch auf die Erstattung.",
    "Unverschämt, wie man hier behandelt wird",
    "Meine Kaffeemühle hat den Geist aufgegeben",
    "Gefällt mir gar nicht, viel zu laut und überteuert",
    "Super, die Lieferung ist mal wieder nicht angekommen.",
    "Nicht zu empfehlen, der Service ist unterirdisch.",
    "Was soll das denn, zum dritten Mal falsche Ware geliefert?",
)
BUYING_DE = (
    "Kann mir jemand einen guten Wasserkocher empfehlen?",
    "Lohnt sich der neue Reader oder lieber das alte Modell?",
    "Überlege mir den Akkuschrauber zu kaufen",
    "Welchen Kopfhörer würdet ihr nehmen?",
    "Suche einen leisen Ventilator fürs Schlafzimmer",
    "Soll ich mir die Kamera kaufen?",
    "Wo bekomme ich die Hülle am besten her, jemand Tipps?",
)
SWITCHING_DE = (
    "Suche eine Alternative zu Fotofix, die auch offline geht",
    "Kündige meinen Vertrag, wohin soll ich wechseln?",
    "Wir wechseln gerade von Mailfix zu was anderem, Tipps?",
    "Will endlich weg von Mailfix, wohin geht man da?",
)
QUESTIONS_DE = (
    "Weiß jemand, ob die Hülle auch für das neue Modell passt?",
    "Ab wann ist der Reader in Österreich lieferbar?",
    "@muster_hilft wie kann ich mein Passwort ändern?",
    "Kurze Frage: gibt es für Studenten Rabatt?",
    "Was kostet der Versand in die Schweiz?",
)
PRAISE_DE = (
    "Ich liebe meinen neuen Reader ❤️",
    "Bin echt begeistert, top Service!",
    "Hatte noch nie Probleme mit dem Ding",
    "Kann ich nur empfehlen.",
    "Gar nicht schlecht, der neue Klang, gefällt mir sehr gut",
    "Leiwand, funktioniert einwandfrei",
    "Der Laden ist spitze, sehr freundliche Beratung, gerne wieder",
    "Bin rundum zufrieden mit der Waschmaschine",
    "Hut ab, so schnell geliefert!",
    "Sooo schön, mein neuer Füller, ich bin verliebt in ihn",
    "Großes Lob an das Team!",
    "Läuft seit vier Jahren wie am Schnürchen, klare Kaufempfehlung",
)
NONE_DE = (
    "Gewinnspiel: Jetzt mitmachen und einen Reader gewinnen! Super Preise!",
    "Wir suchen Verstärkung: Servicetechniker (m/w/d) für unseren Kundendienst",
    "Heute 20 % Rabattcode für alle Reader, jetzt kaufen",
    "Die Firma meldet einen Umsatz von 3 Millionen Euro https://news.example/a",
    "Kein Problem, machen wir morgen.",
    "Lese gerade auf dem Reader.",
    "Das ist schon im Haus.",
    "Streik: Gewerkschaft und Konzern verhandeln wieder https://news.example/b",
    "Neue Version 4.2 ist da: https://blog.example/4-2",
    "Heute Abend Lesung in Graz, Beginn 19 Uhr",
    "Der Hund schläft auf dem Staubsauger.",
    "Jetzt bestellen, nur solange der Vorrat reicht!",
)
COMPLAINTS_EN = (
    "Great, my reader died again.",
    "Thanks for nothing!",
    "Still waiting for my refund after 3 weeks",
    "It won't turn on since the update",
    "It wont turn on since the update",
    "Why is it so hard to cancel?",
    "worst customer service ever",
    "Not happy with the new strap",
    "My kettle stopped working after two days.",
    "The app keeps crashing on my tablet 😡",
    "This is a total rip off, stay away from them",
    "@TeapotSupport nobody replies to my mails",
    "Been on hold for an hour, ridiculous",
    "I want my money back",
    "Never again. The zip broke after a week.",
    "Awesome, they lost my parcel again!",
    "sooooo disappointed with this blender",
    "My order never arrived, where is my refund?",
    "Seriously? The charger is broken again?",
    "Absolute joke of a company",
    "Can't log in, the site is down again",
    "The handle fell apart and support hung up on me",
    "Useless piece of junk",
    "They charged me twice and nobody answers",
)
BUYING_EN = (
    "Should I buy the blue one or the red one?",
    "Any recommendations for a cheap e-reader?",
    "Thinking of getting a new kettle",
    "Which one is better, the mini or the max?",
    "Is the new teapot worth the money?",
    "Looking for a good blender under 100",
    "Can anyone recommend a quiet fan?",
)
SWITCHING_EN = (
    "Looking for alternatives to Mailfix",
    "Thinking about leaving Mailfix, where do people go?",
    "Switching from Mailfix to something smaller",
    "Time to find a different provider",
)
QUESTIONS_EN = (
    "Does the new model work with Linux?",
    "@TeapotSupport when does the store open on Sunday?",
    "Anyone know if the cover fits the old model?",
    "How much is shipping to Austria?",
    "Is there a way to change the font size?",
)
PRAISE_EN = (
    "Never had a problem with it, love my kettle",
    "Not bad at all, works great",
    "Highly recommend these headphones",
    "Excellent customer service, so impressed!",
    "I absolutely love this blender 😍",
    "Best purchase I've made this year",
    "Kudos to the team, very happy with the repair",
    "It runs like a charm",
    "The new lamp is gorgeous, in love with it",
    "Can't complain, works perfectly",
    "Shout out to the support crew, you guys rock",
)
NONE_EN = (
    "Giveaway! Enter to win a kettle, best prices",
    "We're hiring a support engineer, apply now",
    "Reading on the train.",
    "No problem, see you tomorrow",
    "Get 20% off with promo code KETTLE",
    "Teapot Inc announces new office in Linz https://news.example/c",
    "Sorry to hear that, please DM us your order number",
    "The cat sits on the kettle.",
    "Version 2.1 of the reader is out https://blog.example/2-1",
    "Limited offer: buy now and get free shipping",
    "Analysts expect a million units, report says https://news.example/d",
    "My kettle is blue.",
)

TABLE = [
    (lang, flag, kind, text)
    for lang, flag, kind, texts in (
        ("de", "complaint", None, COMPLAINTS_DE),
        ("de", "opportunity", "buying", BUYING_DE),
        ("de", "opportunity", "switching", SWITCHING_DE),
        ("de", "opportunity", "question", QUESTIONS_DE),
        ("de", "praise", None, PRAISE_DE),
        ("de", "none", None, NONE_DE),
        ("en", "complaint", None, COMPLAINTS_EN),
        ("en", "opportunity", "buying", BUYING_EN),
        ("en", "opportunity", "switching", SWITCHING_EN),
        ("en", "opportunity", "question", QUESTIONS_EN),
        ("en", "praise", None, PRAISE_EN),
        ("en", "none", None, NONE_EN),
    )
    for text in texts
]
