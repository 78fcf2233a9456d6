"""The sentences of the record, in English and German; `{}` stands for what the config says."""

from __future__ import annotations

from collections.abc import Mapping

ENGLISH: Mapping[str, str] = {
    "title": "Record of processing activities (Art. 30 GDPR): listening to public mentions with `listen`",
    "made": "Made on {} from the actual configuration. What is in [brackets] only you can know.",
    "controller": "Controller",
    "contact": "Contact: {}",
    "name": "[name of the controller and, if there is one, of the data protection officer]",
    "no contact": "[name and contact details of the controller and, if there is one, of the data protection officer; "
    "`contact` in the config fills this in]",
    "purposes": "Purposes",
    "purpose care": "To find public posts that mention one's own brand, and to answer complaints and questions "
    "in them.",
    "purpose market": "To find public posts that mention competitors or the market, and to learn from them.",
    "topics": "Topics: {}.",
    "basis": "[legal basis; often Art. 6(1)(f), legitimate interests, with the balancing test that you have made]",
    "subjects": "Categories of data subjects",
    "authors": "Authors of public posts in which one of the topics is mentioned, and people whom they name there.",
    "staff": "People of customer care who mark mentions (their names, as owner and in the history).",
    "data": "Categories of data",
    "data post": "Public posts that match a topic: text, title, content warning, alt texts, hashtags, links, "
    "language, "
    "times, counts, address and id.",
    "data author": "Their authors as the network shows them: handle, id, display name, address of the profile, "
    "number "
    "of followers.",
    "data verdict": "What the program makes of a post: complaint, opportunity or praise, urgency, sentiment, "
    "language, "
    "and the words that decided.",
    "data care": "What customer care notes: status, owner, note, corrected flag, and who changed what when.",
    "data special": "Posts may hold special categories of data (Art. 9) that their authors have made public "
    "themselves; "
    "they are not looked for.",
    "data not": "Posts that match no topic are not stored. {}",
    "wishes respect": "Nor are posts of authors who ask not to be found (Bluesky's `!no-unauthenticated`, Mastodon's "
    "`noindex`, `#nobot` and `#noindex` in a profile).",
    "wishes strict": "Nor are posts of authors who ask not to be found (Bluesky's `!no-unauthenticated`, Mastodon's "
    "`noindex`, `#nobot` and `#noindex` in a profile), or who have not allowed it (Mastodon's `indexable` and "
    "`discoverable`).",
    "wishes ignore": 'Authors\' wishes not to be found are NOT respected (`authors_wishes = "ignore"`): [your reason]',
    "recipients": "Recipients",
    "recipients none": "None by the program. [whoever gets your exports]",
    "recipients exports": "[whoever gets your exports]",
    "model": "The operator of {} (model {}): the text of posts without handles and addresses, for a second opinion. "
    "[contract under Art. 28, if it is not you]",
    "model here": "None by the second opinion: the model {1} runs on this machine ({0}).",
    "networks": "Servers that are asked learn this machine's address, the user agent and, where they are "
    "searched, words "
    "of the topics; they get no posts from here:",
    "transfers": "Transfers to third countries",
    "transfers text": "Posts come from these servers; requests to them leave the EU where they stand in another "
    "country. "
    "Whether an adequacy decision (for the USA: the Data Privacy Framework, for certified companies only) or other "
    "safeguards apply is for you to find out.",
    "transfers none": "No server is asked.",
    "here": "this machine",
    "US": "USA",
    "DE": "Germany",
    "unknown": "[country to be found out]",
    "retention": "Time limits for erasure",
    "keep": "Mentions are erased {} after they were first seen.",
    "keep for ever": "Mentions are kept without a limit in time. [your reason; Art. 5(1)(e) asks for one]",
    "keep topic": "Topic {}: {}.",
    "keep topic for ever": "Topic {}: without a limit in time. [your reason]",
    "keep platform": "Mentions of {} at most {}.",
    "keep which": "A mention of several topics is kept as long as the one of them that is kept longest, and "
    "never longer "
    "than its network's limit.",
    "keep early": "Earlier: when the network tells that a post or an account was deleted or taken down; and when "
    "somebody asks for it (`listen forget`).",
    "keep hashes": "Of erased posts a keyed hash is kept for up to 400 days, of forgotten authors without a "
    "limit, so "
    "that they are not stored again. The audit of erasures holds hours, reasons and numbers.",
    "days": "{} days",
    "security": "Security measures (Art. 32)",
    "file": "One file on this machine, {}, readable by its owner only{}.",
    "mode": " (mode {} just now)",
    "file open": "One file on this machine, {}, which OTHERS may read (mode {}): 'chmod 600' makes it its "
    "owner's alone.",
    "erased": "What is erased is overwritten in the file (SQLite's secure_delete). `listen forget` and "
    "`listen db vacuum` also write the file anew, so that no pieces are left between its rows.",
    "sent": "Requests go out over TLS, except to this machine; tokens are not stored with the data and are "
    "blotted out "
    "of messages.",
    "judged": "Posts are judged on this machine{}.",
    "judged too": ", and then by the model named above",
    "pseudonyms": "`listen export --pseudonyms` passes mentions on without names.",
    "disk": "[encryption of the disk, backups, who may use this machine]",
    "now": "Just now",
    "held": "{} mentions are stored; {} posts were not, because their authors want that; {} names of forgotten "
    "authors "
    "are kept away.",
    "no store": "Nothing is stored yet.",
}

GERMAN: Mapping[str, str] = {
    "title": "Verzeichnis von Verarbeitungstätigkeiten (Art. 30 DSGVO): Beobachten öffentlicher Erwähnungen mit "
    "`listen`",
    "made": "Erstellt am {} aus der tatsächlichen Konfiguration. Was in [Klammern] steht, können nur Sie wissen.",
    "controller": "Verantwortlicher",
    "contact": "Kontakt: {}",
    "name": "[Name des Verantwortlichen und gegebenenfalls des Datenschutzbeauftragten]",
    "no contact": "[Name und Kontaktdaten des Verantwortlichen und gegebenenfalls des Datenschutzbeauftragten; "
    "`contact` in der Konfiguration füllt dies aus]",
    "purposes": "Zwecke",
    "purpose care": "Öffentliche Beiträge finden, die die eigene Marke erwähnen, und Beschwerden und Fragen darin "
    "beantworten.",
    "purpose market": "Öffentliche Beiträge finden, die Wettbewerber oder den Markt erwähnen, und daraus lernen.",
    "topics": "Themen: {}.",
    "basis": "[Rechtsgrundlage; oft Art. 6 Abs. 1 lit. f, berechtigte Interessen, mit Ihrer Abwägung]",
    "subjects": "Kategorien betroffener Personen",
    "authors": "Verfasser öffentlicher Beiträge, in denen eines der Themen vorkommt, und Personen, die sie dort "
    "nennen.",
    "staff": "Personen der Kundenbetreuung, die Erwähnungen bearbeiten (ihre Namen als Zuständige und im Verlauf).",
    "data": "Kategorien von Daten",
    "data post": "Öffentliche Beiträge, die zu einem Thema passen: Text, Titel, Inhaltswarnung, Bildbeschreibungen, "
    "Hashtags, Links, Sprache, Zeiten, Zähler, Adresse und Kennung.",
    "data author": "Ihre Verfasser, wie das Netzwerk sie zeigt: Name im Netzwerk, Kennung, Anzeigename, Adresse des "
    "Profils, Zahl der Follower.",
    "data verdict": "Was das Programm daraus schließt: Beschwerde, Gelegenheit oder Lob, Dringlichkeit, Stimmung, "
    "Sprache und die Wörter, die den Ausschlag gaben.",
    "data care": "Was die Kundenbetreuung vermerkt: Stand, Zuständige, Notiz, berichtigte Einordnung, und wer "
    "wann was "
    "geändert hat.",
    "data special": "Beiträge können besondere Kategorien von Daten (Art. 9) enthalten, die ihre Verfasser selbst "
    "öffentlich gemacht haben; gesucht wird danach nicht.",
    "data not": "Beiträge, die zu keinem Thema passen, werden nicht gespeichert. {}",
    "wishes respect": "Auch nicht die von Verfassern, die nicht gefunden werden möchten (`!no-unauthenticated` bei "
    "Bluesky, `noindex` bei Mastodon, `#nobot` und `#noindex` im Profil).",
    "wishes strict": "Auch nicht die von Verfassern, die nicht gefunden werden möchten (`!no-unauthenticated` bei "
    "Bluesky, `noindex` bei Mastodon, `#nobot` und `#noindex` im Profil) oder es nicht erlaubt haben "
    "(`indexable` und "
    "`discoverable` bei Mastodon).",
    "wishes ignore": "Wünsche von Verfassern, nicht gefunden zu werden, werden NICHT beachtet "
    '(`authors_wishes = "ignore"`): [Ihr Grund]',
    "recipients": "Empfänger",
    "recipients none": "Keine durch das Programm. [wer Ihre Exporte erhält]",
    "recipients exports": "[wer Ihre Exporte erhält]",
    "model": "Der Betreiber von {} (Modell {}): der Text von Beiträgen ohne Namen und Adressen, für eine zweite "
    "Meinung. "
    "[Vertrag nach Art. 28, wenn Sie es nicht selbst sind]",
    "model here": "Keine durch die zweite Meinung: Das Modell {1} läuft auf diesem Rechner ({0}).",
    "networks": "Befragte Server erfahren die Adresse dieses Rechners, den User-Agent und, wo gesucht wird, "
    "Wörter der "
    "Themen; Beiträge erhalten sie von hier nicht:",
    "transfers": "Übermittlungen in Drittländer",
    "transfers text": "Beiträge kommen von diesen Servern; Anfragen an sie verlassen die EU, wo sie in einem "
    "anderen Land "
    "stehen. Ob ein Angemessenheitsbeschluss (für die USA: das Data Privacy Framework, nur für zertifizierte "
    "Unternehmen) oder andere Garantien gelten, müssen Sie prüfen.",
    "transfers none": "Kein Server wird befragt.",
    "here": "dieser Rechner",
    "US": "USA",
    "DE": "Deutschland",
    "unknown": "[Land ist zu ermitteln]",
    "retention": "Löschfristen",
    "keep": "Erwähnungen werden {} nach dem ersten Hören gelöscht.",
    "keep for ever": "Erwähnungen werden ohne zeitliche Grenze gespeichert. [Ihr Grund; Art. 5 Abs. 1 lit. e "
    "verlangt "
    "einen]",
    "keep topic": "Thema {}: {}.",
    "keep topic for ever": "Thema {}: ohne zeitliche Grenze. [Ihr Grund]",
    "keep platform": "Erwähnungen von {} höchstens {}.",
    "keep which": "Eine Erwähnung mit mehreren Themen wird so lange gespeichert wie das am längsten gespeicherte von "
    "ihnen, und nie länger als die Grenze ihres Netzwerks.",
    "keep early": "Früher: wenn das Netzwerk meldet, dass ein Beitrag oder ein Konto gelöscht oder gesperrt "
    "wurde, und "
    "wenn jemand es verlangt (`listen forget`).",
    "keep hashes": "Von gelöschten Beiträgen bleibt ein Hash mit geheimem Schlüssel bis zu 400 Tage, von vergessenen "
    "Verfassern unbegrenzt, damit sie nicht erneut gespeichert werden. Das Löschprotokoll enthält Stunden, "
    "Gründe und "
    "Anzahlen.",
    "days": "{} Tage",
    "security": "Technische und organisatorische Maßnahmen (Art. 32)",
    "file": "Eine Datei auf diesem Rechner, {}, nur für ihren Besitzer lesbar{}.",
    "mode": " (zurzeit {})",
    "file open": "Eine Datei auf diesem Rechner, {}, die auch ANDERE lesen dürfen ({}): 'chmod 600' gibt sie "
    "nur ihrem "
    "Besitzer.",
    "erased": "Gelöschtes wird in der Datei überschrieben (secure_delete von SQLite). `listen forget` und "
    "`listen db vacuum` schreiben die Datei außerdem neu, damit auch zwischen ihren Zeilen keine Reste bleiben.",
    "sent": "Anfragen gehen über TLS hinaus, außer an diesen Rechner; Zugangsdaten werden nicht bei den Daten "
    "gespeichert und in Meldungen unkenntlich gemacht.",
    "judged": "Beiträge werden auf diesem Rechner beurteilt{}.",
    "judged too": " und danach von dem oben genannten Modell",
    "pseudonyms": "`listen export --pseudonyms` gibt Erwähnungen ohne Namen weiter.",
    "disk": "[Verschlüsselung der Platte, Sicherungen, wer diesen Rechner benutzen darf]",
    "now": "Zurzeit",
    "held": "{} Erwähnungen sind gespeichert; {} Beiträge wurden es nicht, weil ihre Verfasser es so möchten; "
    "{} Namen "
    "vergessener Verfasser werden ferngehalten.",
    "no store": "Es ist noch nichts gespeichert.",
}
