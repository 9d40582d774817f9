
### The console, in English.

console = Console
room-today = Today
room-members = Members
room-till = Till
room-rewards = Rewards
room-settings = Settings
room-users = Users
room-keys = API keys
desk-title = Sign in to the console
desk-demo = Or sit down as
role-admin = Admin
role-staff = Staff
save = Save
all = All
on = On
off = Off
filter = Show
quick = Quick ways
find = Find
look-up = Look up
scan = Scan
as-csv = As a CSV file
unlimited = no limit

## What was done
done-mail_again = Mail goes there again.
reach-title = Mail does not reach this address
reach-refused = The mail server says that there is no such mailbox.
reach-bounced = A letter came back.
reach-complained = Its reader complained of our mail. Letters about what they asked for still go out.
reach-again = Let mail go there again
consents = What they said to news and offers
consent-yes = Yes
consent-no = No
consent-storefront = in the shop
consent-staff = told by staff
consent-account = signed in
consent-sign_up = when signing up
consent-letter = by the link in a letter
consent-import = brought in with a history
done-signed_out = You are signed out.
done-handed_over = Handed over.
done-redemption_cancelled = Taken back: the points are where they came from.
done-adjusted = Done. The member sees it with your reason.
done-redeemed = Redeemed.
done-suspended = Suspended. Their sessions have ended.
done-reinstated = Reinstated.
done-voucher_used = Used. Hand it over!
done-saved = Saved.
done-invited = Invited: the link is on its way by mail.

## What was not
fault-unauthenticated = That e-mail and password do not go together. Please try again.
fault-forbidden = You may not do this. Ask an admin.
fault-not_found = There is no such thing here. Check what was typed.
fault-invalid_request = Something in the form is not right:
fault-too_many_requests = Too many tries just now. Wait a minute and try again.
fault-insufficient_points = Not enough points. Nothing was taken.
fault-price_changed = It costs more now. Nothing was taken.
fault-out_of_stock = The last one has just gone. Nothing was taken.
fault-reward_unavailable = This member can't have this reward now. Nothing was taken.
fault-limit_reached = A limit is in the way:
fault-voucher_used = This voucher was used before. Do not hand anything over.
fault-invalid_transition = That is not possible any more:
fault-source_conflict = This was done before, in another way:
fault-precondition_failed = Somebody else changed this in the meantime. What you see is what you typed: open it again to see theirs.
fault-email_taken = Somebody has this e-mail address already.
fault-overloaded = The service is busy. Nothing was done: try again in a moment.

## Fields
language-en = In English
language-is = In Icelandic
help-language = Empty: readers of this language see the first.
field-name = Name
field-description = Description
field-kind = Kind
field-state = State
field-points = Points
field-code = Code
field-location = Where
field-reason = Reason
field-cost_points = Price in points
field-stock = Units in stock
field-per_member_limit = Units for one member
field-per_member_month_limit = … in a calendar month
field-per_member_year_limit = … in a calendar year
field-value_amount = Worth
field-value_currency = Currency
field-starts_at = From
field-ends_at = Until
field-tiers = Tiers
field-image_url = Picture (https address)
field-terms = Terms
field-email = E-mail
field-scopes = Scopes
help-stock = Empty: as many as are asked for.
help-limit = Empty: no limit.
help-minor-units = In the smallest unit: 1250 is 12.50.
help-instant = Such as 2026-12-01T00:00:00Z. Empty: no limit.
help-tiers = Names with spaces between them. Empty: everybody.

## Columns
col-member = Member
col-reward = Reward
col-since = Since
col-until = Until
col-acts = What can be done
col-name = Name
col-tier = Tier
col-status = State
col-enrolled = Member since
col-code = Referral code
col-external-id = The shop's number
col-birthday = Birthday
col-language = Language
col-points = Points
col-order = Order
col-amount = Amount
col-earned = Points earned
col-kind = Kind
col-stock = In stock
col-role = Role
col-scopes = Scopes

## Today
hand-over-title = To hand over
hand-over-none = Nothing waits to be handed over.
hand-over = Hand over
take-back = Take back
take-back-now = Take back, and return the points

## Members
find-member = Name, e-mail, number or referral code
members-none = Nobody by that name. Try a part of it, or the e-mail.
status-active = Active
status-suspended = Suspended
status-erased = Erased
redeem-here = Redeem a reward
redeem-now = Redeem
adjust = Give points
adjust-now = Give
adjust-help = Points that come, or with a minus points that go.
adjust-help-staff = Within your limit, and your budget of the month.
adjust-reason-help = The member reads it beside the points.
suspend = Suspend
suspend-now = Suspend now
reinstate = Reinstate
reinstate-now = Reinstate now
timeline = What happened
timeline-none = Nothing yet.
redemptions = Redemptions
orders = Orders
order-open = Open
order-settled = Settled
order-partially_refunded = Refunded in part
order-refunded = Refunded
order-cancelled = Cancelled

## The till
till-code = The voucher's code
till-location = Where (optional)
code-live = Good
code-used = Used
code-void = Cancelled
code-expired = Expired
voucher-of = It belongs to
voucher-good-until = Good until { $date }.
voucher-used-at = It was used { $moment }.
voucher-expired-on = It was good until { $date }.
voucher-void-why = It was cancelled, and the points went back.
use-now = Use it now

## Rewards
reward-new = New reward
rewards-none = No reward is in this state.
reward-draft = Draft
reward-live = Live
reward-paused = Paused
reward-retired = Retired

## Users and keys
make-admin = Make an admin
make-staff = Make staff
remove = Remove
remove-sure = { $name } can't sign in any more.
remove-now = Remove now
invite-title = Invite somebody
invite-help = They get a letter with a link, and choose a password.
invite-now = Invite
keys-none = There is no key yet.
key-secret = This is the key's secret. It is shown this once: copy it now.
key-new = New key
key-make = Make the key
key-live = Good
key-revoked = Revoked
revoke = Revoke
revoke-sure = The storefront that uses it is shut out at once.
revoke-now = Revoke now

## Settings
set-program_name = Name of the program
set-public_url = Address of this server
set-storefront_url = Address of the shop
set-cors_origins = Addresses (origins) of shops whose pages may call the API from a browser (https://shop.example)
set-mail_from = Letters come from
set-currency = Currency
set-time_zone = Time zone
set-locale = Language
set-earn_points = Points earned
set-earn_per_minor_units = … for each of so many minor units
set-pending_days = Days until points can be spent
set-expiry_months = Months until points expire (or none)
set-negative_policy = What can't be taken back becomes debt, or is forgiven (clamp)
set-transfers_enabled = Members may send each other points
set-transfer_limit_points_per_day = … at most so many a day
set-redemption_ttl_hours = Hours to hand a reward over
set-voucher_months = Months that a voucher is good
set-voucher_reminder_days = Days before a voucher ends that its member is reminded (0: never)
set-staff_perk_limit_points = Most points that staff give at a time
set-staff_perk_budget_points_per_month = Most points of one of the staff in a month
set-referral_referrer_points = For who brings a friend
set-referral_referee_points = For the friend
set-referral_min_order_minor_units = Least first order for that
set-referral_hold_days = Days to wait for returns
set-referral_window_days = Days until it lapses
set-referral_limit_per_month = Most paid recommendations a month
set-referral_referrer_reward_id = Reward for who brings a friend (its id)
set-referral_referee_reward_id = Reward for the friend (its id)
set-referral_steps = On top with the third friend, the tenth … (3:300 10:1000)
set-referral_reminder_days = Days before it ends that the friend is reminded (0: never)
set-referral_joins_per_day = More friends than that a day are looked at first
set-referral_flag_weight = Weight of flags from which a person looks
set-referral_throwaway_hosts = Further hosts of throw-away mailboxes
set-leap_day = Birthday of 29 February in other years
set-return_path = Where mail that comes back goes
set-letters_per_host_per_minute = Letters to one host a minute, at most (0: any number)
set-brand_color = Colour of buttons and links in letters (#2f5d50)
set-logo_url = Address of a picture at the head of letters
set-postal_address = Postal address at the foot of letters
set-consent_wording = Name of the wording of the consent to marketing that is in force
set-order_thanks = Thank for orders by letter
set-points_reminder_days = Days before points end on which members are told (0: never)
set-miss_you_days = Days without an order after which members are told that they are missed (0: never)
set-quiet_hours = No greetings, from and to (21:00 08:00)
set-greeting_late_days = Days that a greeting may be late
set-greetings_per_minute = Greetings a minute, at most
set-care_hours = Opening hours, day by day (09:00–12:00, 13:00–17:00; empty: closed)
set-care_holidays = Closed on the public holidays of this country (IS; empty: on none)
set-care_closed = Further dates on which it is closed, one a line (2026-12-23)
set-care_open = Dates on which it is open all the same, one a line, with hours of their own where they have some (2026-12-20 10:00–14:00)
set-thanks_policy = Who thanks
set-thanks_due_hours = Hours (of those that it is open) within which one of the staff thanks
set-thanks_rota = Who of the staff thank, in turn
part-mon = Monday
part-tue = Tuesday
part-wed = Wednesday
part-thu = Thursday
part-fri = Friday
part-sat = Saturday
part-sun = Sunday
part-promoter = For an answer of who recommends, or is happy
part-passive = For an answer in between
part-detractor = For an answer of who is not happy
part-survey = For a survey
part-review = For a review
part-testimonial = For a testimonial
part-case_study = For a case study
part-photo = For a photo
part-mailing = For a mailing
part-story = For a story
part-mention = For a mention
part-referral = For a recommendation
part-word = For word of mouth
part-gathering = For coming to a gathering
choice-letter = a letter, at once
choice-person = one of the staff
fault-no_opening_hours = With that there would be 31 days or more without opening hours. Leave hours on some day of the week.

## Perks
room-perks = Perks
approve-title = Perks to approve
approve = Approve
decline = Decline
decline-now = Decline it
revoke-perk = Take back
revoke-perk-now = Take back what is left
perk-other = Somebody else decides: you proposed it.
perks-none = No perk is in this state.
perk-proposed = Waits
perk-granted = Given
perk-declined = Declined
perk-revoked = Taken back
perk-kind-points = Points
perk-kind-reward = A reward
perk-kind-upgrade = An upgrade
perk-kind-early_access = Early access
perk-kind-invitation = An invitation
perk-kind-thank_you = A thank-you
perk-give = Do something kind
perk-give-now = Give it
perk-points-help = For points alone. Above your limit, somebody else has to approve.
perk-reward-help = For a reward alone.
perk-title-help = The member reads it, in the letter and beside the points.
perk-message-help = A few words of your own for the letter.
perk-reason-help = For the staff, and in the member's own export.
perk-letter = Send a letter
field-title = Title
field-message = Message
field-send_letter = Letter
col-perk = Perk
budget-admin = { $spent ->
    [one] You have given { $spent } point this month. Nothing binds an admin.
   *[other] You have given { $spent } points this month. Nothing binds an admin.
}
budget-staff = You have given { $spent } of { $budget } points this month; { $limit } at a time without anybody else.
done-perk_given = Given. If you chose so, the letter is on its way.
done-perk_proposed = Proposed: it is above your limit, and somebody else decides.
done-perk_approved = Approved and given.
done-perk_declined = Declined. The member was told nothing.
done-perk_revoked = Taken back, as far as it was still there.
reward-picture = Picture
field-file = File
help-picture = JPEG, PNG or WebP of less than 1 MiB. It is drawn anew: where it was taken is not kept.
picture-save = Upload the picture
reward-codes = Codes
codes-none = No codes yet: vouchers get codes of our own. From the first upload on, each voucher is one of these codes.
codes-counts = { $uploaded } uploaded, { $handed } handed out, { $left } left.
codes-taken = { $taken } taken, { $not_taken } not.
codes-typed = Or type them, one a line
help-codes = 4 to 64 letters A–Z and digits. The same list again adds nothing.
codes-save = Upload the codes
code-blank = is blank
code-not_utf8 = is not UTF-8: save the file as UTF-8
code-several_columns = has more than one column: a line is one code
code-not_a_code = must have 4 to 64 letters A–Z and digits
code-ambiguous = is as long as our own codes and would be taken for a mistyped one
code-duplicate = reads like a code further up in this list
code-already_there = is in this reward’s list already
code-taken = reads like another reward’s code, or a voucher’s
line = Line { $line }
reward-preview = As the shop shows it
reward-history = What was changed
history-none = Nothing yet.
nothing = nothing
field-codes = Codes uploaded
field-value = Worth
perk-many = A perk for many
perk-many-lead = The same perk for a list of members. First it is looked through; nothing happens before you say so.
budget-left = { $left ->
    [one] You may give { $left } more point this month.
   *[other] You may give { $left } more points this month.
  }
list-preview = This would happen
list-members = Members
list-members-help = A member’s e-mail address, number or id a line, at most 10,000; or a file, of which the first column counts.
list-look = Look it through
list-give = { $count ->
    [one] Give it to { $count } member
   *[other] Give it to { $count } members
  }
list-own = Your lists
list-working = Being given …
list-done = Done
list-reload = Look again
list-progress = { $done } of { $total }
list-total = Lines
list-waiting = To get it
list-given = Got it
list-proposed = For another person to decide
list-failed = Not given
list-points = Points in all
list-unknown = is no member
list-duplicate = is the same member as a line further up
list-suspended = is suspended
list-unreadable = must be a member’s id, e-mail address or number
list-unavailable = can’t have the reward, or it has run out
list-forbidden = whoever gave this is no longer of the staff
field-members = Members
holds = Held for an order
hold-until = until { $at }
letters = Letters
mail-queued = Queued
mail-sending = On its way
mail-sent = Sent
mail-failed = Could not be sent
mail-suppressed = Not wanted

## Occasions and letters
room-occasions = Calendar
room-letters = Letters
occasions-lead = Members are greeted on their own day, by their own clock, if they agreed to hear from you. Nobody is greeted for what is switched off.
days-to-come = The days to come
days-none = Nothing in the next three months.
day-members = { $count ->
    [one] { $count } member
   *[other] { $count } members
}
day-letter = The letter
occasions-all = Occasions
occasion-birthday = Birthdays
occasion-anniversary = Anniversaries of joining
occasion-kind-birthday = Birthdays
occasion-kind-anniversary = Anniversaries of joining
occasion-kind-holiday = A holiday
occasion-kind-date = A day of your own
occasion-some = for some of the members
occasion-active = Switched on
occasion-add = Add an occasion
field-send_at_local = Goes out at, by the member’s clock
field-gift = Points that come with it
field-country = Country (two letters)
field-holiday = Holiday
field-date = Date
field-rule = Day
help-holiday = For a holiday alone.
help-date = For a day of your own, and its name with it.
not-switched-off-by-the-member = not wanted by the member
not-the-member-is-suspended = suspended
not-the-member-was-erased = erased
mail-subject = Letter
mail-to = To
mail-erased = erased
mail-retry = Try again
mail-masked = As its reader sees it; codes and private links are blotted out.
mail-html = The letter
mail-text = As plain text
letters-none = No letters here.
done-letter_retried = It goes out again in a moment.

## Referrals
room-referrals = Referrals
referral-figures = Figures
cases-title = Waiting for a decision
cases-none = Nothing waits for a decision.
case-of = { $referrals ->
    [one] { $referrals } referral
   *[other] { $referrals } referrals
}
case-referrers = { $referrers ->
    [one] by one member
   *[other] by { $referrers } members
}
referral-joined = Joined
referral-qualified = Has bought
referral-rewarded = Rewarded
referral-flagged = To be checked
referral-rejected = Rejected
referral-lapsed = Lapsed
referral-reversed = Taken back
referrals-none = No referrals here.
col-referrer = Brought by
col-friend = Friend
col-paid = Paid
case-title = Does this belong together?
case-decide = { $referrals ->
    [one] One waits for a decision
   *[other] { $referrals } wait for a decision
}
case-approve = { $referrals ->
    [one] Approve
   *[other] Approve all { $referrals }
}
case-reject = { $referrals ->
    [one] Reject …
   *[other] Reject all { $referrals } …
}
case-reason = Why? The member reads this.
case-reject-now = Reject
case-approve-one = Approve this one
case-reject-one = Reject this one …
case-over = Nothing of this waits any more.
case-enrolled = Member since
case-orders = Orders kept
case-brought = Brought
case-decided = Rejected before:
case-appeal = The member asks to look again:
flag-similar_email = Address looks like another member’s
flag-same_address = Parcel went to the same place
flag-same_device = Same device
flag-velocity = Many within a day
flag-chain = A chain in which nobody else buys
flag-throwaway = Throw-away mailbox
flag-weight = weight { $weight }
flag-cleared = cleared
done-referrals_approved = Approved: they go on, and are paid in their time.
done-referrals_rejected = Rejected. The member can read why, and ask once to look again.
fig-visits = Visits
fig-shares = { $shares ->
    [one] { $shares } share
   *[other] { $shares } shares
}
fig-joined = Joined
fig-qualified = Bought
fig-rewarded = Rewarded
fig-points = Points paid
fig-revenue = Bought by friends
fig-orders = { $orders ->
    [one] { $orders } order
   *[other] { $orders } orders
}
fig-average = Average order of friends
fig-others = others:
fig-k = New members by referral for each member (K)
fig-first = Until the first order (median)
fig-hours = { $hours ->
    [one] { $hours } hour
   *[other] { $hours } hours
}
fig-by-month = By month
fig-by-referrer = By member
fig-month = Month
fig-referrer = Member
field-from = From
field-to = To (exclusive)
today-cases = { $cases ->
    [one] A case of referrals waits for a decision
   *[other] { $cases } cases of referrals wait for a decision
}
member-friends = Friends

## Topics and announcements
room-topics = Topics
topics-lead = What members talk about. Words suggest a topic for what somebody wrote; one of you confirms it.
topics-none = No topic is in this state.
topic-add = Add a topic
topic-open = Open
topic-planned = Planned
topic-changed = Changed
topic-declined = Declined
topic-raised = { $times ->
    [one] { $times } answer
   *[other] { $times } answers
} by { $members ->
    [one] { $members } member
   *[other] { $members } members
}
topic-suggested = { $count } to sort
topic-whole = nothing: it stands alone
topic-nobody = nobody
topic-merge = Merge
topic-merge-help = Who raised this one counts there from then on, and nobody is told twice. It can’t be undone.
field-parent_id = Part of
field-owner_id = Who sees to it
field-words = Words that suggest it
field-into = Merge into
help-words = One in each line. A word counts whole; with a * at its end, every word that begins so: wait*
sort-title = Answers to sort
sort-lead = Tick what each answer is about. What you leave unticked is gone.
sort-none = Nothing waits to be sorted.
sort-about = What is it about?
sort-suggested = (suggested by its words)
sort-other = Another topic
sort-save = Confirm
done-sorted = Sorted.
done-topic_merged = Merged.
room-announcements = Announcements
announcements-lead = Tell everyone who said something what became of it: what you changed, what you plan, and where the answer is no. One of you writes, another reads and sends.
announcements-none = There are none in this state.
announcement-new = Write an announcement
announcement-draft = Draft
announcement-approved = Approved
announcement-sending = Being sent
announcement-sent = Sent
announcement-cancelled = Cancelled
announcement-by = Written by { $name }.
announcement-approved-by = Approved by { $name }.
announcement-audience = Who it is for
announcement-own = You wrote this last, so somebody else reads it and sends it. That goes for admins, too.
announcement-rule = { $name } wrote this last. Read the letter below; if it is right, you can send it.
announcement-send = Approve and send
announcement-cancel = Cancel it
announcement-as = As this member reads it
announcement-anybody = Somebody made up
announcement-from = Raised from
announcement-to = until (that day not included)
announcement-topics-none = Every topic is open yet. Say first where you stand on one.
audience-members = { $members ->
    [one] { $members } member gets a letter.
   *[other] { $members } members get a letter.
}
audience-told = { $members ->
    [one] { $members } member got a letter.
   *[other] { $members } members got a letter.
}
left-no_consent = No way to write to them
left-switched_off = Take no thank-you letters
left-erased = Erased
left-suspended = Suspended
left-told_before = Told before
field-topic_ids = Topics
field-body = What to say
field-quote = Each reads their own words again
help-announced = All in one state. Who raised a part of a topic raised the topic.
col-writer = Written by
done-announcement_sent = Approved. The letters are on their way.
done-announcement_cancelled = Cancelled. Letters that had gone out stay.
fault-same_person = You wrote this last: somebody else reads it and sends it.
## Thanks

room-thanks = Thanks
thanks-show-owed = To give
thanks-show-overdue = Overdue
thanks-show-mine = Mine
thanks-show-given = Given
thanks-show-waived = Given up
thanks-col-for = Thanks
thanks-col-owner = Who thanks
thanks-col-due = By
thanks-nobody = nobody yet
thanks-overdue = overdue
thanks-late = late
thanks-given = given
thanks-waived = given up
thanks-open = Thank
thanks-see = Look
thanks-open-of = Thank { $member }
thanks-see-of = Look: { $member }
thanks-none = Nobody here to thank. Well done!
thanks-title = Thank { $member }
thanks-due-at = By
thanks-about = Whom to thank, and for what
thanks-who = Who it is
thanks-last-order = the last on
thanks-points = Points to spend
thanks-said = What they said
thanks-score = { $score } of { $of }
thanks-is-promoter = happy
thanks-is-passive = in between
thanks-is-detractor = not happy
thanks-no-words = They left it at that.
thanks-said-elsewhere = It was no answer to a survey.
thanks-earlier = What they said before
thanks-give = What to say
thanks-message = Your words
thanks-how = How
thanks-how-letter = Send them as a letter, with my name
thanks-how-other = I thank in another way (rang them, told them in the shop): keep what was said
thanks-not-reached = No thank-you letter reaches them: call, or tell them in the shop.
thanks-perk = Points with it, if you like
thanks-give-now = Thank them
thanks-assign = Let somebody else do it
thanks-waive = Give up on it
thanks-waive-now = Give up
thanks-way-letter = By letter,
thanks-way-person = In person,
thanks-way-page = On the page where they did it,
thanks-way-perk = With points,
thanks-member-gone = They are not with us any more.
done-thanks_given = Thank you for thanking them.
done-thanks_waived = Given up. The figures tell.
field-perk = Points with it
thanks-more = More
thanks-language = Language
thanks-orders = Orders

## Surveys
room-surveys = Surveys
surveys-lead = One question at a time. Everybody who is asked for anything passes one gate, so that nobody is asked too often.
surveys-none = There is no survey yet.
survey-add = Make a survey
survey-edit = Change it
survey-kind-nps = Would recommend, 0–10 (NPS)
survey-kind-csat = Satisfied, 1–5 (CSAT)
survey-kind-ces = Easy, 1–7 (CES)
survey-state-draft = Draft
survey-state-live = Live
survey-state-paused = Paused
survey-state-ended = Ended
survey-become-live = Publish
survey-become-paused = Pause
survey-become-ended = End it for good
trigger-order_placed = After an order
trigger-order_fulfilled = After an order arrived
trigger-redemption = After a redemption
trigger-enrolment = After joining
trigger-relational = Again and again
trigger-manual = By hand alone
field-question = Question
field-trigger = When it asks
field-after_days = So many days later
field-every_months = Every so many months
field-audience = Whom it is for
field-sample_percent = Of a hundred, so many are asked
field-max_per_day = Letters a day at most
field-remind_after_days = Asked once more after days
field-answer_within_days = Open for days
field-follow_ups = What is asked beside the box for words
help-trigger = Days after what happened; months for one that asks again and again.
help-survey-points = For an answer, whatever it says.
help-follow_ups = Empty: “What is the main reason?”
audience-all = Everybody
audience-own = Conditions of its own
category-promoter = Promoters
category-passive = Passives
category-detractor = Detractors
fig-asked = Asked
fig-answered = Answered
fig-answers = Answers
fig-score = Score
fig-interval = 95% between
fig-response = Answered of those asked
fig-change = Against the month before
fig-by = Told apart by
fig-by-tier = Tier
fig-by-country = Country
fig-by-channel = Channel
fig-by-locale = Language
fig-by-segment = Segment
fig-none = Not known
fig-weigh = What counts
weigh-answers = Every answer
weigh-members = The last of each member
change-up = Higher
change-down = Lower
change-unclear = Unclear: may be chance
score-between = With 95% confidence between { $low } and { $high }.
score-of = { $answers ->
    [one] { $answers } answer
   *[other] { $answers } answers
}, { $asked } asked in this time.
trend-title = The score month by month; the table below has the numbers.
trend-caption = The line is the score, the band is where it lies with 95% confidence. Where the bands of two months overlap much, the difference may be chance.
channel-letter = Letter
channel-page = Page
channel-till = Till
channel-phone = Phone
survey-answers = What was said
answers-none = Nobody has answered yet.
answer-edited = changed since
answer-suspect = two scores within a moment: it counts once a person says so
answer-void = counts nowhere
somebody-erased = Somebody who is gone
survey-asks = Asks
asks-none = Nobody was to be asked yet.
ask-planned = Planned
ask-postponed = Waiting, by the gate
ask-sent = Asked, no answer yet
ask-answered = Answered
ask-expired = Never answered
ask-dropped = Not asked after all
set-ask_quiet_days = Days between two asks of any kind
set-ask_quiet_days_by_kind = Days between two asks of one kind
set-asks_per_year = Asks of one member within a year
set-ask_new_member_days = A new member is asked for nothing for days
set-assume_fulfilled_days = An order counts as arrived after days

## Segments
room-segments = Segments
segments-lead = Members by conditions, for surveys and whatever else is for some of them. Who is in a segment is found out when you look.
segments-none = There is no segment yet.
segment-add = Add a segment
segment-edit = Change it
segment-delete = Delete this segment
segment-members = Members
segment-empty = Nobody is in it now.
segment-conditions = Who is in it
segment-count = { $count ->
    [one] { $count } active member is in it now.
   *[other] { $count } active members are in it now.
}
segment-why = Why is somebody not in it?
segment-who = E-mail, code or number of a member
segment-nobody = Nobody was found by that.
segment-in = in it
segment-out = not in it
segment-deep = Its conditions stand deeper than this form can show. They are changed by the API; here you can give it another name.
done-segment_deleted = Deleted.
fault-in_use = Something else needs it. Change that first.
field-where = Conditions
cond-join = How many of them must be so
cond-join-all = All of them
cond-join-any = Any of them
cond-all = All of:
cond-any = Any of:
cond-not = Not:
cond-row = Condition { $row }
cond-field = What
cond-op = How
cond-value = Value
cond-window = When
cond-help = Leave a row empty to do without it. Several values stand with commas between them, two for “between”. Amounts are in minor units (4990 is 49.90), yes and no are true and false, countries are two letters. Only orders, amounts, points and friends have a time.
cond-has = has
cond-needs = would have to be
cond-needs-not = must not be
cond-nothing = nothing
cond-not-active = The member is suspended or erased.
cond-other-currency = orders in another currency were left out
cond-is-true = yes
cond-is-false = no
cond-window-ever = ever
cond-window-days = { $count ->
    [one] in the last day
   *[other] in the last { $count } days
}
cond-window-months = { $count ->
    [one] in the last month
   *[other] in the last { $count } months
}
cond-window-month = this calendar month
cond-window-year = this calendar year
cond-op-eq = is
cond-op-ne = is not
cond-op-in = is one of
cond-op-not_in = is none of
cond-op-lt = less than
cond-op-lte = at most
cond-op-gt = more than
cond-op-gte = at least
cond-op-between = between
cond-op-exists = is there
cond-field-tier = Tier
cond-field-country = Country
cond-field-locale = Language
cond-field-enrolled_days = Days since joining
cond-field-birthday_in_days = Days until the birthday
cond-field-marketing_consent = Agreed to marketing
cond-field-segment = Segment
cond-field-tag = Tag
cond-field-last_order_days = Days since the last order
cond-field-orders = Orders
cond-field-spend_minor_units = Spent, in minor units
cond-field-points_earned = Points earned
cond-field-points_redeemed = Points redeemed
cond-field-referrals_rewarded = Friends brought

## A member, asked and heard

member-answers = What they told us
member-thanks-owed = thanks owed
member-thanks-given = thanked
member-thanks-waived = thanks given up
member-asks = What they are asked
ask-kind-survey = Survey
ask-kind-review = Review
ask-kind-testimonial = Testimonial
ask-kind-case_study = Case study
ask-kind-photo = Photo
ask-kind-referral = Referral
ask-kind-gathering = Gathering
ask-kind-mailing = Mailing
ask-until = { $why } (until { $day })
ask-no_consent = said no to news and offers
ask-switched_off = switched questions off
ask-suppressed = no mail reaches them
ask-suspended = suspended, or gone
ask-quiet_any = was asked something a short while ago
ask-quiet_kind = was asked the same not long ago
ask-year_full = was asked enough within a year
ask-new_member = joined only just now
ask-open_case = something of theirs is still being mended
ask-not_sampled = not drawn
ask-day_full = the day’s number was reached
ask-holdout = in the group that is left alone
ask-quiet_hours = it was night where they are
ask-other_first = something else goes first
ask-order_undone = the order was cancelled or given back
ask-survey_closed = the survey was over
ask-too_late = too late to remember what it is about
