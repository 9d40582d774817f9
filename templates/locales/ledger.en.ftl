### Why an entry of the ledger is what it is. Parts are joined by commas; a full stop is added.

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
earn = { $points } from the shop
adjust-up = Adjusted by our staff: { $points } more
adjust-down = Adjusted by our staff: { $points } fewer
redemption = Redeemed { $what } for { $points }
undone-cancelled = { $what } was cancelled: { $n ->
    [one] { $n } point is back
   *[other] { $n } points are back
}
undone-expired = { $what } was not handed over in time: { $n ->
    [one] { $n } point is back
   *[other] { $n } points are back
}
refund = Refund: { $n ->
    [one] { $n } point that the order had earned was taken back
   *[other] { $n } points that the order had earned were taken back
}
order-cancelled = Order cancelled: { $n ->
    [one] { $n } point that it had earned was taken back
   *[other] { $n } points that it had earned were taken back
}
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
forgiven = The points held for an order were used: { $n ->
    [one] { $n } point that entry { $entry } had left owing is waived
   *[other] { $n } points that entry { $entry } had left owing are waived
}
capture = Order { $order } took { $points } of { $held } that { $held ->
    [one] was
   *[other] were
} held for it
perk = “{ $title }”, a gift from us: { $points }
perk-untitled = A gift from us: { $points }
perk-revoked = Our gift in entry { $entry } was withdrawn: { $n ->
    [one] { $n } point was taken back
   *[other] { $n } points were taken back
}
friend-referred = A friend whom you brought is our customer now: { $points }
was-referred = A friend brought you to us: { $points }
friends-referred = { $friends ->
    [one] A friend
   *[other] { $friends } friends
} brought to us: { $points } on top
referral-reversed = The order was given back for which entry { $entry } thanked: { $n ->
    [one] { $n } point was taken back
   *[other] { $n } points were taken back
}
transfer-out = Sent to another member: { $points }
transfer-in = From another member: { $points }

## Lots, by the entries that opened them

lot = entry { $entry }
lot-part = entry { $entry } ({ $n })
lots-and = { $first } and { $last }
lots-more = { $n } more
lots-taken = from { $lots }
lots-back = in { $lots }
debt-paid = { $n } of them paid what was owed
