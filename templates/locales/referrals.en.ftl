### What members share, and what a reward is called that a friend brings. Same keys in every language.

invitation = I’m a regular at { $program }. Have a look: { $url }
invitation-points = I’m a regular at { $program }. If you join by my link, you get { $points ->
    [one] { $points } point
   *[other] { $points } points
} with your first order: { $url }
gift-referrer = Thank you for bringing a friend
gift-referee = Welcome: a gift for a friend’s friend
