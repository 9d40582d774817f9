"""By the client that openapi-python-client makes."""

import os
import uuid

from generated.api.members import enrol_member
from generated.api.orders import place_order
from generated.api.points import list_entries, post_entry
from generated.api.redemptions import redeem_reward
from generated.api.rewards import list_member_rewards
from generated.client import AuthenticatedClient
from generated.models import (
    CreateEntry,
    Entry,
    GrantKind,
    Member,
    MemberRewardPage,
    Money,
    NewMember,
    NewOrder,
    NewRedemption,
    Order,
    Problem,
    ProblemCode,
    Redemption,
)
from generated.types import UNSET

client = AuthenticatedClient(base_url=os.environ["VILDAR_URL"], token=os.environ["VILDAR_KEY"])


def once():
    return str(uuid.uuid4())


member = enrol_member.sync(
    client=client,
    body=NewMember(email=f"{once()}@example.com", given_name="Dísa"),
    idempotency_key=once(),
)
assert isinstance(member, Member), member
order = place_order.sync(
    client=client,
    body=NewOrder(external_id=once(), member_id=member.id, total=Money(5000, "EUR")),
    idempotency_key=once(),
)
assert isinstance(order, Order) and order.earned.points > 0, order


def redeem(reward):
    return redeem_reward.sync(
        client=client,
        body=NewRedemption(member_id=member.id, reward_id=reward.id),
        idempotency_key=once(),
    )


rewards = list_member_rewards.sync(member.id, client=client, limit=100)
assert isinstance(rewards, MemberRewardPage), rewards
dear = max(rewards.data, key=lambda reward: reward.cost_points)
refused = redeem(dear)
assert isinstance(refused, Problem), refused
assert refused.code == ProblemCode.INSUFFICIENT_POINTS and refused.shortfall, refused

for points in (100, 200, 400, 800):
    entry = post_entry.sync(
        member.id,
        client=client,
        body=CreateEntry(kind=GrantKind.EARN, points=points, reason="A campaign"),
        idempotency_key=once(),
    )
    assert isinstance(entry, Entry), entry

seen, cursor = [], UNSET
while cursor is not None:
    page = list_entries.sync(member.id, client=client, limit=2, cursor=cursor)
    seen += [entry.seq for entry in page.data]
    cursor = page.next_cursor
assert seen == [5, 4, 3, 2, 1], seen
print(f"python: {order.earned.points} points earned, {len(seen)} entries, {refused.code}")
