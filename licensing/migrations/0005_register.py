"""The register of rights in force, written by the database whoever signs, and the labels of the trees it is written in.

The rule, its encoding as ranges and the two constraints: licensing.md 2.4.
"""

from django.db import migrations

# A new node takes the upper 64th of the room that is left below its parent's lowest child (a root: the next 2^40
# numbers); where less than four numbers are left, the tree is labelled anew with 2^30 numbers for each node.
LABELS = """
CREATE FUNCTION licensing_relabel(tree varchar) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    WITH RECURSIVE walk AS (
        SELECT id, ARRAY[id] AS path FROM licensing_scopenode WHERE dimension = tree AND parent_id IS NULL
        UNION ALL
        SELECT c.id, walk.path || c.id FROM licensing_scopenode c JOIN walk ON c.parent_id = walk.id
    ), placed AS (
        SELECT id, path, row_number() OVER (ORDER BY path) - 1 AS place FROM walk
    ), sized AS (
        SELECT above AS id, count(*) AS many FROM placed, unnest(path) AS above GROUP BY above
    )
    UPDATE licensing_scopenode n
       SET low = placed.place * 1073741824, high = (placed.place + sized.many) * 1073741824
      FROM placed JOIN sized USING (id) WHERE n.id = placed.id;
    SET CONSTRAINTS licensing_rightheld_roots, licensing_rightheld_siblings DEFERRED;
    UPDATE licensing_rightheld h SET
        property_spans = licensing_spans('property', ARRAY[g.prop_id::text]),
        territory_spans = licensing_spans('territory', h.territory_codes)
            - licensing_spans('territory', h.territory_except),
        channel_spans = licensing_spans('channel', h.channel_codes),
        category_spans = licensing_spans('category', h.category_codes),
        language_spans = licensing_spans('language', h.language_codes)
      FROM licensing_grant g WHERE g.id = h.grant_id;
    SET CONSTRAINTS licensing_rightheld_roots, licensing_rightheld_siblings IMMEDIATE;
END $$;

CREATE FUNCTION licensing_label() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    above licensing_scopenode;
    lowest bigint;
    size bigint;
BEGIN
    -- One after the other: two new children must not take the same room.
    PERFORM pg_advisory_xact_lock(hashtext('licensing_label'), hashtext(NEW.dimension));
    IF NEW.parent_id IS NULL THEN
        SELECT coalesce(max(high), 0) INTO NEW.low FROM licensing_scopenode WHERE dimension = NEW.dimension;
        NEW.high := NEW.low + 1099511627776;
        RETURN NEW;
    END IF;
    FOR attempt IN 1..2 LOOP
        SELECT * INTO above FROM licensing_scopenode WHERE id = NEW.parent_id;
        IF above.dimension <> NEW.dimension THEN
            RAISE EXCEPTION 'a % cannot lie below a %', NEW.dimension, above.dimension USING ERRCODE = 'check_violation';
        END IF;
        SELECT coalesce(min(low), above.high) INTO lowest FROM licensing_scopenode WHERE parent_id = NEW.parent_id;
        size := (lowest - above.low - 1) / 64;
        IF size >= 4 THEN
            NEW.low := lowest - size;
            NEW.high := lowest;
            RETURN NEW;
        END IF;
        PERFORM licensing_relabel(NEW.dimension);
    END LOOP;
    RAISE EXCEPTION 'the tree of % has no room', NEW.dimension;
END $$;
CREATE TRIGGER licensing_scopenode_label BEFORE INSERT ON licensing_scopenode
    FOR EACH ROW EXECUTE FUNCTION licensing_label();

CREATE FUNCTION licensing_node_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM licensing_relabel(NEW.dimension);
    IF EXISTS (SELECT 1 FROM licensing_scopenode WHERE dimension = NEW.dimension AND high <= low) THEN
        RAISE EXCEPTION 'a node cannot lie below itself' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER licensing_scopenode_moved AFTER UPDATE OF parent_id ON licensing_scopenode
    FOR EACH ROW WHEN (OLD.parent_id IS DISTINCT FROM NEW.parent_id) EXECUTE FUNCTION licensing_node_moved();

CREATE FUNCTION licensing_property_node() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    above bigint;
BEGIN
    SELECT id INTO above FROM licensing_scopenode WHERE dimension = 'property' AND code = NEW.parent_id::text;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO licensing_scopenode (dimension, code, parent_id, low, high)
        VALUES ('property', NEW.id::text, above, 0, 1);
    ELSE
        UPDATE licensing_scopenode SET parent_id = above WHERE dimension = 'property' AND code = NEW.id::text;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER licensing_property_node_new AFTER INSERT ON licensing_property
    FOR EACH ROW EXECUTE FUNCTION licensing_property_node();
CREATE TRIGGER licensing_property_node_moved AFTER UPDATE OF parent_id ON licensing_property
    FOR EACH ROW WHEN (OLD.parent_id IS DISTINCT FROM NEW.parent_id) EXECUTE FUNCTION licensing_property_node();
CREATE FUNCTION licensing_property_node_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM licensing_scopenode WHERE dimension = 'property' AND code = OLD.id::text;
    RETURN NULL;
END $$;
CREATE TRIGGER licensing_property_node_gone AFTER DELETE ON licensing_property
    FOR EACH ROW EXECUTE FUNCTION licensing_property_node_gone();
"""

# ISO 3166-1 alpha-2, the 249 officially assigned codes.
ISO_3166_1 = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD
CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF
GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN
KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI
SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI
VN VU WF WS YE YT ZA ZM ZW
"""
SPANS = """
CREATE FUNCTION licensing_is_country(code varchar) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT code = ANY(string_to_array('ISO', ' '))
$$;
CREATE FUNCTION licensing_members(tree varchar, codes varchar[]) RETURNS varchar[] LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(DISTINCT coalesce(m.member, c.code)), '{}')
      FROM unnest(codes) AS c (code)
      LEFT JOIN licensing_scopegroup g ON g.dimension = tree AND g.code = c.code
      LEFT JOIN LATERAL unnest(g.members) AS m (member) ON true
$$;

CREATE FUNCTION licensing_spans(tree varchar, codes varchar[]) RETURNS int8multirange LANGUAGE plpgsql STABLE AS $$
DECLARE
    unknown varchar;
BEGIN
    IF '*' = ANY(codes) THEN
        RETURN int8multirange(int8range(NULL, NULL));
    END IF;
    SELECT c INTO unknown FROM unnest(codes) AS c
     WHERE NOT EXISTS (SELECT 1 FROM licensing_scopenode n WHERE n.dimension = tree AND n.code = c) LIMIT 1;
    IF unknown IS NOT NULL THEN
        RAISE EXCEPTION 'there is no % %', tree, unknown USING ERRCODE = 'check_violation';
    END IF;
    RETURN coalesce(
        (SELECT range_agg(int8range(low, high)) FROM licensing_scopenode WHERE dimension = tree AND code = ANY(codes)),
        '{}');
END $$;
"""

REGISTER = """
ALTER TABLE licensing_rightheld
    ADD CONSTRAINT licensing_rightheld_roots EXCLUDE USING gist (
        property_spans WITH &&, territory_spans WITH &&, channel_spans WITH &&, category_spans WITH &&,
        language_spans WITH &&, term WITH &&, holder WITH <>, lock WITH &&
    ) WHERE (parent_id IS NULL) DEFERRABLE INITIALLY IMMEDIATE,
    ADD CONSTRAINT licensing_rightheld_siblings EXCLUDE USING gist (
        parent_id WITH =, property_spans WITH &&, territory_spans WITH &&, channel_spans WITH &&, category_spans WITH &&,
        language_spans WITH &&, term WITH &&, holder WITH <>, lock WITH &&
    ) WHERE (parent_id IS NOT NULL) DEFERRABLE INITIALLY IMMEDIATE,
    ADD CONSTRAINT licensing_rightheld_some CHECK (NOT isempty(term) AND NOT isempty(territory_spans));

CREATE FUNCTION licensing_within_parent(wanted bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (
        SELECT 1 FROM licensing_rightheld c WHERE c.agreement_id = wanted AND c.parent_id IS NOT NULL
        AND NOT datemultirange(c.term) <@ coalesce((
            SELECT range_agg(p.term) FROM licensing_rightheld p
             WHERE p.agreement_id = c.parent_id AND c.property_spans <@ p.property_spans
               AND c.territory_spans <@ p.territory_spans AND c.channel_spans <@ p.channel_spans
               AND c.category_spans <@ p.category_spans AND c.language_spans <@ p.language_spans), '{}'))
$$;

-- Write the agreement's rows as they ought to be, and those of its sub-licences.
CREATE FUNCTION licensing_register(wanted bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    in_force boolean;
    below record;
BEGIN
    -- Of two signatures of one chain the second sees what the first wrote.
    PERFORM 1 FROM licensing_agreement a JOIN licensing_agreement b ON a.parent_id = b.id WHERE a.id = wanted
        FOR SHARE OF b;
    DELETE FROM licensing_rightheld WHERE agreement_id = wanted;
    SELECT state IN ('signed', 'active', 'suspended', 'sell_off') INTO in_force
      FROM licensing_agreement WHERE id = wanted;
    IF in_force THEN
        INSERT INTO licensing_scopenode (dimension, code, low, high)
        SELECT DISTINCT tree, code, 0, 1 FROM licensing_grant g
          JOIN licensing_agreementversion v ON v.id = g.version_id AND v.signed_at IS NOT NULL
         CROSS JOIN LATERAL (
            SELECT 'territory' AS tree, code FROM unnest(licensing_members('territory', g.territories)
                || licensing_members('territory', g.excluded_territories)) AS t (code) WHERE licensing_is_country(code)
            UNION ALL SELECT 'channel', unnest(licensing_members('channel', g.channels))
            UNION ALL SELECT 'category', unnest(licensing_members('category', g.categories))
            UNION ALL SELECT 'language', unnest(licensing_members('language', g.languages))) named
         WHERE v.agreement_id = wanted AND code <> '*'
        ON CONFLICT (dimension, code) DO NOTHING;
        INSERT INTO licensing_rightheld (
            agreement_id, parent_id, grant_id, holder, territory_codes, territory_except, channel_codes, category_codes,
            language_codes, property_spans, territory_spans, channel_spans, category_spans, language_spans, term, lock)
        SELECT a.id, a.parent_id, g.id, coalesce(p.group_id, -p.id),
            named.territories, named.excluded, named.channels, named.categories, named.languages,
            licensing_spans('property', ARRAY[g.prop_id::varchar]),
            licensing_spans('territory', named.territories) - licensing_spans('territory', named.excluded),
            licensing_spans('channel', named.channels), licensing_spans('category', named.categories),
            licensing_spans('language', named.languages), g.term * v.effective,
            CASE WHEN g.exclusivity = 'own_use' THEN int8range(-g.id, -g.id, '[]')
                WHEN g.exclusivity = 'non_exclusive' OR a.state = 'sell_off' THEN int8range(g.id, g.id, '[]')
                WHEN g.exclusivity = 'sole' THEN int8range(0, NULL)
                ELSE int8range(NULL, NULL) END
          FROM licensing_grant g
          JOIN licensing_agreementversion v ON v.id = g.version_id AND v.signed_at IS NOT NULL
          JOIN licensing_agreement a ON a.id = v.agreement_id
          JOIN licensing_party p ON p.id = a.licensee_id
         CROSS JOIN LATERAL (
            SELECT licensing_members('territory', g.territories) AS territories,
                licensing_members('territory', g.excluded_territories) AS excluded,
                licensing_members('channel', g.channels) AS channels,
                licensing_members('category', g.categories) AS categories,
                licensing_members('language', g.languages) AS languages) named
         WHERE a.id = wanted AND NOT isempty(g.term * v.effective);
        IF NOT licensing_within_parent(wanted) THEN
            RAISE EXCEPTION 'agreement % grants more than the licence it stands under', wanted
                USING ERRCODE = 'check_violation', CONSTRAINT = 'licensing_rightheld_within_parent';
        END IF;
    END IF;
    FOR below IN SELECT DISTINCT agreement_id FROM licensing_rightheld WHERE parent_id = wanted LOOP
        IF NOT in_force THEN
            -- A sub-licence ends with the licence it stands under.
            DELETE FROM licensing_rightheld WHERE agreement_id = below.agreement_id;
        ELSIF NOT licensing_within_parent(below.agreement_id) THEN
            RAISE EXCEPTION 'sub-licence % would grant more than agreement %', below.agreement_id, wanted
                USING ERRCODE = 'check_violation', CONSTRAINT = 'licensing_rightheld_within_parent';
        END IF;
    END LOOP;
END $$;

CREATE FUNCTION licensing_version_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM licensing_register(NEW.agreement_id);
    RETURN NULL;
END $$;
CREATE TRIGGER licensing_agreementversion_register AFTER INSERT OR UPDATE OF signed_at ON licensing_agreementversion
    FOR EACH ROW WHEN (NEW.signed_at IS NOT NULL) EXECUTE FUNCTION licensing_version_signed();

CREATE FUNCTION licensing_agreement_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM licensing_register(NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER licensing_agreement_register AFTER UPDATE OF state, parent_id, licensee_id ON licensing_agreement
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state OR OLD.parent_id IS DISTINCT FROM NEW.parent_id
        OR OLD.licensee_id IS DISTINCT FROM NEW.licensee_id)
    EXECUTE FUNCTION licensing_agreement_changed();

CREATE FUNCTION licensing_party_regrouped() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM licensing_register(a.id) FROM licensing_agreement a WHERE a.licensee_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER licensing_party_register AFTER UPDATE OF group_id ON licensing_party
    FOR EACH ROW WHEN (OLD.group_id IS DISTINCT FROM NEW.group_id) EXECUTE FUNCTION licensing_party_regrouped();
"""
BACK = """
DROP TRIGGER licensing_party_register ON licensing_party;
DROP TRIGGER licensing_agreement_register ON licensing_agreement;
DROP TRIGGER licensing_agreementversion_register ON licensing_agreementversion;
DROP TRIGGER licensing_property_node_gone ON licensing_property;
DROP TRIGGER licensing_property_node_moved ON licensing_property;
DROP TRIGGER licensing_property_node_new ON licensing_property;
DROP TRIGGER licensing_scopenode_moved ON licensing_scopenode;
DROP TRIGGER licensing_scopenode_label ON licensing_scopenode;
DROP FUNCTION licensing_party_regrouped();
DROP FUNCTION licensing_agreement_changed();
DROP FUNCTION licensing_version_signed();
DROP FUNCTION licensing_register(bigint);
DROP FUNCTION licensing_within_parent(bigint);
ALTER TABLE licensing_rightheld DROP CONSTRAINT licensing_rightheld_some,
    DROP CONSTRAINT licensing_rightheld_siblings, DROP CONSTRAINT licensing_rightheld_roots;
DROP FUNCTION licensing_property_node_gone();
DROP FUNCTION licensing_property_node();
DROP FUNCTION licensing_node_moved();
DROP FUNCTION licensing_label();
DROP FUNCTION licensing_relabel(varchar);
DROP FUNCTION licensing_spans(varchar, varchar[]);
DROP FUNCTION licensing_members(varchar, varchar[]);
DROP FUNCTION licensing_is_country(varchar);
"""
GROUPS = {
    "greater_china": ("Greater China", "CN HK MO TW"),
    "eu": (
        "European Union",
        "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE",
    ),
    "british_isles": ("United Kingdom, Ireland and the islands", "GB IE GG IM JE"),
    "north_america": ("United States and Canada", "US CA"),
}


def plant(apps, schema_editor):
    """Write the first groups, give every property its node, and register what is in force."""
    group = apps.get_model("licensing", "ScopeGroup").objects
    for code, (name, members) in GROUPS.items():
        group.create(dimension="territory", code=code, name=name, members=members.split())
    with schema_editor.connection.cursor() as cursor:
        # Parents first: a node's parent must be there.
        cursor.execute("""
            DO $$ DECLARE one record; BEGIN
            FOR one IN
                WITH RECURSIVE walk AS (
                    SELECT id, parent_id, 0 AS depth FROM licensing_property WHERE parent_id IS NULL
                    UNION ALL
                    SELECT c.id, c.parent_id, depth + 1 FROM licensing_property c JOIN walk ON c.parent_id = walk.id)
                SELECT id, parent_id FROM walk ORDER BY depth, id
            LOOP
                INSERT INTO licensing_scopenode (dimension, code, parent_id, low, high) VALUES ('property', one.id::text,
                    (SELECT id FROM licensing_scopenode WHERE dimension = 'property' AND code = one.parent_id::text), 0, 1);
            END LOOP;
            PERFORM licensing_register(id) FROM licensing_agreement ORDER BY parent_id NULLS FIRST, id;
            END $$;
        """)


class Migration(migrations.Migration):
    dependencies = [("licensing", "0004_scopes")]
    operations = [
        migrations.RunSQL(SPANS.replace("ISO", " ".join(ISO_3166_1.split())) + REGISTER + LABELS, BACK),
        migrations.RunPython(plant, migrations.RunPython.noop),
    ]
