from django.db import migrations

from config.append_only import append_only

# A signed version is a contract: it and its grants stand as they were signed; an amendment is a new version.
SIGNED = """
CREATE FUNCTION licensing_refuse_signed_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.signed_at IS NOT NULL THEN
        RAISE EXCEPTION 'agreement version % is signed: make a new version', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER licensing_agreementversion_signed BEFORE UPDATE OR DELETE ON licensing_agreementversion
    FOR EACH ROW EXECUTE FUNCTION licensing_refuse_signed_version();

CREATE FUNCTION licensing_refuse_signed_grant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM licensing_agreementversion v
         WHERE v.signed_at IS NOT NULL AND v.id IN (
            CASE WHEN TG_OP <> 'INSERT' THEN OLD.version_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.version_id END)
    ) THEN
        RAISE EXCEPTION 'the grant belongs to a signed agreement version: make a new version'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER licensing_grant_signed BEFORE INSERT OR UPDATE OR DELETE ON licensing_grant
    FOR EACH ROW EXECUTE FUNCTION licensing_refuse_signed_grant();
"""

UNSIGNED = """
DROP TRIGGER licensing_grant_signed ON licensing_grant;
DROP FUNCTION licensing_refuse_signed_grant();
DROP TRIGGER licensing_agreementversion_signed ON licensing_agreementversion;
DROP FUNCTION licensing_refuse_signed_version();
"""


class Migration(migrations.Migration):
    dependencies = [("licensing", "0001_initial")]
    operations = [append_only("licensing_royaltyentry"), migrations.RunSQL(SIGNED, UNSIGNED)]
