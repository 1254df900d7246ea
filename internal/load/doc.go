// Command load lets people take part in a study of simulated people, as many and as
// suddenly as after a reminder, and tells what they waited for and what it cost.
//
//	go run ./internal/load                      5,000 people within 5 minutes, on both databases
//	go run ./internal/load -people 200 -in 20s -engine sqlite
//	go run ./internal/load -closed 32           32 at once, one after the other, without thinking
//
// People come when they want to, whether or not the server keeps up (an open loop),
// and every wait is counted from the moment at which somebody meant to act: a server
// that is slow to take people up does not look faster for it. Whoever is told to come
// back does so, as the questionnaire's script does. At the end the database is held
// against what was acknowledged.
//
// With -closed the next person comes when one is done: that measures how much a
// server gets done, and not what people wait for.
package main
