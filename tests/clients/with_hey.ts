// By the client that @hey-api/openapi-ts makes.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { client } from "./hey/client.gen";
import { enrolMember, getBalance, listEntries, placeOrder, redeemReward } from "./hey/sdk.gen";
import type { Problem } from "./hey/types.gen";

client.setConfig({ baseUrl: process.env.VILDAR_URL, auth: () => process.env.VILDAR_KEY });
const headers = () => ({ "Idempotency-Key": randomUUID() });

const enrolled = await enrolMember({
  headers: headers(),
  body: { email: `${randomUUID()}@example.com`, given_name: "Björn" },
});
assert(enrolled.data && "id" in enrolled.data, JSON.stringify(enrolled.error));
const id = enrolled.data.id;

const order = await placeOrder({
  headers: headers(),
  body: { external_id: randomUUID(), member_id: id, total: { amount: 1000, currency: "EUR" } },
});
assert.equal(order.data?.state, "open", JSON.stringify(order.error));

const refused = await redeemReward({
  headers: headers(),
  body: { member_id: id, reward_id: "rwd_00000000000000000000000000" },
});
const problem: Problem | undefined = refused.error;
assert.equal(problem?.code, "not_found");
assert.equal(problem.errors?.[0]?.pointer, "/reward_id");

const balance = await getBalance({ path: { id } });
const entries = await listEntries({ path: { id }, query: { limit: 1 } });
assert.equal(entries.data?.data[0]?.balance_after, balance.data?.pending);
console.log(`hey-api: ${balance.data?.pending} points pending, ${problem.code}`);
