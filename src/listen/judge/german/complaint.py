"""German cues: what is broken, late or unanswered; anger; waiting; and what takes a complaint back.

How to write them stands in `listen/judge/cues.py`.
"""

from __future__ import annotations

from listen.judge.cues import Table

TABLE: Table = (
    ("complaint", 3.2, """
        nie wieder; nie nie wieder; Finger weg; Hände weg; Abzock*; Nepp; Frechheit; Frechheiten; unverschämt*
        Unverschämtheit; Sauerei; Schweinerei; Saftladen; Drecksladen; Scheißladen; Saustall; Schrott
        Elektroschrott; Schrottteil; Schrotthaufen; Katastrophe; katastrophal*; zum kotzen; Betrüger; Betrugsmasche
        verarscht; Verarsche; verarschen; über den Tisch gezogen; Servicewüste; grottenschlecht*; grottig*
        unterirdisch; Scheißteil; Drecksteil; Mistding; Scheißverein; Drecksverein; Saubande; bodenlos*; Zumutung
        Armutszeugnis; lächerlich; Pfusch; Murks; gepfuscht; Fehlkauf; Fehlkonstruktion; rausgeschmissenes Geld
        Geld zurück; Geldverschwendung; nicht sein Geld wert; hängt sich .. auf; hängen sich .. auf
        hat sich .. aufgehängt; Geist aufgegeben; kaputt gegangen; kaputtgegangen; mir reichts; mir reicht es
        reicht mir jetzt; jetzt reichts; Schnauze voll; Nase voll; enttäuschend*; bitter enttäuscht
        so eine Enttäuschung; Enttäuschung; Beschwerde eingereicht; beschwere mich; Mangelware geliefert
        vergeblich gewartet; Warteschleife; wie kann das sein; euer Ernst; ihr Ernst; Dein Ernst; setzen sechs
        sechs setzen
        (geht|gehen|funktioniert|funktionieren|läuft|laufen|funzt|tut|klappt|lädt|startet) [immer|schon|
            seit gestern|seit heute|auch|leider|einfach|plötzlich|wieder|einfach gar|gar] [mal] (nicht|nix|nichts|
            ned|net|nöd|nimmer) [mehr|richtig|wirklich|ordentlich|gscheit]
        (geht|funktioniert|läuft|tut|lädt|startet) .. (nicht mehr|nimmer|überhaupt nicht|gar nicht)
        (geht|läuft|tut|funktioniert) (schon wieder|wieder mal|mal wieder|immer noch|noch immer) [nicht|nichts|nix|
            ned|net]
        (geht|tut) (nix|nichts|gar nix|gar nichts) [mehr]
        nie mehr .. (kaufen|bestellen|buchen)
        nicht (zu|mehr) gebrauchen
        nicht (zu|zum) empfehlen
        nicht [mehr|weiter] (empfehlenswert|weiterempfehlen|weiterempfehlbar)
        (kann|würde) [ich] [es|das|den|die|ihn|sie] [leider|absolut|nur|überhaupt] nicht [weiter] empfehlen
        danke für (nichts|nix|gar nichts|garnichts)
        kotzt mich [so|echt|richtig] an
        (gehen|geht|gehst) mir [so|echt|langsam] auf (den|die) (Sack|Geist|Keks|Nerven|Zeiger|Eier|Wecker)
        (Support|Kundenservice|Kundendienst|Service|Hotline|Hersteller|Verkäufer|Händler|Bank|Shop|Firma|niemand|
            keiner) .. (antwortet|reagiert|meldet sich|ruft) [einfach|auch|mir|seit Wochen|seit Tagen|
            leider] (nicht|nie|ned|net|zurück nicht) [mehr|zurück]
        (keine|keinerlei|nie eine|null|bis heute keine|immer noch keine|noch immer keine) (Antwort|Reaktion|
            Rückmeldung|Lieferung|Erstattung|Gutschrift|Rückerstattung|Entschädigung) [bekommen|erhalten|vom|von]
        (keiner|niemand) (geht ran|hebt ab|antwortet|meldet sich|hilft|zuständig|ist zuständig|kann helfen|
            fühlt sich zuständig)
        (miese|mieser|mieses|mieseste|miesester|schlechte|schlechter|schlechtes|grottige|grottiger|lausiger|lausige|
            unterirdischer|unterirdische|grottenschlechter) [App|Update] (Service|Support|Kundenservice|
            Kundendienst|Qualität|Verarbeitung|Erfahrung|App|Hotline|Beratung)
        unter aller (Sau|Kanone)
        so ein (Dreck|Mist|Scheiß|Scheiss|Müll|Schmarrn|Schas|Klumpert|Glump)
        (eine|ne|echte|reine|absolute) Zumutung
        (ein|der|echter|reinster|absoluter|purer|einziger) Witz
        (ist|sind) [doch|ja|echt] ein Witz
        [das|sein|ihr] Geld nicht wert
        (abgestürzt|abgeraucht|verreckt|abgeschmiert|abgekackt|krepiert|eingegangen|hinüber|hinig|putt)
        (stürzt|stürzte|schmiert|kackt|stürzen) .. ab
        (gibt|gab) .. den Geist auf
        bricht .. (ab|zusammen)
        [ist|sind|schon|wieder|komplett|total|nach <n> Monaten|nach <n> Wochen] kaputt
        schon wieder (kaputt|defekt|gesperrt|weg|ausgefallen|verspätet|zu spät|Verspätung|Ausfall|Störung)
        (Kündigung|gekündigt|kündige) .. (ignoriert|nicht bestätigt|nicht akzeptiert)
        es reicht [langsam|jetzt]
        (hab|habe) die (Schnauze|Nase|Faxen) [gestrichen] (voll|dicke|dick)
        (wegen|nach|aufgrund) .. Enttäuschung
        enttäuscht [von|worden]
        (reklamiere|reklamiert|reklamieren)
        (will|möchte) mich beschweren
        (falsch|beschädigt|defekt|kaputt|unvollständig) (geliefert|angekommen)
        (nie|nicht|noch nicht|immer noch nicht|noch immer nicht|bis heute nicht|niemals) (angekommen|geliefert|
            zugestellt|erhalten|gekommen|da|eingetroffen|erstattet|beantwortet|bearbeitet)
        [warte|warten|wartet|gewartet|wart] .. (immer noch|noch immer) auf
        (warte|warten|wart|warteten) [ich|wir] [jetzt|nun|mittlerweile|inzwischen|schon|bereits|vergeblich] seit
        (eine|zwei|drei|vier|<n>) (Stunden|Stunde|Minuten|Min|min) (Verspätung|Wartezeit|Warteschleife|verspätet|
            zu spät)
        (Stunde|Stunden|Minuten|ewig|ewigkeiten) .. Warteschleife
        wie kann (es|das) sein dass
        wie kann (man|es|das|so|sowas|ein) .. (so|sein|nur) [schlecht|blöd|dumm|unfähig|inkompetent|lange]
        was soll (das|der|die|dieser|der Mist|der Scheiß) [denn|eigentlich]
        was (erlaubt|erlauben) (ihr|sie|sich)
        ist (es|das) [eigentlich|denn|bei euch|wirklich|etwa] [noch|jetzt|bei euch] normal dass
        (wollt|will) ihr mich [eigentlich] verarschen
        (wollt|wollen) (ihr|sie) mich (veräppeln|verarschen|für dumm verkaufen)
        (echt|ernsthaft|wirklich) jetzt
        (euer|ihr|deren) [scheiß|verdammter|verdammt*] Ernst
        (läuft|läufts) [ja|echt|wieder|mal wieder|richtig] bei (euch|denen|der|ihnen)
        Note (sechs|6)
        (null|0|<n> von <n>|keine) Sterne
        (bleibt|bleib) mir [bloß|bloss] (weg|fern|vom Leib)
        (Anwalt|Verbraucherzentrale|Verbraucherschutz|Rechtsanwalt|AK|Konsumentenschutz|
            Schlichtungsstelle) [einschalten|eingeschaltet|informiert|melden]
    """),
    ("complaint", 2.2, """
        (zweite|zweiter|zweites|zweiten|dritte|dritter|drittes|dritten|vierte|vierter|viertes|
            vierten) .. in <n> (Jahren|Monaten|Wochen|Tagen)
        Akku (tot|hinüber|ist tot|ist hinüber); (bin|ich bin) durch mit (euch|denen|dem Laden)
        unbequem*
        unverständlich; Schikane*; kaputt; kaputte; kaputten; kaputtes; kaputter; defekt
        defekte; defekter; defektes; defekten; putt; im Eimer; im Arsch; am Arsch; Scheiße; beschissen*; verkackt
        nervt; nerven; nervig*; schlecht*; miserabel; miserable*; mies; miese*; mangelhaft*; ungenügend
        inkompetent*; unfähig*; unfreundlich*; pampig*; dreist*; asozial*; überfordert; Unding; Unsinn; Desaster
        Blamage; peinlich*; erbärmlich*; jämmerlich*; ärgerlich; Ärger mit; ärgere mich; ärgert mich; stinksauer
        stocksauer; sauer; angepisst; genervt; wütend; zornig; fassungslos; unfassbar; pervers
        überteuert*; Wucher; Preistreiberei; unzuverlässig; unbrauchbar*; unbenutzbar; nutzlos*; wertlos
        Fehlermeldung; Fehlfunktion; Bug; Bugs; verbuggt; buggy; Totalausfall; Ausfall; ausgefallen; fallen aus
        Aussetzer; Verspätung; Verspätungen; verspätet; unpünktlich; Problem mit; Probleme mit; geht nicht an
        zurückgeschickt; zurückgegeben; Reklamation; Rückruf; Hass; enttäusch*; unzufrieden; inakzeptabel
        geht gar nicht; wann .. endlich; verschlimmbessert; früher war .. besser; Rückschritt; danke auch
        ganz toll gemacht; Lüge; Lügen; gelogen; Lügner; Betrug; betrogen; Täuschung; Irreführung; Falschberatung
        Schikane; #fail; fail; Fail; #nichtok; worst; sucks; ekelhaft*; eklig*; widerlich*; Gestank; oasch; orsch
        leiwand is anders; gaht nöd; gaht nüt; geht ned; geht net; funktioniert ned; funktioniert net; Glump
        Klumpert; Schas; Gschissen*; Saich; Seich; katastrophe; Anschluss .. verpasst
        (Chaos|Fehler|Schrott|Ärger) (pur|ohne Ende|hoch <n>)
        (immer|schon) noch (kaputt|defekt|gesperrt)
        (dank|danke) .. (verspätet|verpasst|zu spät|nicht mehr)
        (Mist|Scheiß|Scheiss|Kack|Drecks|scheiß|verfickte|verdammte|verdammtes|verdammter|scheisse|scheiß) (Ding|
            Teil|App|Update|Bahn|Gerät|Verein|Laden|Handy|Netz|Internet|Software|Service)
        nervt [mich|tierisch|gewaltig|total|nur noch]
        (gefällt|gefallen) [mir] [gar|überhaupt|leider] nicht
        taugt (nichts|nix|nicht)
        taugen (nichts|nix)
        bringt (nichts|nix)
        (viel|deutlich|einfach|völlig|total|echt|zu) (zu teuer|überteuert)
        (zu|so|immer|extrem|total|ewig|sau|voll|arg) (langsam|lahm|laut|teuer|umständlich|kompliziert|voll|
            unzuverlässig)
        fällt [mal wieder|schon wieder|heute|wieder|leider] aus
        (zu|viel zu|immer|wieder|mal wieder|schon wieder) (spät|unpünktlich)
        bleibt [einfach|mal wieder|wieder] stehen
        (ein|das|großes|riesen|dasselbe|gleiche) Problem
        (große|massive|ständig|ständige|dauernd|immer wieder|nur) (Probleme|Ärger|Störungen|Ausfälle|Fehler|
            Aussetzer)
        (kein|keinen) (Empfang|Netz|Internet|Signal|Ton|Bild|Strom|Zugriff|Login|Ersatz|WLAN|Wlan)
        (kann|können|konnte) [ich|man|wir|mich] .. (nicht|ned|net) .. (einloggen|anmelden|bezahlen|buchen|öffnen|
            erreichen|installieren|bestellen|laden|ausschalten|zugreifen|nutzen)
        (ließ|lässt|lassen) sich [leider|einfach|auch] nicht [mehr] (öffnen|einschalten|laden|installieren|starten|
            verbinden|koppeln|ausschalten|updaten)
        (lässt|schaltet) sich nicht
        wird nicht (erkannt|geladen|gefunden|angezeigt|unterstützt)
        (seit|nach) [dem] [letzten|neuesten|neuen] Update .. (nicht|kein|keine|nur|ständig|dauernd|kaputt|Probleme)
        Akku .. (leer|tot|hin|schwach|platt)
        (Display|Bildschirm|Glas) .. (gesprungen|schwarz|gebrochen|Riss|Risse)
        hält [gerade mal|nur|keine|nicht mal] <n> (Stunden|Tage|Wochen|Monate)
        nach (<n>|einem|einer|nur <n>) (Tag|Tagen|Woche|Wochen|Monat|Monaten|Mal) (kaputt|defekt|tot|hin|leer|
            Schluss|Schrott|hinüber)
        (Lieferung|Paket|Bestellung|Päckchen|Rückzahlung|Erstattung) .. (fehlt|verschwunden|verloren|nicht da)
        falsch* (Artikel|Ware|Größe|Farbe|Lieferung|Auskunft|Information|Informationen|Betrag)
        (muss|musste|müssen|darf|durfte) .. (umtauschen|zurückschicken|zurückgeben|einschicken|stehen|warten)
        leider (nicht|kein|keine|nur|nie|immer)
        leider .. (nicht|kein|keine|keinen)
        hilft (mir|uns) nicht
        (nicht|null|wenig|keine) (hilfreich|Hilfe|kulant|Kulanz)
        (hasse|hass|hasst) [dich|euch|diese|dieses|diesen|das|den|die]
        bin [so|echt|total] (bedient|unzufrieden)
        nicht (zufrieden|begeistert|nachvollziehbar|akzeptabel|hinnehmbar|gut|schön|lustig|in Ordnung|ok|okay|cool)
        (das|so) geht (gar nicht|so nicht|ja gar nicht)
        so (gehts|geht es) nicht
        warum (ist|sind|wird|werden|muss|müssen|kann|können|könnt|habt|geht|funktioniert|braucht|dauert|schafft|
            kommt|gibt) .. (nicht|kein|keine|immer|so|ständig|nie|nur|schon wieder)
        wieso (ist|sind|wird|werden|muss|müssen|kann|können|könnt|habt|geht|funktioniert|braucht|dauert|schafft|
            kommt|gibt) .. (nicht|kein|keine|immer|so|ständig|nie|nur|schon wieder)
        (wann|wie lange) (wird|geht|kommt|funktioniert|bekomme|dauert|kriegt) .. (endlich|noch|wieder)
        wird .. auch nicht besser
        wird immer (schlechter|schlimmer|langsamer|teurer|dreister)
        (Danke|toll|super|klasse|bravo|prima|Glückwunsch|Gratulation|Gratuliere|spitze) .. (kaputt|Verspätung|
            Ausfall|verspätet|ausgefallen|nicht|gesperrt|verpasst|defekt|abgestürzt)
        na (toll|super|bravo|prima|klasse|danke|dann)
        (ganz|echt|wieder|mal wieder|super) (großes|grosses) (Kino|Tennis)
        Respekt .. (Stunden|Verspätung|Wochen)
        nicht lieferbar .. trotzdem
        (stinkt|stinken) [nach|zum]
        huere (Mist|Seich|Scheiss)
        da (geht|funktioniert) nix
        (verpasst|verpasse) .. (wegen|Anschluss|Termin)
        stehe [ich] .. (rum|im Regen|am Bahnsteig|in der Kälte)
    """),
    ("complaint", 1.1, """
        frech; Ärger; Probleme; Fehler; Chaos; Wahnsinn wie schlecht; unglaublich; traurig; schon wieder; mal wieder
        Schäden; beschädigt*; Störung; Störungen; langsam; teurer; Wartezeit; wartet; schade; Mist; doof; doofe*
        blöd*; dumm; immer noch nicht; noch immer nicht; ständig; dauernd; andauernd; Beschwerde*; beschwer*; fehlt
        fehlen; fehlerhaft*; wackelt; ruckelt; klemmt; quietscht; überfüllt; dreckig*; schmutzig*; verdreckt
        stickig; gesperrt; Mängel; kompliziert; umständlich; unübersichtlich; versteh* .. nicht; zurückgeben
        zurückschicken; wtf; boah; argh*; grr*; pfui
        wieder (mal|nicht|keine|kein)
        Klimaanlage .. (ausgefallen|kaputt|defekt|nicht)
    """),
    ("complaint", 0.6, """
        laut; teuer; warten; endlich; immer noch; noch immer; nicht mehr; weg; vergessen; verloren; lahm; Kritik
        Problem; komisch; seltsam; Kündigung; kündigen; storniert; stornieren; umtauschen; hä; omg; tja; Hitze
        Gebühr*; leider; verpasst; Schaden; Zwang
        endlich [mal|wieder]
        (warum|wieso|weshalb)
    """),
    # Also raises urgency.
    ("waiting", 2.8, """
        (warte|warten|wart|wartet|gewartet) .. seit (<n>|einer|einem) (Tagen|Wochen|Monaten|Jahren|Stunden|Woche|
            Monat|Stunde)
        seit (<n>|einer|einem|Tagen|Wochen|Monaten) [Tagen|Wochen|Monaten|Woche|Monat] .. (keine Antwort|
            keine Reaktion|nichts gehört|nichts passiert|keine Rückmeldung)
    """),
    ("waiting", 1.2, """
        (seit|nach|über|schon|bereits|mehr als) <n> (Tagen|Wochen|Monaten|Jahren|Stunden|Tage|Wochen|Monate|Stunden)
        (seit|nach) (Tagen|Wochen|Monaten|Stunden|Ewigkeiten|einer Woche|einem Monat|einem Jahr)
        seit (<n>|einer|einem) (Tagen|Wochen|Monaten|Jahren|Stunden|Woche|Monat|Stunde)
    """),
    ("insult", 2.0, """
        (Arschlöcher|Arschloch|Idioten|Idiot|Wichser|Pfeifen|Deppen|Trottel|Vollidioten|Penner|Sauhaufen|Hurensöhne|
            fick*|verpisst|Scheißverein)
    """),
    # Repaired, helped, solved: takes back what was said before.
    ("relief", 1.6, """
        Problem [ist|wurde|hat sich] (gelöst|behoben|erledigt)
        hat sich [schon|inzwischen|bereits] (erledigt|geklärt|geregelt)
        (geht|funktioniert|läuft|klappt) (jetzt|nun|inzwischen|endlich)
        (geht|funktioniert|läuft|klappt) [jetzt|nun|inzwischen|endlich] wieder
        wieder (in Ordnung|da|ganz|online|erreichbar)
        (schnell|prompt|sofort|super|gut) (geholfen|gelöst|repariert|ersetzt|umgetauscht|behoben)
        (haben|hat) mir [sehr|schnell|sofort|super] geholfen
    """),
)  # fmt: skip
