// Package mail hands letters to a mail server ([SMTP]), or puts them in a folder
// for those who work on the program ([Folder]). Which letters there are, when they
// are sent and what they say is decided elsewhere: see survey.Outbox and the
// letters of package web. It never imports the store or a page, and its errors
// tell no address.
package mail
