CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
-- what the engine answers of calendar windows; of those not here, that nothing leads there
CREATE TABLE solved (series TEXT, period TEXT, answer TEXT, PRIMARY KEY (series, period))
WITHOUT ROWID;
-- a digest of each series with its facts, how many these are, their first period and the last, and
-- how finely they count; the digest of all words under the empty id
CREATE TABLE content (
    seq INTEGER PRIMARY KEY,
    id TEXT UNIQUE, digest TEXT, facts INTEGER, first TEXT, last TEXT, precision TEXT
);
-- each fact file or mapping: where the rows of its facts begin, and all else that it says
CREATE TABLE part (first INTEGER PRIMARY KEY, path BLOB, only INTEGER, says TEXT);
-- each file that was read, and the part of which it is one; nanoseconds are text, for years to come,
-- and -1 where the file had just been changed
CREATE TABLE file (
    path BLOB, part BLOB, size INTEGER, mtime_ns TEXT, digest TEXT, PRIMARY KEY (path, part)
) WITHOUT ROWID;
CREATE TABLE source_count (source TEXT PRIMARY KEY, count INTEGER) WITHOUT ROWID;
CREATE TABLE spelling (kind TEXT, folded TEXT, strength INTEGER, id TEXT, text TEXT);
CREATE INDEX spelling_folded ON spelling (folded, kind, strength, id);
CREATE TABLE label (kind TEXT, id TEXT, text TEXT);
CREATE INDEX label_kind ON label (kind, id);
CREATE TABLE entry (seq INTEGER PRIMARY KEY, kind TEXT, id TEXT, title TEXT, context TEXT);
CREATE VIRTUAL TABLE search USING fts5(
    title, names, notes, content='', tokenize='unicode61 remove_diacritics 2'
);
