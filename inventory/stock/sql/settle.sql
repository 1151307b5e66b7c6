-- Carries a hold to its next state, with its balances, its fences and the ledger. The hold's row is locked first, then
-- the balances in key order. With p_lines and p_units only that much is shipped or cancelled (p_key tells parts apart).
-- Answers: done, again (it was done before), inactive (the hold is in p_state's way), expired, foreign, unknown,
-- exceeds (more than is outstanding), uncovered (the goods are not there).
CREATE OR REPLACE FUNCTION inventory_settle(
    p_hold uuid, p_verb text, p_holder text, p_lines bigint[], p_units int[], p_key text, p_actor text,
    p_occurred timestamptz, OUT outcome text, OUT state text
) LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
DECLARE
    v_hold inventory_hold%ROWTYPE;
    v_suffix text := CASE WHEN p_key = '' THEN '' ELSE ':' || p_key END;
    v_lines bigint[];
    v_units int[];
    v_balances bigint[];
    v_sums int[];
    v_fenced int[];
    v_zero int[];
    v_minus int[];
    v_refused bigint[];
    v_excess boolean;
    v_gives_back boolean := p_verb IN ('release', 'expire', 'cancel');
    v_to text;
BEGIN
    SELECT * INTO v_hold FROM inventory_hold h WHERE h.id = p_hold FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        outcome := 'unknown';
        RETURN;
    END IF;
    IF p_holder <> '' AND v_hold.holder <> p_holder THEN
        outcome := 'foreign';
        state := v_hold.state;
        RETURN;
    END IF;
    IF EXISTS (
        SELECT 1 FROM inventory_holdline l
          JOIN inventory_movement m ON m.cause_key = p_verb || ':' || p_hold || ':' || l.balance_id || v_suffix
         WHERE l.hold_id = p_hold
    ) THEN
        outcome := 'again';
        state := v_hold.state;
        RETURN;
    END IF;
    IF v_hold.state <> (CASE WHEN p_verb IN ('ship', 'cancel') THEN 'committed' ELSE 'active' END) THEN
        outcome := 'inactive';
        state := v_hold.state;
        RETURN;
    END IF;
    IF p_verb = 'commit' AND v_hold.expires_at <= COALESCE(p_occurred, clock_timestamp()) THEN
        outcome := 'expired';
        state := v_hold.state;
        RETURN;
    END IF;
    IF p_verb = 'expire' AND (v_hold.expires_at IS NULL OR v_hold.expires_at > clock_timestamp()) THEN
        outcome := 'inactive';
        state := v_hold.state;
        RETURN;
    END IF;

    IF p_lines IS NULL THEN
        SELECT array_agg(l.id), array_agg(l.quantity - l.shipped - l.cancelled), false INTO v_lines, v_units, v_excess
          FROM inventory_holdline l
         WHERE l.hold_id = p_hold AND l.quantity > l.shipped + l.cancelled;
    ELSE
        SELECT array_agg(l.id), array_agg(d.units),
               bool_or(l.id IS NULL OR d.units <= 0 OR d.units > l.quantity - l.shipped - l.cancelled)
          INTO v_lines, v_units, v_excess
          FROM unnest(p_lines, p_units) AS d (line_id, units)
          LEFT JOIN inventory_holdline l ON l.id = d.line_id AND l.hold_id = p_hold;
    END IF;
    IF v_excess THEN
        outcome := 'exceeds';
        state := v_hold.state;
        RETURN;
    END IF;

    SELECT array_agg(x.balance_id ORDER BY x.balance_id), array_agg(x.units ORDER BY x.balance_id)
      INTO v_balances, v_sums
      FROM (SELECT l.balance_id, SUM(d.units)::int AS units
              FROM unnest(v_lines, v_units) AS d (line_id, units) JOIN inventory_holdline l ON l.id = d.line_id
             GROUP BY 1) x;
    v_zero := array_fill(0, ARRAY[cardinality(v_balances)]);
    v_minus := (SELECT array_agg(-u ORDER BY n) FROM unnest(v_sums) WITH ORDINALITY AS x (u, n));
    v_fenced := v_zero;
    IF v_gives_back AND EXISTS (SELECT 1 FROM inventory_holdline l WHERE l.id = ANY (v_lines) AND l.fence_id IS NOT NULL) THEN
        -- Whether a fence is still open is settled by the lock on its balance.
        PERFORM 1 FROM inventory_balance b WHERE b.id = ANY (v_balances) ORDER BY b.id FOR NO KEY UPDATE;
        WITH back AS (
            UPDATE inventory_ringfence f
               SET remaining = f.remaining + d.units
              FROM unnest(v_lines, v_units) AS d (line_id, units) JOIN inventory_holdline l ON l.id = d.line_id
             WHERE f.id = l.fence_id AND f.open
            RETURNING f.balance_id, d.units
        )
        SELECT array_agg(COALESCE(back.units, 0) ORDER BY x.n) INTO v_fenced
          FROM unnest(v_balances) WITH ORDINALITY AS x (balance_id, n) LEFT JOIN back ON back.balance_id = x.balance_id;
    END IF;

    v_refused := inventory_move(
        v_balances,
        CASE WHEN p_verb = 'ship' THEN v_minus ELSE v_zero END,
        CASE WHEN p_verb IN ('commit', 'release', 'expire') THEN v_minus ELSE v_zero END,
        CASE WHEN p_verb = 'commit' THEN v_sums WHEN p_verb IN ('ship', 'cancel') THEN v_minus ELSE v_zero END,
        v_fenced, v_zero, v_zero, NULL,
        (SELECT array_agg(p_verb || ':' || p_hold || ':' || u || v_suffix ORDER BY n)
           FROM unnest(v_balances) WITH ORDINALITY AS x (u, n)),
        p_verb, v_hold.cause, p_actor, v_hold.channel, p_occurred, p_promise => false);
    IF v_refused IS NOT NULL THEN
        -- Only goods that are not there can refuse, and only on the way out; giving back always fits.
        outcome := 'uncovered';
        state := v_hold.state;
        RETURN;
    END IF;

    IF p_verb IN ('ship', 'cancel') THEN
        UPDATE inventory_holdline l
           SET shipped = l.shipped + CASE WHEN p_verb = 'ship' THEN d.units ELSE 0 END,
               cancelled = l.cancelled + CASE WHEN p_verb = 'cancel' THEN d.units ELSE 0 END
          FROM unnest(v_lines, v_units) AS d (line_id, units)
         WHERE l.id = d.line_id;
        SELECT CASE WHEN SUM(l.quantity - l.shipped - l.cancelled) > 0 THEN 'committed'
                    WHEN SUM(l.shipped) > 0 THEN 'shipped' ELSE 'cancelled' END
          INTO v_to FROM inventory_holdline l WHERE l.hold_id = p_hold;
    ELSE
        v_to := CASE p_verb WHEN 'commit' THEN 'committed' WHEN 'release' THEN 'released' ELSE 'expired' END;
    END IF;
    UPDATE inventory_hold h SET state = v_to WHERE h.id = p_hold AND h.state <> v_to;
    outcome := 'done';
    state := v_to;
END $$;
