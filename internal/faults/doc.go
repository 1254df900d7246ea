// Package faults proves what the program promises when machines fail: "saved"
// means on stable storage, exactly once. Its tests run the real binary as
// processes of their own, kill them at random moments, and hold the database
// against a ledger kept outside of what answers had been acknowledged. It has
// tests only.
//
// Power cuts are played back: strace notes what the server wrote to its files and
// told the disk to keep, and a disk that loses the rest is made of it (tape_test.go,
// disk_test.go). That needs strace, and disks that are full need the right to mount;
// both are there for root on Linux.
//
// TIDEMARK_SOAK sets how many kills there are, and in proportion how often everything
// else is done; make soak runs the thousand of the table. TIDEMARK_RESULTS names a
// folder that takes what was found.
package faults
