// Command sbom tells what a built program is made of, as CycloneDX JSON. It reads what the
// Go linker wrote into the program, and so cannot disagree with it.
//
//	go run ./internal/sbom dist/tidemark > dist/tidemark.cdx.json
package main
