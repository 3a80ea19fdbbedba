//! The tables of this crate, as the steps that lead to them.

/// A step is never changed once released: new ones follow.
pub const MIGRATIONS: atalaya_store::Migrations = atalaya_store::Migrations {
    owner: "teamwork",
    steps: &[
        // An account is in one team or none. `clock_ms` is how far the log's clock is ahead of this computer's.
        // What waits is never sent under another number than it was written with, and what was offered to the log once is
        // never changed.
        "CREATE TABLE team (
             account TEXT PRIMARY KEY, desk TEXT NOT NULL, who TEXT NOT NULL, lead INTEGER NOT NULL,
             applied INTEGER NOT NULL DEFAULT 0, clock_ms INTEGER NOT NULL DEFAULT 0
         ) STRICT;
         CREATE TABLE outbox (
             id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, change TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
             thing TEXT NOT NULL, body TEXT NOT NULL, offered INTEGER NOT NULL DEFAULT 0, seq INTEGER
         ) STRICT;
         CREATE INDEX outbox_place ON outbox (account, kind, thing);
         CREATE INDEX outbox_waiting ON outbox (account, id) WHERE seq IS NULL;
         CREATE TABLE settled (
             account TEXT NOT NULL, kind TEXT NOT NULL, thing TEXT NOT NULL, body TEXT NOT NULL,
             PRIMARY KEY (account, kind, thing)
         ) STRICT, WITHOUT ROWID;
         CREATE TABLE told (
             id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, at_ms INTEGER NOT NULL, body TEXT NOT NULL
         ) STRICT;",
        // Which change the last one applied was: of the same number in another log there is another.
        "ALTER TABLE team ADD COLUMN last TEXT;",
    ],
};
