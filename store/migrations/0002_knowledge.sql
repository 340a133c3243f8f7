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

-- Counts changes, so that a running gateway sees what another process did.
CREATE TABLE knowledge_version (n INTEGER NOT NULL) STRICT;
INSERT INTO knowledge_version VALUES (0);
CREATE TRIGGER documents_put AFTER INSERT ON documents BEGIN UPDATE knowledge_version SET n = n + 1; END;
CREATE TRIGGER documents_set AFTER UPDATE ON documents BEGIN UPDATE knowledge_version SET n = n + 1; END;
CREATE TRIGGER documents_del AFTER DELETE ON documents BEGIN UPDATE knowledge_version SET n = n + 1; END;
CREATE TRIGGER pins_put AFTER INSERT ON pins BEGIN UPDATE knowledge_version SET n = n + 1; END;
CREATE TRIGGER pins_set AFTER UPDATE ON pins BEGIN UPDATE knowledge_version SET n = n + 1; END;
CREATE TRIGGER pins_del AFTER DELETE ON pins BEGIN UPDATE knowledge_version SET n = n + 1; END;
