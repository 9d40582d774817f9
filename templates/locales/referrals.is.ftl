### Það sem félagar deila, og heiti gjafar sem vinur færir. Sömu lyklar á báðum málum.

invitation = Ég versla reglulega hér: { $program }. Kíktu við: { $url }
invitation-points = Ég versla reglulega hér: { $program }. Ef þú skráir þig með hlekknum mínum færðu { $points ->
    [one] { $points } punkt
   *[other] { $points } punkta
} með fyrstu pöntuninni: { $url }
gift-referrer = Takk fyrir að koma með vin
gift-referee = Gjöf frá okkur, af því að vinur kom með þig
