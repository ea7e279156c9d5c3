package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// user is what the other services see of one.
type user struct {
	ID    int    `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
	Plan  string `json:"plan"`
	// Only of business users.
	CreditLimitCents *int `json:"creditLimitCents,omitempty"`
}

type users struct {
	pool *pgxpool.Pool
	// How much slower than the others this instance is, on purpose.
	delay time.Duration
}

const (
	selectUser        = "SELECT id, name, email, plan FROM user_service.users WHERE id = $1"
	selectCreditLimit = `SELECT user_service.credit_limit_cents($1) AS "creditLimitCents"`
)

var errNotFound = errors.New("does not exist")

// openUsers connects to the database and creates its tables if they are not there.
func openUsers(ctx context.Context, databaseURL string) (*users, error) {
	config, err := pgxpool.ParseConfig(databaseURL)
	if err != nil {
		return nil, err
	}
	// No prepared statements: all connections to the database that the demo brings along share one session, and so one
	// set of their names.
	config.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeExec
	config.ConnConfig.Tracer = queryTracer{}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	schema, err := os.ReadFile("../user-service.sql")
	if err != nil {
		return nil, err
	}
	_, err = pool.Exec(ctx,
		fmt.Sprintf("BEGIN; SELECT pg_advisory_xact_lock(4317); %s; COMMIT;", schema),
		pgx.QueryExecModeSimpleProtocol)
	if err != nil {
		return nil, err
	}
	opened := &users{pool: pool}
	if strings.Contains(os.Getenv("FAULTS"), "slow-instance") {
		opened.delay = 400 * time.Millisecond
	}
	return opened, nil
}

func (u *users) close() { u.pool.Close() }

func (u *users) serve(w http.ResponseWriter, r *http.Request) {
	found, err := u.get(r.Context(), r.PathValue("id"))
	switch {
	case errors.Is(err, errNotFound):
		answer(w, http.StatusNotFound, map[string]string{"error": err.Error()})
	case err != nil:
		answer(w, http.StatusInternalServerError, map[string]string{"error": "something went wrong"})
	default:
		answer(w, http.StatusOK, found)
	}
}

func (u *users) get(ctx context.Context, idText string) (found user, err error) {
	ctx, span := tracer.Start(ctx, "get-user")
	defer span.End()
	defer func() {
		// That somebody asks for a user who is not there is no failure of this service.
		if errors.Is(err, errNotFound) {
			span.AddEvent("not-found", trace.WithAttributes(attribute.String("user.id", idText)))
		} else if err != nil {
			span.RecordError(err)
			span.SetStatus(codes.Error, err.Error())
		}
	}()
	time.Sleep(u.delay)
	id, err := strconv.Atoi(idText)
	if err != nil || id < 1 || id > math.MaxInt32 {
		return user{}, fmt.Errorf("user %s %w", idText, errNotFound)
	}
	span.SetAttributes(attribute.Int("user.id", id))
	found, err = u.read(ctx, id)
	if err == nil {
		span.SetAttributes(attribute.String("user.plan", found.Plan))
	}
	return found, err
}

func (u *users) read(ctx context.Context, id int) (user, error) {
	var found user
	err := u.pool.QueryRow(ctx, selectUser, id).Scan(&found.ID, &found.Name, &found.Email, &found.Plan)
	if errors.Is(err, pgx.ErrNoRows) {
		return found, fmt.Errorf("user %d %w", id, errNotFound)
	}
	if err != nil || found.Plan != "business" {
		return found, err
	}
	err = u.pool.QueryRow(ctx, selectCreditLimit, id).Scan(&found.CreditLimitCents)
	return found, err
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("content-type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
