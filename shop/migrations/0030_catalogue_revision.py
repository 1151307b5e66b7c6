"""``revision`` of products and objects: set by the database, so that no way of writing can forget it.

A change of a product's own row takes the next number of one sequence; a change of what belongs to it (texts, pictures,
variants, prices, attributes, places in themes, exceptions of publication, the objects it shows and their texts) does the
same through the product's row, locked in the order of the keys.
"""

from django.db import migrations

# table → how its changed rows name products; ``changed`` is what the statement wrote or took away.
OF_PRODUCT = {
    "shop_producttext": "SELECT product_id FROM changed",
    "shop_productimage": "SELECT product_id FROM changed",
    "shop_variant": "SELECT product_id FROM changed",
    "shop_attributevalue": "SELECT product_id FROM changed",
    "shop_themeproduct": "SELECT product_id FROM changed",
    "shop_publication": "SELECT product_id FROM changed",
    "shop_product_objects_shown": "SELECT product_id FROM changed",
    "shop_rendition": "SELECT i.product_id FROM changed JOIN shop_productimage i ON i.id = changed.picture_id",
    "shop_price": "SELECT v.product_id FROM changed JOIN shop_variant v ON v.id = changed.variant_id",
    "shop_museumobject": (
        "SELECT l.product_id FROM changed JOIN shop_product_objects_shown l ON l.museumobject_id = changed.id"
    ),
    "shop_objecttext": (
        "SELECT l.product_id FROM changed "
        "JOIN shop_product_objects_shown l ON l.museumobject_id = changed.museum_object_id"
    ),
}
OF_OBJECT = {"shop_objecttext": "SELECT museum_object_id FROM changed"}

OWN = """
CREATE SEQUENCE shop_catalogue_revision;
CREATE FUNCTION shop_next_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.revision := nextval('shop_catalogue_revision');
    RETURN NEW;
END $$;
CREATE TRIGGER shop_product_revision_new BEFORE INSERT ON shop_product
    FOR EACH ROW EXECUTE FUNCTION shop_next_revision();
CREATE TRIGGER shop_product_revision BEFORE UPDATE ON shop_product
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION shop_next_revision();
CREATE TRIGGER shop_museumobject_revision_new BEFORE INSERT ON shop_museumobject
    FOR EACH ROW EXECUTE FUNCTION shop_next_revision();
CREATE TRIGGER shop_museumobject_revision BEFORE UPDATE ON shop_museumobject
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION shop_next_revision();
"""
OWN_BACK = """
DROP TRIGGER shop_museumobject_revision ON shop_museumobject;
DROP TRIGGER shop_museumobject_revision_new ON shop_museumobject;
DROP TRIGGER shop_product_revision ON shop_product;
DROP TRIGGER shop_product_revision_new ON shop_product;
DROP FUNCTION shop_next_revision();
DROP SEQUENCE shop_catalogue_revision;
"""
TOUCH = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE {parent} SET revision = nextval('shop_catalogue_revision')
     WHERE id IN (SELECT id FROM {parent} WHERE id IN ({named}) ORDER BY id FOR NO KEY UPDATE);
    RETURN NULL;
END $$;
CREATE TRIGGER {name}_i AFTER INSERT ON {table} REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION {name}();
CREATE TRIGGER {name}_u AFTER UPDATE ON {table} REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION {name}();
CREATE TRIGGER {name}_d AFTER DELETE ON {table} REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION {name}();
"""
TOUCH_BACK = """
DROP TRIGGER {name}_d ON {table};
DROP TRIGGER {name}_u ON {table};
DROP TRIGGER {name}_i ON {table};
DROP FUNCTION {name}();
"""


def touching(parent: str, tables: dict[str, str]) -> list[migrations.RunSQL]:
    """Return one operation a table."""
    made = []
    for table, named in tables.items():
        name = f"{table}_touches_{parent.removeprefix('shop_')}"
        parts = {"name": name, "table": table, "parent": parent, "named": named}
        made.append(migrations.RunSQL(TOUCH.format(**parts), TOUCH_BACK.format(**parts)))
    return made


class Migration(migrations.Migration):
    dependencies = [("shop", "0029_window")]
    operations = [
        migrations.RunSQL(OWN, OWN_BACK),
        *touching("shop_product", OF_PRODUCT),
        *touching("shop_museumobject", OF_OBJECT),
        # What was there before has its first revision.
        migrations.RunSQL(
            "UPDATE shop_product SET revision = nextval('shop_catalogue_revision');"
            "UPDATE shop_museumobject SET revision = nextval('shop_catalogue_revision');",
            migrations.RunSQL.noop,
        ),
    ]
