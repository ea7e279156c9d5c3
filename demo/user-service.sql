-- The database of the user-service, in whichever language that is: a thousand users, of whom every tenth has a
-- business; and a function that is as slow as such functions are. It may run any number of times.
CREATE SCHEMA IF NOT EXISTS user_service;
CREATE TABLE IF NOT EXISTS user_service.users (
  id integer PRIMARY KEY,
  name text NOT NULL,
  email text NOT NULL,
  plan text NOT NULL CHECK (plan IN ('personal', 'business'))
);
INSERT INTO user_service.users (id, name, email, plan)
  SELECT id,
    (ARRAY['Ada', 'Grace', 'Edsger', 'Barbara', 'Donald', 'Radia', 'Tony'])[1 + id % 7] || ' ' || id,
    'user-' || id || '@shop.example',
    CASE WHEN id % 10 = 0 THEN 'business' ELSE 'personal' END
  FROM generate_series(1, 1000) AS id
  ON CONFLICT DO NOTHING;
CREATE OR REPLACE FUNCTION user_service.credit_limit_cents(user_id integer) RETURNS integer
  LANGUAGE sql VOLATILE AS 'SELECT user_id * 1000 FROM pg_sleep(0.6)'
