-- A UUID of version 7 (RFC 9562, section 5.7): milliseconds first, then chance. Claims made one after the other lie side
-- by side in every index that their id leads, so that a long ledger costs no more to write than a short one.
CREATE OR REPLACE FUNCTION inventory_uuid7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
    SELECT encode(
        set_bit(set_bit(
            overlay(uuid_send(gen_random_uuid())
                    PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
                    FROM 1 FOR 6),
            52, 1), 53, 1), 'hex')::uuid
$$;

-- Holds all of a demand or nothing, in one statement, so that in autocommit the row locks live no longer than the
-- statement. One line of plain stock, the hot path of a launch, is a single conditional UPDATE with its rows beside it;
-- whatever else is asked (several lines, bundles, limits, fences) goes the long way below. Bundles become their
-- components and the demand is summed per balance before anything is checked. Answers:
--   held        hold_id
--   again       hold_id of the first hold with this cause key
--   short       items that these warehouses cannot serve; nothing was written
--   many_holds  the holder has p_live_limit live holds
--   many_units  items of which the holder would claim more than their limit
--
-- The demand comes as one JSON document, since one parameter costs a client less than a dozen:
--   items, warehouses, units (array literals of equal length), holder, cause, cause_key, channel, purpose, actor,
--   expires and occurred (timestamps; null: never, now), live_limit (0: none).
CREATE OR REPLACE FUNCTION inventory_hold(p jsonb, OUT outcome text, OUT hold_id uuid, OUT items bigint[])
LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
DECLARE
    p_id uuid := inventory_uuid7();
    p_items bigint[] := p ->> 'items';
    p_warehouses bigint[] := p ->> 'warehouses';
    p_units int[] := p ->> 'units';
    p_holder text := p ->> 'holder';
    p_cause text := p ->> 'cause';
    p_cause_key text := p ->> 'cause_key';
    p_channel text := p ->> 'channel';
    p_purpose text := p ->> 'purpose';
    p_actor text := p ->> 'actor';
    p_expires timestamptz := p ->> 'expires';
    p_occurred timestamptz := p ->> 'occurred';
    p_live_limit int := p ->> 'live_limit';
    v_at timestamptz := COALESCE(p_occurred, clock_timestamp());
    v_balance bigint;
    v_balances bigint[];
    v_items bigint[];
    v_units bigint[];
    v_fences bigint[];
    v_fenced int[];
    v_short bigint[];
    v_limited boolean;
    v_zero int[];
BEGIN
    IF p_live_limit = 0 AND p_purpose = '' AND cardinality(p_items) = 1 THEN
        SELECT b.id INTO v_balance
          FROM inventory_balance b JOIN inventory_item i ON i.id = b.item_id
         WHERE b.item_id = p_items[1] AND b.warehouse_id = p_warehouses[1] AND i.limit_per_holder IS NULL
           AND b.held + p_units[1] + b.allocated + b.fenced <= b.on_hand + b.backorder_limit - b.safety;
        IF FOUND THEN
            -- The claim is written before the balance is locked: under the lock only what cannot be elsewhere.
            INSERT INTO inventory_hold (id, holder, cause, cause_key, channel, state, expires_at, created_at)
            VALUES (p_id, p_holder, p_cause, p_cause_key, p_channel, 'active', p_expires, v_at)
            ON CONFLICT (cause_key) DO NOTHING;
            IF NOT FOUND THEN
                outcome := 'again';
                SELECT h.id INTO hold_id FROM inventory_hold h WHERE h.cause_key = p_cause_key;
                RETURN;
            END IF;
            INSERT INTO inventory_holdline (hold_id, balance_id, quantity) VALUES (p_id, v_balance, p_units[1]);
            -- A queue, not a guard (that is the UPDATE's condition): waiters on a row all wake at each COMMIT and chase
            -- its newest version; waiters here wake one at a time, and then read it with a fresh snapshot.
            PERFORM pg_advisory_xact_lock(815402, v_balance::int);
            WITH moved AS (
                UPDATE inventory_balance b
                   SET held = b.held + p_units[1], version = b.version + 1
                 WHERE b.id = v_balance
                   AND b.held + p_units[1] + b.allocated + b.fenced <= b.on_hand + b.backorder_limit - b.safety
                RETURNING b.id, b.on_hand, b.held, b.allocated, b.fenced, b.quarantined, b.damaged
            )
            INSERT INTO inventory_movement (
                balance_id, kind, held_delta, on_hand_after, held_after, allocated_after, fenced_after,
                quarantined_after, damaged_after, cause, cause_key, actor, channel, occurred_at
            )
            SELECT id, 'hold', p_units[1], on_hand, held, allocated, fenced, quarantined, damaged,
                   p_cause, 'hold:' || p_id || ':' || id, p_actor, p_channel, v_at
              FROM moved;
            IF FOUND THEN
                outcome := 'held';
                hold_id := p_id;
                RETURN;
            END IF;
            -- Another buyer took them between our reading and our write.
            DELETE FROM inventory_holdline l WHERE l.hold_id = p_id;
            DELETE FROM inventory_hold h WHERE h.id = p_id;
        END IF;
    END IF;

    SELECT h.id INTO hold_id FROM inventory_hold h WHERE h.cause_key = p_cause_key;
    IF FOUND THEN
        outcome := 'again';
        RETURN;
    END IF;
    -- What one hold asks of an item, bundles included. (Of counted items also what the holder has: further below.)
    SELECT array_agg(u.item_id ORDER BY u.item_id) INTO items
      FROM (SELECT item_id, SUM(units) AS units FROM unnest(p_items, p_units) AS x (item_id, units) GROUP BY 1) u
      JOIN inventory_item i ON i.id = u.item_id
     WHERE u.units > i.limit_per_holder;
    IF items IS NOT NULL THEN
        outcome := 'many_units';
        RETURN;
    END IF;
    SELECT array_agg(b.id ORDER BY b.id), array_agg(d.item_id ORDER BY b.id), array_agg(d.units ORDER BY b.id),
           array_agg(d.item_id) FILTER (
               WHERE b.id IS NULL
                  OR GREATEST(b.on_hand + b.backorder_limit - b.safety - b.held - b.allocated - b.fenced, 0)
                     + COALESCE(f.remaining, 0) < d.units),
           bool_or(i.limit_per_holder IS NOT NULL)
      INTO v_balances, v_items, v_units, v_short, v_limited
      FROM (SELECT COALESCE(c.component_id, u.item_id) AS item_id, u.warehouse_id,
                   SUM(u.units::bigint * COALESCE(c.quantity, 1)) AS units
              FROM unnest(p_items, p_warehouses, p_units) AS u (item_id, warehouse_id, units)
              LEFT JOIN inventory_bundlecomponent c ON c.bundle_id = u.item_id
             GROUP BY 1, 2) d
      LEFT JOIN inventory_item i ON i.id = d.item_id
      LEFT JOIN inventory_balance b ON b.item_id = d.item_id AND b.warehouse_id = d.warehouse_id
      LEFT JOIN inventory_ringfence f ON p_purpose <> '' AND f.balance_id = b.id AND f.purpose = p_purpose AND f.open;
    IF v_short IS NOT NULL THEN
        outcome := 'short';
        items := v_short;
        RETURN;
    END IF;

    IF p_live_limit > 0 OR v_limited THEN
        -- Two holds of one holder come here one after the other, or both would see the other's room.
        PERFORM pg_advisory_xact_lock(hashtextextended('inventory_hold:' || p_holder, 0));
        SELECT h.id INTO hold_id FROM inventory_hold h WHERE h.cause_key = p_cause_key;
        IF FOUND THEN
            outcome := 'again';
            RETURN;
        END IF;
        IF p_live_limit > 0 AND p_live_limit <= (
            SELECT COUNT(*) FROM inventory_hold h
             WHERE h.holder = p_holder AND h.state = 'active'
               AND (h.expires_at IS NULL OR h.expires_at > clock_timestamp())
        ) THEN
            outcome := 'many_holds';
            RETURN;
        END IF;
        SELECT array_agg(d.item_id ORDER BY d.item_id) INTO v_short
          FROM (SELECT item_id, SUM(units) AS units FROM unnest(v_items, v_units) AS u (item_id, units) GROUP BY 1) d
          JOIN inventory_item i ON i.id = d.item_id
         WHERE i.limit_per_holder < d.units + (
               SELECT COALESCE(SUM(l.quantity - l.shipped - l.cancelled), 0)
                 FROM inventory_hold h
                 JOIN inventory_holdline l ON l.hold_id = h.id
                 JOIN inventory_balance b ON b.id = l.balance_id
                WHERE h.holder = p_holder AND b.item_id = d.item_id
                  AND (h.state = 'committed' OR h.state = 'active'
                       AND (h.expires_at IS NULL OR h.expires_at > clock_timestamp())));
        IF v_short IS NOT NULL THEN
            outcome := 'many_units';
            items := v_short;
            RETURN;
        END IF;
    END IF;

    IF p_purpose <> '' THEN
        -- Whoever touches a fence has locked its balance first, so the shares below stay true until we commit.
        PERFORM 1 FROM inventory_balance b WHERE b.id = ANY (v_balances) ORDER BY b.id FOR NO KEY UPDATE;
        SELECT array_agg(f.id ORDER BY d.balance_id), array_agg(LEAST(COALESCE(f.remaining, 0), d.units) ORDER BY d.balance_id),
               array_agg(b.item_id) FILTER (
                   WHERE GREATEST(b.on_hand + b.backorder_limit - b.safety - b.held - b.allocated - b.fenced, 0)
                         + COALESCE(f.remaining, 0) < d.units)
          INTO v_fences, v_fenced, v_short
          FROM unnest(v_balances, v_units) AS d (balance_id, units)
          JOIN inventory_balance b ON b.id = d.balance_id
          LEFT JOIN inventory_ringfence f ON f.balance_id = b.id AND f.purpose = p_purpose AND f.open;
        IF v_short IS NOT NULL THEN
            outcome := 'short';
            items := v_short;
            RETURN;
        END IF;
    END IF;

    INSERT INTO inventory_hold (id, holder, cause, cause_key, channel, state, expires_at, created_at)
    VALUES (p_id, p_holder, p_cause, p_cause_key, p_channel, 'active', p_expires, v_at)
    ON CONFLICT (cause_key) DO NOTHING;
    IF NOT FOUND THEN
        outcome := 'again';
        SELECT h.id INTO hold_id FROM inventory_hold h WHERE h.cause_key = p_cause_key;
        RETURN;
    END IF;

    v_zero := array_fill(0, ARRAY[cardinality(v_balances)]);
    IF v_fences IS NULL THEN
        v_fenced := v_zero;
        INSERT INTO inventory_holdline (hold_id, balance_id, quantity)
        SELECT p_id, d.balance_id, d.units FROM unnest(v_balances, v_units) AS d (balance_id, units);
    ELSE
        INSERT INTO inventory_holdline (hold_id, balance_id, fence_id, quantity)
        SELECT p_id, d.balance_id, part.fence_id, part.units
          FROM unnest(v_balances, v_units, v_fences, v_fenced) AS d (balance_id, units, fence_id, fenced)
         CROSS JOIN LATERAL (VALUES (d.fence_id, d.fenced), (NULL, d.units - d.fenced)) AS part (fence_id, units)
         WHERE part.units > 0;
        UPDATE inventory_ringfence f
           SET remaining = f.remaining - d.fenced
          FROM unnest(v_fences, v_fenced) AS d (fence_id, fenced)
         WHERE f.id = d.fence_id AND d.fenced > 0;
    END IF;

    v_short := inventory_move(
        v_balances, v_zero, v_units::int[], v_zero, (SELECT array_agg(-u ORDER BY n) FROM unnest(v_fenced) WITH ORDINALITY AS x (u, n)),
        v_zero, v_zero, NULL, (SELECT array_agg('hold:' || p_id || ':' || u ORDER BY n) FROM unnest(v_balances) WITH ORDINALITY AS x (u, n)),
        'hold', p_cause, p_actor, p_channel, p_occurred, p_promise => true);
    IF v_short IS NOT NULL THEN
        IF v_fences IS NOT NULL THEN
            RAISE EXCEPTION 'balances % refuse what was read under their lock', v_short USING ERRCODE = 'check_violation';
        END IF;
        -- Another buyer took them between our reading and our write.
        DELETE FROM inventory_holdline l WHERE l.hold_id = p_id;
        DELETE FROM inventory_hold h WHERE h.id = p_id;
        outcome := 'short';
        items := (SELECT array_agg(b.item_id) FROM inventory_balance b WHERE b.id = ANY (v_short));
        RETURN;
    END IF;
    outcome := 'held';
    hold_id := p_id;
END $$;
