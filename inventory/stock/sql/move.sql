-- The one write that moves stock: locks the balances in key order, checks and changes them, and writes the ledger.
-- Returns the balances that refuse (nothing is changed then), or null. At most one change a balance. p_promise keeps
-- the safety stock out of reach of new claims; a claim that only changes its kind (fenced to held) is none.
--
-- FOR NO KEY UPDATE is the lock that the UPDATE itself takes; taking it in key order first means that two calls over
-- the same rows never wait for each other in a circle. A single row needs no such step: the UPDATE is the lock, and
-- under READ COMMITTED its condition is evaluated again on the newest version of the row.
CREATE OR REPLACE FUNCTION inventory_move(
    p_balances bigint[], p_on_hand int[], p_held int[], p_allocated int[], p_fenced int[], p_quarantined int[],
    p_damaged int[], p_lots bigint[], p_keys text[], p_kind text, p_cause text, p_actor text, p_channel text,
    p_occurred timestamptz, p_promise boolean
) RETURNS bigint[] LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    v_refused bigint[];
    v_moved int;
    v_row record;
BEGIN
    IF cardinality(p_balances) > 1 THEN
        PERFORM 1 FROM inventory_balance WHERE id = ANY (p_balances) ORDER BY id FOR NO KEY UPDATE;
        SELECT array_agg(b.id ORDER BY b.id) INTO v_refused
          FROM unnest(p_balances, p_on_hand, p_held, p_allocated, p_fenced, p_quarantined, p_damaged)
            AS d (balance_id, on_hand, held, allocated, fenced, quarantined, damaged)
          JOIN inventory_balance b ON b.id = d.balance_id
         WHERE NOT (b.on_hand + d.on_hand >= 0 AND b.held + d.held >= 0 AND b.allocated + d.allocated >= 0
                    AND b.fenced + d.fenced >= 0 AND b.quarantined + d.quarantined >= 0 AND b.damaged + d.damaged >= 0
                    AND b.held + d.held + b.allocated + d.allocated + b.fenced + d.fenced
                        <= b.on_hand + d.on_hand + b.backorder_limit
                           - CASE WHEN p_promise AND d.held + d.allocated + d.fenced > 0 THEN b.safety ELSE 0 END);
        IF v_refused IS NOT NULL THEN
            RETURN v_refused;
        END IF;
    END IF;

    WITH moved AS (
        UPDATE inventory_balance b
           SET on_hand = b.on_hand + d.on_hand,
               held = b.held + d.held,
               allocated = b.allocated + d.allocated,
               fenced = b.fenced + d.fenced,
               quarantined = b.quarantined + d.quarantined,
               damaged = b.damaged + d.damaged,
               version = b.version + 1
          FROM unnest(p_balances, p_on_hand, p_held, p_allocated, p_fenced, p_quarantined, p_damaged, p_keys)
            AS d (balance_id, on_hand, held, allocated, fenced, quarantined, damaged, cause_key)
         WHERE b.id = d.balance_id
           AND b.on_hand + d.on_hand >= 0 AND b.held + d.held >= 0 AND b.allocated + d.allocated >= 0
           AND b.fenced + d.fenced >= 0 AND b.quarantined + d.quarantined >= 0 AND b.damaged + d.damaged >= 0
           AND b.held + d.held + b.allocated + d.allocated + b.fenced + d.fenced
               <= b.on_hand + d.on_hand + b.backorder_limit
                  - CASE WHEN p_promise AND d.held + d.allocated + d.fenced > 0 THEN b.safety ELSE 0 END
        RETURNING b.id, d.on_hand AS d1, d.held AS d2, d.allocated AS d3, d.fenced AS d4, d.quarantined AS d5,
                  d.damaged AS d6, b.on_hand, b.held, b.allocated, b.fenced, b.quarantined, b.damaged, d.cause_key
    )
    INSERT INTO inventory_movement (
        balance_id, kind, on_hand_delta, held_delta, allocated_delta, fenced_delta, quarantined_delta, damaged_delta,
        on_hand_after, held_after, allocated_after, fenced_after, quarantined_after, damaged_after,
        cause, cause_key, actor, channel, occurred_at
    )
    SELECT id, p_kind, d1, d2, d3, d4, d5, d6, on_hand, held, allocated, fenced, quarantined, damaged,
           p_cause, cause_key, p_actor, p_channel, COALESCE(p_occurred, clock_timestamp())
      FROM moved;
    GET DIAGNOSTICS v_moved = ROW_COUNT;
    IF v_moved < cardinality(p_balances) THEN
        IF v_moved > 0 THEN
            RAISE EXCEPTION 'unknown balance among %', p_balances USING ERRCODE = 'foreign_key_violation';
        END IF;
        RETURN p_balances;
    END IF;

    -- Lots. A named lot moves by its change; beyond that, the oldest lots give what the stock on hand no longer covers.
    IF p_lots IS NOT NULL THEN
        FOR v_row IN
            SELECT m.id, m.balance_id, d.lot_id, m.on_hand_delta AS delta
              FROM unnest(p_keys, p_lots) AS d (cause_key, lot_id)
              JOIN inventory_movement m ON m.cause_key = d.cause_key
             WHERE d.lot_id IS NOT NULL AND m.on_hand_delta <> 0
             ORDER BY m.balance_id
        LOOP
            -- Not one upsert: its CHECK would judge the row proposed, which is negative, before the one that is there.
            UPDATE inventory_lotbalance b SET units = b.units + v_row.delta
             WHERE b.balance_id = v_row.balance_id AND b.lot_id = v_row.lot_id;
            IF NOT FOUND THEN
                INSERT INTO inventory_lotbalance (lot_id, balance_id, units)
                VALUES (v_row.lot_id, v_row.balance_id, v_row.delta);
            END IF;
            INSERT INTO inventory_lotmovement (movement_id, lot_id, delta) VALUES (v_row.id, v_row.lot_id, v_row.delta);
        END LOOP;
    END IF;
    IF EXISTS (SELECT 1 FROM unnest(p_on_hand) AS d (units) WHERE units < 0) THEN
        FOR v_row IN
            SELECT m.id, m.balance_id, lots.units - m.on_hand_after AS excess
              FROM inventory_movement m
              JOIN LATERAL (SELECT SUM(units) AS units FROM inventory_lotbalance WHERE balance_id = m.balance_id) lots
                ON lots.units > m.on_hand_after
             WHERE m.cause_key = ANY (p_keys)
        LOOP
            WITH queue AS (
                SELECT b.id, b.lot_id, b.units, SUM(b.units) OVER (ORDER BY l.produced_on, l.id) - b.units AS earlier
                  FROM inventory_lotbalance b JOIN inventory_lot l ON l.id = b.lot_id
                 WHERE b.balance_id = v_row.balance_id AND b.units > 0
            ), taken AS (
                UPDATE inventory_lotbalance b
                   SET units = b.units - LEAST(q.units, v_row.excess - q.earlier)
                  FROM queue q
                 WHERE b.id = q.id AND q.earlier < v_row.excess
                RETURNING q.lot_id, LEAST(q.units, v_row.excess - q.earlier) AS units
            )
            INSERT INTO inventory_lotmovement (movement_id, lot_id, delta)
            SELECT v_row.id, lot_id, -units FROM taken
            -- A lot that was named in the same movement has its row already.
            ON CONFLICT (movement_id, lot_id) DO UPDATE SET delta = inventory_lotmovement.delta + EXCLUDED.delta;
        END LOOP;
    END IF;
    RETURN NULL;
END $$;
