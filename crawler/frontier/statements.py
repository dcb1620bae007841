"""The SQL of the frontier."""

QUEUED = "state = 'queued' AND waiting = 0"
"""The condition of the index urls_queue; the planner uses it for nothing else."""

ADD = """
    INSERT INTO urls (fingerprint, url, host, host_group, purpose, state, priority, due_at, waiting, seen_at, request)
    VALUES (:fingerprint, :url, :host, :host_group, :purpose, 'queued', :priority, :due_at, :waiting, :now, :request)
    ON CONFLICT (fingerprint) DO UPDATE SET
        state = 'queued', url = excluded.url, host = excluded.host, host_group = excluded.host_group,
        purpose = excluded.purpose, priority = excluded.priority, due_at = excluded.due_at,
        waiting = excluded.waiting, request = excluded.request
    -- A queued URL that waits for a later try is settled in this sense: the new crawl may try at once.
    WHERE urls.settled_at < :again_before AND (urls.state NOT IN ('queued', 'leased') OR urls.waiting = 1)
"""

WAKE = "UPDATE urls SET state = 'queued', waiting = 0 WHERE waiting = 1 AND due_at <= :now"

# A loose index scan: one look-up a group, however many URLs it has.
GROUPS = f"""
    WITH RECURSIVE groups (name) AS (
        SELECT (SELECT host_group FROM urls WHERE {QUEUED} AND host_group > :after ORDER BY host_group LIMIT 1)
        UNION ALL
        SELECT (SELECT host_group FROM urls WHERE {QUEUED} AND host_group > groups.name ORDER BY host_group LIMIT 1)
        FROM groups WHERE groups.name IS NOT NULL
    )
    SELECT name FROM groups WHERE name IS NOT NULL LIMIT :limit
"""

LEASED = """
    SELECT id, fingerprint, url, host, host_group, purpose, priority, due_at, request,
           seen_at, tries, etag, last_modified, payload_digest, lease
    FROM urls WHERE state = 'leased' ORDER BY id
"""

# The lease as it will be once it is taken.
KNOWN = "SELECT 1 FROM urls WHERE fingerprint = :key AND seen_at < :before"

GROUPS_AMONG = f"""
    SELECT value FROM json_each(:only)
    WHERE value > :after AND EXISTS (SELECT 1 FROM urls INDEXED BY urls_queue WHERE {QUEUED} AND host_group = value)
    ORDER BY value LIMIT :limit
"""

QUEUE_OF_GROUP = f"""
    SELECT id, fingerprint, url, host, host_group, purpose, priority, due_at, request,
           seen_at, tries, etag, last_modified, payload_digest, lease + 1 AS lease
    FROM urls INDEXED BY urls_queue
    WHERE {QUEUED} AND host_group = :group AND purpose NOT IN (SELECT value FROM json_each(:barred))
    ORDER BY priority DESC, due_at LIMIT :limit
"""

LEASE = """
    UPDATE urls SET state = 'leased', lease = lease + 1, lease_owner = :owner, lease_until = :until WHERE id = :id
"""

# SQLite reads the old values on the right-hand sides. A 304 need not repeat the validators it was asked with.
SETTLE = """
    UPDATE urls SET
        state = :state, due_at = :due_at, waiting = :waiting, settled_at = :now, reason = :reason,
        tries = CASE WHEN :state IN ('queued', 'failed') THEN tries + 1 ELSE 0 END,
        status = coalesce(:status, status), redirected_to = :redirected_to,
        etag = CASE WHEN :payload_digest IS NULL THEN etag WHEN :status = 304 THEN coalesce(:etag, etag)
            ELSE :etag END,
        last_modified = CASE WHEN :payload_digest IS NULL THEN last_modified
            WHEN :status = 304 THEN coalesce(:last_modified, last_modified) ELSE :last_modified END,
        payload_digest = coalesce(:payload_digest, payload_digest),
        changes = CASE WHEN payload_digest <> :payload_digest THEN
            json_insert(iif(json_array_length(changes) < 20, changes, json_remove(changes, '$[0]')), '$[#]', :now)
            ELSE changes END,
        url = coalesce(:url, url), host = coalesce(:host, host), host_group = coalesce(:host_group, host_group),
        priority = coalesce(:priority, priority),
        request = iif(:state = 'queued', coalesce(:request, request), json_remove(request, '$.meta.retry_times')),
        lease_owner = NULL, lease_until = NULL
    WHERE id = :id AND lease = :lease AND state = 'leased'
"""

RELEASE = """
    UPDATE urls SET state = 'queued', lease_owner = NULL, lease_until = NULL
    WHERE id = :id AND lease = :lease AND state = 'leased'
"""

RECOVER = "UPDATE urls SET state = 'queued', lease_owner = NULL, lease_until = NULL WHERE state = 'leased'"

REQUEUE = """
    UPDATE urls SET state = 'queued', waiting = 0, due_at = :now
    WHERE (state NOT IN ('queued', 'leased') OR waiting = 1)
"""

REQUEUE_URL = f"{REQUEUE} AND fingerprint = :fingerprint"

REQUEUE_GROUP = f"{REQUEUE} AND host_group = :group AND purpose = :purpose"

FORGET = "DELETE FROM urls WHERE fingerprint = :fingerprint"

TALLIES = """
    SELECT host, state, count(*), min(iif(waiting = 1 OR state = 'queued', due_at, NULL))
    FROM urls GROUP BY host, state ORDER BY host, state
"""
