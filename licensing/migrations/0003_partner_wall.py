from django.db import migrations

# The second wall of tenancy. Partner requests run as the role vitrine_partner, which may only read, and only rows that
# the policies below show for the partner named in vitrine.partner_id; without that setting they show nothing.
# Roles belong to the whole server, so several databases may be creating this one at the same moment: try again.
ROLE = """
DO $$
DECLARE attempt int := 0;
BEGIN
    LOOP
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'vitrine_partner') THEN
                CREATE ROLE vitrine_partner NOLOGIN;
            END IF;
            IF NOT pg_has_role(current_user, 'vitrine_partner', 'MEMBER') OR EXISTS (
                SELECT 1 FROM pg_roles WHERE rolname = current_user AND NOT rolsuper
            ) THEN
                EXECUTE format('GRANT vitrine_partner TO %I', current_user);
            END IF;
            EXIT;
        EXCEPTION
            WHEN insufficient_privilege THEN
                RAISE EXCEPTION 'the database user % cannot make the role of partner requests', current_user
                    USING HINT = 'As a superuser: CREATE ROLE vitrine_partner NOLOGIN; GRANT vitrine_partner TO '
                        || quote_ident(current_user) || ';';
            WHEN duplicate_object OR unique_violation OR internal_error THEN
                attempt := attempt + 1;
                IF attempt > 50 THEN RAISE; END IF;
                PERFORM pg_sleep(0.02 + random() * 0.1);
        END;
    END LOOP;
END $$;
"""

POLICIES = """
CREATE FUNCTION licensing_current_partner() RETURNS bigint LANGUAGE sql STABLE AS
    $$ SELECT NULLIF(current_setting('vitrine.partner_id', true), '')::bigint $$;

GRANT USAGE ON SCHEMA public TO vitrine_partner;
GRANT SELECT ON licensing_party, licensing_property, licensing_agreement, licensing_agreementversion, licensing_grant,
    licensing_royaltyentry TO vitrine_partner;

ALTER TABLE licensing_agreement ENABLE ROW LEVEL SECURITY;
CREATE POLICY partner_reads_own ON licensing_agreement FOR SELECT TO vitrine_partner
    USING (licensee_id = licensing_current_partner());
ALTER TABLE licensing_agreementversion ENABLE ROW LEVEL SECURITY;
CREATE POLICY partner_reads_own ON licensing_agreementversion FOR SELECT TO vitrine_partner
    USING (partner_id = licensing_current_partner());
ALTER TABLE licensing_grant ENABLE ROW LEVEL SECURITY;
CREATE POLICY partner_reads_own ON licensing_grant FOR SELECT TO vitrine_partner
    USING (partner_id = licensing_current_partner());
ALTER TABLE licensing_royaltyentry ENABLE ROW LEVEL SECURITY;
CREATE POLICY partner_reads_own ON licensing_royaltyentry FOR SELECT TO vitrine_partner
    USING (partner_id = licensing_current_partner());
ALTER TABLE licensing_party ENABLE ROW LEVEL SECURITY;
CREATE POLICY partner_reads_own ON licensing_party FOR SELECT TO vitrine_partner
    USING (id = licensing_current_partner() OR EXISTS (
        SELECT 1 FROM licensing_agreement a WHERE a.licensor_id = licensing_party.id));
ALTER TABLE licensing_property ENABLE ROW LEVEL SECURITY;
CREATE POLICY partner_reads_granted ON licensing_property FOR SELECT TO vitrine_partner
    USING (EXISTS (SELECT 1 FROM licensing_grant g WHERE g.prop_id = licensing_property.id));
"""

NO_POLICIES = """
DROP POLICY partner_reads_granted ON licensing_property;
ALTER TABLE licensing_property DISABLE ROW LEVEL SECURITY;
DROP POLICY partner_reads_own ON licensing_party;
ALTER TABLE licensing_party DISABLE ROW LEVEL SECURITY;
DROP POLICY partner_reads_own ON licensing_royaltyentry;
ALTER TABLE licensing_royaltyentry DISABLE ROW LEVEL SECURITY;
DROP POLICY partner_reads_own ON licensing_grant;
ALTER TABLE licensing_grant DISABLE ROW LEVEL SECURITY;
DROP POLICY partner_reads_own ON licensing_agreementversion;
ALTER TABLE licensing_agreementversion DISABLE ROW LEVEL SECURITY;
DROP POLICY partner_reads_own ON licensing_agreement;
ALTER TABLE licensing_agreement DISABLE ROW LEVEL SECURITY;
REVOKE SELECT ON licensing_party, licensing_property, licensing_agreement, licensing_agreementversion, licensing_grant,
    licensing_royaltyentry FROM vitrine_partner;
DROP FUNCTION licensing_current_partner();
"""


class Migration(migrations.Migration):
    dependencies = [("licensing", "0002_append_only")]
    operations = [
        migrations.RunSQL(ROLE, migrations.RunSQL.noop),
        migrations.RunSQL(POLICIES, NO_POLICIES),
    ]
