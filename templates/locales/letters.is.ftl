### Það sem stendur í bréfunum. Sömu lyklar eru á öllum málum; { $program } má standa alls staðar.
### Nöfn eru aldrei beygð: umbunin stendur innan gæsalappa, og nafn búðarinnar aðeins á undan tvípunkti
### eða á eftir honum; annars „hjá okkur“. Setningarnar gera ekki ráð fyrir kyni.

greeting = Hæ { $name },
greeting-nobody = Góðan dag,
points = { $n ->
    [one] { $n } punktur
   *[other] { $n } punktar
}
quantity = { $n }

## Staðreyndir

fact-reward = Umbun
fact-quantity = Fjöldi
fact-used = Notað
fact-returned = Skilað
fact-balance = Staðan eftir þetta
fact-date = Dagsetning
fact-points = Punktar
fact-until = Gildir til og með
fact-reason = Ástæða

## Velkomin

welcome-subject = { $program }: gaman að fá þig í hópinn
welcome-preview = Nú safnar þú punktum. Kóðinn þinn fylgir með í bréfinu.
welcome-lead = Takk fyrir að vera með okkur. Héðan í frá safnar þú punktum þegar þú verslar og getur skipt þeim fyrir eitthvað sem gleður þig, hvenær sem þér hentar.
welcome-share = Þú átt líka þinn eigin kóða. Deildu honum með vinum og þá sjáum við að það varst þú sem sagðir þeim frá okkur.
welcome-code = Kóðinn þinn
welcome-button = Opna hlekkinn til að deila
welcome-close = Sjáumst fljótlega!

## Skráning

sign-up-subject = Staðfestu netfangið þitt
sign-up-preview = Einn smellur og skráningunni er lokið.
sign-up-lead = Takk fyrir að skrá þig. Staðfestu að þetta sé netfangið þitt og þá er skráningunni lokið.
sign-up-button = Staðfesta netfangið
sign-up-not-you = Varst þetta ekki þú? Þá þarftu ekkert að gera og ekkert verður skráð.
sign-up-existing-subject = Þú ert nú þegar með aðgang
sign-up-existing-preview = Hér geturðu valið nýtt lykilorð.
sign-up-existing-lead = Einhver, líklega þú, notaði þetta netfang til að skrá sig hjá okkur. Þú ert nú þegar með aðgang og því bjuggum við ekki til annan. Ef þú kemst ekki inn geturðu valið nýtt lykilorð hér.
sign-up-existing-button = Velja nýtt lykilorð
sign-up-existing-not-you = Varst þetta ekki þú? Þá þarftu ekkert að gera. Lykilorðið þitt breytist ekki.

## Hlekkir með lykli

link-until = Hlekkurinn virkar einu sinni og gildir til { $until }.
link-address = Ef hnappurinn virkar ekki geturðu opnað þessa slóð:

## Umbun innleyst

redeemed-subject = Takk fyrir! Þú valdir „{ $reward }“
redeemed-preview = Pöntunin er komin til okkar. Þú notaðir { $points ->
    [one] { $points } punkt
   *[other] { $points } punkta
}.
redeemed-voucher-subject = Kóðinn þinn er kominn: „{ $reward }“
redeemed-voucher-preview = Njóttu vel! Þú notaðir { $points ->
    [one] { $points } punkt
   *[other] { $points } punkta
}.
redeemed-title = Takk, { $name }!
redeemed-lead = Það er gott að hafa þig með okkur. Þú valdir „{ $reward }“ fyrir { $points ->
    [one] { $points } punkt
   *[other] { $points } punkta
}. Njóttu vel!
redeemed-next = Pöntunin er komin til okkar og við sjáum um framhaldið. Þú getur fylgst með henni á síðunni þinni.
redeemed-button = Skoða á síðunni minni
voucher-code = Kóðinn þinn
voucher-until = Gildir til og með { $until }
voucher-alt = QR-kóði fyrir { $code }
voucher-how = Sýndu QR-kóðann við kassann eða sláðu kóðann inn þegar þú verslar á netinu.
voucher-once = Kóðinn virkar aðeins einu sinni, svo farðu vel með hann.

## Kóði sem rennur brátt út

ending-subject = „{ $reward }“ bíður þín til { $until }
ending-preview = Þú átt kóða sem þú hefur ekki notað.
ending-lead = Þú átt eftir að nota kóðann þinn, „{ $reward }“, og það væri synd að missa af því: hann gildir til og með { $until }.
ending-once = Við minnum aðeins einu sinni á þetta. Ef þú hefur notað kóðann í millitíðinni þarftu ekkert að gera.

## Hætt við

cancelled-subject = Hætt var við „{ $reward }“ og punktarnir eru komnir aftur
cancelled-preview = Þú fékkst { $points ->
    [one] { $points } punkt
   *[other] { $points } punkta
} til baka.
cancelled-lead = Hætt var við pöntunina „{ $reward }“. Þú fékkst { $points ->
    [one] { $points } punkt
   *[other] { $points } punkta
} til baka með sama gildistíma og áður.
cancelled-rest = { $n ->
    [one] Þú átt enn { $n } eftir af pöntuninni. Ef þú hafðir fengið kóða gildir hann áfram fyrir það sem eftir er.
   *[other] Þú átt enn { $n } eftir af pöntuninni. Ef þú hafðir fengið kóða gildir hann áfram fyrir það sem eftir er.
}
cancelled-codes = Ef þú hafðir fengið kóða virkar hann ekki lengur.

cancelled-gift-subject = Hætt var við „{ $reward }“
cancelled-gift-preview = Þetta var gjöf og þú hafðir ekki notað neina punkta.
cancelled-gift-lead = Hætt var við gjöfina „{ $reward }“. Þú hafðir ekki notað neina punkta fyrir hana.

## Glaðningur frá okkur

perk-subject = Svolítið handa þér: „{ $title }“
perk-preview-points = { $points ->
    [one] { $points } punktur
   *[other] { $points } punktar
} með kærum þökkum.
perk-preview-reward = Handa þér með kærum þökkum: „{ $reward }“
perk-preview-words = Nokkur hlý orð frá okkur.
perk-title = Handa þér, { $name }
perk-lead-points = „{ $title }“: við gefum þér { $points ->
    [one] { $points } punkt með kærum þökkum. Þú getur notað hann
   *[other] { $points } punkta með kærum þökkum. Þú getur notað þá
} strax.
perk-lead-reward = „{ $title }“: okkur langar að gefa þér „{ $reward }“ með kærum þökkum. Þetta er gjöf og kostar þig enga punkta.
perk-lead-words = Okkur langar að segja þetta við þig: „{ $title }“.
perk-message = Nokkur orð frá okkur:
perk-next = Við höfum gjöfina tilbúna fyrir þig. Þú getur fylgst með henni á síðunni þinni.
perk-close = Takk fyrir að vera með okkur!

## Vinir

friend-subject = { $friend } skráði sig með kóðanum þínum
friend-preview = Takk fyrir að segja frá okkur.
friend-lead = { $friend } skráði sig hjá okkur með kóðanum þínum. Takk fyrir: betra hrós fáum við ekki.
friend-points = Þegar fyrstu kaupin eru í höfn { $points ->
    [one] átt þú { $points } punkt
   *[other] átt þú { $points } punkta
} hjá okkur.
friend-next = Þegar fyrstu kaupin eru í höfn þökkum við þér aftur.
friend-close = Við tökum vel á móti.
checked-subject = Við erum að skoða meðmælin þín
checked-preview = Eitthvert okkar lítur á þetta og þú þarft ekki að gera neitt.
checked-lead = Einhver skráði sig hjá okkur með kóðanum þínum. Áður en lengra er haldið lítur eitthvert okkar á það, eins og við gerum stundum.
checked-next = Þú þarft ekki að gera neitt. Á síðunni þinni sérðu hvernig fer.
brought-subject = Takk fyrir að koma með vin: { $friend }
brought-preview = Með kærum þökkum.
brought-preview-points = { $points ->
    [one] { $points } punktur
   *[other] { $points } punktar
} með kærum þökkum.
brought-lead = { $friend } verslar nú hjá okkur og það er þér að þakka. Eins og við lofuðum er þetta þitt:
came-subject = Hér er það sem við lofuðum
came-lead = Vinur þinn sagði þér frá okkur og nú ert þú í hópi viðskiptavina okkar. Eins og við lofuðum er þetta þitt:
lapsing-subject = Gjöfin þín bíður
lapsing-subject-points = { $points ->
    [one] { $points } punktur bíður
   *[other] { $points } punktar bíða
} eftir þér
lapsing-preview = Með fyrstu pöntuninni.
lapsing-lead = Vinur þinn sagði þér frá okkur og með fyrstu pöntuninni fylgir svolítið frá okkur. Það bíður þín í nokkra daga enn.
lapsing-button = Líta í búðina
lapsing-close = Ef það hentar ekki núna er það líka í lagi.
fact-least = Með pöntun upp á að minnsta kosti

## Hvað varð úr því sem sagt var

said-changed-subject = Þú sagðir frá og við breyttum: „{ $title }“
said-planned-subject = Þú sagðir frá og við erum með það í vinnslu: „{ $title }“
said-declined-subject = Svar við því sem þú sagðir okkur: „{ $title }“
said-preview = Takk fyrir að segja okkur frá. Það skipti máli.
said-declined-preview = Við lásum það, hugsuðum málið og hér er svarið.
said-changed-title = Þú sagðir frá og við breyttum
said-planned-title = Þú sagðir frá og við erum með það í vinnslu
said-declined-title = Takk fyrir að segja okkur frá
said-lead-quote = Hæ { $name }! Hinn { $date } skrifaðir þú okkur þetta:
said-lead = Hæ { $name }! Hinn { $date } sagðir þú okkur frá þessu og við hlustuðum.
said-declined-lead = Hæ { $name }! Hinn { $date } sagðir þú okkur frá þessu og þú átt skilið að fá svar.
said-changed-what = Þessu breyttum við:
said-planned-what = Þetta ætlum við að gera:
said-declined-what = Við hugsuðum málið og ætlum ekki að breyta þessu. Okkur langar að segja þér hvers vegna:
said-button = Kíkja til okkar
said-close = Takk fyrir að segja okkur frá. Það skipti máli.
said-declined-close = Takk samt sem áður fyrir að segja okkur frá. Við lesum hvert orð.

## Kveðjur

greeting-preview = Hlýjar kveðjur frá okkur öllum.
greeting-preview-gift = Hlýjar kveðjur frá okkur öllum og svolítill glaðningur.
greeting-close = Með hlýjum kveðjum frá okkur öllum!
birthday-subject = Til hamingju með afmælið, { $name }!
birthday-late-subject = Síðbúnar afmæliskveðjur, { $name }!
birthday-title = Til hamingju með afmælið, { $name }!
birthday-lead = Dagurinn í dag er þinn. Við óskum þér alls hins besta, í dag og á nýju aldursári.
birthday-late-lead = Þú áttir afmæli og kveðjan kemur svolítið seint. Hún er engu síður hlý: við óskum þér alls hins besta á nýju aldursári.
anniversary-subject = { $years ->
    [1] Eitt ár saman, { $name }!
   *[other] { $years } ár saman, { $name }!
}
anniversary-late-subject = { $years ->
    [1] Eitt ár saman, { $name }!
   *[other] { $years } ár saman, { $name }!
}
anniversary-title = Takk, { $name }!
anniversary-lead = Í dag { $years ->
    [1] er eitt ár
    [one] er { $years } ár
   *[other] eru { $years } ár
} síðan þú slóst í hópinn hjá okkur. Það er gott að hafa þig með okkur.
anniversary-late-lead = Nú { $years ->
    [1] er rúmlega eitt ár
    [one] er rúmlega { $years } ár
   *[other] eru rúmlega { $years } ár
} síðan þú slóst í hópinn hjá okkur. Það er gott að hafa þig með okkur.
holiday-subject = Í dag er { $day }: bestu kveðjur, { $name }!
holiday-late-subject = Svolítið síðbúnar kveðjur, { $name }: { $day }
holiday-title = Bestu kveðjur, { $name }!
holiday-lead = Í dag er { $day } og við óskum þér góðs og gleðilegs dags. Takk fyrir að vera með okkur.
holiday-late-lead = Það var { $day } og okkur langaði að skrifa þér þann dag. Vonandi áttir þú góðan dag.
solemn-subject = Í dag er { $day }: við hugsum til þín
solemn-late-subject = Við hugsuðum til þín: { $day }
solemn-preview = Nokkur orð frá okkur öllum.
solemn-title = Góðan dag, { $name }
solemn-lead = Í dag er { $day }. Við hugsum til þín á þessum degi.
solemn-late-lead = Það var { $day } og við hugsuðum til þín.
solemn-close = Með góðum kveðjum frá okkur öllum
date-subject = { $day }
date-late-subject = { $day }
date-title = Hæ { $name }!
date-lead = Í dag er sérstakur dagur hjá okkur: „{ $day }“. Það er gott að hafa þig með okkur.
date-late-lead = Þetta var sérstakur dagur hjá okkur: „{ $day }“. Það er gott að hafa þig með okkur.
gift-points = Svolítill glaðningur fylgir með: { $points ->
    [one] { $points } punktur. Þú getur notað hann
   *[other] { $points } punktar. Þú getur notað þá
} strax.
gift-reward = Svolítill glaðningur fylgir með: „{ $reward }“. Þetta er gjöf og kostar þig enga punkta.

## Takk fyrir viðskiptin

fact-order = Pöntun
fact-total = Samtals
fact-from = Má nota frá og með
fact-available = Má nota núna
thanks-subject = Takk fyrir viðskiptin
thanks-preview = Þú færð { $points ->
    [one] { $points } punkt
   *[other] { $points } punkta
}.
thanks-preview-words = Það er gott að hafa þig með okkur.
thanks-lead = Takk fyrir að versla hjá okkur. Fyrir pöntunina „{ $order }“ færðu { $points ->
    [one] { $points } punkt
   *[other] { $points } punkta
}.
thanks-lead-words = Takk fyrir að versla hjá okkur. Pöntunin „{ $order }“ er komin til okkar.
thankyou-subject = { $category ->
    [story] Takk fyrir söguna þína
    [mention] Takk fyrir að nefna okkur
    [referral] Takk fyrir að mæla með okkur
    [word] Takk fyrir að segja frá okkur
    [gathering] Takk fyrir komuna
   *[other] Takk fyrir svarið
}
thankyou-preview = { $category ->
    [detractor] Við höfum lesið hvert orð.
    [gathering] Það var gaman að hafa þig með okkur.
   *[other] Það skiptir okkur miklu máli.
}
thankyou-title = Takk, { $name }
thankyou-lead = { $category ->
    [promoter] Við lásum svarið þitt og það gladdi okkur mjög. Takk fyrir að gefa þér tíma til að segja okkur þetta. Okkur þykir afar vænt um það.
    [passive] Takk fyrir að gefa þér tíma til að svara. Við lesum hvert svar, og þitt hjálpar okkur að sjá hvað við getum gert betur.
    [detractor] Takk fyrir að segja okkur þetta af hreinskilni. Okkur þykir leitt að þetta var ekki eins og það á að vera. Við höfum lesið hvert orð og ætlum að bæta úr.
    [story] Takk fyrir að deila sögunni þinni með okkur. Það er gaman að lesa hvernig þetta hefur verið hjá þér.
    [mention] Við sáum að þú sagðir frá okkur og það gladdi okkur. Takk fyrir hlýhuginn.
    [referral] Þú sagðir vini frá okkur. Betri meðmæli er ekki hægt að fá, og við þökkum þér kærlega fyrir.
    [word] Einhver rataði til okkar af því að þú talaðir um okkur. Kærar þakkir fyrir það.
   *[gathering] Það var gaman að hafa þig með okkur. Takk fyrir að koma.
}
person-thanks-subject = Nokkur þakkarorð
person-thanks-preview = Skrifað til þín frá einu okkar.
person-thanks-title = Takk, { $name }
person-thanks-from = Með hlýrri kveðju, { $from }
person-thanks-points = { $points ->
    [one] Með þessu fylgir { $points } punktur handa þér.
   *[other] Með þessu fylgja { $points } punktar handa þér.
}
overdue-subject = { $count ->
    [1] Einar þakkir hafa dregist
   *[other] Þakkir hafa dregist ({ $count })
}
overdue-preview = Einhver bíður eftir orði frá ykkur.
overdue-title = Góðan dag, { $name }
overdue-lead = { $count ->
    [1] Einhver gaf sér tíma fyrir ykkur en hefur ekki fengið þakkir í tæka tíð:
   *[other] Fólk gaf sér tíma fyrir ykkur en hefur ekki fengið þakkir í tæka tíð ({ $count }):
}
overdue-line = { $category ->
    [promoter] Svör ánægðra: { $count }
    [passive] Svör þar á milli: { $count }
    [detractor] Svör óánægðra: { $count }
    [story] Sögur: { $count }
    [mention] Umtal: { $count }
    [referral] Meðmæli: { $count }
    [word] Orðspor: { $count }
   *[gathering] Viðburðir: { $count }
}
overdue-oldest = Þær fyrstu áttu að berast
overdue-button = Sjá hverjum á að þakka
overdue-close = Sagt er frá hverjum þökkum einu sinni.
points-button = Skoða punktana mína
choose-button = Skoða hvað er í boði

## Punktar sem renna brátt út

expiring-subject = { $points ->
    [one] { $points } punktur bíður
   *[other] { $points } punktar bíða
} þín til { $until }
expiring-preview = Það væri synd að missa af þessu.
expiring-lead = Þú átt { $points ->
    [one] { $points } punkt sem gildir
   *[other] { $points } punkta sem gilda
} til og með { $until }. Það væri synd að missa af þessu.
expiring-rewards = Fyrir punktana sem þú átt gætirðu til dæmis valið:
expiring-once = Við minnum aðeins einu sinni á þessa punkta.

## Við söknum þín

miss-subject = Langt síðan síðast, { $name }
miss-preview = Okkur þætti vænt um að sjá þig aftur.
miss-lead = Það er langt síðan við sáum þig síðast og okkur þætti vænt um að sjá þig aftur.
miss-points = Þú átt enn { $points ->
    [one] { $points } punkt
   *[other] { $points } punkta
} hjá okkur.
miss-button = Líta við

## Yfirlit

fact-opening = Í upphafi
fact-received = Fengið
fact-expired = Útrunnið
fact-closing = Í lokin
statement-subject = Punktarnir þínir frá { $from } til { $to }
statement-month-subject = Punktarnir þínir í { $month }
statement-preview = Þú átt { $points ->
    [one] { $points } punkt
   *[other] { $points } punkta
}.
statement-lead = Svona breyttust punktarnir þínir frá { $from } til { $to }.
statement-ending = Næst { $points ->
    [one] rennur { $points } punktur út. Hann gildir
   *[other] renna { $points } punktar út. Þeir gilda
} til og með { $until }.

## Nýtt netfang

email-change-subject = Staðfestu nýja netfangið þitt
email-change-preview = Einn smellur og við skrifum þér hingað.
email-change-lead = Einhver, líklega þú, vill nota þetta netfang fyrir aðgang hjá okkur. Staðfestu að það sé þitt.
email-change-button = Staðfesta netfangið
email-change-not-you = Varst þetta ekki þú? Þá þarftu ekkert að gera og ekkert breytist.
email-changed-subject = Netfanginu þínu var breytt
email-changed-preview = Við skrifum ekki lengur á þetta netfang.
email-changed-lead = Netfanginu á aðganginum þínum var breytt. Héðan í frá skrifum við á { $hint } en ekki lengur á þetta netfang.
email-changed-not-you = Varst þetta ekki þú? Hafðu þá samband við okkur strax.

## Nýtt tæki

fact-device = Tæki
fact-time = Tími
unknown-device = óþekkt
sign-in-subject = Ný innskráning á aðganginn þinn
sign-in-preview = Úr tæki sem við höfðum ekki séð áður.
sign-in-lead = Einhver, líklega þú, skráði sig inn á aðganginn þinn úr tæki sem við höfðum ekki séð áður.
sign-in-not-you = Varst þetta ekki þú? Veldu þér þá nýtt lykilorð. Um leið skrást öll tæki út.

## Lykilorð

reset-subject = Veldu nýtt lykilorð
reset-preview = Hér er hlekkurinn sem beðið var um.
reset-lead = Einhver, líklega þú, bað um nýtt lykilorð fyrir aðganginn þinn.
reset-button = Velja nýtt lykilorð
reset-not-you = Varst þetta ekki þú? Þá þarftu ekkert að gera. Lykilorðið þitt breytist ekki.

## Starfsfólk

invitation-subject = { $program }: starfsmannaaðgangurinn þinn
invitation-preview = Veldu þér lykilorð til að byrja.
invitation-lead = Þú hefur fengið starfsmannaaðgang hjá okkur. Veldu þér lykilorð til að byrja.
invitation-button = Velja lykilorð
invitation-not-you = Áttirðu ekki von á þessu? Þá þarftu ekkert að gera: án lykilorðs er ekki hægt að nota aðganginn.

## Neðst: hvers vegna bréfið kom og hvernig má afþakka fleiri

why-welcome = Þú færð þetta bréf af því að þú ert á skrá hjá okkur.
why-sign_up_confirmation = Þú færð þetta bréf af því að netfangið var notað við skráningu hjá okkur.
why-reward_redeemed = Þú færð þetta bréf af því að þú innleystir umbun hjá okkur.
why-voucher_ending = Þú færð þetta bréf af því að þú átt ónotaðan kóða hjá okkur.
why-redemption_cancelled = Þú færð þetta bréf af því að það varðar punktana þína hjá okkur.
why-perk_granted = Þú færð þetta bréf af því að við gáfum þér svolítinn glaðning.
why-friend_joined = Þú færð þetta bréf af því að einhver skráði sig hjá okkur með kóðanum þínum.
why-referral_checked = Þú færð þetta bréf af því að einhver skráði sig hjá okkur með kóðanum þínum.
why-referral_rewarded = Þú færð þetta bréf vegna meðmæla hjá okkur.
why-referral_lapsing = Þú færð þetta bréf af því að vinur sagði þér frá okkur.
why-topic_changed = Þú færð þetta bréf af því að þú sagðir okkur frá þessu.
why-topic_declined = Þú færð þetta bréf af því að þú sagðir okkur frá þessu.
why-birthday = Þú færð þetta bréf af því að þú ert á skrá hjá okkur og vilt fá kveðjur frá okkur.
why-anniversary = Þú færð þetta bréf af því að þú ert á skrá hjá okkur og vilt fá kveðjur frá okkur.
why-holiday = Þú færð þetta bréf af því að þú ert á skrá hjá okkur og vilt fá kveðjur frá okkur.
why-date = Þú færð þetta bréf af því að þú ert á skrá hjá okkur og vilt fá kveðjur frá okkur.
why-survey = Þú færð þetta bréf af því að þú sagðir já við fréttum og spurningum frá okkur.
why-order_thanks = Þú færð þetta bréf af því að þú pantaðir hjá okkur.
why-thanks = Þú færð þetta bréf af því að okkur langaði að þakka þér fyrir.
why-personal_thanks = Þú færð þetta bréf af því að eitt okkar langaði að þakka þér fyrir.
why-thanks_overdue = Þú færð þetta bréf af því að þú ert stjórnandi hjá okkur.
why-points_expiring = Þú færð þetta bréf af því að þú átt punkta hjá okkur.
why-miss_you = Þú færð þetta bréf af því að þú ert í hópnum hjá okkur og vilt heyra frá okkur.
why-points_statement = Þú færð þetta bréf af því að þú baðst okkur um mánaðarlegt yfirlit.
why-email_change = Þú færð þetta bréf af því að einhver skráði þetta netfang hjá okkur.
why-email_changed = Þú færð þetta bréf af því að það varðar aðganginn þinn hjá okkur.
why-new_sign_in = Þú færð þetta bréf af því að það varðar aðganginn þinn hjá okkur.
why-password_reset = Þú færð þetta bréf af því að það varðar aðganginn þinn hjá okkur.
why-staff_invitation = Þú færð þetta bréf af því að stjórnandi hjá okkur skráði netfangið þitt.

stop-marketing = Afþakka fréttir og tilboð
stop-only-marketing = Þetta á aðeins við um fréttir og tilboð og þær kveðjur og kannanir sem þeim fylgja; annað breytist ekki.
stop-thank_you = Afþakka þakkarbréf og áminningar
stop-only-thank_you = Þetta á aðeins við um þakkarbréf, svör við því sem þú sagðir okkur, áminningar um kóða og punkta og bréf sem bjóða nýja félaga velkomna; annað breytist ekki.
stop-occasions = Afþakka kveðjur á merkisdögum, líka á hátíðisdögum
stop-only-occasions = Þetta á aðeins við um kveðjur á merkisdögum, líka á hátíðisdögum; annað breytist ekki.
stop-surveys = Afþakka kannanir
stop-only-surveys = Þetta á aðeins við um kannanir; annað breytist ekki.
stop-statements = Afþakka mánaðarleg yfirlit
stop-only-statements = Þetta á aðeins við um mánaðarleg yfirlit; annað breytist ekki.

## Könnun

survey-subject = { $program }: ein stutt spurning
survey-reminder-subject = Viltu enn segja okkur hvernig er?
survey-lead = Þú þekkir okkur betur en við sjálf. Einn smellur dugar og ein setning hjálpar okkur mest.
survey-reminder-lead = Við spurðum þig fyrir nokkrum dögum og langar enn að vita svarið. Ef þú vilt það síður er það í góðu lagi: við spyrjum ekki aftur að þessu.
survey-of = { $n } af { $highest }
survey-low-nps = Mjög ólíklegt
survey-high-nps = Mjög líklegt
survey-low-csat = Alls ekki ánægð(ur)
survey-high-csat = Mjög ánægð(ur)
survey-low-ces = Mjög erfitt
survey-high-ces = Mjög auðvelt
survey-how = Smellurinn opnar síðu þar sem þú sendir svarið; þar geturðu bætt við nokkrum orðum. Hún er opin til { $until }.
survey-points = Fyrir svarið færðu { $points ->
    [one] { $points } punkt
   *[other] { $points } punkta
}, hvað sem þú segir.
