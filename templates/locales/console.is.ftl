
### Stjórnborðið, á íslensku.

console = Stjórnborð
room-today = Í dag
room-members = Félagar
room-till = Afgreiðsla
room-rewards = Umbun
room-settings = Stillingar
room-users = Starfsfólk
room-keys = API-lyklar
desk-title = Innskráning starfsfólks
desk-demo = Eða setjast við borðið sem
role-admin = Stjórnandi
role-staff = Starfsmaður
save = Vista
all = Allar
on = Kveikt
off = Slökkt
filter = Sýna
quick = Flýtileiðir
find = Finna
look-up = Fletta upp
scan = Skanna
as-csv = Sem CSV-skrá
unlimited = ótakmarkað

## Það sem var gert
done-mail_again = Póstur fer þangað aftur.
reach-title = Póstur kemst ekki á þetta netfang
reach-refused = Póstþjónninn segir að ekkert slíkt pósthólf sé til.
reach-bounced = Bréf kom til baka.
reach-complained = Lesandinn kvartaði undan póstinum. Bréf um það sem hann bað um fara áfram út.
reach-again = Leyfa póst þangað aftur
consents = Svör við fréttum og tilboðum
consent-yes = Já
consent-no = Nei
consent-storefront = í búðinni
consent-staff = starfsfólk skráði
consent-account = á eigin aðgangi
consent-sign_up = við skráningu
consent-letter = með hlekk í bréfi
consent-import = kom með innfluttri sögu
done-signed_out = Þú hefur skráð þig út.
done-handed_over = Afhent.
done-redemption_cancelled = Afturkallað: punktarnir eru komnir þangað sem þeir komu frá.
done-adjusted = Komið. Félaginn sér það með skýringunni.
done-redeemed = Innleyst.
done-suspended = Aðild er í bið og innskráningum lokið.
done-reinstated = Aðildin er aftur virk.
done-voucher_used = Notað. Afhentu umbunina!
done-saved = Vistað.
done-invited = Boðið: hlekkurinn er á leiðinni í tölvupósti.

## Það sem var ekki gert
fault-unauthenticated = Netfangið og lykilorðið eiga ekki saman. Reyndu aftur.
fault-forbidden = Þetta er þér ekki heimilt. Spurðu stjórnanda.
fault-not_found = Þetta finnst ekki. Athugaðu hvað var slegið inn.
fault-invalid_request = Eitthvað á eyðublaðinu stenst ekki:
fault-too_many_requests = Of margar tilraunir í bili. Bíddu í mínútu og reyndu aftur.
fault-insufficient_points = Punktarnir duga ekki. Ekkert var tekið.
fault-price_changed = Þetta kostar meira núna. Ekkert var tekið.
fault-out_of_stock = Síðasta eintakið var að fara. Ekkert var tekið.
fault-reward_unavailable = Þessi félagi getur ekki fengið þessa umbun núna. Ekkert var tekið.
fault-limit_reached = Hámark stendur í vegi:
fault-voucher_used = Þessi inneignarmiði hefur verið notaður áður. Ekki afhenda neitt.
fault-invalid_transition = Þetta er ekki lengur hægt:
fault-source_conflict = Þetta var gert áður, á annan hátt:
fault-precondition_failed = Einhver annar breytti þessu á meðan. Hér er það sem þú slóst inn: opnaðu aftur til að sjá hitt.
fault-email_taken = Einhver er þegar með þetta netfang.
fault-overloaded = Mikið álag er á þjónustunni. Ekkert var gert: reyndu aftur eftir andartak.

## Reitir
language-en = Á ensku
language-is = Á íslensku
help-language = Tómt: lesendur á þessu máli sjá fyrsta textann.
field-name = Heiti
field-description = Lýsing
field-kind = Tegund
field-state = Staða
field-points = Punktar
field-code = Kóði
field-location = Hvar
field-reason = Ástæða
field-cost_points = Verð í punktum
field-stock = Eintök til
field-per_member_limit = Eintök á félaga
field-per_member_month_limit = … í almanaksmánuði
field-per_member_year_limit = … á almanaksári
field-value_amount = Verðmæti
field-value_currency = Gjaldmiðill
field-starts_at = Frá
field-ends_at = Til
field-tiers = Þrep
field-image_url = Mynd (https-slóð)
field-terms = Skilmálar
field-email = Netfang
field-scopes = Heimildir
help-stock = Tómt: eins mörg og beðið er um.
help-limit = Tómt: ótakmarkað.
help-minor-units = Í minnstu einingu: 1250 er 12,50.
help-instant = Til dæmis 2026-12-01T00:00:00Z. Tómt: engin takmörk.
help-tiers = Heiti með bili á milli. Tómt: allir.

## Dálkar
col-member = Félagi
col-reward = Umbun
col-since = Síðan
col-until = Til
col-acts = Aðgerðir
col-name = Nafn
col-tier = Þrep
col-status = Staða
col-enrolled = Félagi síðan
col-code = Meðmælakóði
col-external-id = Númer í búðinni
col-birthday = Afmæli
col-language = Tungumál
col-points = Punktar
col-order = Pöntun
col-amount = Upphæð
col-earned = Punktar fengnir
col-kind = Tegund
col-stock = Til
col-role = Hlutverk
col-scopes = Heimildir

## Í dag
hand-over-title = Bíður afhendingar
hand-over-none = Ekkert bíður afhendingar.
hand-over = Afhenda
take-back = Afturkalla
take-back-now = Afturkalla og skila punktunum

## Félagar
find-member = Nafn, netfang, númer eða meðmælakóði
members-none = Enginn fannst. Prófaðu hluta nafnsins eða netfangið.
status-active = Virk aðild
status-suspended = Í bið
status-erased = Eytt
redeem-here = Innleysa umbun
redeem-now = Innleysa
adjust = Gefa punkta
adjust-now = Gefa
adjust-help = Punktar sem koma, eða með mínus punktar sem fara.
adjust-help-staff = Innan þíns hámarks og þess sem þú mátt gefa í mánuðinum.
adjust-reason-help = Félaginn les hana við hlið punktanna.
suspend = Setja í bið
suspend-now = Setja í bið núna
reinstate = Virkja aftur
reinstate-now = Virkja aftur núna
timeline = Það sem gerðist
timeline-none = Ekkert enn.
redemptions = Innlausnir
orders = Pantanir
order-open = Opin
order-settled = Uppgerð
order-partially_refunded = Endurgreidd að hluta
order-refunded = Endurgreidd
order-cancelled = Afpöntuð

## Afgreiðslan
till-code = Kóði inneignarmiðans
till-location = Hvar (má sleppa)
code-live = Gildur
code-used = Notaður
code-void = Afturkallaður
code-expired = Útrunninn
voucher-of = Eigandi:
voucher-good-until = Gildir til og með { $date }.
voucher-used-at = Hann var notaður { $moment }.
voucher-expired-on = Hann gilti til og með { $date }.
voucher-void-why = Hann var afturkallaður og punktunum skilað.
use-now = Nota hann núna

## Umbun
reward-new = Ný umbun
rewards-none = Engin umbun er í þessari stöðu.
reward-draft = Drög
reward-live = Í boði
reward-paused = Í hléi
reward-retired = Hætt

## Starfsfólk og lyklar
make-admin = Gera að stjórnanda
make-staff = Gera að starfsmanni
remove = Fjarlægja
remove-sure = { $name } getur ekki lengur skráð sig inn.
remove-now = Fjarlægja núna
invite-title = Bjóða einhverjum
invite-help = Viðkomandi fær bréf með hlekk og velur sér lykilorð.
invite-now = Bjóða
keys-none = Enginn lykill er til enn.
key-secret = Þetta er leyndarmál lykilsins. Það er aðeins sýnt núna: afritaðu það.
key-new = Nýr lykill
key-make = Búa lykilinn til
key-live = Gildur
key-revoked = Afturkallaður
revoke = Afturkalla
revoke-sure = Búðin sem notar hann er læst úti um leið.
revoke-now = Afturkalla núna

## Stillingar
set-program_name = Heiti kerfisins
set-public_url = Slóð þessa þjóns
set-storefront_url = Slóð búðarinnar
set-cors_origins = Vefslóðir búða sem mega nota forritaskilin (API) úr vafra (https://shop.example)
set-mail_from = Bréf koma frá
set-currency = Gjaldmiðill
set-time_zone = Tímabelti
set-locale = Tungumál
set-earn_points = Punktar sem fást
set-earn_per_minor_units = … fyrir hverjar svo margar minnstu einingar
set-pending_days = Dagar þar til nota má punkta
set-expiry_months = Mánuðir þar til punktar renna út (eða none)
set-negative_policy = Það sem næst ekki til baka verður skuld (debt) eða fellur niður (clamp)
set-transfers_enabled = Félagar mega senda hver öðrum punkta
set-transfer_limit_points_per_day = … mest svo marga á dag
set-redemption_ttl_hours = Klukkustundir til að afhenda umbun
set-voucher_months = Mánuðir sem inneignarmiði gildir
set-voucher_reminder_days = Dagar fyrir lok inneignarmiða sem félaginn er minntur á hann (0: aldrei)
set-staff_perk_limit_points = Flestir punktar sem starfsmaður gefur í einu
set-staff_perk_budget_points_per_month = Flestir punktar eins starfsmanns í mánuði
set-referral_referrer_points = Til þess sem kemur með vin
set-referral_referee_points = Til vinarins
set-referral_min_order_minor_units = Minnsta fyrsta pöntun til þess
set-referral_hold_days = Dagar sem beðið er eftir skilum
set-referral_window_days = Dagar þar til það fellur niður
set-referral_limit_per_month = Flest greidd meðmæli í mánuði
set-referral_referrer_reward_id = Umbun til þess sem kemur með vin (auðkenni)
set-referral_referee_reward_id = Umbun til vinarins (auðkenni)
set-referral_steps = Að auki með þriðja vini, tíunda … (3:300 10:1000)
set-referral_reminder_days = Dagar fyrir lok sem vinurinn er minntur á (0: aldrei)
set-referral_joins_per_day = Fleiri vinir á dag eru skoðaðir fyrst
set-referral_flag_weight = Vægi athugasemda þegar einhver þarf að líta á
set-referral_throwaway_hosts = Fleiri hýslar einnota pósthólfa
set-leap_day = Afmæli 29. febrúar á öðrum árum
set-return_path = Hvert endursendur póstur fer
set-letters_per_host_per_minute = Bréf á hvern póstþjón á mínútu, í mesta lagi (0: ótakmarkað)
set-brand_color = Litur hnappa og hlekkja í bréfum (#2f5d50)
set-logo_url = Slóð myndar efst í bréfum
set-postal_address = Póstfang neðst í bréfum
set-consent_wording = Heiti orðalagsins á samþykki fyrir markaðspósti sem er í gildi
set-order_thanks = Þakka fyrir pantanir með bréfi
set-points_reminder_days = Dagar þar til punktar renna út þegar minnt er á þá (0: aldrei)
set-miss_you_days = Dagar án pöntunar þar til skrifað er að viðkomandi sé saknað (0: aldrei)
set-quiet_hours = Engar kveðjur, frá og til (21:00 08:00)
set-greeting_late_days = Hve mörgum dögum of sein kveðja má vera
set-greetings_per_minute = Kveðjur á mínútu, í mesta lagi
set-care_hours = Opnunartími, dag fyrir dag (09:00–12:00, 13:00–17:00; autt: lokað)
set-care_holidays = Lokað á frídögum þessa lands (IS; autt: á engum)
set-care_closed = Aðrir dagar sem er lokað, einn í línu (2026-12-23)
set-care_open = Dagar sem er samt opið, einn í línu, með eigin opnunartíma ef hann er annar (2026-12-20 10:00–14:00)
set-thanks_policy = Hver þakkar
set-thanks_due_hours = Klukkustundir á opnunartíma sem starfsmaður hefur til að þakka
set-thanks_rota = Þau sem skiptast á að þakka
part-mon = Mánudagur
part-tue = Þriðjudagur
part-wed = Miðvikudagur
part-thu = Fimmtudagur
part-fri = Föstudagur
part-sat = Laugardagur
part-sun = Sunnudagur
part-promoter = Fyrir svar frá þeim sem mælir með okkur eða er ánægður
part-passive = Fyrir svar þar á milli
part-detractor = Fyrir svar frá þeim sem er ekki ánægður
part-survey = Fyrir könnun
part-review = Fyrir umsögn
part-testimonial = Fyrir vitnisburð
part-case_study = Fyrir dæmisögu
part-photo = Fyrir mynd
part-mailing = Fyrir fréttabréf
part-story = Fyrir sögu
part-mention = Fyrir umtal
part-referral = Fyrir meðmæli
part-word = Fyrir að segja frá okkur
part-gathering = Fyrir að koma á viðburð
choice-letter = bréf, strax
choice-person = starfsmaður
fault-no_opening_hours = Þá væri ekkert opið í 31 dag eða lengur. Hafðu opið einhvern dag vikunnar.

## Glaðningar
room-perks = Glaðningar
approve-title = Glaðningar sem bíða samþykkis
approve = Samþykkja
decline = Hafna
decline-now = Hafna þessu
revoke-perk = Afturkalla
revoke-perk-now = Afturkalla það sem eftir er
perk-other = Einhver annar ákveður: þú lagðir þetta til.
perks-none = Enginn glaðningur er í þessari stöðu.
perk-proposed = Bíður
perk-granted = Veitt
perk-declined = Hafnað
perk-revoked = Afturkallað
perk-kind-points = Punktar
perk-kind-reward = Umbun
perk-kind-upgrade = Uppfærsla
perk-kind-early_access = Forgangur
perk-kind-invitation = Boð
perk-kind-thank_you = Þakkir
perk-give = Gera eitthvað fallegt
perk-give-now = Veita
perk-points-help = Aðeins fyrir punkta. Yfir þínu hámarki þarf einhver annar að samþykkja.
perk-reward-help = Aðeins fyrir umbun.
perk-title-help = Félaginn les þetta, í bréfinu og við hlið punktanna.
perk-message-help = Nokkur orð frá þér í bréfið.
perk-reason-help = Fyrir starfsfólk, og í gögnum félagans sjálfs.
perk-letter = Senda bréf
field-title = Fyrirsögn
field-message = Skilaboð
field-send_letter = Bréf
col-perk = Glaðningur
budget-admin = { $spent ->
    [one] Þú hefur gefið { $spent } punkt í mánuðinum. Stjórnandi hefur engin mörk.
   *[other] Þú hefur gefið { $spent } punkta í mánuðinum. Stjórnandi hefur engin mörk.
}
budget-staff = Þú hefur gefið { $spent } af { $budget } punktum í mánuðinum; mest { $limit } í einu án samþykkis annarra.
done-perk_given = Veitt. Ef þú valdir það er bréfið á leiðinni.
done-perk_proposed = Lagt til: þetta er yfir þínu hámarki og einhver annar ákveður.
done-perk_approved = Samþykkt og veitt.
done-perk_declined = Hafnað. Félaginn fékk ekkert að vita.
done-perk_revoked = Afturkallað, að því marki sem það var enn til.
reward-picture = Mynd
field-file = Skrá
help-picture = JPEG, PNG eða WebP, undir 1 MiB. Myndin er teiknuð upp á nýtt: tökustaður geymist ekki.
picture-save = Hlaða myndinni upp
reward-codes = Kóðar
codes-none = Engir kóðar enn: inneignarmiðar fá okkar eigin kóða. Eftir fyrstu upphleðslu er hver miði einn þessara kóða.
codes-counts = Komnir: { $uploaded }. Afhentir: { $handed }. Eftir: { $left }.
codes-taken = Teknir: { $taken }. Ekki teknir: { $not_taken }.
codes-typed = Eða sláðu þá inn, einn í hverja línu
help-codes = 4 til 64 bókstafir A–Z og tölustafir. Sami listi aftur bætir engu við.
codes-save = Hlaða kóðunum upp
code-blank = er auð
code-not_utf8 = er ekki UTF-8: vistaðu skrána sem UTF-8
code-several_columns = er með fleiri en einn dálk: ein lína er einn kóði
code-not_a_code = verður að vera 4 til 64 bókstafir A–Z og tölustafir
code-ambiguous = er jafnlöng okkar eigin kóðum og yrði talin rangt slegin inn
code-duplicate = er eins og kóði ofar í listanum
code-already_there = er þegar í lista þessarar umbunar
code-taken = er eins og kóði annarrar umbunar eða inneignarmiða
line = Lína { $line }
reward-preview = Eins og búðin sýnir hana
reward-history = Hverju var breytt
history-none = Engu enn.
nothing = ekkert
field-codes = Kóðar sem komu
field-value = Virði
perk-many = Glaðningur fyrir marga
perk-many-lead = Sami glaðningur fyrir lista af félögum. Fyrst er farið yfir listann; ekkert gerist fyrr en þú segir til.
budget-left = { $left ->
    [one] Þú mátt gefa { $left } punkt í viðbót í þessum mánuði.
   *[other] Þú mátt gefa { $left } punkta í viðbót í þessum mánuði.
  }
list-preview = Þetta myndi gerast
list-members = Félagar
list-members-help = Netfang, númer eða auðkenni félaga í hverja línu, mest 10.000; eða skrá, þar sem fyrsti dálkurinn gildir.
list-look = Fara yfir listann
list-give = { $count ->
    [one] Gefa { $count } félaga
   *[other] Gefa { $count } félögum
  }
list-own = Listarnir þínir
list-working = Verið er að gefa …
list-done = Búið
list-reload = Skoða aftur
list-progress = { $done } af { $total }
list-total = Línur
list-waiting = Eiga að fá
list-given = Fengu
list-proposed = Bíða ákvörðunar annars
list-failed = Fengu ekki
list-points = Punktar alls
list-unknown = er ekki félagi
list-duplicate = er sami félagi og í línu ofar
list-suspended = er í bið
list-unreadable = verður að vera auðkenni, netfang eða númer félaga
list-unavailable = getur ekki fengið þetta, eða það er búið
list-forbidden = sá sem gaf er ekki lengur í starfsliðinu
field-members = Félagar
holds = Frátekið fyrir pöntun
hold-until = til { $at }
letters = Bréf
mail-queued = Í biðröð
mail-sending = Á leiðinni
mail-sent = Sent
mail-failed = Tókst ekki að senda
mail-suppressed = Afþakkað

## Merkisdagar og bréf
room-occasions = Dagatal
room-letters = Bréf
occasions-lead = Félagar fá kveðju á sínum degi og eftir sinni klukku ef þeir vilja heyra frá ykkur. Enginn fær kveðju fyrir það sem er slökkt á.
days-to-come = Næstu dagar
days-none = Ekkert næstu þrjá mánuði.
day-members = { $count ->
    [one] { $count } félagi
   *[other] { $count } félagar
}
day-letter = Bréfið
occasions-all = Merkisdagar
occasion-birthday = Afmæli
occasion-anniversary = Skráningarafmæli
occasion-kind-birthday = Afmæli
occasion-kind-anniversary = Skráningarafmæli
occasion-kind-holiday = Hátíðisdagur
occasion-kind-date = Eigin dagur
occasion-some = fyrir suma félaga
occasion-active = Kveikt
occasion-add = Bæta við merkisdegi
field-send_at_local = Fer út klukkan, eftir klukku félagans
field-gift = Punktar sem fylgja
field-country = Land (tveir stafir)
field-holiday = Hátíðisdagur
field-date = Dagsetning
field-rule = Dagur
help-holiday = Aðeins fyrir hátíðisdag.
help-date = Fyrir eigin dag, og heiti hans með.
not-switched-off-by-the-member = félaginn afþakkar
not-the-member-is-suspended = í bið
not-the-member-was-erased = eytt
mail-subject = Bréf
mail-to = Til
mail-erased = eytt
mail-retry = Reyna aftur
mail-masked = Eins og viðtakandinn sér það; kóðar og einkahlekkir eru huldir.
mail-html = Bréfið
mail-text = Sem texti
letters-none = Engin bréf hér.
done-letter_retried = Það fer aftur út eftir augnablik.

## Meðmæli
room-referrals = Meðmæli
referral-figures = Tölur
cases-title = Bíða ákvörðunar
cases-none = Ekkert bíður ákvörðunar.
case-of = { $referrals ->
    [one] { $referrals } meðmæli
   *[other] { $referrals } meðmæli
}
case-referrers = { $referrers ->
    [one] frá einum félaga
   *[other] frá { $referrers } félögum
}
referral-joined = Á skrá
referral-qualified = Búið að versla
referral-rewarded = Greitt
referral-flagged = Til skoðunar
referral-rejected = Hafnað
referral-lapsed = Fallið niður
referral-reversed = Dregið til baka
referrals-none = Engin meðmæli hér.
col-referrer = Kom með
col-friend = Vinur
col-paid = Greitt
case-title = Á þetta saman?
case-decide = { $referrals ->
    [one] Ein bíða ákvörðunar
   *[other] { $referrals } bíða ákvörðunar
}
case-approve = { $referrals ->
    [one] Samþykkja
   *[other] Samþykkja öll { $referrals }
}
case-reject = { $referrals ->
    [one] Hafna …
   *[other] Hafna öllum { $referrals } …
}
case-reason = Hvers vegna? Félaginn les þetta.
case-reject-now = Hafna
case-approve-one = Samþykkja þessi
case-reject-one = Hafna þessum …
case-over = Ekkert af þessu bíður lengur.
case-enrolled = Félagi síðan
case-orders = Pantanir sem standa
case-brought = Kom með
case-decided = Áður hafnað:
case-appeal = Félaginn biður um að litið sé á þetta aftur:
flag-similar_email = Netfangið líkist netfangi annars félaga
flag-same_address = Pakki fór á sama stað
flag-same_device = Sama tæki
flag-velocity = Margir sama daginn
flag-chain = Keðja þar sem enginn annar verslar
flag-throwaway = Einnota pósthólf
flag-weight = vægi { $weight }
flag-cleared = skoðað
done-referrals_approved = Samþykkt: þau halda áfram og eru greidd þegar þar að kemur.
done-referrals_rejected = Hafnað. Félaginn getur lesið hvers vegna og beðið einu sinni um að litið sé á það aftur.
fig-visits = Heimsóknir
fig-shares = { $shares ->
    [one] deilt { $shares } sinni
   *[other] deilt { $shares } sinnum
}
fig-joined = Skráðu sig
fig-qualified = Versluðu
fig-rewarded = Greitt
fig-points = Punktar greiddir
fig-revenue = Kaup vina
fig-orders = { $orders ->
    [one] { $orders } pöntun
   *[other] { $orders } pantanir
}
fig-average = Meðalpöntun vina
fig-others = annarra:
fig-k = Nýir félagar með meðmælum á hvern félaga (K)
fig-first = Að fyrstu pöntun (miðgildi)
fig-hours = { $hours ->
    [one] { $hours } klukkustund
   *[other] { $hours } klukkustundir
}
fig-by-month = Eftir mánuðum
fig-by-referrer = Eftir félögum
fig-month = Mánuður
fig-referrer = Félagi
field-from = Frá
field-to = Til (að undanskildum)
today-cases = { $cases ->
    [one] { $cases } meðmælamál bíður ákvörðunar
   *[other] { $cases } meðmælamál bíða ákvörðunar
}
member-friends = Vinir

## Efni og tilkynningar
room-topics = Efni
topics-lead = Það sem félagar tala um. Orð benda á efni í því sem einhver skrifar; eitthvert ykkar staðfestir það.
topics-none = Ekkert efni er í þessari stöðu.
topic-add = Bæta við efni
topic-open = Opið
topic-planned = Í vinnslu
topic-changed = Breytt
topic-declined = Hafnað
topic-raised = { $times ->
    [one] { $times } svar
   *[other] { $times } svör
} frá { $members ->
    [one] { $members } félaga
   *[other] { $members } félögum
}
topic-suggested = { $count } til flokkunar
topic-whole = engu: það stendur eitt
topic-nobody = enginn
topic-merge = Sameina
topic-merge-help = Þau sem nefndu þetta teljast með hinu upp frá því og enginn fær sama bréfið tvisvar. Þetta er ekki hægt að taka aftur.
field-parent_id = Hluti af
field-owner_id = Hver sér um það
field-words = Orð sem benda á það
field-into = Sameina við
help-words = Eitt í hverri línu. Orðið þarf að standa heilt; með * á endanum duga öll orð sem byrja þannig: biðr*
sort-title = Svör til flokkunar
sort-lead = Merktu við það sem hvert svar fjallar um. Það sem þú merkir ekki við fellur burt.
sort-none = Ekkert bíður flokkunar.
sort-about = Um hvað er það?
sort-suggested = (orðin benda á það)
sort-other = Annað efni
sort-save = Staðfesta
done-sorted = Flokkað.
done-topic_merged = Sameinað.
room-announcements = Tilkynningar
announcements-lead = Segið þeim sem létu heyra í sér hvað varð úr því: hverju þið breyttuð, hvað er í vinnslu og hvar svarið er nei. Eitt ykkar skrifar, annað les yfir og sendir.
announcements-none = Engin tilkynning er í þessari stöðu.
announcement-new = Skrifa tilkynningu
announcement-draft = Drög
announcement-approved = Samþykkt
announcement-sending = Í sendingu
announcement-sent = Send
announcement-cancelled = Hætt við
announcement-by = Höfundur: { $name }.
announcement-approved-by = Samþykkt: { $name }.
announcement-audience = Hverjum hún er ætluð
announcement-own = Þú skrifaðir þetta síðast og því þarf einhver annar að lesa það yfir og senda. Það gildir líka um stjórnendur.
announcement-rule = Höfundur er { $name }. Lestu bréfið hér fyrir neðan; ef það er rétt getur þú sent það.
announcement-send = Samþykkja og senda
announcement-cancel = Hætta við
announcement-as = Eins og þessi félagi les það
announcement-anybody = Einhver tilbúinn
announcement-from = Nefnt frá
announcement-to = til (að þeim degi undanskildum)
announcement-topics-none = Öll efni eru enn opin. Segið fyrst hvar þið standið.
audience-members = { $members ->
    [one] { $members } félagi fær bréf.
   *[other] { $members } félagar fá bréf.
}
audience-told = { $members ->
    [one] { $members } félagi fékk bréf.
   *[other] { $members } félagar fengu bréf.
}
left-no_consent = Ekki hægt að skrifa þeim
left-switched_off = Afþakka þakkarbréf
left-erased = Eytt
left-suspended = Í banni
left-told_before = Fengu það áður
field-topic_ids = Efni
field-body = Það sem á að segja
field-quote = Hver og einn les sín eigin orð aftur
help-announced = Öll í sömu stöðu. Þau sem nefndu hluta af efni nefndu efnið.
col-writer = Höfundur
done-announcement_sent = Samþykkt. Bréfin eru á leiðinni.
done-announcement_cancelled = Hætt við. Bréf sem voru farin standa.
fault-same_person = Þú skrifaðir þetta síðast: einhver annar les það yfir og sendir.
## Þakkir

room-thanks = Þakkir
thanks-show-owed = Á eftir að þakka
thanks-show-overdue = Hafa dregist
thanks-show-mine = Mínar
thanks-show-given = Búið
thanks-show-waived = Hætt við
thanks-col-for = Þakkir
thanks-col-owner = Hver þakkar
thanks-col-due = Fyrir
thanks-nobody = enginn enn
thanks-overdue = hefur dregist
thanks-late = of seint
thanks-given = búið
thanks-waived = hætt við
thanks-open = Þakka
thanks-see = Skoða
thanks-open-of = Þakka: { $member }
thanks-see-of = Skoða: { $member }
thanks-none = Engum á eftir að þakka hér. Vel gert!
thanks-title = Þakkir: { $member }
thanks-due-at = Fyrir
thanks-about = Hverjum á að þakka og fyrir hvað
thanks-who = Hver þetta er
thanks-last-order = sú síðasta
thanks-points = Punktar til að nota
thanks-said = Það sem var sagt
thanks-score = { $score } af { $of }
thanks-is-promoter = ánægð(ur)
thanks-is-passive = þar á milli
thanks-is-detractor = óánægð(ur)
thanks-no-words = Engin orð fylgdu.
thanks-said-elsewhere = Þetta var ekki svar við könnun.
thanks-earlier = Það sem var sagt áður
thanks-give = Hvað segja má
thanks-message = Þín orð
thanks-how = Hvernig
thanks-how-letter = Senda þau sem bréf með mínu nafni
thanks-how-other = Ég þakka á annan hátt (hringdi, sagði það í búðinni): geyma það sem var sagt
thanks-not-reached = Ekkert þakkarbréf berst þangað: hringdu eða segðu það í búðinni.
thanks-perk = Punktar með, ef þú vilt
thanks-give-now = Þakka fyrir
thanks-assign = Láta annan um það
thanks-waive = Hætta við
thanks-waive-now = Hætta við
thanks-way-letter = Með bréfi,
thanks-way-person = Í eigin persónu,
thanks-way-page = Á síðunni sjálfri,
thanks-way-perk = Með punktum,
thanks-member-gone = Ekki lengur með okkur.
done-thanks_given = Takk fyrir að þakka.
done-thanks_waived = Hætt við. Tölurnar segja frá því.
field-perk = Punktar með
thanks-more = Fleiri
thanks-language = Tungumál
thanks-orders = Pantanir

## Kannanir
room-surveys = Kannanir
surveys-lead = Ein spurning í senn. Allt sem spurt er um fer um eitt hlið svo enginn sé spurður of oft.
surveys-none = Engin könnun er til enn.
survey-add = Búa til könnun
survey-edit = Breyta henni
survey-kind-nps = Myndi mæla með, 0–10 (NPS)
survey-kind-csat = Ánægja, 1–5 (CSAT)
survey-kind-ces = Hve auðvelt, 1–7 (CES)
survey-state-draft = Drög
survey-state-live = Í gangi
survey-state-paused = Í bið
survey-state-ended = Lokið
survey-become-live = Birta
survey-become-paused = Setja í bið
survey-become-ended = Ljúka fyrir fullt og allt
trigger-order_placed = Eftir pöntun
trigger-order_fulfilled = Eftir að pöntun barst
trigger-redemption = Eftir innlausn
trigger-enrolment = Eftir skráningu
trigger-relational = Aftur og aftur
trigger-manual = Aðeins handvirkt
field-question = Spurning
field-trigger = Hvenær spurt er
field-after_days = Svo mörgum dögum síðar
field-every_months = Á svo margra mánaða fresti
field-audience = Hverjum hún er ætluð
field-sample_percent = Af hverjum hundrað eru spurð
field-max_per_day = Bréf á dag í mesta lagi
field-remind_after_days = Spurt einu sinni enn eftir daga
field-answer_within_days = Opin í daga
field-follow_ups = Hvað spurt er um við textareitinn
help-trigger = Dagar frá því sem gerðist; mánuðir fyrir þá sem spyr aftur og aftur.
help-survey-points = Fyrir svar, hvað sem það segir.
help-follow_ups = Autt: „Hver er helsta ástæðan?“
audience-all = Öllum
audience-own = Eigin skilyrði
category-promoter = Meðmælendur
category-passive = Hlutlausir
category-detractor = Óánægðir
fig-asked = Spurð
fig-answered = Svöruðu
fig-answers = Svör
fig-score = Einkunn
fig-interval = 95% milli
fig-response = Svöruðu af spurðum
fig-change = Miðað við mánuðinn á undan
fig-by = Greint eftir
fig-by-tier = Þrepi
fig-by-country = Landi
fig-by-channel = Leið
fig-by-locale = Tungumáli
fig-by-segment = Hópi
fig-none = Ekki vitað
fig-weigh = Hvað telur
weigh-answers = Hvert svar
weigh-members = Síðasta svar hvers félaga
change-up = Hærri
change-down = Lægri
change-unclear = Óljóst: gæti verið tilviljun
score-between = Með 95% vissu milli { $low } og { $high }.
score-of = { $answers ->
    [one] { $answers } svar
   *[other] { $answers } svör
}, { $asked } spurð á tímabilinu.
trend-title = Einkunnin mánuð fyrir mánuð; tölurnar eru í töflunni fyrir neðan.
trend-caption = Línan er einkunnin, borðinn sýnir hvar hún liggur með 95% vissu. Þar sem borðar tveggja mánaða skarast mikið gæti munurinn verið tilviljun.
channel-letter = Bréf
channel-page = Síða
channel-till = Afgreiðsla
channel-phone = Sími
survey-answers = Það sem var sagt
answers-none = Enginn hefur svarað enn.
answer-edited = breytt síðan
answer-suspect = tvær tölur á sömu stundu: telur þegar manneskja staðfestir
answer-void = telur hvergi
somebody-erased = Einhver sem er farinn
survey-asks = Fyrirspurnir
asks-none = Enginn átti að vera spurður enn.
ask-planned = Áætlað
ask-postponed = Bíður við hliðið
ask-sent = Spurð, ekkert svar enn
ask-answered = Svarað
ask-expired = Aldrei svarað
ask-dropped = Hætt við að spyrja
set-ask_quiet_days = Dagar milli tveggja fyrirspurna af hvaða tagi sem er
set-ask_quiet_days_by_kind = Dagar milli tveggja fyrirspurna af sama tagi
set-asks_per_year = Fyrirspurnir til eins félaga innan árs
set-ask_new_member_days = Nýr félagi er ekki spurður um neitt í daga
set-assume_fulfilled_days = Pöntun telst komin eftir daga

## Hópar
room-segments = Hópar
segments-lead = Félagar eftir skilyrðum, fyrir kannanir og annað sem er aðeins fyrir suma. Hver er í hópi kemur í ljós þegar litið er í hann.
segments-none = Enginn hópur er til enn.
segment-add = Bæta við hópi
segment-edit = Breyta honum
segment-delete = Eyða þessum hópi
segment-members = Félagar
segment-empty = Enginn er í honum núna.
segment-conditions = Hver er í honum
segment-count = { $count ->
    [one] { $count } virkur félagi er í honum núna.
   *[other] { $count } virkir félagar eru í honum núna.
}
segment-why = Af hverju er einhver ekki í honum?
segment-who = Netfang, kóði eða númer félaga
segment-nobody = Enginn fannst eftir þessu.
segment-in = í hópnum
segment-out = ekki í hópnum
segment-deep = Skilyrðin eru dýpri en þetta eyðublað ræður við. Þeim er breytt í gegnum API; hér er hægt að gefa hópnum annað nafn.
done-segment_deleted = Eytt.
fault-in_use = Annað reiðir sig á þetta. Breyttu því fyrst.
field-where = Skilyrði
cond-join = Hve mörg þeirra þurfa að standast
cond-join-all = Öll
cond-join-any = Eitthvert þeirra
cond-all = Allt af þessu:
cond-any = Eitthvað af þessu:
cond-not = Ekki:
cond-row = Skilyrði { $row }
cond-field = Hvað
cond-op = Hvernig
cond-value = Gildi
cond-window = Hvenær
cond-help = Skildu línu eftir auða til að sleppa henni. Komma er á milli gilda ef þau eru fleiri en eitt, tvö fyrir „á milli“. Upphæðir eru í minnstu einingu gjaldmiðils (4990 eru 49,90), já og nei eru true og false, lönd eru tveir stafir. Aðeins pantanir, upphæðir, punktar og vinir hafa tíma.
cond-has = er
cond-needs = þyrfti að vera
cond-needs-not = má ekki vera
cond-nothing = ekkert
cond-not-active = Félaginn er í banni eða eytt.
cond-other-currency = pantanir í öðrum gjaldmiðli teljast ekki með
cond-is-true = já
cond-is-false = nei
cond-window-ever = frá upphafi
cond-window-days = { $count ->
    [one] síðasta { $count } dag
   *[other] síðustu { $count } daga
}
cond-window-months = { $count ->
    [one] síðasta { $count } mánuð
   *[other] síðustu { $count } mánuði
}
cond-window-month = í þessum almanaksmánuði
cond-window-year = á þessu almanaksári
cond-op-eq = er
cond-op-ne = er ekki
cond-op-in = er eitt af
cond-op-not_in = er ekkert af
cond-op-lt = minna en
cond-op-lte = í mesta lagi
cond-op-gt = meira en
cond-op-gte = að minnsta kosti
cond-op-between = á milli
cond-op-exists = er til
cond-field-tier = Þrep
cond-field-country = Land
cond-field-locale = Tungumál
cond-field-enrolled_days = Dagar frá skráningu
cond-field-birthday_in_days = Dagar í afmæli
cond-field-marketing_consent = Samþykki fyrir markaðspósti
cond-field-segment = Hópur
cond-field-tag = Merki
cond-field-last_order_days = Dagar frá síðustu pöntun
cond-field-orders = Pantanir
cond-field-spend_minor_units = Eytt, í minnstu einingu gjaldmiðils
cond-field-points_earned = Áunnir punktar
cond-field-points_redeemed = Innleystir punktar
cond-field-referrals_rewarded = Vinir sem komu

## Félagi: spurður og svarar

member-answers = Það sem félaginn sagði okkur
member-thanks-owed = þakkir ógoldnar
member-thanks-given = þakkað
member-thanks-waived = þakkir felldar niður
member-asks = Það sem spurt er um
ask-kind-survey = Könnun
ask-kind-review = Umsögn
ask-kind-testimonial = Meðmæli
ask-kind-case_study = Reynslusaga
ask-kind-photo = Mynd
ask-kind-referral = Vinaboð
ask-kind-gathering = Samkoma
ask-kind-mailing = Fjöldapóstur
ask-until = { $why } (til { $day })
ask-no_consent = vill ekki fréttir og tilboð
ask-switched_off = hefur slökkt á spurningum
ask-suppressed = póstur kemst ekki til skila
ask-suspended = lokað á aðganginn, eða farin(n)
ask-quiet_any = var spurð(ur) að öðru fyrir skömmu
ask-quiet_kind = var spurð(ur) að sama fyrir skömmu
ask-year_full = hefur verið spurð(ur) nóg á einu ári
ask-new_member = er nýkomin(n)
ask-open_case = mál félagans er enn óleyst
ask-not_sampled = lenti ekki í úrtakinu
ask-day_full = dagskammturinn var búinn
ask-holdout = í hópnum sem er látinn í friði
ask-quiet_hours = það var nótt hjá félaganum
ask-other_first = annað gengur fyrir
ask-order_undone = hætt var við pöntunina eða henni skilað
ask-survey_closed = könnuninni var lokið
ask-too_late = of langt um liðið til að muna
