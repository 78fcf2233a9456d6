"""German cues: adverts, headlines and the voice of a firm (`damp`), words that turn others round, and danger.

How to write them stands in `listen/judge/cues.py`.
"""

from __future__ import annotations

from listen.judge.cues import Table

TABLE: Table = (
    # Adverts, raffles, jobs, headlines, the firm itself: no customer speaks.
    ("damp", 2.6, """
        Gewinnspiel*; gewinne; gewinnen; verlosen; verlost; verlosung; Rabattcode; Gutscheincode; Rabattaktion
        Schnäppchen; versandkostenfrei; Anzeige; Werbung; Affiliate; #werbung; #anzeige; #ad; #deal
        wir suchen Verstärkung; wir stellen ein; wir bieten; Stellenangebot; Stellenanzeige; #jobs; #job; Praktikum
        Testbericht; im Test
        jetzt (kaufen|bestellen|sichern|zugreifen|mitmachen|entdecken|shoppen|anmelden|buchen|testen|bewerben|lesen|
            downloaden|herunterladen)
        nur (heute|noch heute|solange der Vorrat|für kurze Zeit)
        solange [der] Vorrat [reicht]
        (zum|im) (Sonderpreis|Angebot|Schnäppchenpreis|Schnäppchen|Sonderangebot)
        (im|bei|unserem|unser) (Online Shop|Onlineshop|Webshop|Shop) (erhältlich|vorbei)
        (wir|wer) (suchen|sucht) [dringend|ab sofort|zur] [Verstärkung|Mitarbeiter|einen|eine|neue|Dich|dich]
        (m w d|w m d|m w x|m w)
        (jetzt|direkt) bewerben
        (verkaufe|verkauf|biete|zu verkaufen|VB|Privatverkauf) [mein|meine|hier|ein|eine]
        neu bei (uns|eBay)
    """),
    ("damp", 1.4, """
        Polizei; Polizeieinsatz; Feuerwehr; Staatsanwaltschaft; Minister*; Politiker; Parteitag; Bundestag
        Bundesregierung; Regierung; Studie; Umfrage; Aktie; Aktien; Börse; Quartal*; Umsatz; Konzern*; Gewerkschaft
        Streik; Pressemitteilung; Eilmeldung
        #news; News; Spieltag; Bundesliga; Gegner; Horoskop; Witz des Tages; angeblich
        Gerücht*
        (laut|sagte|sagt|erklärte|teilte .. mit|berichtet|meldet|teilt mit|wie .. mitteilte|nach Angaben)
        tut uns [sehr|echt|wirklich] leid
        (schreib|schick|sende|schreibe|schicke) uns [bitte|gerne|doch] [eine|per|kurz] (DM|PN|Mail|Nachricht|
            Direktnachricht)
        (entschuldigen|entschuldige) (wir|uns|die Unannehmlichkeiten)
        (kümmern|schauen|leiten|melden|geben|prüfen) (wir|uns) .. (darum|gern|gerne|weiter|das)
        wir (prüfen|helfen|freuen|geben|leiten|bedauern|kümmern|wünschen) [uns|das|dir|gern|gerne|es]
    """),
    ("damp", 0.5, """
        Film; Buch; Roman; Song; Spiel; Tor; Trainer; Wetter; Prozent; Gericht
    """),
    ("strong", 0.5, """
        (sehr|echt|total|absolut|wirklich|richtig|mega|extrem|völlig|komplett|einfach|nur noch|so|voll|sau|ur|huere|
            ziemlich|dermaßen|derart|unglaublich|ständig|immer wieder|schon wieder|verdammt|überhaupt)
    """),
    ("negator", 0.0, """
        (nicht|nie|niemals|kein|keine|keinen|keiner|keinem|ohne|ned|net|nöd|nicht mehr|weder|kaum|nix|nichts|statt|
            anstatt)
    """),
    ("contrast", 0.0, """
        (aber|allerdings|jedoch|doch leider|trotzdem|dennoch|nur leider|bis auf)
    """),
    # Somebody speaks of an own experience.
    ("self", 0.0, """
        (ich|mein|meine|meinen|meinem|meiner|meines|mir|mich|wir|uns|unser|unsere|unseren|i|mei|mi|euch|ihr|euer|
            eure|euren|eurem|eurer|hab)
    """),
    # Raises urgency, whatever else is said.
    ("danger", 2.0, """
        (brennt|gebrannt|Feuer gefangen|in Brand|explodiert|explodierte|Explosion|geraucht|Brandgefahr|
            durchgeschmort|geschmolzen|verschmort)
        (verletzt|Verletzung|Verletzungen|verbrannt|Verbrennung|Verbrennungen|vergiftet|Vergiftung|Stromschlag|
            lebensgefährlich|gefährlich|Gefahr|Lebensgefahr|Krankenhaus|Notaufnahme|Allergie|allergisch*)
        (Anwalt|Anwälte|Rechtsanwalt|Klage|klagen|verklagen|verklage|Anzeige erstatten|Strafanzeige|Gericht|
            Verbraucherzentrale|Verbraucherschutz|Konsumentenschutz|Arbeiterkammer|Schlichtungsstelle|Abmahnung|
            Bundesnetzagentur|BaFin|Datenschutzbehörde|DSGVO)
        (Presse|Zeitung|Stiftung Warentest|Fernsehen|Reporter)
        (Betrug|betrogen|Betrüger|Phishing|gehackt|Datenleck|Daten weg|abgebucht|unberechtigt abgebucht|Datenpanne|
            Konto geplündert)
        (Schimmel|Glasscherben|Würmer|Maden|Salmonellen)
    """),
)  # fmt: skip
