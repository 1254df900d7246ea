package main

func security() []row {
	return []row{
		{
			promise: "Following a link changes nothing; using it leaves its token behind; it shows nothing of a person",
			goal:    "10,000 fetches change 0 rows",
			tests:   []string{"web.TestFollowingALinkAThousandTimesChangesNothing", "web.TestUsingALinkLeavesItsTokenBehind", "web.TestALinkAloneShowsNothingOfAPerson", "web.TestAddressesWithTokensAreNotPassedOn", "web.TestLinksAreMadeFromTheConfiguredAddress", "survey.TestLookingAtALinkChangesNothing"},
			missing: "10,000 fetches, headless Chrome among them: a thousand are made, by a plain client",
		},
		{
			promise: "Dead links of every kind look alike", goal: "same status, body and help; timing within 5 ms over 2,000 tries",
			tests:   []string{"web.TestDeadLinksOfEveryKindLookAlike", "survey.TestDeadLinksAreAllAlike", "survey.TestUnknownAndDeadCodesAreTheSame", "web.TestNobodyLearnsFromALostLinkWhoTakesPart", "survey.TestAnUnknownAddressTakesAsLongAsAWrongPassword"},
			missing: "the gap in timing over 2,000 tries",
		},
		{
			key: "matrix", promise: "Nobody reads or changes what is not theirs", goal: "every route × role × {own, other study, deleted, random}",
			tests:   []string{"web.TestNobodySeesMoreThanTheirRole", "web.TestEveryRouteKnowsWhoMayUseIt", "survey.TestEveryUseCaseKnowsWhoMay", "web.TestOtherPeoplesQuestionnairesDoNotExist", "survey.TestAnAssessmentIsNobodyElses"},
			missing: "objects that are deleted or random, for each route",
		},
		{
			promise: "What people type is never run: not by a browser, not by a spreadsheet",
			goal:    "500 hostile texts in every field; 200 formulas in LibreOffice",
			tests:   []string{"web.TestNamesAreNeverTakenForMarkup", "web.TestEveryAnswerCarriesTheSafeHeaders", "web.TestEscapingAheadIsThatOfTheTemplates", "survey/export.TestTextThatASpreadsheetWouldRunIsDisarmed"},
			missing: "500 texts in every field of every page, mail and export, and formulas opened in LibreOffice",
		},
		{
			promise: "Forms are taken from our own pages alone",
			tests:   []string{"web.TestFormsFromOtherSitesAreRefused", "web.TestStaffFormsFromOtherSitesAreRefused", "web.TestCookiesAreKeptFromScriptsAndOtherSites"},
		},
		{
			promise: "Staff need a second factor, codes work once, revocation reaches all servers at once, and no flood locks anybody out",
			goal:    "revoked within 1 s on all replicas; 100 wrong passwords lock nobody out",
			tests:   []string{"survey.TestASecondFactorIsAskedForAndEachCodeWorksOnce", "survey.TestAPasskeySignsInOnceForEachQuestion", "survey.TestWhoSeesAnswersSetsUpASecondFactorFirst", "web.TestARevokedBrowserIsOutAtOnceOnEveryServer", "internal/faults.TestASignInOnOneReplicaHoldsOnTheOtherAndEndsOnBoth", "survey.TestWrongPasswordsSlowDownWhoGuessesAndLockNobodyOut", "survey.TestAFloodKeepsNobodyOutOfABrowserThatTheyKnow"},
		},
		{
			promise: "Logs hold nothing that people send", goal: "50 planted words, also after panics and faults of the database: 0 hits",
			tests:   []string{"web.TestLogsHoldNothingThatPeopleSend"},
			missing: "faults of the database with planted words on both engines",
		},
		{
			promise: "Figures for operators tell how often and never who, probes tell no secret, and a server that takes no changes says so on all servers",
			tests:   []string{"operate.TestMetricsTellHowOftenAndNeverWho", "web.TestProbesAnswerWithoutSecrets", "survey.TestReadOnlyHoldsOnEveryServerAndEnds", "web.TestReadOnlyKeepsPagesAndRefusesChangesKindly"},
		},
		{
			promise: "Events told to other systems hold no answers, are signed, come in order, and are lost by no server that dies",
			tests:   []string{"survey.TestWhatHappensIsToldInOrderAndWithoutAnAnswer", "survey/client.TestAWebhookIsBelievedOnlyIfItIsSignedAndFresh", "survey.TestServersTogetherSendEachEventOnceAndNothingIsLostWhenOneDies", "mail.TestNoEventGoesToAPrivateNetwork"},
		},
		{
			promise: "What is shipped has no known vulnerability that is reached, a list of parts, and can be built again bit by bit",
			missing: "govulncheck needs its database from the network; the list of parts and the second build are not checked yet",
		},
	}
}

func privacy() []row {
	return []row{
		{
			key: "vault", promise: "Who people are is sealed apart from what they answered", goal: "a dump and the research key yield 0 of 1,000 planted identities",
			tests: []string{"survey/vault.TestWhatIsSealedOpensWhereItBelongsAndNowhereElse", "survey/vault.TestAnotherMasterKeyIsRefused", "survey/vault.TestTheIndexFindsTheSameInOneStudyOnly", "survey/vault.TestAKeyIsWrappedAnewWithoutTouchingWhatItSealed", "survey/store.TestADumpWithoutTheKeyIdentifiesNobody", "survey/store.TestMigratingSealsWhatWasStoredInTheOpen", "survey/store.TestWhatIsMovedToSomebodyElseDoesNotOpen"},
		},
		{
			key: "feedback", promise: "Nobody is worked out from figures of a group", goal: "every pair of filters and times over 1,000 groups: 0 individual scores",
			tests: []string{"survey/disclosure.TestNobodyIsRecoveredFromAllFiguresTogether", "survey/disclosure.TestTheAttackRecoversPeopleWhereTheRulesAreOff", "survey/disclosure.TestAGroupOfOneMindAndOneAtTheEndAreWithheldAlike", "survey.TestAFigureIsToldOnceAndStaysWhateverHappens"},
		},
		{
			promise: "Leaving takes two taps and no reason; nothing more is sent", goal: "queued messages stop within 60 s",
			tests: []string{"web.TestLeavingTakesTwoTapsAndKeepsWhatWasGiven", "web.TestErasingTakesTwoTapsAndLeavesNothing", "survey.TestAMessageInTheOutboxIsNotSentOnceItsReasonIsGone", "web.TestLettersAreStoppedByTheLinkInThem"},
		},
		{
			promise: "A person's copy of their data is made while they wait, for people and for machines",
			tests:   []string{"web.TestACopyIsTakenOnTheDeviceOfTheConsentAlone", "web.TestACopyIsTakenElsewhereWithACodeSentToTheAddress", "cmd/tidemark.TestTheOperatorWritesACopyForAPerson"},
		},
		{
			promise: "Of an erased person nothing is left in the database, its log, its jobs, its trail or frozen data, also after an older copy is put back",
			goal:    "0 planted words",
			tests:   []string{"survey.TestNothingOfAnErasedPersonIsLeftInTheFilesOfSQLite", "survey.TestNothingOfAnErasedPersonIsInADumpOfPostgres", "survey/store.TestErasedBytesAreGoneFromTheFiles", "survey/store.TestErasureKnowsEveryTableOfAPerson", "survey.TestAnErasedPersonLeavesTheFrozenDataToo", "survey.TestAnErasureIsDoneAgainAfterAnOlderCopyWasPutBack"},
			missing: "archived logs of PostgreSQL, which are the administrator's",
		},
		{
			promise: "Every change of the audit trail is found", goal: "1,000 random edits, removals, reorderings and cuts before the last head kept outside: all found",
			tests: []string{"survey.TestAThousandRandomChangesAreFound", "survey/store.TestEveryChangeOfTheTrailIsFound", "survey/store.TestATrailWrittenAnewIsFoundByItsHead", "cmd/tidemark.TestAnExportedTrailIsVerifiedByItself", "cmd/tidemark.TestTheDaysHeadsAreMailedOnce"},
		},
		{
			promise: "A signature names the person, the time and the meaning, and any change voids it",
			missing: "signatures are not built",
		},
	}
}

func accessibility() []row {
	return []row{
		{
			promise: "No page violates what axe knows of WCAG 2.2 AA", goal: "every page × state × 320, 390 and 1,280 px × both directions: 0 violations",
			tests: []string{"cmd/tidemark.TestEveryPageIsAccessible", "cmd/tidemark.TestEveryKindOfQuestionIsAccessible", "cmd/tidemark.TestHelpAndAlertsAreAccessible", "cmd/tidemark.TestThePagesOfMessagesAreAccessible", "cmd/tidemark.TestParticipantsPagesFitInEveryLanguage", "internal/browser.TestPlantedFaultsAreFound"},
		},
		{
			promise: "Everything works by keyboard alone, in each language",
			tests:   []string{"cmd/tidemark.TestTheWholeWayByKeyboardInEveryLanguage", "cmd/tidemark.TestTheBywaysByKeyboardInEveryLanguage", "cmd/tidemark.TestAQuestionnaireOfEveryKindWorksByKeyboardAlone"},
		},
		{
			promise: "Everything a participant does works without JavaScript, and goes on on another device",
			tests:   []string{"web.TestAWholeParticipationWorksAsPlainForms", "web.TestEveryKindOfQuestionWorksAsAPlainForm", "web.TestAnotherDeviceGoesOnWhereTheFirstStopped", "web.TestAnswersSentWithoutACookieWaitOnThePage"},
		},
		{
			promise: "People with disabilities get through, with the aids they use", goal: "8 people, 5 of them with a disability; NVDA, VoiceOver, TalkBack, Dragon, a switch; 90 % unaided",
			missing: "it needs people, and has not been done",
		},
	}
}

func wellbeing() []row {
	return []row{
		{
			promise: "The way to help is on every page that a participant can meet, also on errors, and without a database",
			tests:   []string{"web.TestEveryPageThatAParticipantCanMeetOffersHelp", "web.TestHelpIsThereWithoutADatabase", "web.TestAFaultOfAPageStillOffersHelp", "web.TestWhoCannotBeServedNowIsToldKindlyAndLosesNothing"},
		},
		{
			key: "alerts", atLeast: 500, promise: "Each flagged answer has one alert, in time, whatever dies", goal: "500 flagged saves amid kills, a mail server that is away and restarts: 500 alerts, within 60 s while mail works",
			tests: []string{"internal/faults.TestEveryFlaggedSaveHasOneAlertWhateverDiesOnSQLite", "internal/faults.TestEveryFlaggedSaveHasOneAlertWhateverDiesOnTwoReplicasOnPostgreSQL", "survey.TestAnAlertThatNobodyTakesOnGoesUpOnceAStep", "web.TestAnAlertLetterSaysThatSomethingWaitsAndNothingElse"},
		},
		{
			promise: "A study that asks of risk opens only once it says who looks after answers, and when",
			tests:   []string{"survey.TestAStudyOpensOnlyOnceItsSafetyIsDeclared", "survey.TestOnlyTheNamedSeeAlerts"},
		},
		{
			promise: "The words for hard moments are right", goal: "reviewed by clinicians and by people with lived experience",
			missing: "it needs people, and has not been done",
		},
	}
}
