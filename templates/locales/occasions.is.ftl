### Það sem gjafir á merkisdögum heita.

gift-birthday = Til hamingju með afmælið!
gift-anniversary = { $years ->
    [1] Eitt ár saman
   *[other] { $years } ár saman
}
