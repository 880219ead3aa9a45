"""A backup is a folder: the database as one file, the uploaded files, and what both must be.

The database is read as it stood in one moment, while others write. The files are those that it
names: they never change, and are written before their row.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone

MANIFEST, MEDIA = "manifest.json", "media.tar"
DATABASE = {"sqlite": "register.sqlite3", "postgresql": "register.dump"}
FILES = "SELECT file, sha256 FROM commitments_evidence ORDER BY file"
MIGRATIONS = "SELECT app, name FROM django_migrations ORDER BY app, name"
PAGES_AT_ONCE = 2_000


class BackupRefused(Exception):
    """Nothing was done, or what was begun was taken back; the words say why."""


# --- Making one ----------------------------------------------------------------------------------


def back_up(folder):
    """Write a new backup into a folder; returns its own folder and the files that are missing."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    done = folder / f"register-{timezone.now():%Y%m%dT%H%M%SZ}"
    part = done.with_name(f"{done.name}.part")
    # Only its owner: the database holds accounts, mail addresses and drafts.
    part.mkdir(mode=0o700)
    try:
        dump = part / DATABASE[connection.vendor]
        files, migrations = read_database(dump)
        missing = pack_files(files, part / MEDIA)
        manifest = {
            "made_at": timezone.now().isoformat(timespec="seconds"),
            "database": connection.vendor,
            "migrations": migrations,
            "missing": missing,
            "sha256": {each.name: sha256_of(each) for each in (dump, part / MEDIA)},
        }
        (part / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    except BaseException:
        shutil.rmtree(part)
        raise
    # Whoever finds a folder without ".part" finds all of it.
    part.rename(done)
    return done, missing


def read_database(dump):
    read = read_sqlite if connection.vendor == "sqlite" else read_postgresql
    return read(dump)


def read_sqlite(dump):
    connection.ensure_connection()
    with closing(sqlite3.connect(dump)) as copy:
        # In parts, so that writers wait for a part only; begins anew when one has written between.
        connection.connection.backup(copy, pages=PAGES_AT_ONCE, sleep=0.001)
        copy.execute("PRAGMA journal_mode=DELETE")
        return copy.execute(FILES).fetchall(), copy.execute(MIGRATIONS).fetchall()


def read_postgresql(dump):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        run("pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={dump}")
        cursor.execute(FILES)
        files = cursor.fetchall()
        cursor.execute(MIGRATIONS)
        return files, cursor.fetchall()


def pack_files(files, place):
    """One uncompressed archive; returns the names of files that are not what the database says."""
    missing = []
    with tarfile.open(place, "w") as packed:
        for name, sha256 in files:
            try:
                with default_storage.open(name) as file:
                    if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                        missing.append(name)
                    info = tarfile.TarInfo(name)
                    info.size, info.mode = file.seek(0, 2), 0o640
                    file.seek(0)
                    packed.addfile(info, file)
            except OSError:
                missing.append(name)
    return missing


# --- Bringing one back ---------------------------------------------------------------------------


def restore(folder, *, replace=False):
    """Put a backup in place of an empty register, or with `replace` of whatever is there."""
    folder = Path(folder)
    manifest = checked_manifest(folder)
    if not replace and has_tables():
        raise BackupRefused("The database is not empty. To throw away what it holds: --replace")
    try:
        default_storage.exists(MEDIA)
    except OSError as error:
        raise BackupRefused(f"The storage of uploaded files cannot be reached: {error}") from error
    dump = folder / DATABASE[connection.vendor]
    if connection.vendor == "sqlite":
        write_sqlite(dump)
    else:
        clean = ["--clean", "--if-exists"] if replace else []
        run("pg_restore", "--no-owner", "--single-transaction", *clean, dump)
    unpack_files(folder / MEDIA)
    return manifest


def checked_manifest(folder):
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except OSError as error:
        raise BackupRefused(f"{folder} is no backup: {error.strerror}.") from error
    if manifest["database"] != connection.vendor:
        raise BackupRefused(
            f"The backup is of {manifest['database']}, the database is {connection.vendor}."
        )
    for name, sha256 in manifest["sha256"].items():
        if not (folder / name).exists() or sha256_of(folder / name) != sha256:
            raise BackupRefused(f"{name} is missing, or not what was backed up.")
    return manifest


def has_tables():
    with connection.cursor() as cursor:
        return bool(connection.introspection.table_names(cursor))


def write_sqlite(dump):
    connection.ensure_connection()
    with closing(sqlite3.connect(f"file:{dump}?mode=ro", uri=True)) as copy:
        copy.backup(connection.connection)
    connection.close()


def unpack_files(place):
    """What is already there under its name is the same file: names are random."""
    with tarfile.open(place) as packed:
        for info in packed:
            if not default_storage.exists(info.name):
                with packed.extractfile(info) as file:
                    default_storage.save(info.name, file)


# --- What both need ------------------------------------------------------------------------------


def run(program, *arguments):
    """One of PostgreSQL's programs, told the database as Django is: no password is in `ps`."""
    (_psql, *where, name), env = connection.client.settings_to_cmd_args_env(
        connection.settings_dict, []
    )
    program = str(Path(settings.POSTGRESQL_PROGRAMS, program))
    command = [program, *where, "--dbname", name, "--no-password", *map(str, arguments)]
    try:
        done = subprocess.run(command, env=os.environ | (env or {}), capture_output=True, text=True)
    except FileNotFoundError as error:
        raise BackupRefused(f"{program} is not there: set POSTGRESQL_PROGRAMS.") from error
    if done.returncode:
        raise BackupRefused(f"{program}: {done.stderr.strip()}")


def sha256_of(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
