package rest

import "tidemark/survey/client"

// What goes over the network is described where programs can use it: package client.
type (
	Page[T any] = client.Page[T]
	Token       = client.Token
	Study       = client.Study
	Arm         = client.Arm
	Wave        = client.Wave
	Instrument  = client.Instrument
	Item        = client.Item
	Option      = client.Option
	Scale       = client.Scale
	Variable    = client.Variable
	Run         = client.Run
	Calendar    = client.Calendar
	Meeting     = client.Meeting
	WaveWindow  = client.WaveWindow
	NewPeople   = client.NewPeople
	NewPerson   = client.NewPerson
	Added       = client.Added
	Enrolment   = client.Enrolment
	Assessment  = client.Assessment
	Response    = client.Response
	Score       = client.Score
	Snapshot    = client.Snapshot
	Problem     = client.Problem
)
