// Package client reads a study from a Tidemark server, as a program does: its protocol,
// its people by pseudonym, answers and scores, files of whole tables, and snapshots. It
// needs a token, which a member of staff makes on the study's page "Access for programs".
//
//	c, err := client.New("https://study.example.org", os.Getenv("TIDEMARK_TOKEN"))
//	if err != nil {
//		return err
//	}
//	for score, err := range c.Scores(ctx, "setbacks", client.Filter{Wave: "post"}) {
//		if err != nil {
//			return err
//		}
//		fmt.Println(score.Participant, score.Scale, score.Value)
//	}
//
// Lists that grow are sequences: the next page is asked for when it is needed. What the
// server asks to wait for (429, 503) is tried again. Errors of the server are *Problem.
//
// The types are those that the server itself answers with, so that they cannot differ.
// The package imports nothing but the standard library. Begin with [New].
package client
