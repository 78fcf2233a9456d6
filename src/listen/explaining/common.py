"""The commonest words of German and English posts, and in how many of a hundred posts they stand.

Counted once over public corpora, folded as the watchlist folds. German: 15,029 tweets of SB10k (Cieliebak et al. 2017,
CC BY 4.0) and GermEval 2018 (Wiegand et al., CC BY 4.0). English: 43,410 Reddit comments of GoEmotions (Demszky et al.
2020, Apache-2.0). Only the counts are here, no text. Words below one in a hundred, and names, are left out.
"""

from __future__ import annotations

from listen.query.fold import fold

_GERMAN = """
    die 25.3 und 20.6 der 19.8 nicht 16 das 14.7 ist 14.5 in 14.2 ich 13.1 zu 9.9 mit 9.8 fuer 9.2 den 9 es 8.9 von
    8.4 ein 8 auch 7.6 sie 7.5 auf 6.8 was 6.7 sich 6.5 aus 6.4 im 6.2 wir 6.2 sind 6.2 so 6 aber 5.8 eine 5.7 nur
    5.7 hat 5.5 noch 5.2 bei 5 wie 5 als 4.9 an 4.6 wenn 4.6 man 4.6 dass 4.5 wird 4.5 dem 4.4 werden 4.1 haben 4
    mehr 4 du 3.7 ja 3.7 da 3.5 oder 3.5 keine 3.5 kann 3.5 mal 3.4 schon 3.4 dann 3.3 ihr 3.2 er 3.2 jetzt 3.1 nach
    3.1 war 3.1 um 3.1 zum 3 gegen 3 mir 3 muss 2.9 doch 2.9 mich 2.8 einen 2.7 wieder 2.7 des 2.7 immer 2.7 ueber
    2.6 heute 2.6 uns 2.6 sein 2.6 diese 2.5 alle 2.5 vor 2.4 geht 2.3 bin 2.2 am 2.2 wer 2.2 gibt 2.2 gut 2.1 kein
    2 alles 2 hier 2 macht 1.9 einer 1.9 nichts 1.8 will 1.8 einfach 1.7 zur 1.7 ihre 1.7 koennen 1.7 deutschen 1.6
    deutsche 1.6 ohne 1.5 habe 1.5 denn 1.5 machen 1.5 viel 1.5 meine 1.5 einem 1.5 menschen 1.5 sehr 1.4 wuerde 1.4
    durch 1.4 muessen 1.4 warum 1.4 wo 1.4 euch 1.3 also 1.3 ab 1.3 bis 1.3 unsere 1.3 danke 1.3 waere 1.3 dir 1.3
    vom 1.3 sollte 1.3 wohl 1.2 neue 1.2 weil 1.2 bitte 1.2 unter 1.2 dieses 1.2 endlich 1.2 ganz 1.2 kommt 1.1
    wurde 1.1 liebe 1.1 frau 1.1 beim 1.1 frauen 1.1 seit 1.1 gerade 1.1 leben 1.1 wollen 1.1 recht 1.1 weg 1.1
    eigentlich 1 soll 1 besser 1 welt 1 dieser 1
"""
_ENGLISH = """
    i 36.1 the 32.3 to 24.6 a 24.3 you 21.2 it 20.5 that 20.2 and 18.7 is 17.6 of 14.9 this 14 in 12.4 for 12.4 but
    8.3 was 8.3 not 8.1 my 8 be 7.8 on 7.8 so 7.7 just 7.7 have 7.4 like 7.2 are 7.1 with 6.9 they 6.7 he 6.4 me 6.3
    what 6.2 your 5.7 can 5.5 if 5.4 at 4.7 all 4.5 we 4.3 about 4.3 no 4.3 do 4.2 love 4.2 one 4.1 get 4.1 as 4.1
    people 3.9 would 3.9 good 3.9 how 3.8 out 3.6 there 3.6 up 3.5 an 3.3 she 3.3 from 3.3 really 3.3 know 3.2 think
    3.2 or 3.2 when 3.1 too 3 more 3 thanks 2.9 now 2.9 lol 2.8 them 2.8 will 2.7 him 2.7 his 2.7 time 2.7 her 2.6
    has 2.6 see 2.6 some 2.6 who 2.5 because 2.4 thank 2.4 much 2.3 why 2.3 even 2.2 well 2.2 still 2.2 had 2.2 only
    2.2 here 2.1 go 2.1 got 2.1 oh 2.1 been 2.1 right 2.1 their 2.1 did 2 by 2 than 2 then 1.9 way 1.9 yeah 1.9
    being 1.9 never 1.8 want 1.8 hope 1.8 should 1.8 make 1.8 very 1.8 man 1.8 great 1.8 bad 1.7 sorry 1.7 feel 1.6
    going 1.6 back 1.6 thing 1.6 better 1.6 could 1.6 also 1.6 were 1.6 same 1.5 actually 1.5 someone 1.5 say 1.5
    sure 1.5 any 1.4 other 1.4 pretty 1.4 those 1.4 need 1.4 game 1.4 though 1.4 am 1.4 something 1.4 best 1.3
    thought 1.3 look 1.3 happy 1.3 off 1.3 day 1.3 guy 1.3 first 1.3 after 1.3 always 1.2 looks 1.2 yes 1.2 these
    1.2 makes 1.2 its 1.2 us 1.2 over 1.2 mean 1.2 take 1.2 year 1.1 work 1.1 into 1.1 years 1.1 most 1.1 made 1.1
    does 1.1 where 1.1 wow 1.1 our 1.1 said 1.1 new 1.1 before 1.1 post 1.1 probably 1.1 glad 1.1 maybe 1.1 life 1
    down 1 nice 1 things 1
"""


def _table(words: str) -> dict[str, float]:
    parts = words.split()
    return {word: float(share) for word, share in zip(parts[::2], parts[1::2], strict=True)}


SHARES = {"German": _table(_GERMAN), "English": _table(_ENGLISH)}


def shares_of(word: str) -> dict[str, float]:
    """Of a hundred posts in each language, how many hold the word; languages in which it is rare are left out."""
    return {language: table[fold(word)] for language, table in SHARES.items() if fold(word) in table}
