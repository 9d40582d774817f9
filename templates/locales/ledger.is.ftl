### Hvers vegna færsla er eins og hún er. Liðir eru tengdir með kommum og punkti bætt við.
### Nöfn eru aldrei beygð og standa innan gæsalappa; „hverjum heilum“ á við um alla gjaldmiðla.

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

order = { $earn ->
    [one] { $earn } punktur
   *[other] { $earn } punktar
} af hverjum heilum { $per } í pöntun upp á { $total }: { $points }
earn = { $points } frá búðinni
adjust-up = Leiðrétting starfsfólks: { $points } í viðbót
adjust-down = Leiðrétting starfsfólks: { $n ->
    [one] { $n } punkti færra
   *[other] { $n } punktum færra
}
redemption = Innleyst fyrir { $n ->
    [one] { $n } punkt
   *[other] { $n } punkta
}: { $what }
undone-cancelled = Hætt við { $what }: { $n ->
    [one] { $n } punktur kominn til baka
   *[other] { $n } punktar komnir til baka
}
undone-expired = Ekki náðist að afgreiða { $what } í tæka tíð: { $n ->
    [one] { $n } punktur kominn til baka
   *[other] { $n } punktar komnir til baka
}
refund = Endurgreiðsla: { $n ->
    [one] { $n } punktur sem pöntunin hafði gefið var tekinn til baka
   *[other] { $n } punktar sem pöntunin hafði gefið voru teknir til baka
}
order-cancelled = Hætt við pöntun: { $n ->
    [one] { $n } punktur sem hún hafði gefið var tekinn til baka
   *[other] { $n } punktar sem hún hafði gefið voru teknir til baka
}
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
forgiven = Fráteknu punktarnir voru nýttir: { $n ->
    [one] { $n } punktur sem varð að skuld í færslu { $entry } var felldur niður
   *[other] { $n } punktar sem urðu að skuld í færslu { $entry } voru felldir niður
}
capture = Pöntun { $order } nýtti { $n ->
    [one] { $n } punkt
   *[other] { $n } punkta
} af { $held } sem { $held ->
    [one] tekinn var frá
   *[other] teknir voru frá
}
perk = „{ $title }“, gjöf frá okkur: { $points }
perk-untitled = Gjöf frá okkur: { $points }
perk-revoked = Gjöfin í færslu { $entry } var dregin til baka: { $n ->
    [one] { $n } punktur tekinn til baka
   *[other] { $n } punktar teknir til baka
}
friend-referred = Vinur sem þú komst með er orðinn viðskiptavinur: { $points }
was-referred = Vinur kom með þig til okkar: { $points }
friends-referred = { $friends ->
    [one] { $friends } vinur sem þú komst með
   *[other] { $friends } vinir sem þú komst með
}: { $points } að auki
referral-reversed = Pöntuninni sem færsla { $entry } þakkaði fyrir var skilað: { $n ->
    [one] { $n } punktur var dreginn til baka
   *[other] { $n } punktar voru dregnir til baka
}
transfer-out = Sent öðrum félaga: { $points }
transfer-in = Frá öðrum félaga: { $points }

## Slattar, eftir færslunum sem opnuðu þá

lot = færslu { $entry }
lot-part = færslu { $entry } ({ $n })
lots-and = { $first } og { $last }
lots-more = { $n } til viðbótar
lots-taken = úr { $lots }
lots-back = í { $lots }
debt-paid = þar af { $n } upp í skuld
