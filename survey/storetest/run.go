package storetest

import (
	"testing"

	"tidemark/survey"
)

// Run holds a store to the contract of survey.Store. open gives a fresh, empty
// one each time it is called.
func Run(t *testing.T, open func(t testing.TB) survey.Store) {
	t.Helper()
	for name, group := range map[string]func(*testing.T, survey.Store){
		"studies":       testStudies,
		"instruments":   testInstruments,
		"library":       testLibrary,
		"runs":          testRuns,
		"moments":       testMoments,
		"participation": testParticipation,
		"consents":      testConsents,
		"enrolling":     testEnrolling,
		"leaving":       testLeaving,
		"erasure":       testErasure,
		"holdings":      testHoldings,
		"assessments":   testAssessments,
		"responses":     testResponses,
		"analysis":      testAnalysis,
		"users":         testUsers,
		"sign-ins":      testSignIns,
		"audit":         testAudit,
		"transactions":  testTransactions,
		"reading":       testReading,
		"plans":         testPlans,
		"snapshots":     testSnapshots,
		"practice":      testPractice,
		"languages":     testLanguages,
		"notes":         testNotes,
		"safety":        testSafety,
		"alerts":        testAlerts,
		"messages":      testMessages,
		"concurrency":   testConcurrency,
		"a model":       testModel,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			group(t, open(t))
		})
	}
}
