-- What the merchant brought in beside the shop's question base.
CREATE TABLE documents (
  name     TEXT PRIMARY KEY,
  document TEXT NOT NULL,              -- JSON: passages as they were understood
  imported INTEGER NOT NULL
) STRICT;

CREATE TABLE pins (
  id       TEXT PRIMARY KEY,
  question TEXT NOT NULL,
  answer   TEXT NOT NULL,
  at       INTEGER NOT NULL
) STRICT;

-- Questions that nothing answered, numbers masked.
CREATE TABLE missed (
  question TEXT PRIMARY KEY,
  times    INTEGER NOT NULL,
  last     INTEGER NOT NULL
) STRICT;
CREATE INDEX missed_last ON missed (last);
