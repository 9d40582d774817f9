### What the letters say. Same keys in every language; every message may name { $program }.

greeting = Hi { $name },
greeting-nobody = Hello,
points = { $n ->
    [one] { $n } point
   *[other] { $n } points
}
quantity = { $n }

## Facts

fact-reward = Reward
fact-quantity = Quantity
fact-used = Points used
fact-returned = Points returned
fact-balance = Balance after this
fact-date = Date
fact-points = Points
fact-until = Valid through
fact-reason = Reason

## Welcome

welcome-subject = Welcome to { $program }
welcome-preview = You collect points from today. Your own code to share is inside.
welcome-lead = It’s lovely to have you with us at { $program }. From today you collect points when you shop, and you can swap them for something nice whenever you like.
welcome-share = You also have a code of your own. Share it with friends, and we’ll know that it was you who told them about us.
welcome-code = Your code
welcome-button = Open your link to share
welcome-close = See you soon!

## Sign-up

sign-up-subject = Please confirm your e-mail address
sign-up-preview = One click, and you’re in.
sign-up-lead = Thank you for signing up at { $program }. Please confirm that this is your e-mail address, and you’re in.
sign-up-button = Confirm my address
sign-up-not-you = Wasn’t that you? Then you don’t need to do anything, and nobody will be signed up.
sign-up-existing-subject = You already have an account
sign-up-existing-preview = You can choose a new password here.
sign-up-existing-lead = Somebody, probably you, signed up at { $program } with this e-mail address. You already have an account, so we didn’t open another one. If you can’t get in, choose a new password here.
sign-up-existing-button = Choose a new password
sign-up-existing-not-you = Wasn’t that you? Then you don’t need to do anything. Your password stays as it is.

## Links with a token

link-until = The link works once, until { $until }.
link-address = If the button doesn’t work, open this address:

## Reward redeemed

redeemed-subject = Thank you! You chose “{ $reward }”
redeemed-preview = We have your order. You used { $points ->
    [one] { $points } point
   *[other] { $points } points
}.
redeemed-voucher-subject = Here’s your code for “{ $reward }”
redeemed-voucher-preview = Enjoy! You used { $points ->
    [one] { $points } point
   *[other] { $points } points
}.
redeemed-title = Thank you, { $name }!
redeemed-lead = It’s good to have you with us. You chose “{ $reward }” for { $points ->
    [one] { $points } point
   *[other] { $points } points
}. Enjoy!
redeemed-next = We have your order and will take it from here. You can follow it on your page.
redeemed-button = See it on your page
voucher-code = Your code
voucher-until = Valid until the end of { $until }
voucher-alt = QR code for { $code }
voucher-how = Show the QR code at the till, or type the code in when you shop online.
voucher-once = The code works once, so please keep it to yourself.

## Voucher that ends soon

ending-subject = “{ $reward }” is waiting for you until { $until }
ending-preview = You haven’t used your code yet.
ending-lead = You haven’t used your code for “{ $reward }” yet, and it would be a shame to miss out: it is good until the end of { $until }.
ending-once = This is the only reminder. If you have used the code in the meantime, just ignore this letter.

## Redemption cancelled

cancelled-subject = “{ $reward }” was cancelled, and your points are back
cancelled-preview = You have { $points ->
    [one] { $points } point
   *[other] { $points } points
} back.
cancelled-lead = Your order “{ $reward }” was cancelled. You have { $points ->
    [one] { $points } point
   *[other] { $points } points
} back, just as { $points ->
    [one] it was
   *[other] they were
}.
cancelled-rest = { $n ->
    [one] The other one is still yours. If you were given a code, it stays good for it.
   *[other] The other { $n } are still yours. If you were given a code, it stays good for them.
}
cancelled-codes = If you had been given a code for it, that code no longer works.

cancelled-gift-subject = “{ $reward }” was cancelled
cancelled-gift-preview = It was a gift, so you had used no points for it.
cancelled-gift-lead = Our gift to you, “{ $reward }”, was cancelled. You had used no points for it.

## Something from us

perk-subject = Something for you: “{ $title }”
perk-preview-points = { $points ->
    [one] { $points } point
   *[other] { $points } points
}, with our warmest thanks.
perk-preview-reward = “{ $reward }” is yours, with our warmest thanks.
perk-preview-words = A few warm words from { $program }.
perk-title = For you, { $name }
perk-lead-points = “{ $title }”: we’re giving you { $points ->
    [one] { $points } point, with our warmest thanks. It is yours to use
   *[other] { $points } points, with our warmest thanks. They are yours to use
} right away.
perk-lead-reward = “{ $title }”: we’d like you to have “{ $reward }”, with our warmest thanks. It’s a gift, so it costs you no points.
perk-lead-words = We’d like to say this to you: “{ $title }”.
perk-message = A few words from us:
perk-next = We’ll have it ready for you. You can follow it on your page.
perk-close = Thank you for being with us!

## Friends

friend-subject = { $friend } joined with your code
friend-preview = Thank you for telling a friend about us.
friend-lead = { $friend } joined us at { $program }, and told us that it was you who sent them. Thank you: there is no better compliment.
friend-points = Once they have bought something and kept it, { $points ->
    [one] { $points } point is
   *[other] { $points } points are
} yours.
friend-next = Once they have bought something and kept it, we’ll thank you once more.
friend-close = We’ll look after them well.
checked-subject = We’re having a look at your recommendation
checked-preview = One of us looks at it, and you don’t have to do anything.
checked-lead = Somebody joined us at { $program } by your code. Before we go on, one of us has a look at it, as we do now and then.
checked-next = You don’t have to do anything. You see on your page how it goes on.
brought-subject = Thank you for bringing { $friend }
brought-preview = With our warmest thanks.
brought-preview-points = { $points ->
    [one] { $points } point
   *[other] { $points } points
}, with our warmest thanks.
brought-lead = { $friend } has become a customer of ours, and that is because of you. As promised, this is yours:
came-subject = Welcome: what we promised is here
came-lead = A friend brought you to { $program }, and you have become a customer of ours. As promised, this is yours:
lapsing-subject = Your welcome gift is waiting
lapsing-subject-points = { $points ->
    [one] { $points } point is
   *[other] { $points } points are
} waiting for you
lapsing-preview = With your first order.
lapsing-lead = A friend brought you to { $program }, and with your first order there is something for you from us. It’s there for you for a few more days.
lapsing-button = Have a look at the shop
lapsing-close = If it’s not for you right now, that’s all right too.
fact-least = With an order of at least

## What became of what was said

said-changed-subject = You said it, we changed it: “{ $title }”
said-planned-subject = You said it, and we’re on it: “{ $title }”
said-declined-subject = An answer to what you told us: “{ $title }”
said-preview = Thank you for telling us. It made a difference.
said-declined-preview = We read it, we thought about it, and here is our answer.
said-changed-title = You said it, and we changed it
said-planned-title = You said it, and we’re on it
said-declined-title = Thank you for telling us
said-lead-quote = Hi { $name }! On { $date } you wrote this to us:
said-lead = Hi { $name }! On { $date } you told us about this, and we listened.
said-declined-lead = Hi { $name }! On { $date } you told us about this, and you deserve an answer.
said-changed-what = This is what we changed:
said-planned-what = This is what we’re going to do:
said-declined-what = We thought about it, and we won’t change it. We’d like you to know why:
said-button = Come and see
said-close = Thank you for telling us. It made a difference.
said-declined-close = Thank you for telling us all the same. We read every word.

## Greetings

greeting-preview = Warm wishes from all of us.
greeting-preview-gift = Warm wishes from all of us, and a small present.
greeting-close = With warm wishes from all of us!
birthday-subject = Happy birthday, { $name }!
birthday-late-subject = Belated happy birthday, { $name }!
birthday-title = Happy birthday, { $name }!
birthday-lead = Today is your day. We wish you a lovely one, and all the best for the year ahead.
birthday-late-lead = You had a birthday, and our wishes come a little late. They are just as warm: all the best for the year ahead.
anniversary-subject = { $years ->
    [1] A year together, { $name }!
   *[other] { $years } years together, { $name }!
}
anniversary-late-subject = { $years ->
    [1] A year together, { $name }!
   *[other] { $years } years together, { $name }!
}
anniversary-title = Thank you, { $name }!
anniversary-lead = { $years ->
    [1] A year ago today
   *[other] { $years } years ago today
} you joined us at { $program }. It’s good to have you with us.
anniversary-late-lead = { $years ->
    [1] A year ago
   *[other] { $years } years ago
}, give or take a day or two, you joined us at { $program }. It’s good to have you with us.
holiday-subject = Today is { $day }: best wishes, { $name }!
holiday-late-subject = { $day }: our best wishes come a little late, { $name }
holiday-title = Best wishes, { $name }!
holiday-lead = Today is { $day }, and we’d like to wish you a lovely day. Thank you for being with us.
holiday-late-lead = It was { $day }, and we’d have liked to write to you on the day. We hope it was a lovely one.
solemn-subject = { $day }: we are thinking of you
solemn-late-subject = { $day }: we were thinking of you
solemn-preview = A few words from all of us.
solemn-title = Hello { $name }
solemn-lead = Today is { $day }. We keep it with you, and our thoughts are with you.
solemn-late-lead = It was { $day }. Our thoughts were with you.
solemn-close = With kind regards from all of us
date-subject = { $day }
date-late-subject = { $day }
date-title = Hi { $name }!
date-lead = Today is a special day for us: “{ $day }”. It’s good to have you with us.
date-late-lead = It was a special day for us: “{ $day }”. It’s good to have you with us.
gift-points = A small present comes with it: { $points ->
    [one] { $points } point. It is yours to use
   *[other] { $points } points. They are yours to use
} right away.
gift-reward = A small present comes with it: “{ $reward }”. It’s a gift, so it costs you no points.

## Thanks for an order

fact-order = Order
fact-total = Total
fact-from = Yours to use from
fact-available = You can use now
thanks-subject = Thank you for your order
thanks-preview = It brings you { $points ->
    [one] { $points } point
   *[other] { $points } points
}.
thanks-preview-words = It’s good to have you with us.
thanks-lead = Thank you for shopping at { $program }. Your order “{ $order }” brings you { $points ->
    [one] { $points } point
   *[other] { $points } points
}.
thanks-lead-words = Thank you for shopping at { $program }. We’ve got your order “{ $order }”.
thankyou-subject = { $category ->
    [story] Thank you for your story
    [mention] Thank you for mentioning us
    [referral] Thank you for recommending us
    [word] Thank you for telling people about us
    [gathering] Thank you for coming
   *[other] Thank you for your answer
}
thankyou-preview = { $category ->
    [detractor] We have read every word of it.
    [gathering] It was good to have you with us.
   *[other] It means a lot to us.
}
thankyou-title = Thank you, { $name }
thankyou-lead = { $category ->
    [promoter] We read your answer, and it made our day. Thank you for taking the time to tell us: it means a lot to hear that we are doing right by you.
    [passive] Thank you for taking the time to answer. We read every answer, and yours helps us see what we can do better.
    [detractor] Thank you for telling us so openly. We are sorry that it was not as it should have been. We have read every word, and we will work on it.
    [story] Thank you for sharing your story with us. It is a pleasure to read how it has been for you.
    [mention] We saw that you told people about us, and it made us happy. Thank you for your kindness.
    [referral] You told a friend about us. There is no better recommendation, and we thank you warmly for it.
    [word] Somebody found their way to us because you spoke of us. Thank you for that, warmly.
   *[gathering] It was good to have you with us. Thank you for coming.
}
person-thanks-subject = A few words of thanks
person-thanks-preview = Written for you by one of us.
person-thanks-title = Dear { $name }
person-thanks-from = With warm regards, { $from }
person-thanks-points = { $points ->
    [one] This comes with a point for you.
   *[other] This comes with { $points } points for you.
}
overdue-subject = { $count ->
    [one] A thank-you is overdue
   *[other] { $count } thank-yous are overdue
}
overdue-preview = Somebody is waiting for a word from you.
overdue-title = Hello { $name }
overdue-lead = { $count ->
    [one] Somebody took the time to do something for you, and has not been thanked in time:
   *[other] { $count } people took the time to do something for you, and have not been thanked in time:
}
overdue-line = { $category ->
    [promoter] Answers of happy people: { $count }
    [passive] Answers in between: { $count }
    [detractor] Answers of people who are not happy: { $count }
    [story] Stories: { $count }
    [mention] Mentions: { $count }
    [referral] Recommendations: { $count }
    [word] Word of mouth: { $count }
   *[gathering] Gatherings: { $count }
}
overdue-oldest = The first was due on
overdue-button = See whom to thank
overdue-close = You are told of each of them once.
points-button = See your points
choose-button = See what you can choose

## Points that end soon

expiring-subject = { $points ->
    [one] { $points } point is
   *[other] { $points } points are
} yours until { $until }
expiring-preview = It would be a shame to miss out.
expiring-lead = You have { $points ->
    [one] { $points } point at { $program } that is
   *[other] { $points } points at { $program } that are
} good until the end of { $until }. It would be a shame to miss out.
expiring-rewards = With the points that you have, you could choose, for example:
expiring-once = This is the only reminder about these points.

## We miss you

miss-subject = It’s been a while, { $name }
miss-preview = We’d be glad to see you again.
miss-lead = We haven’t seen you at { $program } for a while, and we’d be glad to see you again.
miss-points = You still have { $points ->
    [one] { $points } point
   *[other] { $points } points
} with us.
miss-button = Have a look around

## Statement

fact-opening = At the beginning
fact-received = Received
fact-expired = Expired
fact-closing = At the end
statement-subject = Your points from { $from } to { $to }
statement-month-subject = Your points in { $month }
statement-preview = You have { $points ->
    [one] { $points } point
   *[other] { $points } points
}.
statement-lead = This is how your points at { $program } went from { $from } to { $to }.
statement-ending = { $points ->
    [one] { $points } point is
   *[other] { $points } points are
} next to expire: good until the end of { $until }.

## A new e-mail address

email-change-subject = Please confirm your new e-mail address
email-change-preview = One click, and we’ll write to you here.
email-change-lead = Somebody, probably you, wants this to be the e-mail address of an account at { $program }. Please confirm that it is yours.
email-change-button = Confirm my address
email-change-not-you = Wasn’t that you? Then you don’t need to do anything, and nothing changes.
email-changed-subject = Your e-mail address was changed
email-changed-preview = We don’t write to this address any more.
email-changed-lead = The e-mail address of your account at { $program } was changed. From now on we write to { $hint }, and not to this address any more.
email-changed-not-you = Wasn’t that you? Then please get in touch with us right away.

## A new device

fact-device = Device
fact-time = Time
unknown-device = unknown
sign-in-subject = New sign-in to your account
sign-in-preview = From a device that we hadn’t seen before.
sign-in-lead = Somebody, probably you, signed in to your account at { $program } from a device that we hadn’t seen before.
sign-in-not-you = Wasn’t that you? Then please choose a new password. That signs out all devices.

## Password

reset-subject = Choose a new password
reset-preview = Here is the link you asked for.
reset-lead = Somebody, probably you, asked for a new password for your account at { $program }.
reset-button = Choose a new password
reset-not-you = Wasn’t that you? Then you don’t need to do anything. Your password stays as it is.

## Staff

invitation-subject = Your staff account at { $program }
invitation-preview = Choose a password to get started.
invitation-lead = You’ve been given a staff account at { $program }. Choose a password to get started.
invitation-button = Choose a password
invitation-not-you = Didn’t expect this? Then you don’t need to do anything: without a password the account can’t be used.

## Footer: why this letter came, and how to have no more of them

why-welcome = You’re receiving this because you’re a member of { $program }.
why-sign_up_confirmation = You’re receiving this because this address was used to sign up at { $program }.
why-reward_redeemed = You’re receiving this because you redeemed a reward at { $program }.
why-voucher_ending = You’re receiving this because you have an unused code from { $program }.
why-redemption_cancelled = You’re receiving this because it is about your points at { $program }.
why-perk_granted = You’re receiving this because { $program } gave you something.
why-friend_joined = You’re receiving this because somebody joined { $program } by your code.
why-referral_checked = You’re receiving this because somebody joined { $program } by your code.
why-referral_rewarded = You’re receiving this because of a recommendation at { $program }.
why-referral_lapsing = You’re receiving this because a friend brought you to { $program }.
why-topic_changed = You’re receiving this because you told { $program } about this.
why-topic_declined = You’re receiving this because you told { $program } about this.
why-birthday = You’re receiving this because you’re a member of { $program } and like to hear from us.
why-anniversary = You’re receiving this because you’re a member of { $program } and like to hear from us.
why-holiday = You’re receiving this because you’re a member of { $program } and like to hear from us.
why-date = You’re receiving this because you’re a member of { $program } and like to hear from us.
why-survey = You get this because you said yes to news and questions from { $program }.
why-order_thanks = You’re receiving this because you placed an order at { $program }.
why-thanks = You’re receiving this because you did something kind for { $program }.
why-personal_thanks = You’re receiving this because one of us at { $program } wanted to thank you.
why-thanks_overdue = You’re receiving this because you are an administrator of { $program }.
why-points_expiring = You’re receiving this because you have points at { $program }.
why-miss_you = You’re receiving this because you’re a member of { $program } and like to hear from us.
why-points_statement = You’re receiving this because you asked { $program } for a monthly statement.
why-email_change = You’re receiving this because somebody entered this address at { $program }.
why-email_changed = You’re receiving this because it is about your account at { $program }.
why-new_sign_in = You’re receiving this because it is about your account at { $program }.
why-password_reset = You’re receiving this because it is about your account at { $program }.
why-staff_invitation = You’re receiving this because an administrator of { $program } entered this address.

stop-marketing = Stop news and offers
stop-only-marketing = This turns off news and offers, and the greetings and surveys that come with them; nothing else.
stop-thank_you = Stop welcome letters, thank-you letters and reminders
stop-only-thank_you = This turns off welcome letters, thank-you letters, answers to what you told us, and reminders of codes and points, and nothing else.
stop-occasions = Stop greetings on special days, holidays too
stop-only-occasions = This turns off greetings on special days, holidays too, and nothing else.
stop-surveys = Stop surveys
stop-only-surveys = This turns off surveys, and nothing else.
stop-statements = Stop monthly statements
stop-only-statements = This turns off monthly statements, and nothing else.

## A survey

survey-subject = One short question from { $program }
survey-reminder-subject = Would you still tell us how it is?
survey-lead = You know us better than we do. One tap is enough, and a sentence helps us most.
survey-reminder-lead = We asked you a few days ago, and we’d still like to know. If you’d rather not, that’s fine: we won’t ask this again.
survey-of = { $n } of { $highest }
survey-low-nps = Not at all likely
survey-high-nps = Very likely
survey-low-csat = Not satisfied at all
survey-high-csat = Very satisfied
survey-low-ces = Very hard
survey-high-ces = Very easy
survey-how = Your tap opens a page where you send it off; you can add a few words there. It is open until { $until }.
survey-points = For your answer you get { $points ->
    [one] { $points } point
   *[other] { $points } points
}, whatever it says.
