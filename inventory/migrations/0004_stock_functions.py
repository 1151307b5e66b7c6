from django.db import migrations

from config.append_only import append_only
from inventory.stock.installation import install

# What the columns added in 0003 say of rows written before: the ledger's trigger steps aside for this alone.
HISTORY = """
ALTER TABLE inventory_movement DISABLE TRIGGER USER;
UPDATE inventory_movement SET occurred_at = created_at;
ALTER TABLE inventory_movement ENABLE TRIGGER USER;
UPDATE inventory_hold SET cause = holder;
UPDATE inventory_holdline l SET shipped = quantity FROM inventory_hold h WHERE h.id = l.hold_id AND h.state = 'shipped';
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0003_stock_in_depth")]
    operations = [
        migrations.RunSQL(HISTORY, migrations.RunSQL.noop),
        append_only("inventory_lotmovement"),
        install(
            "move",
            undo="DROP FUNCTION inventory_move(bigint[], int[], int[], int[], int[], int[], int[], bigint[], text[], text, "
            "text, text, text, timestamptz, boolean)",
        ),
        install(
            "hold",
            undo="DROP FUNCTION inventory_hold(jsonb); DROP FUNCTION inventory_uuid7()",
        ),
        install(
            "settle", undo="DROP FUNCTION inventory_settle(uuid, text, text, bigint[], int[], text, text, timestamptz)"
        ),
        install("references", undo="SELECT 1"),
        install(
            "bundles",
            undo="DROP TRIGGER inventory_bundlecomponent_flat ON inventory_bundlecomponent; "
            "DROP TRIGGER inventory_balance_no_bundle ON inventory_balance; "
            "DROP FUNCTION inventory_refuse_nested_bundle; DROP FUNCTION inventory_refuse_counted_bundle",
        ),
    ]
