// Package mail hands letters to a mail server ([SMTP]), or puts them in a folder
// for those who work on the program ([Folder]), and events to other systems
// ([Events]). Which letters and events there are, when they are sent and what they say
// is decided elsewhere: see survey.Outbox, survey.Webhooks and the letters of package
// web. It never imports the store or a page, and its errors tell no address.
package mail
