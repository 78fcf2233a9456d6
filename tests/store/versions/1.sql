-- Two mentions and a bit of everything else, as version 1 of the tables holds them.
INSERT INTO watch (id, digest)
VALUES (1,'936dabf3bd16367b9eea86f5b7a65a220c6efb204cdddf24de78e842165da7b8');
INSERT INTO watch_topic (watch, name, fingerprint)
VALUES (1,'kindle','k1');
INSERT INTO mention (number, platform, id, author_id, moment, flag, lang, urgency, status, corrected, seen)
VALUES (1,'bluesky','at://did:plc:a/app.bsky.feed.post/1','did:plc:a',1795262400000000,'complaint','de','high','open',0,1795262400000000);
INSERT INTO mention (number, platform, id, author_id, moment, flag, lang, urgency, status, corrected, seen)
VALUES (2,'hackernews','8863',NULL,1795262400000000,'complaint','de','high','answered',0,1795262400000000);
INSERT INTO content (number, json)
VALUES (1,'{"post":{"platform":"bluesky","id":"at://did:plc:a/app.bsky.feed.post/1","url":"https://example.org/at://did:plc:a/app.bsky.feed.post/1","author":"anna.example","text":"Mein Lesegerät geht nicht mehr","posted_at":"2026-11-21T12:00:00Z","kind":"post","instance":null,"ref":null,"author_id":"did:plc:a","author_name":null,"author_url":null,"followers":null,"title":null,"content_warning":null,"lang":null,"hashtags":[],"links":[],"alt_texts":[],"likes":null,"reposts":null,"replies":null,"views":null,"rating":null,"parent":null,"edited_at":null,"wishes":[]},"matches":[{"topic":"kindle","spans":[{"start":5,"end":15,"text":"Lesegerät"}],"role":"own"}],"verdict":{"lang":"de","flag":"complaint","complaint":0.91,"opportunity":0.07,"praise":0.01,"opportunity_kind":null,"sentiment":-0.6,"urgency":"high","reasons":[{"start":16,"end":30,"text":"geht nicht mehr"}]},"seen_at":"2026-11-21T12:00:00Z","care":{"status":"open","owner":null,"note":null,"answered_at":null,"correction":null}}');
INSERT INTO content (number, json)
VALUES (2,'{"post":{"platform":"hackernews","id":"8863","url":"https://news.ycombinator.com/item?id=8863","author":"pg","text":"My Kindle died","posted_at":"2026-11-21T12:00:00Z","kind":"post","instance":"hn","ref":"8863","author_id":null,"author_name":null,"author_url":null,"followers":null,"title":null,"content_warning":null,"lang":null,"hashtags":[],"links":[],"alt_texts":[],"likes":null,"reposts":null,"replies":null,"views":null,"rating":null,"parent":null,"edited_at":null,"wishes":[]},"matches":[{"topic":"kindle","spans":[{"start":5,"end":15,"text":"Lesegerät"}],"role":"own"}],"verdict":{"lang":"de","flag":"complaint","complaint":0.91,"opportunity":0.07,"praise":0.01,"opportunity_kind":null,"sentiment":-0.6,"urgency":"high","reasons":[{"start":16,"end":30,"text":"geht nicht mehr"}]},"seen_at":"2026-11-21T12:00:00Z","care":{"status":"answered","owner":"anna","note":null,"answered_at":"2026-11-21T12:00:00Z","correction":null}}');
INSERT INTO topic (number, name)
VALUES (1,'kindle');
INSERT INTO topic (number, name)
VALUES (2,'kindle');
INSERT INTO sighting (platform, instance, ref, number)
VALUES ('hackernews','hn','8863',2);
INSERT INTO tombstone (key, until)
VALUES (X'B134DA1CA2F7F75E8C4C290AC1A92C27',1797854400000000);
INSERT INTO forgotten (key, hour)
VALUES (X'21E9589508A9E9F49BEDAD14C1E8A6D9',1795262400000000);
INSERT INTO erasure (hour, reason, platform, mentions)
VALUES (1795262400000000,'forget','bluesky',0);
INSERT INTO erasure (hour, reason, platform, mentions)
VALUES (1795262400000000,'withdrawn','bluesky',1);
INSERT INTO history (id, number, at, by, field, old, new)
VALUES (1,2,1795262400000000,'anna','status','open','answered');
INSERT INTO history (id, number, at, by, field, old, new)
VALUES (2,2,1795262400000000,'anna','owner',NULL,'anna');
INSERT INTO recheck (platform, position, at)
VALUES ('hackernews',2,1795262400000000);
INSERT INTO source (platform, name, state, last_ok, problem, problem_at, last_post, quota)
VALUES ('bluesky','jetstream','live',1795262400000000,NULL,NULL,NULL,NULL);
INSERT INTO mark (platform, source, watch, cursor, marked_at)
VALUES ('bluesky','jetstream',1,'1732190400000000',1795262400000000);
INSERT INTO stretch (platform, source, watch, kind, since, detail, until, reason)
VALUES ('bluesky','jetstream',1,'lost',1795262400000000,'no more',1795262400000000,'retention');
INSERT INTO spending (platform, day, requests)
VALUES ('bluesky',20000,1);
INSERT INTO expense (platform, account, day, amount) VALUES ('x', 'money USD', 20778, 215000);
INSERT INTO left_alone (platform, host, at, until)
VALUES ('bluesky','h.example',1795262400000000,1795266000000000);
INSERT INTO export (id, name, floor, told)
VALUES (1,'care',1,1);
INSERT INTO export (id, name, floor, told)
VALUES (2,'answered',0,NULL);
INSERT INTO delivered (export, number)
VALUES (2,2);
INSERT INTO change (at, number, kind)
VALUES (1,2,'marked');
INSERT INTO change (at, number, kind)
VALUES (2,1,'marked');
INSERT INTO withdrawal (export, number, platform, id, topics, author, since)
VALUES (1,0,'bluesky','gone','["kindle"]',X'21E9589508A9E9F49BEDAD14C1E8A6D9',1795262400000000);
INSERT INTO looked (export, filters, since, number, at)
VALUES (2,'["low",[],[],[],[],["answered"]]',-9223372036854775808,2,1);
INSERT INTO appended (file, length, tail, writing)
VALUES ('/home/anna/mentions.csv',4096,'0123456789abcdef',0);
