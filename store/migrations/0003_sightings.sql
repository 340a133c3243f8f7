-- What photos with claims looked like, to notice a picture that comes again
-- with somebody else's. The bands are the quarters of the fingerprint: two
-- pictures that are one share at least one band up to a bit.
CREATE TABLE sightings (
  photo        TEXT PRIMARY KEY,
  shop         TEXT NOT NULL,
  conversation TEXT NOT NULL,
  customer     TEXT NOT NULL,          -- empty while unknown
  at           INTEGER NOT NULL,
  frequencies  INTEGER NOT NULL,       -- forensic.Fingerprint
  neighbours   INTEGER NOT NULL,
  band0 INTEGER NOT NULL, band1 INTEGER NOT NULL, band2 INTEGER NOT NULL, band3 INTEGER NOT NULL
) STRICT;
CREATE INDEX sightings_band0 ON sightings (shop, band0);
CREATE INDEX sightings_band1 ON sightings (shop, band1);
CREATE INDEX sightings_band2 ON sightings (shop, band2);
CREATE INDEX sightings_band3 ON sightings (shop, band3);
