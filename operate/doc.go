// Package operate is what a running server tells of itself, to machines and to whoever
// looks after it: [Metrics] in the format of Prometheus, [Traces] for a collector of
// OpenTelemetry, [Readiness] for a proxy, counts of what went wrong by kind ([Faults]),
// certificates by ACME, and the checks of the doctor ([Examine]).
//
// Nothing here tells of people: a label is a route's template, a class of statuses or the
// name of a limit, and never anything that came with a request. Begin with metrics.go.
package operate
