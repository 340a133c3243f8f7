-- Conversations: an append-only log; the rest of the row is an index on it.
CREATE TABLE conversations (
  id       TEXT PRIMARY KEY,
  channel  TEXT NOT NULL,
  caller   TEXT NOT NULL,
  customer TEXT NOT NULL,
  started  INTEGER NOT NULL,           -- unix microseconds, as all times here
  ended    INTEGER NOT NULL DEFAULT 0, -- 0 while open
  outcome  TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX conversations_started ON conversations (started);

CREATE TABLE entries (
  conversation TEXT NOT NULL REFERENCES conversations (id),
  seq          INTEGER NOT NULL,
  at           INTEGER NOT NULL,
  body         TEXT NOT NULL,          -- dialog.Entry as JSON
  PRIMARY KEY (conversation, seq)
) STRICT, WITHOUT ROWID;

-- Outbound calls.
CREATE TABLE campaigns (
  id      TEXT PRIMARY KEY,
  name    TEXT NOT NULL,
  script  TEXT NOT NULL,
  state   TEXT NOT NULL,
  created INTEGER NOT NULL
) STRICT;

CREATE TABLE contacts (
  id            TEXT PRIMARY KEY,
  campaign      TEXT NOT NULL REFERENCES campaigns (id),
  number        TEXT NOT NULL,
  zone          TEXT NOT NULL,
  consent       TEXT NOT NULL,
  consent_at    INTEGER NOT NULL,      -- 0 when there is none
  consent_proof TEXT NOT NULL,
  facts         TEXT NOT NULL,         -- JSON object
  state         TEXT NOT NULL,
  next_at       INTEGER NOT NULL,
  reason        TEXT NOT NULL DEFAULT '',
  UNIQUE (campaign, number)
) STRICT;
CREATE INDEX contacts_due ON contacts (state, next_at);

CREATE TABLE attempts (
  id           TEXT PRIMARY KEY,
  campaign     TEXT NOT NULL REFERENCES campaigns (id),
  contact      TEXT NOT NULL REFERENCES contacts (id),
  number       TEXT NOT NULL,
  state        TEXT NOT NULL,
  call         TEXT NOT NULL DEFAULT '',
  conversation TEXT NOT NULL DEFAULT '',
  disposition  TEXT NOT NULL DEFAULT '',
  started      INTEGER NOT NULL,
  ended        INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX attempts_number ON attempts (number, started);
-- The database itself refuses a second call to a number while one is open.
CREATE UNIQUE INDEX attempts_open ON attempts (number) WHERE state = 'dialling';

CREATE TABLE do_not_call (
  number TEXT PRIMARY KEY,
  reason TEXT NOT NULL,
  at     INTEGER NOT NULL
) STRICT;

-- Access: only hashes of keys are kept.
CREATE TABLE keys (
  id      TEXT PRIMARY KEY,
  name    TEXT NOT NULL,
  role    TEXT NOT NULL,
  hash    BLOB NOT NULL UNIQUE,        -- sha256 of a 256-bit random key
  created INTEGER NOT NULL
) STRICT;

-- Photos lie as files under random names; findings are in the conversation.
CREATE TABLE photos (
  id           TEXT PRIMARY KEY,
  conversation TEXT NOT NULL,
  at           INTEGER NOT NULL
) STRICT;
