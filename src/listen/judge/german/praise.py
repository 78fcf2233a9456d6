"""German cues: who is content, thanks for good work, or recommends.

How to write them stands in `listen/judge/cues.py`.
"""

from __future__ import annotations

from listen.judge.cues import Table

TABLE: Table = (
    ("praise", 3.0, """
        empfehlenswert; Kaufempfehlung; gerne wieder; jederzeit wieder; immer wieder gern [e]; Lob an; Hut ab
        Chapeau; besser gehts nicht; läuft wie am Schnürchen; tut was es soll; macht was es soll; beste Entscheidung
        sauguat; urleiwand; leiwand; mega zufrieden; Daumen hoch; alle Daumen hoch; 5 Sterne; fünf Sterne
        volle Punktzahl
        (nie|niemals|noch nie|bisher nie|keine|keinerlei|null|nie irgendwelche|bisher keine|
            noch nie irgendwelche) (Probleme|Problem|Ärger|Schwierigkeiten|Störungen|Ausfälle|Verspätung) [gehabt|
            damit|mit]
        (noch nie|nie|bisher nie|niemals) enttäuscht
        (nicht|nie) bereut
        (liebe|lieb|liebe ja|liebe einfach) (mein|meine|meinen|mei|mis|euch|euren|eure|euer|dieses|diesen|diese|es)
        (bin|sind|war|waren) [ich|wir] [immer noch|echt|total|so|wirklich|mehr als|absolut|sehr|voll|richtig|
            einfach|super|rundum|ganz|voll und ganz|hellauf|völlig] (begeistert|zufrieden|happy|hin und weg|
            verliebt|überzeugt|beeindruckt|überrascht positiv|dankbar|glücklich)
        (top|toller|tolle|tolles|super|klasse|bester|beste|bestes|perfekter|hervorragender|ausgezeichneter|
            exzellenter|spitzen|genialer|großartiger|sehr guter|guter|schneller|netter|freundlicher|1A|
            leiwander) (Service|Support|Kundenservice|Kundendienst|Beratung|Qualität|Produkt|Team|Gerät|Leistung|
            Laden|Shop|Händler|Verarbeitung|Hotline|Lieferung|Erfahrung|App|Personal|Akku|Sound|Klang|Bild)
        (kann|können|würde) [ich|wir] [es|das|den|die|ihn|sie|sie|euch|jedem|allen] [nur|wärmstens|absolut|
            uneingeschränkt|sehr|voll|jedem|allen] [wärmstens|jedem|allen|sehr] (empfehlen|weiterempfehlen)
        klare (Empfehlung|Kaufempfehlung|Weiterempfehlung)
        absolute (Empfehlung|Kaufempfehlung|Weiterempfehlung)
        (absolut|sehr|wirklich|nur) (empfehlenswert|weiterzuempfehlen|zu empfehlen)
        sofort wieder (kaufen|bestellen|buchen)
        (großes|grosses|riesen|dickes|ein) (Lob|Kompliment) [an|für]
        Respekt (an|für)
        (vielen|lieben|herzlichen|tausend|besten|großes|riesen|1000) (Dank|Dankeschön) (an|für die (schnelle|tolle|
            nette|super|gute|freundliche|prompte))
        danke für (die|den|das|eure|euren|Ihre|Ihren) (schnelle|tolle|tollen|super|nette|netten|gute|guten|
            freundliche|prompte|großartige|klasse|top) [Hilfe|Service|Support|Lieferung|Beratung|Antwort]
        (Preis Leistung|Preis-Leistung|Preis Leistungs Verhältnis) [ist] (top|super|stimmt|passt|unschlagbar|gut)
        (ihr|sie) seid (die Besten|super|klasse|toll|spitze|der Hammer|großartig)
        (so|einfach|echt|richtig) (muss|soll) (Service|das) [sein]
        besser geht (es|s) nicht
        läuft (super|einwandfrei|perfekt|tadellos|rund|spitze|prima|problemlos)
        funktioniert (super|einwandfrei|perfekt|tadellos|prima|problemlos|bestens|wunderbar|hervorragend|tiptop|top)
        hält (ewig|was .. verspricht)
        (beste|bester|bestes) .. (ever|aller Zeiten|der Welt|das ich je hatte)
        (bestes|beste|bester|besten) (Handy|Gerät|Kauf|Produkt|App|Auto|Laptop|Kopfhörer|Anbieter|Bank|Laden|Bier|
            Kaffee|Reader|Staubsauger)
    """),
    ("praise", 2.0, """
        begeistert; begeisternd; Hammer; hammermäßig; mega; genial*; grandios*; fantastisch*; phantastisch*
        großartig*; grossartig*; hervorragend*; ausgezeichnet*; exzellent*; wunderbar*; sensationell*; spitze
        spitzenklasse; erstklassig*; perfekt*; traumhaft*; vorbildlich*; kulant*; tadellos; einwandfrei
        unschlagbar*; überragend*; zuverlässig*; zufrieden; taugt mir; verliebt in; Lieblings*; bester; bestes
        nichts zu meckern; nie wieder ohne; jeden Cent wert; sein Geld wert; saugeil; saugut; bombe; Bombe; fetzt
        rockt; #love; love; #top; wow; dankeschön; es lebe; lässig
        (nicht|net|ned|gar nicht|garnicht) (schlecht|übel|verkehrt|dumm|teuer|ohne)
        (kein|keine) Fehlkauf
        (der|ein|absoluter) Hammer
        (sehr|echt|richtig|wirklich|total|so|super|verdammt|ziemlich|einfach|extrem) (gut|cool|schön|nett|toll|geil|
            freundlich|lecker|praktisch|hilfreich|bequem|leise|chic|schick)
        [gut|super|toll] gemacht
        freu* mich [schon|so|riesig|total]
        (gefällt|gefallen|taugt|taugen) (mir|uns) [echt|sehr|richtig|total|voll|gut]
        liebe (es|das)
        mag (ich|mein|meine|meinen)
        (sieht|schaut) .. (gut|super|toll|klasse|geil|cool|schick|schön|hammer) [aus]
        kann man (nicht meckern|nix sagen)
        (will|möchte|gebe|geb) [es|ihn|sie|das] nicht mehr (missen|hergeben|her)
        lohnt sich (wirklich|echt|total|auf jeden Fall)
        (schnelle|rasche|prompte|pünktliche) (Lieferung|Antwort|Hilfe|Reaktion|Abwicklung)
        (schnell|pünktlich|prompt|rasch) (geliefert|angekommen|da|reagiert|geantwortet)
        (danke|dank) (euch|Ihnen|dir|an)
        huere (geil|guet|guat)
        mega (guet|geil|cool)
    """),
    ("praise", 1.0, """
        gut; gute; guter; gutes; super; toll; tolle; tolles; toller; klasse; prima; top; cool; coole*; geil; geile*
        schön; schöne; schöner; schönes; nett; nette; lecker*; praktisch; bequem; hübsch; fein; danke; dank; merci
        freundlich*; hilfsbereit*; schick; pünktlich; endlich da; glücklich; happy; Spaß; yeah; juhu; jippie; yay
        hurra; gratul*; Glückwunsch; wert; besser als; beste
        guten (Service|Eindruck|Erfahrungen)
    """),
)  # fmt: skip
