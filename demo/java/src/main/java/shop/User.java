package shop;

/** A user as the other services see one. Only those of the plan {@code business} have a credit limit. */
record User(int id, String name, String email, String plan, Integer creditLimitCents) {
  User withCreditLimit(int cents) {
    return new User(id, name, email, plan, cents);
  }

  String toJson() {
    String limit = creditLimitCents == null ? "" : ",\"creditLimitCents\":" + creditLimitCents;
    return String.format(
        "{\"id\":%d,\"name\":\"%s\",\"email\":\"%s\",\"plan\":\"%s\"%s}",
        id, Json.escape(name), Json.escape(email), Json.escape(plan), limit);
  }
}
