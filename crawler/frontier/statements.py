"""The SQL of the frontier."""

QUEUED = "state = 'queued' AND waiting = 0"
"""The condition of the index urls_queue; the planner uses it for nothing else."""

ADD = """
    INSERT INTO urls (fingerprint, url, host_group, purpose, state, priority, due_at, waiting, seen_at, request)
    VALUES (:fingerprint, :url, :host_group, :purpose, 'queued', :priority, :due_at, :waiting, :now, :request)
    ON CONFLICT (fingerprint) DO UPDATE SET
        state = 'queued', url = excluded.url, host_group = excluded.host_group,
        purpose = excluded.purpose, priority = excluded.priority, due_at = excluded.due_at,
        waiting = excluded.waiting, request = excluded.request
    -- A queued URL that waits for a later try is settled in this sense: the new crawl may try at once.
    WHERE urls.settled_at < :again_before AND (urls.state NOT IN ('queued', 'leased') OR urls.waiting = 1)
        -- A listing that has long brought nothing new waits for its time.
        AND (:eager_s IS NULL OR urls.interval_s IS NULL OR urls.interval_s <= :eager_s OR urls.due_at <= :now)
"""

# A bounded number at once: after a pause of weeks a whole archive may be due.
WAKE = """
    UPDATE urls SET state = 'queued', waiting = 0
    WHERE id IN (SELECT id FROM urls WHERE waiting = 1 AND due_at <= :now ORDER BY due_at LIMIT :limit)
"""

# A loose index scan: one look-up a group, however many URLs it has.
GROUPS = f"""
    WITH RECURSIVE queues (name) AS (
        SELECT (SELECT host_group FROM urls WHERE {QUEUED} AND host_group > :after ORDER BY host_group LIMIT 1)
        UNION ALL
        SELECT (SELECT host_group FROM urls WHERE {QUEUED} AND host_group > queues.name ORDER BY host_group LIMIT 1)
        FROM queues WHERE queues.name IS NOT NULL
    )
    SELECT queues.name, owner, lease_until, ready_at FROM queues LEFT JOIN groups USING (name)
    WHERE queues.name IS NOT NULL
"""

LEASED = """
    SELECT id, fingerprint, url, host_group, purpose, priority, due_at, request,
           seen_at, tries, etag, last_modified, payload_digest, lease, interval_s, settled_at
    FROM urls WHERE state = 'leased' AND lease_owner NOT IN (SELECT value FROM json_each(:alive)) ORDER BY id
"""

KNOWN = "SELECT 1 FROM urls WHERE fingerprint = :key AND seen_at < :before"

GROUPS_AMONG = f"""
    SELECT value, owner, lease_until, ready_at FROM json_each(:only) LEFT JOIN groups ON name = value
    WHERE value > :after AND EXISTS (SELECT 1 FROM urls INDEXED BY urls_queue WHERE {QUEUED} AND host_group = value)
    ORDER BY value
"""

# Retries and what a host has put off: a crawl waits for them a little.
NEXT_RETRY = """
    SELECT due_at FROM urls WHERE waiting = 1 AND due_at > :now AND due_at <= :soon AND state = 'queued'
        AND (:only IS NULL OR host_group IN (SELECT value FROM json_each(:only)))
    ORDER BY due_at LIMIT 1
"""

# The lease as it will be once it is taken.
QUEUE_OF_GROUP = f"""
    SELECT id, fingerprint, url, host_group, purpose, priority, due_at, request,
           seen_at, tries, etag, last_modified, payload_digest, lease + 1 AS lease, interval_s, settled_at
    FROM urls INDEXED BY urls_queue
    WHERE {QUEUED} AND host_group = :group AND purpose NOT IN (SELECT value FROM json_each(:barred))
    ORDER BY priority DESC, due_at LIMIT :limit
"""

# A bounded number is looked at: the queue may be of another host for long.
PUT_SITE_OFF = f"""
    UPDATE urls SET waiting = 1, due_at = :until WHERE id IN (SELECT id FROM (
        SELECT id, url FROM urls INDEXED BY urls_queue WHERE {QUEUED} AND host_group = :group
        ORDER BY priority DESC, due_at LIMIT 1000
    ) WHERE instr(url, :site) = 1)
"""

LEASE = "UPDATE urls SET state = 'leased', lease = lease + 1, lease_owner = :owner WHERE id = :id"

# SQLite reads the old values on the right-hand sides. A 304 need not repeat the validators it was asked with.
SETTLE = """
    UPDATE urls SET
        state = :state, due_at = :due_at, waiting = :waiting, settled_at = :now, reason = :reason,
        tries = CASE WHEN :state NOT IN ('queued', 'failed') THEN 0 WHEN :tried THEN tries + 1 ELSE tries END,
        interval_s = coalesce(:interval_s, interval_s),
        status = coalesce(:status, status), redirected_to = :redirected_to,
        etag = CASE WHEN :payload_digest IS NULL THEN etag WHEN :status = 304 THEN coalesce(:etag, etag)
            ELSE :etag END,
        last_modified = CASE WHEN :payload_digest IS NULL THEN last_modified
            WHEN :status = 304 THEN coalesce(:last_modified, last_modified) ELSE :last_modified END,
        payload_digest = coalesce(:payload_digest, payload_digest),
        changes = CASE WHEN payload_digest <> :payload_digest THEN
            json_insert(iif(json_array_length(changes) < 20, changes, json_remove(changes, '$[0]')), '$[#]', :now)
            ELSE changes END,
        url = coalesce(:url, url), host_group = coalesce(:host_group, host_group),
        priority = coalesce(:priority, priority),
        request = iif(:state = 'queued', coalesce(:request, request),
            json_remove(request, '$.meta.retry_times', '$.meta.not_at')),
        lease_owner = NULL
    WHERE id = :id AND lease = :lease AND state = 'leased'
"""

HOLDER = "SELECT lease_owner FROM urls WHERE id = :id AND lease = :lease AND state = 'leased'"

RELEASE = """
    UPDATE urls SET state = 'queued', lease_owner = NULL
    WHERE id = :id AND lease = :lease AND state = 'leased'
"""

RECOVER = """
    UPDATE urls SET state = 'queued', lease_owner = NULL
    WHERE state = 'leased' AND lease_owner NOT IN (SELECT value FROM json_each(:alive))
"""

REQUEUE = """
    UPDATE urls SET state = 'queued', waiting = 0, due_at = :now
    WHERE (state NOT IN ('queued', 'leased') OR waiting = 1)
"""

REQUEUE_URL = f"{REQUEUE} AND fingerprint = :fingerprint"

REQUEUE_GROUP = f"{REQUEUE} AND host_group = :group AND purpose = :purpose"

# With what was found there (images), and what led there.
FORGET = """
    DELETE FROM urls WHERE fingerprint = :fingerprint OR redirected_to = :url OR instr(request, json_quote(:url)) > 0
"""

# The leases of groups, and what goes with them.

OF_GROUPS_PAST = "host_group IN (SELECT name FROM groups WHERE owner IS NOT NULL AND lease_until <= :now)"

EXPIRE_URLS = f"UPDATE urls SET state = 'queued', lease_owner = NULL WHERE state = 'leased' AND {OF_GROUPS_PAST}"

# Whoever lost the group may have sent a request right before.
EXPIRE_GROUPS = """
    UPDATE groups SET owner = NULL, ready_at = max(ready_at, lease_until + delay)
    WHERE owner IS NOT NULL AND lease_until <= :now
"""

TAKE_GROUP = """
    INSERT INTO groups (name, owner, lease_until, ready_at, delay) VALUES (:name, :owner, :until, 0, :delay)
    ON CONFLICT (name) DO UPDATE SET owner = :owner, lease_until = :until, delay = max(delay, :delay)
"""

HELD = "SELECT name FROM groups WHERE owner = :owner AND lease_until > :now"

COUNT_HELD = "SELECT count(*) FROM groups WHERE owner = :owner AND lease_until > :now"

TAKEN = "SELECT name FROM groups WHERE owner IS NOT NULL"

KEEP_GROUPS = """
    UPDATE groups SET lease_until = max(lease_until, :until) WHERE owner = :owner AND lease_until > :now
"""

PACE_GROUP = "UPDATE groups SET delay = :delay WHERE name = :name AND owner = :owner"

# Not while something of it is leased: it may have been claimed since the worker thought it idle.
LET_GROUP_GO = """
    UPDATE groups SET owner = NULL, ready_at = :ready_at WHERE name = :name AND owner = :owner AND NOT EXISTS (
        SELECT 1 FROM urls WHERE state = 'leased' AND host_group = :name AND lease_owner = :owner)
"""

RELEASE_URLS_OF = "UPDATE urls SET state = 'queued', lease_owner = NULL WHERE state = 'leased' AND lease_owner = :owner"

RELEASE_GROUPS_OF = "UPDATE groups SET owner = NULL, ready_at = max(ready_at, :now + delay) WHERE owner = :owner"

RECOVER_GROUPS = """
    UPDATE groups SET owner = NULL, ready_at = max(ready_at, :now + delay)
    WHERE owner IS NOT NULL AND owner NOT IN (SELECT value FROM json_each(:alive))
"""

# The processes that fetch.

JOIN = """
    INSERT INTO workers (owner, alive_until, groups, accepts) VALUES (:owner, :until, :groups, :accepts)
    ON CONFLICT (owner) DO UPDATE SET alive_until = :until, groups = :groups, accepts = :accepts
"""

STAY = "UPDATE workers SET alive_until = :until WHERE owner = :owner"

LEAVE = "DELETE FROM workers WHERE owner = :owner"

BURY = "DELETE FROM workers WHERE owner NOT IN (SELECT value FROM json_each(:alive))"

WORKERS = "SELECT count(*) FROM workers WHERE alive_until > :now"

ACCEPTING = """
    SELECT owner, groups FROM workers
    WHERE accepts = 1 AND alive_until > :now AND owner IN (SELECT value FROM json_each(:alive))
    ORDER BY groups IS NULL DESC, owner LIMIT 1
"""

WANTED = "SELECT groups FROM workers WHERE owner = :owner"

WANT = "UPDATE workers SET groups = :groups WHERE owner = :owner"

ACCEPT_NO_MORE = "UPDATE workers SET accepts = 0 WHERE owner = :owner"

# Hosts that are put off.

NOTE_HOST = """
    INSERT INTO hosts (name, failures, put_off_until, reason) VALUES (:name, :failures, :put_off_until, :reason)
    ON CONFLICT (name) DO UPDATE SET failures = :failures, put_off_until = :put_off_until, reason = :reason
"""

HOST_WELL = "DELETE FROM hosts WHERE name = :name"

NOTE_MIRROR = """
    INSERT INTO mirrors (publisher_id, host, state, since, probe_at, reason)
    VALUES (:publisher_id, :host, :state, :since, :probe_at, :reason)
    ON CONFLICT (publisher_id, host) DO UPDATE SET
        state = :state, since = :since, probe_at = :probe_at, reason = :reason
"""

MIRRORS = "SELECT publisher_id, host, state, since, probe_at, reason FROM mirrors ORDER BY publisher_id, host"

CLAIM_PROBE = """
    UPDATE mirrors SET probe_at = :again
    WHERE publisher_id = :publisher_id AND host = :host AND state <> 'live' AND probe_at = :probe_at
"""

HOSTS = "SELECT name, failures, put_off_until, reason FROM hosts"

TALLIES = """
    SELECT host_of(url) AS host, state, count(*), min(iif(waiting = 1 OR state = 'queued', due_at, NULL))
    FROM urls GROUP BY host, state ORDER BY host, state
"""

# Each count is read from a partial index.
WAITING = """
    SELECT (SELECT count(*) FROM urls WHERE state = 'queued' AND waiting = 0),
           (SELECT count(*) FROM urls WHERE waiting = 1), (SELECT min(due_at) FROM urls WHERE waiting = 1)
"""

ARTICLES = """
    SELECT id, url, coalesce(json_extract(request, '$.meta.publisher_id'), host_group), state, reason, redirected_to,
           json_extract(request, '$.meta.hints.published')
    FROM urls WHERE purpose = 'article' AND id > :after ORDER BY id LIMIT :limit
"""

TROUBLES = """
    SELECT url, state, reason, settled_at FROM urls
    WHERE reason IS NOT NULL AND settled_at IS NOT NULL AND state IN ('failed', 'queued')
    ORDER BY settled_at DESC LIMIT :limit
"""
