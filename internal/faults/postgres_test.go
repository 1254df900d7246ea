package faults

import (
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/stdlib"
)

func postgres(t *testing.T) string {
	dsn := os.Getenv("TIDEMARK_TEST_POSTGRES")
	name := "faults_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(fmt.Errorf("%w", err))
	}
	u, _ := url.Parse(dsn)
	u.Path = "/" + name
	return u.String()
}
