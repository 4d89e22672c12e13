"""Who must not be on a list, made afresh from the marts: opted out, no consent, over the cap, holdout, forgotten.

Belongs here: these sets, of whoever is in the table `handed`. Does not: filling it from the bytes (`guard.py`), and
leaving people out of a list (`outputs.audience_decisions`): what is found here stops the list.
"""

from collections.abc import Iterable, Sequence

import duckdb

from orchestration.privacy.keys import Keys, is_token
from orchestration.privacy.marks import learn, mark
from orchestration.publish.channels import Rules
from orchestration.publish.recipients import Key, identifier_key

# The consent of `people` for every purpose of their channel. A grant speaks of its own channel, a withdrawal of every
# channel of its family too; the strictest account of a person speaks for all. On a list that is new, what was withdrawn
# after its day counts as well.
CONSENTED = """
routed as (
    select people.*, coalesce(known.channel, '') as way from people
    left join (select distinct channel from ways) as known on people.channel = known.channel
),
by_account as (
    select people.campaign_id, people.as_of_date, people.channel, people.customer_key, ways.purpose,
        consents.account_key,
        max(case when cast(consents.granted_at as date) <= people.as_of_date
            and (consents.channel is null or consents.channel = people.channel) then consents.granted_at
        end) as granted_at,
        max(case when (people.is_new or cast(consents.withdrawn_at as date) <= people.as_of_date)
            and (consents.channel is null or people.channel = '' or people.channel = consents.channel
                or people.channel like '%/_' || consents.channel escape '/') then consents.withdrawn_at
        end) as withdrawn_at
    from routed as people
    inner join ways on people.way = ways.channel and ways.purpose is not null
    left join marts.consents as consents
        on people.customer_key = consents.customer_key and ways.purpose = consents.purpose
    group by all
),
by_purpose as (
    select campaign_id, as_of_date, channel, customer_key, purpose, max(granted_at) is null as has_none,
        bool_or(withdrawn_at is not null and (granted_at is null or withdrawn_at >= granted_at)) as is_withdrawn
    from by_account group by all
),
consented as (
    select campaign_id, as_of_date, channel, customer_key, bool_or(has_none) as has_none,
        bool_or(is_withdrawn) as is_withdrawn
    from by_purpose group by all
)
"""

CHECK = """
with people as (
    select campaign_id, as_of_date, coalesce(channel, '') as channel, customer_key, bool_or(is_new) as is_new,
        bool_or(is_on_list) as is_on_list
    from handed where customer_key is not null group by campaign_id, as_of_date, coalesce(channel, ''), customer_key
),
{consented},
written_to as (
    select distinct as_of_date, customer_key from routed
    where way in (select channel from ways where is_touch)
),
capped as (
    select written_to.as_of_date, written_to.customer_key from written_to
    inner join marts.touches as touches on written_to.customer_key = touches.customer_key
        and touches.sent_date <= written_to.as_of_date and touches.touch_status <> 'failed'
    group by all having {over_cap}
),
decided as (
    select campaign_id, as_of_date, customer_key, bool_or(coalesce(arm = 'control', false)
        or coalesce(suppressed_reason = 'universal_holdout', false)) as is_held_out,
        bool_and(suppressed_reason is null and arm is not distinct from 'treatment') as is_allowed
    from outputs.audience_decisions where as_of_date in (select as_of_date from people) group by all
),
held_out as (
    select as_of_date, customer_key from outputs.audience_decisions
    inner join written_to using (as_of_date, customer_key)
    where suppressed_reason = 'universal_holdout' group by all
),
gone as (
    select customer_key from marts.customer_accounts where customer_key in (select customer_key from people)
        and {forgotten} in (select mark from tombstones)
    union
    select customer_key from marts.customer_identifiers inner join forgotten_phones using (identifier_key)
)
select people.campaign_id, people.as_of_date,
    count(distinct customer_key) filter (where consented.is_withdrawn),
    count(distinct customer_key) filter (where consented.has_none),
    count(distinct customer_key) filter (where capped.customer_key is not null),
    count(distinct customer_key) filter (where decided.is_held_out or held_out.customer_key is not null),
    count(distinct customer_key) filter (where gone.customer_key is not null),
    count(distinct customer_key) filter (where decided.is_allowed is not true),
    count(distinct customer_key) filter (where not is_on_list)
from people
left join consented using (campaign_id, as_of_date, channel, customer_key)
left join capped using (as_of_date, customer_key)
left join decided using (campaign_id, as_of_date, customer_key)
left join held_out using (as_of_date, customer_key)
left join gone using (customer_key)
group by all
"""
SETS = (
    "opted out",
    "no consent for the channel's purpose",
    "over the cap of messages",
    "in the holdout",
    "forgotten",
    "suppressed or in control, or not decided on",
    "on no list of the channel",
)


def know(connection: duckdb.DuckDBPyConnection, rules: Rules, keys: Keys | None, forgotten: Sequence[str]) -> None:
    """Gives a connection what the check asks: the purposes of every channel, and the marks of everybody forgotten."""
    channels = {"": rules.channel(None), **rules.channels}
    ways = [(name, way, one.is_touch) for name, one in channels.items() for way in (*one.purposes, None)]
    connection.execute("create temp table ways (channel varchar, purpose varchar, is_touch boolean)")
    connection.executemany("insert into ways values (?, ?, ?)", ways)
    connection.execute("create temp table tombstones (mark varchar)")
    if keys:
        learn(connection, keys, forgotten)
    phones = {"keys": [identifier_key(one) for one in forgotten if is_token(one)]}
    connection.execute("create temp table forgotten_phones (identifier_key bigint)")
    connection.execute("insert into forgotten_phones select unnest($keys::bigint[])", phones)


def forbidden(connection: duckdb.DuckDBPyConnection, rules: Rules, keys: Keys | None) -> dict[Key, str]:
    """By list, the sets that somebody of it is in, and how many."""
    over_cap = " or ".join(
        f"count_if(touches.sent_date > written_to.as_of_date - {days}) >= {cap}" for days, cap in rules.caps.items()
    )
    account = mark(["'account'", "platform", "shop_id", "account_id"], keys) if keys else "null"
    rows = connection.execute(CHECK.format(consented=CONSENTED, over_cap=over_cap, forgotten=account)).fetchall()
    return {(name, day): said for name, day, *counts in rows if (said := _said(counts))}


def _said(counts: Iterable[int]) -> str | None:
    named = [f"{count} {name}" for count, name in zip(counts, SETS, strict=True) if count]
    return f"customers who must not be on it, so nothing was handed out: {', '.join(named)}" if named else None
