//! The tables of this crate, as the steps that lead to them.

/// A step is never changed once released: new ones follow.
pub const MIGRATIONS: atalaya_store::Migrations = atalaya_store::Migrations {
    owner: "outreach",
    steps: &[
        // `key` is whoever asked's own name for what was confirmed once. Files of bases are bytes of their own, kept until
        // it is known that they arrived.
        "CREATE TABLE batch (
             id INTEGER PRIMARY KEY, account TEXT NOT NULL, key TEXT NOT NULL, title TEXT NOT NULL, kind TEXT NOT NULL,
             person TEXT NOT NULL, made_ms INTEGER NOT NULL, UNIQUE (account, key)
         ) STRICT;
         CREATE TABLE batch_item (
             batch INTEGER NOT NULL REFERENCES batch ON DELETE CASCADE, place INTEGER NOT NULL, label TEXT NOT NULL,
             name TEXT NOT NULL, operation TEXT NOT NULL, unless_reached TEXT,
             state TEXT NOT NULL DEFAULT 'waiting', attempt INTEGER NOT NULL DEFAULT 0, problem TEXT, guid TEXT, said TEXT,
             left INTEGER NOT NULL DEFAULT 0, ended_ms INTEGER, PRIMARY KEY (batch, place)
         ) STRICT, WITHOUT ROWID;
         CREATE INDEX batch_item_state ON batch_item (state, batch);
         CREATE TABLE batch_file (
             batch INTEGER NOT NULL, place INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (batch, place),
             FOREIGN KEY (batch, place) REFERENCES batch_item (batch, place) ON DELETE CASCADE
         ) STRICT;
         CREATE TABLE outreach_sent (
             id INTEGER PRIMARY KEY, account TEXT NOT NULL, at_ms INTEGER NOT NULL, kind TEXT NOT NULL,
             name TEXT NOT NULL, target TEXT NOT NULL, campaign TEXT NOT NULL, detail TEXT NOT NULL, operation TEXT,
             person TEXT NOT NULL, outcome TEXT, why TEXT, batch INTEGER
         ) STRICT;
         CREATE INDEX outreach_sent_at ON outreach_sent (account, kind, id);
         CREATE TABLE blacklist_known (
             account TEXT NOT NULL, phone TEXT NOT NULL, campaign TEXT NOT NULL, name TEXT NOT NULL,
             company TEXT NOT NULL, job_title TEXT NOT NULL, state TEXT NOT NULL, from_file INTEGER NOT NULL,
             since_ms INTEGER NOT NULL, person TEXT NOT NULL, PRIMARY KEY (account, phone, campaign)
         ) STRICT, WITHOUT ROWID;
         CREATE TABLE outreach_mapping (
             account TEXT NOT NULL, kind TEXT NOT NULL, shape TEXT NOT NULL, mapping TEXT NOT NULL,
             used_ms INTEGER NOT NULL, PRIMARY KEY (account, kind, shape)
         ) STRICT;",
        // Which item of its batch a line is of, so that what a person says of the one is said of the other.
        "ALTER TABLE outreach_sent ADD COLUMN place INTEGER;
         CREATE INDEX outreach_sent_item ON outreach_sent (batch, place) WHERE batch IS NOT NULL;",
    ],
};
