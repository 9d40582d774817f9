### The pages for people, in English.

## Around every page
skip = Skip to the content
main-menu = Main menu
nav-rewards = Rewards
nav-points = My points
nav-preferences = Letters
nav-mailbox = Mailbox
demo-label = About this demo
demo-ribbon = This is a demo: the shop, its customers and their points are made up.
sign-out = Sign out
footer-demo = Served by Vildar, an open-source rewards program.
footer-docs = For developers: the API
points = { $points ->
    [one] { $points } point
   *[other] { $points } points
}
points-label = { $points ->
    [one] point
   *[other] points
}

## Notices
notice-suspended = Your membership is suspended. Please talk to the shop: it knows why, and can reinstate it.
notice-wrong_credentials = That e-mail and password do not go together. Please try again.
notice-too_many_tries = Too many tries just now. Please wait a minute and try again.
notice-join_asked = We have written to you: open the letter, and you are in.
notice-saved = Saved.
notice-signed_out = You are signed out. See you soon!
notice-redemption_cancelled = Cancelled. Your points are back.
notice-insufficient_points = Not quite enough points for that one. Nothing was taken.
notice-price_changed = It costs more now than when you looked. Your points are untouched: check whether you still want it.
notice-out_of_stock = Somebody was quicker: the last one has just gone. Your points are untouched.
notice-limit_reached = You have had as many of these as one member may. Your points are untouched.
notice-reward_unavailable = This reward cannot be redeemed at the moment. Your points are untouched.

## The home of a visitor
hero-title = A good book, a warm cup, and a little something back.
hero-lead = Every purchase earns you points, and points turn into small pleasures from the shelf below.
hero-sign-in = Sign in
hero-look = See the rewards
how-title = How it works
how-earn-title = Collect
how-earn = { $points ->
    [one] { $points } point for every { $money } you spend, in the shop and online.
   *[other] { $points } points for every { $money } you spend, in the shop and online.
}
how-redeem-title = Choose
how-redeem = Swap your points for a reward whenever you like. It is yours within a minute, with a letter to prove it.
how-share-title = Share
how-share = Invite a friend: { $referee ->
    [one] { $referee } point
   *[other] { $referee } points
} for them, { $referrer } for you after their first order.
sign-in-title = Come in
sign-in-lead = Sign in to see your points and what they are good for.
email = E-mail
password = Password
sign-in = Sign in
demo-customers-title = Or borrow a customer
demo-customers-lead = One click, no password: it is a demo.
sign-in-as = Sign in as { $name }
speaks-en = English
speaks-is = Icelandic

## The home of a member
greeting = Hello, { $name }!
greeting-lead = Good to see you again.
balance-title = Your points
balance-available = to spend now
balance-pending = { $points ->
    [one] { $points } point on its way
   *[other] { $points } points on their way
}
balance-held = { $points ->
    [one] { $points } point set aside for an open order
   *[other] { $points } points set aside for an open order
}
balance-debt = { $points ->
    [one] { $points } point to be made up by your next purchases
   *[other] { $points } points to be made up by your next purchases
}
balance-expiring = { $points ->
    [one] { $points } point is good until { $date }
   *[other] { $points } points are good until { $date }
}
balance-no-expiry = Nothing expires soon

## Rewards
rewards-title = The shelf of rewards
rewards-empty = The shelf is empty today. Please come back soon.
kind-voucher = Voucher
kind-product = To take home
kind-experience = Experience
kind-upgrade = Upgrade
kind-early_access = Early access
kind-donation = Good deed
cost-label = Cost
stock-left = { $count ->
    [one] Only { $count } left
   *[other] { $count } left
}
redeem = Redeem
redeem-named = Redeem { $name } for { $points ->
    [one] { $points } point
   *[other] { $points } points
}
reward-sign-in = Sign in to redeem
enough-by = About { $day }, at your pace
reason-insufficient_points = { $shortfall ->
    [one] { $shortfall } point short
   *[other] { $shortfall } points short
}
reason-out_of_stock = Out of stock
reason-limit_reached = You have reached the limit for each member
reason-tier_required = For members of a higher tier
reason-not_started = From { $date }
reason-ended = No longer on offer
reason-member_suspended = Your membership is paused
progress = { $have } of { $need } points

## Points
history-title = Recent points
history-all = All my points
points-title = My points
points-lead = Every point that came or went, and why.
points-empty = No points yet. Your first purchase changes that.
entry-balance = Balance { $points }
entry-earn = Purchase
entry-redeem = Reward
entry-expire = Expired
entry-adjust = Adjustment
entry-perk = A gift
entry-referral = Recommendation
entry-transfer = Transfer
entry-clawback = Returned goods
entry-reversal = Given back
pager = More pages
pager-older = Older
pager-newest = Back to the newest

## Redemptions
redemptions-title = My rewards
redemptions-empty = Nothing redeemed yet. The shelf is waiting.
state-placed = Being prepared
state-fulfilled = Ready
state-used = Used
state-cancelled = Cancelled
state-expired = Expired
voucher-thanks = Enjoy it!
voucher-thanks-lead = It is yours. We have written you a letter as well.
voucher-title = Your reward
voucher-show = Show this code at the counter.
voucher-qr = QR code of the voucher { $code }
voucher-code = Code
voucher-valid-until = Valid until
voucher-cost = Cost
voucher-gift = A gift from us
voucher-quantity = Quantity
voucher-redeemed-on = Redeemed
voucher-used-on = Used
voucher-preparing = We are getting it ready and will write to you.
voucher-ready = It is ready for you.
voucher-used = This one has been used. We hope you liked it.
voucher-cancelled = This one was cancelled, and the points went back to your account.
voucher-expired = This one has expired.
voucher-letter = Read the letter about it
voucher-letter-waiting = The letter about it is on its way to the mailbox
voucher-cancel = Cancel and get the points back
back-home = Back to the shop

## Recommending
referral-title = Bring a friend
referral-lead = Your friend starts with { $referee ->
    [one] { $referee } point
   *[other] { $referee } points
}, and you get { $referrer } after their first order.
referral-code = Your code
referral-link = Link to share

## Friends
friends-open = Your friends
friends-share = Share your code
friends-qr = QR code of your link
friends-also = { $code } works too
friends-words = Words to send
friends-mail = Send by e-mail
friends-own = A code of your own
friends-vanity = Your own code
friends-vanity-help = 4 to 16 letters and digits, such as THORDIS. You can choose once in 30 days; the one before goes on working.
friends-board-choice = Show my first name among those who brought most friends
friends-save = Save
friends-title = Your friends
friends-somebody = Somebody
friends-none = Nobody yet. Send your link to a friend who would like it here.
friends-older = Show earlier ones
friends-fault = That did not work:
friends-appeal-why = What should we know?
friends-appeal = Please look again
friends-brought = A friend brought you. { $points ->
    [0] Welcome!
    [one] { $points } point is yours after your first order.
   *[other] { $points } points are yours after your first order.
}
friends-brought-done = A friend brought you. Welcome!
friend-state-joined = joined
friend-state-qualified = has bought
friend-state-rewarded = thank you!
friend-state-flagged = being checked
friend-state-rejected = not counted
friend-state-lapsed = over
friend-state-reversed = given back
friend-joined = Has joined. { $points ->
    [one] { $points } point is
   *[other] { $points } points are
} yours after their first order.
friend-qualified = Has bought. { $points ->
    [one] { $points } point is
   *[other] { $points } points are
} on the way.
friend-rewarded = You got { $points ->
    [one] { $points } point
   *[other] { $points } points
}. Thank you!
friend-flagged = One of us is having a look. You don’t have to do anything.
friend-rejected = We could not count this one.
friend-lapsed = Did not buy in time.
friend-reversed = The order was given back, and the points with it.
friend-until-joined = Until { $day }.
friend-until-qualified = They come on { $day }.
claim-title = Who told you about us?
claim-code = Your friend’s code
claim-button = That was it
board-title = Who brought most friends
board-friends = { $friends ->
    [one] { $friends } friend
   *[other] { $friends } friends
}
invited-title = A friend invites you
invited = You are warmly invited to { $program }. Give this code when you join:
invited-points = You are warmly invited to { $program }. Give this code when you join, and you get { $points ->
    [one] { $points } point
   *[other] { $points } points
} with your first order:
invited-nobody = This link has no code that we know. You are warmly welcome at { $program } all the same.
join-title = Join us
join-lead = It costs nothing. We write to you, and you choose a password.
join-invited = A friend sent you: you get { $referee ->
    [one] { $referee } point
   *[other] { $referee } points
} with your first order. We write to you, and you choose a password.
join-name = First name
join-button = Join

## The demo's mailbox
mailbox-samples = See every letter that the shop can send
mailbox-title = Mailbox
mailbox-lead = Letters that would have gone to customers land here. Nothing leaves this computer.
mailbox-empty = No letters yet. Redeem something and look again.
letter-from = From
letter-to = To
letter-subject = Subject
letter-sent = Sent
letter-view = View
letter-view-html = As the customer sees it
letter-view-text = Plain text
letter-frame = The letter, as the customer sees it
letter-headers = More headers
letter-back = All letters

## Samples of letters, and which ones a reader wants
samples-title = Every letter
samples-lead = These are samples, odd ones among them. Each is written as your shop would send it.
samples-text = as text
samples-in-en = English
samples-in-is = Icelandic
preferences-title = Which letters do you want?
preferences-lead = Letters about your own rewards and your account always come. All others are up to you.
preferences-consent = Greetings and surveys come only with news and offers switched on.
preferences-holidays = Greetings on single holidays
switch-on = Switch on
switch-off = Switch off
unsubscribe-title = No more of these letters?
unsubscribe-lead = One click switches off:
unsubscribe-note = Only these stop. Letters about your own rewards and your account still come.
unsubscribe-button = Switch them off
unsubscribe-others = What else we write to you
unsubscribe-other-button = Switch off
unsubscribe-already-title = Off already
unsubscribe-already = You don’t get these letters any more:
unsubscribe-settings = Open your settings
unsubscribe-done-title = Switched off
unsubscribe-done = You will not receive these letters any more:
unsubscribe-done-note = Changed your mind? You can switch them on again in your settings.
preference-marketing = News and offers
preference-thank_you = Thank-you notes and reminders
preference-occasions = Greetings on special days, holidays too
preference-surveys = Questions about how you liked it
preference-statements = Monthly statements of points
preference-holiday = Greetings on this holiday: { $name }

## Choosing a password
email-ask-title = A new e-mail address
email-ask = Please confirm that this address is yours. From then on we write to you here.
email-ask-button = Confirm my address
email-done-title = Confirmed
email-done = From now on we write to you here, and you sign in with this address.
password-new = New password
password-rule = At least 8 characters. A few words in a row are easy to remember.
link-confirm-title = One last step
link-confirm-lead = Choose a password, and you are in at { $program }.
link-confirm-button = Join
link-confirm-done-title = Welcome!
link-confirm-done = You are a member of { $program } now. Sign in with your e-mail and the password that you have just chosen.
link-password-title = A new password
link-password-lead = Choose a new password for your account at { $program }.
link-password-button = Save the password
link-password-done-title = Saved
link-password-done = Your new password works from now on. Wherever you were signed in, you have been signed out.
link-invitation-title = Your staff account
link-invitation-lead = Choose a password for your staff account at { $program }.
link-invitation-button = Save the password
link-invitation-done-title = You are all set
link-invitation-done = Sign in with your e-mail and the password that you have just chosen.
link-lost-title = This link no longer works
link-lost = It was used before, or its time is over.
link-lost-password = If your new password is saved already, simply sign in. If not, we send you a new link:
link-lost-password-button = Send me a new link
link-lost-password-asked-title = Look into your mailbox
link-lost-password-asked = If there is an account with this address, a new link is on its way to it.
link-lost-confirm = If you have joined already, simply sign in. If not, sign up once more, and we send you a new link.
link-lost-invitation = If you have chosen a password already, simply sign in. If not, ask whoever invited you for a new link.
link-lost-email = If your address is changed already, there is nothing left to do. If not, change it once more in your account, and we send you a new link.
link-lost-email-typed = That is no e-mail address. Please check it.
link-sign-in = Sign in
link-on = On to the shop

## Problems
error-not_found-title = We cannot find that page
error-not_found = It may have moved, or the address was mistyped.
error-unauthenticated-title = Please sign in first
error-unauthenticated = You were signed out in the meantime. Sign in, and everything is where you left it.
error-forbidden-title = This page is closed to you
error-forbidden = The account that you use here may not see it.
error-insufficient_points-title = Not quite enough points
error-insufficient_points = Nothing was taken. You need { $shortfall ->
    [one] { $shortfall } more point
   *[other] { $shortfall } more points
} for it.
error-price_changed-title = It costs more now
error-price_changed = The price changed while you were looking. Your points are untouched.
error-out_of_stock-title = Someone was quicker
error-out_of_stock = The last one has just gone. Your points are untouched.
error-limit_reached-title = You have had your share
error-limit_reached = There is a limit for each member, so that there is enough for all. Your points are untouched.
error-reward_unavailable-title = Not on offer just now
error-reward_unavailable = This reward cannot be redeemed at the moment. Your points are untouched.
error-invalid_transition-title = Too late for that
error-invalid_transition = This reward has moved on and can no longer be changed.
error-too_many_requests-title = One moment, please
error-too_many_requests = That was a lot at once. Please try again in a minute.
error-invalid_request-title = Something is not right there
error-invalid_request = The address or the form was not complete. Please go back and try again.
error-method_not_allowed-title = That does not work this way
error-method_not_allowed = Nothing was changed. Please go back, and follow the page’s own links and buttons.
error-body_too_large-title = That is too large
error-body_too_large = Nothing was taken over. Please try again with less, or with a smaller file.
error-body_too_slow-title = That took too long
error-body_too_slow = The connection may be slow. Nothing was taken over: please try again.
error-outcome_unknown-title = We don’t know whether that worked
error-outcome_unknown = The connection to our records broke off. Please look whether it was done before you try again.
error-other-title = That did not work
error-other = Please go back and try again.
front-title = { $program }: rewards program
front-lead = This address is for programs and staff: it keeps the points and rewards of the members of { $program }. There is no shop here.
front-console = Sign in to the console
front-docs = The API, for developers
error-overloaded-title = A little patience, please
error-overloaded = There is a lot going on just now. Please try again in a moment.
error-internal-title = Something went wrong on our side
error-internal = It is not your doing, and it has been noted. Please try again.
error-back = Back
error-reference = Reference

## A survey's question

survey-low-nps = not at all likely
survey-high-nps = very likely
survey-low-csat = not satisfied at all
survey-high-csat = very satisfied
survey-low-ces = very hard
survey-high-ces = very easy
survey-words = What is the main reason?
survey-words-note = One sentence is plenty, or none.
survey-again = You told us already, and may say something else. If you leave the box empty, your words of before stay.
survey-send = Send
survey-points = You get { $points ->
    [one] { $points } point
   *[other] { $points } points
} for your answer, whatever it says.
survey-choose = Please choose a number first.
survey-shorten = These are more than 4,000 characters. Please shorten them a little; nothing was sent yet.
survey-done-title-promoter = Thank you, that makes our day
survey-done-title-passive = Thank you for telling us
survey-done-title-detractor = Thank you for being frank
survey-done-promoter = We have your answer. If something else comes to mind, open the link in the letter again.
survey-done-passive = We have your answer. If there is something that we could do better, open the link in the letter again and tell us.
survey-done-detractor = We’re sorry that it wasn’t better. A person will read what you wrote.
survey-done-points = You got { $points ->
    [one] { $points } point
   *[other] { $points } points
} for it.
survey-over-title = This question is closed
survey-over = Its time is over, so we can’t take an answer here any more. Thank you for wanting to tell us: please write to us instead, a person will read it.

## What a member said

told-title = What you told us
told-lead = Every answer is read, and thanked for. It changes what we do.
told-open = Questions and answers
told-waiting = We would like to know
told-until = Until { $day }.
told-answer = Answer
told-said = Your answers
told-score = { $score } of { $of }
told-change = Change it
told-reply = From us:
told-thanked = Thank you for telling us.
told-older = Earlier answers
told-none = Nothing yet. When we ask you something, it stands here.
