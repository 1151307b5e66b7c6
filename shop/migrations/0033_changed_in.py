"""Which transaction changed a product last: revisions alone cannot say what had not been committed yet."""

from django.db import migrations, models

FUNCTION = """
CREATE FUNCTION shop_next_product_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.revision := nextval('shop_catalogue_revision');
    NEW.changed_in := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;
"""
TRIGGERS = """
DROP TRIGGER shop_product_revision_new ON shop_product;
DROP TRIGGER shop_product_revision ON shop_product;
CREATE TRIGGER shop_product_revision_new BEFORE INSERT ON shop_product
    FOR EACH ROW EXECUTE FUNCTION {function}();
CREATE TRIGGER shop_product_revision BEFORE UPDATE ON shop_product
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION {function}();
"""


class Migration(migrations.Migration):
    dependencies = [("shop", "0032_pictures")]
    operations = [
        migrations.RemoveField(model_name="offersweep", name="revision"),
        migrations.AddField(model_name="offersweep", name="horizon", field=models.BigIntegerField(default=0)),
        migrations.AddField(
            model_name="product",
            name="changed_in",
            field=models.BigIntegerField(db_default=0, db_index=True, default=0, editable=False),
        ),
        migrations.RunSQL(
            FUNCTION + TRIGGERS.format(function="shop_next_product_revision"),
            TRIGGERS.format(function="shop_next_revision") + "DROP FUNCTION shop_next_product_revision();",
        ),
    ]
