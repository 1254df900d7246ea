package main

import (
	"fmt"
	"net/http/httptest"
	"testing"

	"tidemark/internal/stage"
	"tidemark/internal/visitor"
	"tidemark/survey/storetest"
	"tidemark/web"
)

// BenchmarkParticipation runs the server in this process, to be profiled:
//
//	go test ./internal/bench -bench Participation -cpuprofile cpu.out
func BenchmarkParticipation(b *testing.B) {
	for name, database := range map[string]func(testing.TB) string{
		"sqlite": storetest.SQLiteDSN, "postgres": storetest.PostgresDSN,
	} {
		for _, way := range []visitor.Way{visitor.Scripted, visitor.Plain} {
			b.Run(name+"/"+string(way), func(b *testing.B) { participate(b, database(b), way) })
		}
	}
}

func participate(b *testing.B, database string, way visitor.Way) {
	b.Helper()
	s, err := stage.Set(b.Context(), database, b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Store.Close(); err != nil {
			b.Error(err)
		}
	})
	server := httptest.NewUnstartedServer(nil)
	app, err := web.New(web.Config{BaseURL: fmt.Sprintf("http://%s", server.Listener.Addr())}, s.Cases, s.Store)
	if err != nil {
		b.Fatal(err)
	}
	server.Config.Handler = app.Handler()
	server.Start()
	defer server.Close()
	people, err := s.Add(b.Context(), b.N)
	if err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	for i := range b.N {
		v := visitor.New(server.URL, nil)
		if err := v.Complete(b.Context(), people[i].Token, way, func(q visitor.Question) float64 { return q.Values[0] }); err != nil {
			b.Fatal(err)
		}
		v.Close()
	}
}
