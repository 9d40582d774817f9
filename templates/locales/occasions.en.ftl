### What gifts on somebody's day are called.

gift-birthday = Happy birthday!
gift-anniversary = { $years ->
    [1] A year together
   *[other] { $years } years together
}
