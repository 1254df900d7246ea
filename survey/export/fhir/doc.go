// Package fhir writes a FHIR R4 Bundle of the type collection
// (https://hl7.org/fhir/R4/bundle.html), resource by resource, so that what is held
// in memory does not grow with the study. It has the parts of the resources that a
// study's data need: ResearchStudy, ResearchSubject, Patient, QuestionnaireResponse
// and Observation; a Questionnaire comes as JSON from whoever can write one.
//
// Nobody's name is in it: a Patient is a code. Resources refer to each other by
// UUIDs that follow from what they are about ([ID]), so that the same data give the
// same file.
//
// The package is pure and imports only the standard library.
package fhir
