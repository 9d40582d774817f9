// By openapi-typescript's types and openapi-fetch.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import createClient from "openapi-fetch";
import type { components, paths } from "./types";

type Problem = components["schemas"]["Problem"];

const api = createClient<paths>({
  baseUrl: process.env.VILDAR_URL ?? "",
  headers: { authorization: `Bearer ${process.env.VILDAR_KEY}` },
});
const once = () => ({ "Idempotency-Key": randomUUID() });

const enrolled = await api.POST("/v1/members", {
  params: { header: once() },
  body: { email: `${randomUUID()}@example.com`, given_name: "Anna", locale: "is" },
});
assert(enrolled.data && "id" in enrolled.data, JSON.stringify(enrolled.error));
const member: components["schemas"]["Member"] = enrolled.data;
assert.equal(member.status, "active");

const order = await api.POST("/v1/orders", {
  params: { header: once() },
  body: {
    external_id: `order-${randomUUID()}`,
    member_id: member.id,
    total: { amount: 49900, currency: "EUR" },
  },
});
assert(order.data, JSON.stringify(order.error));
const earned: number = order.data.earned.points;

for (let row = 0; row < 3; row++) {
  const entry = await api.POST("/v1/members/{id}/entries", {
    params: { path: { id: member.id }, header: once() },
    body: { kind: "earn", points: 500, reason: "A campaign" },
  });
  assert(entry.data, JSON.stringify(entry.error));
}

const rewards = await api.GET("/v1/members/{id}/rewards", {
  params: { path: { id: member.id }, query: { limit: 100 } },
});
assert(rewards.data, JSON.stringify(rewards.error));
const dear = rewards.data.data.find((reward) =>
  reward.reasons.some((why) => why.code === "insufficient_points"),
);
assert(dear, "something that costs more");
const refused = await api.POST("/v1/redemptions", {
  params: { header: once() },
  body: { member_id: member.id, reward_id: dear.id },
});
const problem: Problem | undefined = refused.error;
assert(problem?.code === "insufficient_points", JSON.stringify(refused));
assert((problem.shortfall ?? 0) > 0);

const seen: number[] = [];
let cursor: string | undefined;
do {
  const page = await api.GET("/v1/members/{id}/entries", {
    params: { path: { id: member.id }, query: { limit: 2, cursor } },
  });
  assert(page.data, JSON.stringify(page.error));
  seen.push(...page.data.data.map((entry) => entry.seq));
  cursor = page.data.next_cursor ?? undefined;
} while (cursor);
assert.deepEqual(seen, [4, 3, 2, 1]);
console.log(`openapi-fetch: ${earned} points earned, ${seen.length} entries, ${problem.code}`);
