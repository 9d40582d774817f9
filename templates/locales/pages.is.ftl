### Síður fyrir fólk, á íslensku.

## Umgjörð hverrar síðu
skip = Beint í efnið
main-menu = Aðalvalmynd
nav-rewards = Umbun
nav-points = Punktarnir mínir
nav-preferences = Bréf
nav-mailbox = Pósthólf
demo-label = Um prufuútgáfuna
demo-ribbon = Þetta er prufuútgáfa: búðin, viðskiptavinirnir og punktarnir eru tilbúningur.
sign-out = Skrá út
footer-demo = Keyrt á Vildar, opnum hugbúnaði fyrir vildarkerfi.
footer-docs = Fyrir forritara: forritaskilin
points = { $points ->
    [one] { $points } punktur
   *[other] { $points } punktar
}
points-label = { $points ->
    [one] punktur
   *[other] punktar
}

## Tilkynningar
notice-suspended = Aðildin þín er í bið. Hafðu samband við búðina: þar er vitað hvers vegna og hægt að virkja hana aftur.
notice-wrong_credentials = Netfangið og lykilorðið eiga ekki saman. Reyndu aftur.
notice-too_many_tries = Of margar tilraunir í bili. Bíddu í mínútu og reyndu aftur.
notice-join_asked = Við höfum skrifað þér: opnaðu bréfið og þá ertu með.
notice-saved = Vistað.
notice-signed_out = Þú hefur skráð þig út. Sjáumst fljótlega!
notice-redemption_cancelled = Hætt við. Punktarnir eru aftur komnir á reikninginn þinn.
notice-insufficient_points = Punktarnir duga ekki alveg fyrir þessu. Ekkert var tekið.
notice-price_changed = Þetta kostar nú meira en þegar þú skoðaðir það. Punktarnir þínir eru óhreyfðir: athugaðu hvort þú viljir það enn.
notice-out_of_stock = Einhver varð fyrri til: það síðasta fór rétt í þessu. Punktarnir þínir eru óhreyfðir.
notice-limit_reached = Þú hefur fengið eins mörg svona og hver félagi má fá. Punktarnir þínir eru óhreyfðir.
notice-reward_unavailable = Ekki er hægt að fá þessa umbun sem stendur. Punktarnir þínir eru óhreyfðir.

## Forsíða gests
hero-title = Góð bók, heitur bolli og svolítið í kaupbæti.
hero-lead = Þú safnar punktum í hvert sinn sem þú verslar og skiptir þeim fyrir eitthvað gott úr hillunni hér að neðan.
hero-sign-in = Skrá inn
hero-look = Skoða hilluna
how-title = Svona virkar þetta
how-earn-title = Safnaðu
how-earn = { $points ->
    [one] Þegar þú verslar fyrir { $money } færðu { $points } punkt, í búðinni og á netinu.
   *[other] Þegar þú verslar fyrir { $money } færðu { $points } punkta, í búðinni og á netinu.
}
how-redeem-title = Veldu
how-redeem = Skiptu punktunum fyrir umbun þegar þér hentar. Hún er þín innan mínútu og bréf um hana fylgir.
how-share-title = Deildu
how-share = Bjóddu vini með: { $referee ->
    [one] { $referee } punktur
   *[other] { $referee } punktar
} handa honum og { $referrer } handa þér eftir fyrstu kaupin.
sign-in-title = Gakktu í bæinn
sign-in-lead = Skráðu þig inn til að sjá punktana þína og hvað fæst fyrir þá.
email = Netfang
password = Lykilorð
sign-in = Skrá inn
demo-customers-title = Eða fáðu viðskiptavin að láni
demo-customers-lead = Einn smellur og ekkert lykilorð: þetta er prufuútgáfa.
sign-in-as = Skrá inn sem { $name }
speaks-en = Enska
speaks-is = Íslenska

## Forsíða félaga
greeting = Góðan dag, { $name }!
greeting-lead = Gaman að sjá þig aftur.
balance-title = Punktarnir þínir
balance-available = til ráðstöfunar núna
balance-pending = { $points ->
    [one] { $points } punktur á leiðinni
   *[other] { $points } punktar á leiðinni
}
balance-held = { $points ->
    [one] { $points } punktur frátekinn fyrir opna pöntun
   *[other] { $points } punktar fráteknir fyrir opna pöntun
}
balance-debt = { $points ->
    [one] { $points } punktur sem næstu kaup vinna upp
   *[other] { $points } punktar sem næstu kaup vinna upp
}
balance-expiring = { $points ->
    [one] { $points } punktur gildir til og með { $date }
   *[other] { $points } punktar gilda til og með { $date }
}
balance-no-expiry = Ekkert rennur út á næstunni

## Umbun
rewards-title = Umbun í boði
rewards-empty = Hillan er tóm í dag. Kíktu endilega aftur fljótlega.
kind-voucher = Inneignarmiði
kind-product = Til að taka með heim
kind-experience = Upplifun
kind-upgrade = Uppfærsla
kind-early_access = Forskot
kind-donation = Góðverk
cost-label = Verð
stock-left = { $count ->
    [one] Aðeins { $count } eftir
   *[other] { $count } eftir
}
redeem = Innleysa
redeem-named = Innleysa { $name } fyrir { $points ->
    [one] { $points } punkt
   *[other] { $points } punkta
}
reward-sign-in = Skráðu þig inn til að innleysa
enough-by = Nóg í kringum { $day } með sama áframhaldi
reason-insufficient_points = { $shortfall ->
    [one] Þig vantar { $shortfall } punkt
   *[other] Þig vantar { $shortfall } punkta
}
reason-out_of_stock = Uppselt
reason-limit_reached = Þú hefur náð hámarkinu á hvern félaga
reason-tier_required = Fyrir félaga á hærra þrepi
reason-not_started = Frá { $date }
reason-ended = Ekki lengur í boði
reason-member_suspended = Aðildin þín er í bið
progress = { $have } af { $need } { $need ->
    [one] punkti
   *[other] punktum
}

## Punktar
history-title = Nýjustu hreyfingar
history-all = Allir punktarnir mínir
points-title = Punktarnir mínir
points-lead = Hver einasti punktur sem kom eða fór, og hvers vegna.
points-empty = Engir punktar enn. Fyrstu kaupin breyta því.
entry-balance = Staða { $points }
entry-earn = Kaup
entry-redeem = Umbun
entry-expire = Rann út
entry-adjust = Leiðrétting
entry-perk = Gjöf
entry-referral = Meðmæli
entry-transfer = Millifærsla
entry-clawback = Vöruskil
entry-reversal = Bakfært
pager = Fleiri síður
pager-older = Eldra
pager-newest = Aftur í það nýjasta

## Innleyst
redemptions-title = Umbunin mín
redemptions-empty = Þú hefur ekki valið neitt enn. Hillan bíður.
state-placed = Í vinnslu
state-fulfilled = Til reiðu
state-used = Notað
state-cancelled = Hætt við
state-expired = Útrunnið
voucher-thanks = Njóttu vel!
voucher-thanks-lead = Þetta er þitt. Við höfum líka skrifað þér bréf.
voucher-title = Umbunin þín
voucher-show = Sýndu kóðann við afgreiðsluborðið.
voucher-qr = QR-kóði inneignarmiðans { $code }
voucher-code = Kóði
voucher-valid-until = Gildir til og með
voucher-cost = Verð
voucher-gift = Gjöf frá okkur
voucher-quantity = Fjöldi
voucher-redeemed-on = Innleyst
voucher-used-on = Notað
voucher-preparing = Við erum að taka þetta til og skrifum þér.
voucher-ready = Þetta bíður þín.
voucher-used = Þessi umbun hefur verið notuð. Vonandi líkaði þér vel.
voucher-cancelled = Hætt var við þessa umbun og punktarnir fóru aftur á reikninginn þinn.
voucher-expired = Þessi umbun er útrunnin.
voucher-letter = Lesa bréfið um umbunina
voucher-letter-waiting = Bréfið um umbunina er á leiðinni í pósthólfið
voucher-cancel = Hætta við og fá punktana aftur
back-home = Aftur í búðina

## Meðmæli
referral-title = Taktu vin með
referral-lead = Vinur þinn byrjar með { $referee ->
    [one] { $referee } punkt
   *[other] { $referee } punkta
} og þú færð { $referrer } eftir fyrstu kaupin.
referral-code = Kóðinn þinn
referral-link = Hlekkur til að deila

## Vinir
friends-open = Vinir þínir
friends-share = Deildu kóðanum þínum
friends-qr = QR-kóði hlekksins þíns
friends-also = { $code } virkar líka
friends-words = Orð til að senda
friends-mail = Senda í tölvupósti
friends-own = Kóði að eigin vali
friends-vanity = Þinn eigin kóði
friends-vanity-help = 4 til 16 bókstafir frá A til Z og tölustafir, til dæmis THORDIS. Þú getur valið á 30 daga fresti; eldri kóðinn virkar áfram.
friends-board-choice = Sýna fornafnið mitt meðal þeirra sem hafa komið með flesta vini
friends-save = Vista
friends-title = Vinir þínir
friends-somebody = Einhver
friends-none = Enginn enn. Sendu hlekkinn þinn til vinar sem kynni að meta búðina.
friends-older = Sýna eldri
friends-fault = Þetta gekk ekki:
friends-appeal-why = Hvað ættum við að vita?
friends-appeal = Biðja um aðra skoðun
friends-brought = Vinur kom með þig. { $points ->
    [0] Gott að fá þig!
    [one] Þú færð { $points } punkt eftir fyrstu pöntunina.
   *[other] Þú færð { $points } punkta eftir fyrstu pöntunina.
}
friends-brought-done = Vinur kom með þig. Gott að fá þig!
friend-state-joined = á skrá
friend-state-qualified = búið að versla
friend-state-rewarded = takk fyrir!
friend-state-flagged = í skoðun
friend-state-rejected = ekki talið
friend-state-lapsed = rann út
friend-state-reversed = skilað
friend-joined = Komin skráning. Þú færð { $points ->
    [one] { $points } punkt
   *[other] { $points } punkta
} eftir fyrstu pöntunina.
friend-qualified = Fyrsta pöntunin er komin. { $points ->
    [one] { $points } punktur er
   *[other] { $points } punktar eru
} á leiðinni.
friend-rewarded = Þú fékkst { $points ->
    [one] { $points } punkt
   *[other] { $points } punkta
}. Takk fyrir!
friend-flagged = Eitthvert okkar er að skoða þetta. Þú þarft ekki að gera neitt.
friend-rejected = Við gátum ekki talið þetta með.
friend-lapsed = Fyrsta pöntunin kom ekki í tæka tíð.
friend-reversed = Pöntuninni var skilað og punktunum með.
friend-until-joined = Til { $day }.
friend-until-qualified = Þeir koma { $day }.
claim-title = Hver sagði þér frá okkur?
claim-code = Kóði vinarins
claim-button = Þetta var kóðinn
board-title = Hverjir hafa komið með flesta vini
board-friends = { $friends ->
    [one] { $friends } vinur
   *[other] { $friends } vinir
}
invited-title = Vinur býður þér
invited = Þér er boðið í hópinn hjá okkur. Gefðu upp þennan kóða þegar þú skráir þig:
invited-points = Þér er boðið í hópinn hjá okkur. Gefðu upp þennan kóða þegar þú skráir þig og þú færð { $points ->
    [one] { $points } punkt
   *[other] { $points } punkta
} með fyrstu pöntuninni:
invited-nobody = Í þessum hlekk er enginn kóði sem við þekkjum. Þér er samt hjartanlega boðið í heimsókn.
join-title = Vertu með
join-lead = Það kostar ekkert. Við skrifum þér og þú velur lykilorð.
join-invited = Vinur sendi þig: þú færð { $referee ->
    [one] { $referee } punkt
   *[other] { $referee } punkta
} með fyrstu pöntuninni. Við skrifum þér og þú velur lykilorð.
join-name = Fornafn
join-button = Skrá mig

## Pósthólf prufuútgáfunnar
mailbox-samples = Skoða öll bréf sem búðin getur sent
mailbox-title = Pósthólf
mailbox-lead = Bréf sem annars hefðu farið til viðskiptavina lenda hér. Ekkert fer úr þessari tölvu.
mailbox-empty = Engin bréf enn. Veldu þér umbun og gáðu aftur.
letter-from = Frá
letter-to = Til
letter-subject = Efni
letter-sent = Sent
letter-view = Birting
letter-view-html = Eins og viðskiptavinurinn sér það
letter-view-text = Hreinn texti
letter-frame = Bréfið eins og viðskiptavinurinn sér það
letter-headers = Fleiri hausar
letter-back = Öll bréf

## Sýnishorn bréfa og hvaða bréf lesandinn vill
samples-title = Öll bréfin
samples-lead = Hér eru sýnishorn, sum þeirra skrýtin. Hvert bréf er eins og búðin þín myndi senda það.
samples-text = sem texti
samples-in-en = enska
samples-in-is = íslenska
preferences-title = Hvaða bréf viltu fá?
preferences-lead = Bréf um umbun sem þú velur og um aðganginn þinn berast alltaf. Þú ræður öllum hinum.
preferences-consent = Kveðjur og kannanir berast aðeins þegar kveikt er á fréttum og tilboðum.
preferences-holidays = Kveðjur á einstökum hátíðisdögum
switch-on = Kveikja
switch-off = Slökkva
unsubscribe-title = Viltu ekki fá fleiri svona bréf?
unsubscribe-lead = Einn smellur slekkur á þessu:
unsubscribe-note = Aðeins þetta hættir. Bréf um umbun sem þú velur og um aðganginn þinn berast áfram.
unsubscribe-button = Slökkva á þessu
unsubscribe-others = Önnur bréf sem þú færð
unsubscribe-other-button = Slökkva
unsubscribe-already-title = Slökkt var á þessu fyrir
unsubscribe-already = Þú færð ekki lengur bréf af þessu tagi:
unsubscribe-settings = Opna stillingarnar þínar
unsubscribe-done-title = Slökkt
unsubscribe-done = Þú færð ekki fleiri bréf af þessu tagi:
unsubscribe-done-note = Snerist þér hugur? Þú getur kveikt aftur á þeim í stillingunum þínum.
preference-marketing = Fréttir og tilboð
preference-thank_you = Þakkarbréf og áminningar
preference-occasions = Kveðjur á merkisdögum, líka á hátíðisdögum
preference-surveys = Kannanir: hvernig líkaði þér?
preference-statements = Mánaðarleg punktayfirlit
preference-holiday = Kveðjur á þessum hátíðisdegi: { $name }

## Lykilorð valið
email-ask-title = Nýtt netfang
email-ask = Staðfestu að þetta netfang sé þitt. Eftir það skrifum við þér hingað.
email-ask-button = Staðfesta netfangið
email-done-title = Staðfest
email-done = Héðan í frá skrifum við þér hingað og þú skráir þig inn með þessu netfangi.
password-new = Nýtt lykilorð
password-rule = Að minnsta kosti 8 stafir. Nokkur orð í röð er auðvelt að muna.
link-confirm-title = Eitt skref eftir
link-confirm-lead = Veldu lykilorð og þá er skráningunni lokið.
link-confirm-button = Ljúka skráningu
link-confirm-done-title = Gaman að fá þig í hópinn!
link-confirm-done = Nú ertu félagi hjá okkur. Skráðu þig inn með netfanginu þínu og lykilorðinu sem þú varst að velja.
link-password-title = Nýtt lykilorð
link-password-lead = Veldu nýtt lykilorð fyrir aðganginn þinn.
link-password-button = Vista lykilorðið
link-password-done-title = Vistað
link-password-done = Nýja lykilorðið gildir héðan í frá. Öllum öðrum innskráningum hefur verið lokað.
link-invitation-title = Starfsmannaaðgangurinn þinn
link-invitation-lead = Veldu lykilorð fyrir starfsmannaaðganginn þinn hjá okkur.
link-invitation-button = Vista lykilorðið
link-invitation-done-title = Allt er tilbúið
link-invitation-done = Skráðu þig inn með netfanginu þínu og lykilorðinu sem þú varst að velja.
link-lost-title = Þessi hlekkur virkar ekki lengur
link-lost = Hann hefur þegar verið notaður eða er útrunninn.
link-lost-password = Ef nýja lykilorðið þitt er þegar vistað geturðu einfaldlega skráð þig inn. Annars sendum við þér nýjan hlekk:
link-lost-password-button = Senda mér nýjan hlekk
link-lost-password-asked-title = Gáðu í pósthólfið þitt
link-lost-password-asked = Ef til er aðgangur með þessu netfangi er nýr hlekkur á leiðinni þangað.
link-lost-confirm = Ef skráningunni er þegar lokið geturðu einfaldlega skráð þig inn. Annars skaltu skrá þig aftur og við sendum þér nýjan hlekk.
link-lost-invitation = Ef þú hefur þegar valið þér lykilorð geturðu einfaldlega skráð þig inn. Annars skaltu biðja þann sem bauð þér um nýjan hlekk.
link-lost-email = Ef netfanginu hefur þegar verið breytt þarftu ekkert að gera. Annars skaltu breyta því aftur á aðganginum þínum og við sendum þér nýjan hlekk.
link-lost-email-typed = Þetta er ekki netfang. Athugaðu hvað var slegið inn.
link-sign-in = Skrá inn
link-on = Áfram í búðina

## Vandamál
error-not_found-title = Við finnum ekki þessa síðu
error-not_found = Kannski var hún færð eða villa leyndist í slóðinni.
error-unauthenticated-title = Skráðu þig fyrst inn
error-unauthenticated = Þú skráðist út í millitíðinni. Skráðu þig inn og þá er allt eins og þú skildir við það.
error-forbidden-title = Þessi síða er þér lokuð
error-forbidden = Aðgangurinn sem þú notar hér má ekki sjá hana.
error-insufficient_points-title = Ekki alveg nógu margir punktar
error-insufficient_points = Ekkert var tekið. Þig vantar { $shortfall ->
    [one] { $shortfall } punkt
   *[other] { $shortfall } punkta
} í viðbót.
error-price_changed-title = Þetta kostar meira núna
error-price_changed = Verðið breyttist á meðan þú skoðaðir. Punktarnir þínir eru óhreyfðir.
error-out_of_stock-title = Einhver varð fyrri til
error-out_of_stock = Það síðasta fór rétt í þessu. Punktarnir þínir eru óhreyfðir.
error-limit_reached-title = Þú hefur fengið þinn skammt
error-limit_reached = Hver félagi getur fengið takmarkaðan fjölda svo að nóg sé handa öllum. Punktarnir þínir eru óhreyfðir.
error-reward_unavailable-title = Ekki í boði eins og er
error-reward_unavailable = Ekki er hægt að fá þessa umbun sem stendur. Punktarnir þínir eru óhreyfðir.
error-invalid_transition-title = Of seint fyrir þetta
error-invalid_transition = Þessi umbun er komin lengra og henni verður ekki breytt úr þessu.
error-too_many_requests-title = Augnablik
error-too_many_requests = Þetta var mikið í einu. Reyndu aftur eftir mínútu.
error-invalid_request-title = Hér stenst eitthvað ekki
error-invalid_request = Slóðin eða eyðublaðið var ekki heilt. Farðu til baka og reyndu aftur.
error-method_not_allowed-title = Þetta gengur ekki svona
error-method_not_allowed = Engu var breytt. Farðu til baka og notaðu hlekki og hnappa síðunnar.
error-body_too_large-title = Þetta er of stórt
error-body_too_large = Ekkert var vistað. Reyndu aftur með minna, eða með minni skrá.
error-body_too_slow-title = Þetta tók of langan tíma
error-body_too_slow = Kannski er sambandið hægt. Ekkert var vistað: reyndu aftur.
error-outcome_unknown-title = Óvíst er hvort þetta tókst
error-outcome_unknown = Sambandið við gagnagrunninn rofnaði. Gáðu hvort þetta var gert áður en þú reynir aftur.
error-other-title = Þetta tókst ekki
error-other = Farðu til baka og reyndu aftur.
front-title = { $program }: vildarkerfi
front-lead = Þetta vefsvæði er fyrir forrit og starfsfólk: hér eru punktar félaganna geymdir og umbunin sem fæst fyrir þá. Hér er engin búð.
front-console = Skrá inn á stjórnborðið
front-docs = Forritaskilin, fyrir forritara
error-overloaded-title = Smá þolinmæði
error-overloaded = Það er mikið að gera í augnablikinu. Reyndu aftur eftir smástund.
error-internal-title = Eitthvað fór úrskeiðis hjá okkur
error-internal = Þetta er ekki þér að kenna og við höfum skráð það hjá okkur. Reyndu aftur.
error-back = Til baka
error-reference = Tilvísun

## Spurning í könnun

survey-low-nps = mjög ólíklegt
survey-high-nps = mjög líklegt
survey-low-csat = alls ekki ánægð(ur)
survey-high-csat = mjög ánægð(ur)
survey-low-ces = mjög erfitt
survey-high-ces = mjög auðvelt
survey-words = Hver er helsta ástæðan?
survey-words-note = Ein setning er nóg, eða engin.
survey-again = Þú svaraðir okkur áður og mátt breyta svarinu. Ef reiturinn er auður standa fyrri orð þín.
survey-send = Senda
survey-points = Þú færð { $points ->
    [one] { $points } punkt
   *[other] { $points } punkta
} fyrir svarið, hvað sem þú segir.
survey-choose = Veldu fyrst tölu.
survey-shorten = Þetta eru fleiri en 4.000 stafir. Styttu textann aðeins; ekkert hefur verið sent enn.
survey-done-title-promoter = Takk, þetta gleður okkur
survey-done-title-passive = Takk fyrir að segja okkur frá
survey-done-title-detractor = Takk fyrir hreinskilnina
survey-done-promoter = Svarið er komið til okkar. Ef þér dettur fleira í hug skaltu opna hlekkinn í bréfinu aftur.
survey-done-passive = Svarið er komið til okkar. Ef við gætum gert eitthvað betur skaltu opna hlekkinn í bréfinu aftur og segja okkur frá því.
survey-done-detractor = Okkur þykir leitt að þetta var ekki betra. Manneskja les það sem þú skrifaðir.
survey-done-points = Þú fékkst { $points ->
    [one] { $points } punkt
   *[other] { $points } punkta
} fyrir.
survey-over-title = Þessari spurningu er lokið
survey-over = Tíminn er liðinn og við getum ekki lengur tekið við svari hér. Takk fyrir að vilja segja okkur frá: skrifaðu okkur frekar, manneskja les það.

## Það sem félagi sagði

told-title = Það sem þú sagðir okkur
told-lead = Hvert svar er lesið og þakkað fyrir það. Það breytir því sem við gerum.
told-open = Spurningar og svör
told-waiting = Okkur langar að vita
told-until = Til { $day }.
told-answer = Svara
told-said = Svörin þín
told-score = { $score } af { $of }
told-change = Breyta
told-reply = Frá okkur:
told-thanked = Takk fyrir að segja okkur frá.
told-older = Eldri svör
told-none = Ekkert enn. Þegar við spyrjum þig stendur það hér.
