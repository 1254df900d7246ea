// Package backup makes copies of a whole database that can be put back, and proves
// them.
//
// A backup is one file: a tar archive, compressed and then encrypted by age, so that
// `age -d FILE | tar xz` opens it without this program. It holds a manifest with the
// inventory of the database, the erasures known by then, and the database: a file of
// SQLite, an archive of pg_dump, or the rows in the canonical form of package store.
// [Make] writes one while the server runs; [Archive.Restore] puts one into an empty
// database and compares what came of it with the manifest, row by row. [Place] is
// where backups are kept, and [Policy] which of them stay.
//
// The package never imports a front end. It holds no key of the installation: neither
// its secret nor the key of the contact data is in a backup.
package backup
