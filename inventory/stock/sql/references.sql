-- References of claims and ledger rows are checked with their own statement, not at COMMIT: there the balance is locked,
-- and every buyer of a hot item would wait for the check.
DO $$
DECLARE
    v_row record;
BEGIN
    FOR v_row IN
        SELECT conrelid::regclass AS place, conname FROM pg_constraint
         WHERE contype = 'f' AND conrelid IN ('inventory_holdline'::regclass, 'inventory_movement'::regclass)
    LOOP
        EXECUTE format('ALTER TABLE %s ALTER CONSTRAINT %I NOT DEFERRABLE', v_row.place, v_row.conname);
    END LOOP;
END $$;
