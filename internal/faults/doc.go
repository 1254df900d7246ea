// Package faults proves what the program promises when machines fail: "saved"
// means on stable storage, exactly once. Its tests run the real binary as
// processes of their own, kill them at random moments, and hold the database
// against a ledger kept outside of what answers had been acknowledged. It has
// tests only.
//
// TIDEMARK_SOAK sets how many kills there are; make soak runs a thousand.
package faults
