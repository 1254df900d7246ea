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
		"drafts":        testDrafts,
		"courses":       testCourses,
		"runs":          testRuns,
		"schedule":      testSchedule,
		"moves":         testMoves,
		"releases":      testReleases,
		"calendars":     testCalendars,
		"tokens":        testTokens,
		"webhooks":      testWebhooks,
		"pages":         testPages,
		"participation": testParticipation,
		"consents":      testConsents,
		"enrolling":     testEnrolling,
		"leaving":       testLeaving,
		"erasure":       testErasure,
		"holdings":      testHoldings,
		"live":          testLive,
		"assessments":   testAssessments,
		"responses":     testResponses,
		"analysis":      testAnalysis,
		"users":         testUsers,
		"accounts":      testAccounts,
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
		"limits":        testLimits,
		"operations":    testOperations,
		"messaging":     testMessaging,
		"entry":         testEntry,
		"imports":       testImports,
		"concurrency":   testConcurrency,
		"a model":       testModel,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			group(t, open(t))
		})
	}
}
