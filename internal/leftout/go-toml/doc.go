// Package toml stands in for TOML, which Gin can read and write and Tidemark does not.
package toml
