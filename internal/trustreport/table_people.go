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
			tests:   []string{"web.TestNobodySeesMoreThanTheirRole", "web.TestEveryRouteKnowsWhoMayUseIt", "survey.TestEveryUseCaseKnowsWhoMay", "survey.TestStudiesAndRunsOfOthersAreNotListed", "web.TestOtherPeoplesQuestionnairesDoNotExist", "survey.TestAnAssessmentIsNobodyElses"},
			note:    "of each route: one's own study and run, those of others, and identifiers that nobody has",
			missing: "objects that were deleted, for each route",
		},
		{
			promise: "What people type is never run: not by a browser, not by a spreadsheet",
			goal:    "500 hostile texts in every field; 200 formulas in LibreOffice",
			tests:   []string{"web.TestNamesAreNeverTakenForMarkup", "web.TestEveryAnswerCarriesTheSafeHeaders", "web.TestEscapingAheadIsThatOfTheTemplates", "web.TestHostileTextsMakeNoElement", "survey/export.TestTextThatASpreadsheetWouldRunIsDisarmed", "survey/export.TestNoHostileTextIsAFormula"},
			note:    "every field gets three of the 500 texts each time, and all of them with `go test ./web -run HostileTexts -hostile 500`; the 200 formulas are opened by LibreOffice",
			missing: "a browser: pages and letters are looked through for elements and attributes that no template makes, and no browser is asked whether it ran something or broke its policy",
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
			promise: "Staff sign in by an OpenID Connect provider, and nobody by what it did not say",
			tests:   []string{"web.TestStaffSignInByARealProvider", "web.TestStaffSignInByAProvider", "web.TestWhatAProviderDidNotSayLetsNobodyIn"},
			note:    "the first by the provider of the zitadel/oidc module, run for the test; the others by one of ours that says what it should not",
		},
		{
			promise: "Links that invite, and that set a password anew, work once and change nothing when they are followed; what is done with an account is told to its owner",
			tests:   []string{"web.TestAStaffLinkIsUsedByItsButtonOnly", "web.TestAStaffLinkRunsOut", "web.TestAForgottenPasswordIsSetByAMailedLinkOnce", "web.TestWhatIsDoneWithAnAccountIsToldByMail", "web.TestANewPasswordSignsOutEveryOtherDevice", "survey.TestAnInvitationWorksOnceAndForAWeek"},
			missing: "how long asking for a link takes for an address that has an account and for one that has none",
		},
		{
			promise: "Logs hold nothing that people send", goal: "50 planted words, also after panics and faults of the database: 0 hits",
			tests:   []string{"web.TestLogsHoldNothingThatPeopleSend", "web.TestWhatPeopleSendIsNowhereButInTheDatabase"},
			note:    "a word in every field of every form, in addresses, heads and bodies, for every route, also with panics and with a fault as PostgreSQL words it",
			missing: "faults that the databases make themselves",
		},
		{
			promise: "Figures for operators tell how often and never who, probes tell no secret, and a server that takes no changes says so on all servers",
			tests:   []string{"operate.TestMetricsTellHowOftenAndNeverWho", "cmd/tidemark.TestMetricsAreGivenOnTheirOwnAddressAlone", "web.TestProbesAnswerWithoutSecrets", "survey.TestReadOnlyHoldsOnEveryServerAndEnds", "web.TestReadOnlyKeepsPagesAndRefusesChangesKindly"},
		},
		{
			promise: "Traces are off; where they are on, a collector of OpenTelemetry reads them, they hold nothing of whoever asked, and nobody waits for them",
			tests:   []string{"operate.TestACollectorReadsASpanForEachRequest", "operate.TestWhoseTraceARequestBelongsTo", "operate.TestACollectorThatTakesNothingHoldsNobodyUp", "web.TestForwardedAddressesAreBelievedFromProxiesAlone", "cmd/tidemark.TestMetricsAreGivenOnTheirOwnAddressAlone"},
			missing: "spans of what a request asks of the database, and of work in the background: there are none",
		},
		{
			promise: "What is wrong with an installation is found and said, with what to do",
			tests:   []string{"cmd/tidemark.TestTheDoctorFindsNoFaultInANewInstallation", "cmd/tidemark.TestTheDoctorFindsFaults", "cmd/tidemark.TestTheDoctorLooksAtPostgreSQL", "operate.TestChecksTellWhatIsWellFromWhatIsNot", "operate.TestReadinessSaysWhichCheckFailed"},
		},
		{
			promise: "HTTPS by the server itself is kept up, and nobody is led elsewhere than to the configured address",
			tests:   []string{"operate.TestACertificateIsGotFromAnAuthorityAndKept", "operate.TestANewerCertificateIsTakenUpAndABrokenOneIsNot", "operate.TestWhoeverComesWithoutHTTPSIsLedToTheBaseURL"},
		},
		{
			promise: "Every route bounds what it takes, and every kind of answer has the safe headers",
			tests:   []string{"web.TestBodiesOverTheirLimitAreRefusedOnEveryRoute", "web.TestEveryKindOfAnswerHasTheHeaders", "web.TestARequestThatComesInSlowlyHoldsNoPlace", "internal/archtest.TestEveryParserOfWhatOthersSendIsFuzzed"},
		},
		{
			promise: "Events told to other systems hold no answers, are signed, come in order, and are lost by no server that dies",
			tests:   []string{"survey.TestWhatHappensIsToldInOrderAndWithoutAnAnswer", "survey/client.TestAWebhookIsBelievedOnlyIfItIsSignedAndFresh", "survey.TestServersTogetherSendEachEventOnceAndNothingIsLostWhenOneDies", "mail.TestNoEventGoesToAPrivateNetwork"},
		},
		{
			promise: "What is shipped has no known vulnerability that is reached, a list of parts, and can be built again bit by bit",
			tests:   []string{"internal/sbom.TestTheListOfPartsIsThatOfTheStandard", "internal/sbom.TestAProgramIsDescribedTheSameEachTime"},
			missing: "govulncheck, whose database (vuln.go.dev) could not be reached from where the tests were run: `make vulncheck` asks it; the second build is compared by `make reproduce`, which is not among the tests",
		},
	}
}

func privacy() []row {
	return []row{
		{
			key: "vault", promise: "Who people are is sealed apart from what they answered", goal: "a dump and the research key yield 0 of 1,000 planted identities",
			tests: []string{"survey/vault.TestWhatIsSealedOpensWhereItBelongsAndNowhereElse", "survey/vault.TestAnotherMasterKeyIsRefused", "survey/vault.TestTheIndexFindsTheSameInOneStudyOnly", "survey/vault.TestAKeyIsWrappedAnewWithoutTouchingWhatItSealed", "survey/store.TestADumpWithoutTheKeyIdentifiesNobody", "survey/store.TestMigratingSealsWhatWasStoredInTheOpen", "survey/store.TestWhatIsMovedToSomebodyElseDoesNotOpen", "cmd/tidemark.TestAnInstallationIsPutUnderAKeyOfItsOwn"},
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
			promise: "What is due by the rules of a study is removed, and nothing before; held data stay",
			tests:   []string{"survey.TestNothingGoesEarlyAndAllThatIsDueGoes", "survey.TestWhatIsHeldIsNotRemoved", "survey.TestASweepThatWasCutOffIsGoneOnWith", "survey/store.TestTheDocumentSaysWhatEveryTableHolds"},
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
