-- A bundle is made of counted items: never of bundles, and never counted itself.
CREATE OR REPLACE FUNCTION inventory_refuse_nested_bundle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Both items are locked, so that nobody counts one or bundles the other while we look.
    PERFORM 1 FROM inventory_item WHERE id IN (NEW.bundle_id, NEW.component_id) ORDER BY id FOR NO KEY UPDATE;
    IF EXISTS (SELECT 1 FROM inventory_bundlecomponent WHERE bundle_id = NEW.component_id)
       OR EXISTS (SELECT 1 FROM inventory_bundlecomponent WHERE component_id = NEW.bundle_id) THEN
        RAISE EXCEPTION 'a bundle cannot hold another bundle' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM inventory_balance WHERE item_id = NEW.bundle_id) THEN
        RAISE EXCEPTION 'an item that is counted in a warehouse cannot become a bundle' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER inventory_bundlecomponent_flat BEFORE INSERT OR UPDATE ON inventory_bundlecomponent
    FOR EACH ROW EXECUTE FUNCTION inventory_refuse_nested_bundle();

CREATE OR REPLACE FUNCTION inventory_refuse_counted_bundle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM inventory_item WHERE id = NEW.item_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT 1 FROM inventory_bundlecomponent WHERE bundle_id = NEW.item_id) THEN
        RAISE EXCEPTION 'a bundle is not counted; count its components' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER inventory_balance_no_bundle BEFORE INSERT ON inventory_balance
    FOR EACH ROW EXECUTE FUNCTION inventory_refuse_counted_bundle();
