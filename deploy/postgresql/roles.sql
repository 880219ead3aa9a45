-- Roles with no more than they need. Run as a superuser, in the register's database, before the first
-- migration and after each one; a second time it changes nothing:
--   psql --dbname register --file deploy/postgresql/roles.sql
-- Passwords are set by hand: \password register_owner, \password register_app, \password register_read

SELECT format('CREATE ROLE %I LOGIN', wanted.name)
FROM (VALUES ('register_owner'), ('register_app'), ('register_read')) AS wanted (name)
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name) \gexec

-- register_owner migrates and restores. register_app serves: rows, never tables. register_read is
-- for standbys and people who look.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO register_owner;
GRANT USAGE ON SCHEMA public TO register_app, register_read;

ALTER DEFAULT PRIVILEGES FOR ROLE register_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO register_app;
ALTER DEFAULT PRIVILEGES FOR ROLE register_owner IN SCHEMA public
    GRANT USAGE ON SEQUENCES TO register_app;
ALTER DEFAULT PRIVILEGES FOR ROLE register_owner IN SCHEMA public
    GRANT SELECT ON TABLES TO register_read;
ALTER DEFAULT PRIVILEGES FOR ROLE register_owner IN SCHEMA public
    GRANT SELECT ON SEQUENCES TO register_read;

-- What is only added to, whatever code asks: triggers refuse it too, but an owner can drop those.
SELECT format('REVOKE UPDATE, DELETE ON %I FROM register_app', kept.name)
FROM (VALUES ('commitments_entry'), ('commitments_issuedfile')) AS kept (name)
WHERE to_regclass(kept.name) IS NOT NULL \gexec
SELECT format('REVOKE INSERT, UPDATE, DELETE ON %I FROM register_app', fixed.name)
FROM (VALUES ('django_migrations')) AS fixed (name)
WHERE to_regclass(fixed.name) IS NOT NULL \gexec
-- Who may look at the register may not log in by what they see: sessions, passwords, second steps.
SELECT format('REVOKE SELECT ON %I FROM register_read', secret.name)
FROM (VALUES ('auth_user'), ('django_session'), ('commitments_secondfactor'), ('axes_accessattempt'))
    AS secret (name)
WHERE to_regclass(secret.name) IS NOT NULL \gexec
