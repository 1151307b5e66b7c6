from django.db import migrations

from config.append_only import append_only

# What stands in the price table is what was offered: rows never overlapped, so each is a word of its own.
FILL = """
INSERT INTO shop_pricechange (variant_id, market_id, min_quantity, amount, valid, origin, actor, recorded_at)
SELECT variant_id, market_id, min_quantity, amount, valid, origin, set_by, now()
FROM shop_price ORDER BY id;
"""


class Migration(migrations.Migration):
    dependencies = [("shop", "0006_prices")]
    operations = [append_only("shop_pricechange"), migrations.RunSQL(FILL, migrations.RunSQL.noop)]
