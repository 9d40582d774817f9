### Why an entry of the ledger is what it is; `short-` is the same in few words, beside its points. Parts are joined by commas; a full stop is added.

points = { $n ->
    [one] { $n } point
   *[other] { $n } points
}
pieces = { $quantity } × “{ $reward }”
piece = “{ $reward }”

## When points can be used

available = available from { $date }
expires = { $n ->
    [one] expires after { $date }
   *[other] expire after { $date }
}

expires-at = { $n ->
    [one] expires on { $date }
   *[other] expire on { $date }
}

## The rules

order = { $earn ->
    [one] { $earn } point
   *[other] { $earn } points
} for each full { $per } of order total { $total }: { $points }
short-order = Order { $order }, { $total }
earn = { $points } from the shop
short-earn = From the shop
adjust-up = Adjusted by our staff: { $points } more
adjust-down = Adjusted by our staff: { $points } fewer
short-adjust-up = Adjusted by our staff
short-adjust-down = Adjusted by our staff
redemption = Redeemed { $what } for { $points }
short-redemption = Redeemed { $what }
undone-cancelled = { $what } was cancelled: { $n ->
    [one] { $n } point is back
   *[other] { $n } points are back
}
short-undone-cancelled = { $what } was cancelled
undone-expired = { $what } was not handed over in time: { $n ->
    [one] { $n } point is back
   *[other] { $n } points are back
}
short-undone-expired = { $what } was not handed over in time
refund = Refund: { $n ->
    [one] { $n } point that the order had earned was taken back
   *[other] { $n } points that the order had earned were taken back
}
short-refund = Refund of order { $order }
order-cancelled = Order cancelled: { $n ->
    [one] { $n } point that it had earned was taken back
   *[other] { $n } points that it had earned were taken back
}
short-order-cancelled = Order { $order } cancelled
refund-all = { $refund }; of them { $parts }
refund-excused = { $n } had expired already
refund-forgiven = { $n ->
    [one] { $n } was waived
   *[other] { $n } were waived
}
refund-debt = { $n ->
    [one] { $n } is owed and will be paid by what is earned next
   *[other] { $n } are owed and will be paid by what is earned next
}
expiry-at = { $points } from entry { $entry } came to { $n ->
    [one] its
   *[other] their
} end on { $date }
short-expiry-at = Expired
short-expiry = Expired
expiry = { $points } from entry { $entry } came to { $n ->
    [one] its
   *[other] their
} end after { $date }
reversal-back = Entry { $entry } was undone: { $n ->
    [one] { $n } point is back
   *[other] { $n } points are back
}
reversal-gone = Entry { $entry } was undone: { $n ->
    [one] { $n } point was taken back
   *[other] { $n } points were taken back
}
reversal-spent = Entry { $entry } was undone: { $n ->
    [one] { $n } point of it that had been used was taken back
   *[other] { $n } points of it that had been used were taken back
}
short-reversal-back = Entry { $entry } undone
short-reversal-gone = Entry { $entry } undone
short-reversal-spent = Entry { $entry } undone
forgiven = The points held for an order were used: { $n ->
    [one] { $n } point that entry { $entry } had left owing is waived
   *[other] { $n } points that entry { $entry } had left owing are waived
}
short-forgiven = Owed points waived
capture = Order { $order } took { $points } of { $held } that { $held ->
    [one] was
   *[other] were
} held for it
short-capture = Used for order { $order }
perk = “{ $title }”, a gift from us: { $points }
short-perk = “{ $title }”, a gift from us
perk-untitled = A gift from us: { $points }
short-perk-untitled = A gift from us
perk-revoked = Our gift in entry { $entry } was withdrawn: { $n ->
    [one] { $n } point was taken back
   *[other] { $n } points were taken back
}
short-perk-revoked = Gift withdrawn
answer = Thank you for your answer: { $points }
short-answer = Thanks for an answer
friend-referred = A friend whom you brought is our customer now: { $points }
short-friend-referred = A friend whom you brought
was-referred = A friend brought you to us: { $points }
short-was-referred = A friend brought you to us
friends-referred = { $friends ->
    [one] A friend
   *[other] { $friends } friends
} brought to us: { $points } on top
short-friends-referred = { $friends ->
    [one] A friend
   *[other] { $friends } friends
} brought to us
referral-reversed = The order was given back for which entry { $entry } thanked: { $n ->
    [one] { $n } point was taken back
   *[other] { $n } points were taken back
}
short-referral-reversed = A friend’s order was given back
transfer-out = Sent to another member: { $points }
short-transfer-out = Sent to another member
transfer-in = From another member: { $points }
short-transfer-in = From another member

## Lots, by the entries that opened them

lot = entry { $entry }
lot-part = entry { $entry } ({ $n })
lots-and = { $first } and { $last }
lots-more = { $n } more
lots-taken = from { $lots }
lots-back = in { $lots }
debt-paid = { $n } of them paid what was owed
