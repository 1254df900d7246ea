// Package bson stands in for the format of MongoDB, which Gin can read and write and
// Tidemark does not.
package bson
