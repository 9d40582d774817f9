### Hvers vegna færsla er eins og hún er; `short-` er sama í fáum orðum, við hlið punktanna. Liðir eru tengdir með kommum og punkti bætt við.
### Nöfn eru aldrei beygð og standa innan gæsalappa; „1 punktur fyrir 1,00 €“ á við um alla gjaldmiðla.

points = { $n ->
    [one] { $n } punktur
   *[other] { $n } punktar
}
pieces = { $quantity } × „{ $reward }“
piece = „{ $reward }“

## Hvenær punktarnir nýtast

available = til ráðstöfunar frá { $date }
expires = { $n ->
    [one] gildir til og með { $date }
   *[other] gilda til og með { $date }
}

expires-at = { $n ->
    [one] rennur út { $date }
   *[other] renna út { $date }
}

## Reglurnar

order = Pöntun upp á { $total }, { $earn ->
    [one] { $earn } punktur
   *[other] { $earn } punktar
} fyrir { $per }: { $points }
short-order = Pöntun { $order }, { $total }
earn = { $points } frá búðinni
short-earn = Frá búðinni
adjust-up = Leiðrétting starfsfólks: { $points } í viðbót
adjust-down = Leiðrétting starfsfólks: { $n ->
    [one] { $n } punktur dreginn frá
   *[other] { $n } punktar dregnir frá
}
short-adjust-up = Leiðrétting starfsfólks
short-adjust-down = Leiðrétting starfsfólks
redemption = Innleyst fyrir { $n ->
    [one] { $n } punkt
   *[other] { $n } punkta
}: { $what }
short-redemption = Innleyst: { $what }
undone-cancelled = Hætt við { $what }: { $n ->
    [one] { $n } punktur kominn til baka
   *[other] { $n } punktar komnir til baka
}
short-undone-cancelled = Hætt við { $what }
undone-expired = Ekki náðist að afgreiða { $what } í tæka tíð: { $n ->
    [one] { $n } punktur kominn til baka
   *[other] { $n } punktar komnir til baka
}
short-undone-expired = Ekki náðist að afgreiða { $what }
refund = Endurgreiðsla: { $n ->
    [one] { $n } punktur sem pöntunin hafði gefið var tekinn til baka
   *[other] { $n } punktar sem pöntunin hafði gefið voru teknir til baka
}
short-refund = Endurgreiðsla, pöntun { $order }
order-cancelled = Hætt við pöntun: { $n ->
    [one] { $n } punktur sem hún hafði gefið var tekinn til baka
   *[other] { $n } punktar sem hún hafði gefið voru teknir til baka
}
short-order-cancelled = Hætt við pöntun { $order }
refund-all = { $refund }, þar af { $parts }
refund-excused = { $n ->
    [one] { $n } sem var þegar útrunninn
   *[other] { $n } sem voru þegar útrunnir
}
refund-forgiven = { $n ->
    [one] { $n } sem var felldur niður
   *[other] { $n } sem voru felldir niður
}
refund-debt = { $n ->
    [one] { $n } í skuld sem næstu punktar greiða
   *[other] { $n } í skuld sem næstu punktar greiða
}
expiry-at = { $n ->
    [one] { $n } punktur úr færslu { $entry } rann út
   *[other] { $n } punktar úr færslu { $entry } runnu út
} { $date }
short-expiry-at = Runnið út
short-expiry = Runnið út
expiry = { $n ->
    [one] { $n } punktur úr færslu { $entry } rann út
   *[other] { $n } punktar úr færslu { $entry } runnu út
} í lok dags { $date }
reversal-back = Færsla { $entry } var bakfærð: { $n ->
    [one] { $n } punktur kominn til baka
   *[other] { $n } punktar komnir til baka
}
reversal-gone = Færsla { $entry } var bakfærð: { $n ->
    [one] { $n } punktur tekinn til baka
   *[other] { $n } punktar teknir til baka
}
reversal-spent = Færsla { $entry } var bakfærð: { $n ->
    [one] { $n } punktur sem búið var að nota tekinn til baka
   *[other] { $n } punktar sem búið var að nota teknir til baka
}
short-reversal-back = Færsla { $entry } bakfærð
short-reversal-gone = Færsla { $entry } bakfærð
short-reversal-spent = Færsla { $entry } bakfærð
forgiven = Fráteknu punktarnir voru nýttir: { $n ->
    [one] { $n } punktur sem varð að skuld í færslu { $entry } var felldur niður
   *[other] { $n } punktar sem urðu að skuld í færslu { $entry } voru felldir niður
}
short-forgiven = Skuld felld niður
capture = Pöntun { $order } nýtti { $n ->
    [one] { $n } punkt
   *[other] { $n } punkta
} af { $held } sem { $held ->
    [one] tekinn var frá
   *[other] teknir voru frá
}
short-capture = Notað í pöntun { $order }
perk = „{ $title }“, gjöf frá okkur: { $points }
short-perk = „{ $title }“, gjöf frá okkur
perk-untitled = Gjöf frá okkur: { $points }
short-perk-untitled = Gjöf frá okkur
perk-revoked = Gjöfin í færslu { $entry } var dregin til baka: { $n ->
    [one] { $n } punktur tekinn til baka
   *[other] { $n } punktar teknir til baka
}
short-perk-revoked = Gjöf dregin til baka
answer = Takk fyrir svarið: { $points }
short-answer = Takk fyrir svar
friend-referred = Vinur sem þú komst með er orðinn viðskiptavinur: { $points }
short-friend-referred = Vinur sem þú komst með
was-referred = Vinur kom með þig til okkar: { $points }
short-was-referred = Vinur kom með þig
friends-referred = { $friends ->
    [one] { $friends } vinur sem þú komst með
   *[other] { $friends } vinir sem þú komst með
}: { $points } að auki
short-friends-referred = { $friends ->
    [one] { $friends } vinur sem þú komst með
   *[other] { $friends } vinir sem þú komst með
}
referral-reversed = Pöntuninni sem punktarnir í færslu { $entry } voru fyrir var skilað: { $n ->
    [one] { $n } punktur var dreginn til baka
   *[other] { $n } punktar voru dregnir til baka
}
short-referral-reversed = Pöntun vinar skilað
transfer-out = Sent öðrum félaga: { $points }
short-transfer-out = Sent öðrum félaga
transfer-in = Frá öðrum félaga: { $points }
short-transfer-in = Frá öðrum félaga

## Slattar, eftir færslunum sem opnuðu þá

lot = færslu { $entry }
lot-part = færslu { $entry } ({ $n })
lots-and = { $first } og { $last }
lots-more = { $n } til viðbótar
lots-taken = úr { $lots }
lots-back = í { $lots }
debt-paid = þar af { $n } upp í skuld
