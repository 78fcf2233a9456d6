"""German cues: questions, people about to buy, people about to leave; what makes a question one for a firm.

How to write them stands in `listen/judge/cues.py`.
"""

from __future__ import annotations

from listen.judge.cues import Table

TABLE: Table = (
    ("question", 2.0, """
        was kostet; wie viel kostet; wieviel kostet; kurze Frage; Hilfe gesucht; Erfahrungen mit
        (weiß|weiss|weis|kennt|hat|kann|hatte|nutzt|benutzt) (jemand|wer|hier jemand|von euch jemand|irgendjemand|
            irgendwer|einer|zufällig jemand) [hier|von euch|zufällig|ob|wie|wo|was|wann|warum|einen Tipp|eine Idee|
            eine Lösung|Erfahrung|Erfahrungen|damit Erfahrung|schon Erfahrung|Rat|mir helfen|mir sagen|mir]
        (weiß|weiss|kennt) (einer|wer|jemand) (ob|wie|wo|was|wann)
        (könnt|können|kann) (ihr|sie|mir|du) [mir|uns] [bitte|jemand|vielleicht|mal|da|vllt|evtl] (sagen|helfen|
            erklären|verraten|weiterhelfen|nachsehen|schauen|prüfen|Info|Tipps)
        (wie|wo|was|wann|welche|welchen|welches) (kann|könnte|muss|soll|sollte|darf|bekomme|krieg|kriege|finde|
            mache|mach) (ich|man|wir)
        (gibt|gibts|geben) (es|s) [eigentlich|denn|schon|auch|noch|bei euch|irgendwo|eine Möglichkeit]
        gibt es [schon] eine Möglichkeit
        (wie|wo|wann) (lange|viel|oft|weit|groß|teuer) .. (Garantie|Lieferzeit|kostet|dauert|Versand)
        (Frage|Fragen) (an|zu|zum|zur)
        (hab|habe|hätte|hätt|habe ich) [mal|da|noch] [eine|ne|a] [kurze|kleine|dringende|blöde|dumme] Frage
        bitte um (Hilfe|Info|Rat|Rückmeldung|Antwort|Auskunft)
        brauche (Hilfe|Rat|Tipps|euren Rat|eure Hilfe)
        (jemand|wer) (eine|einen|ne|'nen|nen) (Tipp|Idee|Ahnung|Lösung|Rat)
        (Tipps|Ideen|Ratschläge|Erfahrungen) [dazu|hierzu|damit]
        hat (jemand|wer) .. (Erfahrung|Erfahrungen|Tipp|Tipps|Ahnung)
        würde mich interessieren (ob|wie|wann|was)
        mich würde interessieren
        ich (wüsste|wüßte) gern [e]
        (wann|ab wann) (kommt|erscheint|gibt|ist|wird|geht|öffnet|startet|sind|kommen)
        (ist|sind|wird|wäre) .. (lieferbar|verfügbar|erhältlich|kompatibel|geplant|vorrätig|auf Lager)
    """),
    ("buying", 3.0, """
        spiele mit dem Gedanken; lohnt [es] sich zu; Kaufberatung; bin auf der Suche nach; auf der Suche nach
        haben will; Wunschliste
        (kann|könnt|könnte|würdet|mag) (jemand|mir jemand|wer|ihr|ihr mir|mir wer|einer|du|man) [mir] [was|etwas|
            eine|einen|ein|da was|da] .. (empfehlen|raten|vorschlagen)
        (wer|jemand) (kann|könnte) [mir] .. empfehlen
        was (könnt|würdet|würdest|kannst|empfehlt|empfiehlst|empfehlen|ratet) (ihr|du|sie) [mir] [empfehlen|nehmen|
            kaufen|raten]
        (welches|welchen|welche|welcher) .. (kaufen|empfehlen|empfehlt ihr|nehmen|empfehlenswert|lohnt|würdet ihr|
            bestellen|soll ich|sollte ich|taugt|ist besser)
        (überlege|überlegen|überleg|überlegt|denke darüber nach|spiele mit dem Gedanken) [ich|wir] [gerade|grad|
            grade|mir|uns|schon|seit Wochen|ernsthaft|mir gerade|ob ich|derzeit] .. (kaufen|holen|zuzulegen|
            anzuschaffen|zu kaufen|zu holen|zu bestellen|bestelle|kaufe|hole|zulege|anschaffe|bestellen|soll|sollte|
            wechseln|umzusteigen)
        überlege mir [ein|eine|einen|den|die|das]
        (soll|sollte) ich [mir] .. (kaufen|holen|bestellen|nehmen|zulegen|anschaffen)
        (lohnt|rentiert|zahlt) [es] sich (der|die|das|ein|eine|so ein|denn|noch|eigentlich|der Kauf|ein Upgrade|
            das Upgrade|ein Wechsel)
        (Empfehlung|Empfehlungen|Kaufberatung|Kauftipps|Kaufberatung gesucht) (für|gesucht|bitte|erwünscht)
        (jemand|irgendwelche|noch) (Empfehlung|Empfehlungen|Vorschläge|Tipps)
        (Tipps|Vorschläge|Alternativen|Empfehlungen) (willkommen|sind willkommen|gern gesehen|gerne)
        (suche|such|suchen|sueche|suach) [ich|wir] [gerade|grad|aktuell|derzeit|noch|dringend|
            für meine Mutter] (ein|eine|einen|nach|guten|gute|gutes|günstige|günstigen|günstiges|was|etwas|nen|ne|
            den perfekten|neues|neuen|neue|gebrauchten)
        (brauche|brauch|brauchen|bräuchte) [ich|wir] [dringend|jetzt|mal|unbedingt|endlich] [ein|eine|einen|nen|
            ne] (neues|neuen|neue|neuer)
        (will|möchte|würde|werde|mag|mecht) (ich|mir|wir|uns|ich mir|mir gerne|mir jetzt|gerne|unbedingt|
            mir endlich) .. (kaufen|zulegen|holen|bestellen|anschaffen|leisten)
        (kaufe|kauf|hole|hol|bestelle|bestell|gönne|gönn) (ich|mir|i) [mir] [jetzt|bald|auch|morgen|demnächst|
            vielleicht|wohl|evtl]
        (wo|woher) (kann|bekomme|krieg|kriege|kriegt|gibt|bekommt) (ich|man|es|wir|i) .. (kaufen|bestellen|her|
            günstig|noch|am besten)
        wo .. (kaufen|bestellen|erhältlich|bekommen)
        (will|möchte|brauche|brauch) (haben|auch haben|das haben)
        (steht|stehen|kommt) [jetzt|ganz oben] auf (meiner|der|die|meine) (Wunschliste|Liste|Einkaufsliste)
        (was|welches|wer) ist besser
        (oder|vs|versus) .. was (meint|sagt|denkt|würdet) ihr
        (vorbestellt|vorbestellen)
        (Angebot|Preis|Kostenvoranschlag) (anfragen|einholen)
        (Budget|bis|unter) [von] [max] <n> (Euro|€|CHF|Franken)
    """),
    ("buying", 1.4, """
        lohnt sich; lohnen; Empfehlung; Angebot
        (will|möchte|wollte) .. (bestellen|kaufen)
    """),
    ("switching", 3.0, """
        Anbieterwechsel; welcher Anbieter; zur Konkurrenz
        (Alternative|Alternativen|Ersatz) (zu|zum|zur|für|von|gesucht)
        (gute|günstige|bessere|brauchbare|vernünftige) (Alternative|Alternativen)
        (wechsle|wechsel|wechseln|wechselt|gewechselt|wechsel ich|wechseln wir) [jetzt|ich|wir|gerade|bald|
            endgültig|endlich] .. (von|zu|zur|zum|auf|weg)
        (überlege|überlegen) .. (wechseln|umzusteigen|umsteigen|zu kündigen)
        (umsteigen|umgestiegen|umsteigen von|steige um|steig um) [auf|von]
        (will|möchte|wollen|bin|endlich) .. weg (von|vom)
        weg (von|vom) (Windows|iPhone|Android|Amazon|Google|WhatsApp|Telekom|Vodafone)
        (kündige|kündig|kündigen|gekündigt) .. (wohin|Empfehlung|Alternative|wechsle|wechseln|stattdessen)
        (Anbieter|Anbieterwechsel|Bank|Tarif|Provider|Versicherung|Stromanbieter) (wechseln|gewechselt|wechsel)
        (wohin|wo) .. wechseln
        (gehe|geh|gang|geht) [ich|i] [jetzt|dann|halt] (zur|zu der) Konkurrenz
    """),
    # What a firm can say something about.
    ("matter", 1.0, """
        kostet; kosten; Preis; Preise; lieferbar; Lieferzeit; Liefertermin; Lieferung; liefert; Versand; versendet
        Öffnungszeiten; geöffnet; offen; Termin; Ticket; Tickets; Fahrkarte*; Karten; Fahrplan; gilt; gültig
        Bahncard; Gutschein; Garantie; Gewährleistung; Rückgabe; Umtausch; Rechnung; Konto; Vertrag; Tarif
        bestellen; Bestellung; buchen; Buchung; kaufen; Filiale; App; Update; Version; Funktion; unterstützt
        kompatibel; Modell; Akku; Ersatzteil*; Zubehör; Einstellung*; einstellen; installieren; einrichten
        verbinden; Login; Passwort; Support; Kundenservice; Hotline; Reservierung; Sitzplatz; verfügbar; erhältlich
        erscheint; Release; reparieren; Reparatur; verwenden; nutzen; Abo; Rabatt; Studenten; stornieren; Handy
        Gerät; Verbindung; Zug; Anschluss
    """),
    ("opener", 0.0, """
        (wie|wo|wann|was|wer|welche|welcher|welches|welchen|wieviel|wozu|woher|wohin)
        (ist|sind|gibt|gibts|hat|habt|haben|kann|könnt|können|könnte|gilt|geht|kommt|muss|darf|wird|funktioniert|
            macht|bietet|nehmt|fährt|wäre|hält|soll|sollte|lohnt|weiß|kennt|stimmt)
        (und|aber) (wie|wo|wann|was|wer)
    """),
)  # fmt: skip
