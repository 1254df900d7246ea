package store_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/store"
	"tidemark/survey/storetest"
)

// Two stores over one database stand for two processes.
func TestProcessesShareADatabase(t *testing.T) {
	t.Parallel()
	for engine, dsn := range map[string]func(testing.TB) string{"sqlite": storetest.SQLiteDSN, "postgres": storetest.PostgresDSN} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			address := dsn(t)
			replicas := []*store.Store{storetest.Open(t, address), storetest.Open(t, address)}
			const links, tries = 20, 8
			err := replicas[0].InTx(t.Context(), func(tx survey.Tx) error {
				err := tx.CreateUser(t.Context(), survey.User{ID: "u", Email: "u@example.org", CreatedAt: time.Unix(1, 0)})
				for i := range links {
					err = errors.Join(err, tx.CreateStaffLink(t.Context(), survey.StaffLink{
						TokenHash: fmt.Sprint("link ", i), UserID: "u", ExpiresAt: time.Unix(100, 0),
					}))
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			used := make([][tries]bool, links)
			var wait sync.WaitGroup
			for try := range tries {
				wait.Go(func() {
					for i := range links {
						err := replicas[try%2].InTx(t.Context(), func(tx survey.Tx) (err error) {
							used[i][try], err = tx.UseStaffLink(t.Context(), fmt.Sprint("link ", i), time.Unix(50, 0))
							return err
						})
						if err != nil {
							t.Error(err)
						}
					}
				})
			}
			wait.Wait()
			for i, tried := range used {
				n := 0
				for _, ok := range tried {
					if ok {
						n++
					}
				}
				if n != 1 {
					t.Errorf("link %d was used %d times", i, n)
				}
				l, err := replicas[i%2].StaffLink(t.Context(), fmt.Sprint("link ", i))
				if err != nil || l.UsedAt.IsZero() {
					t.Errorf("replica %d says that link %d is unused (%v)", i%2, i, err)
				}
			}
		})
	}
}
